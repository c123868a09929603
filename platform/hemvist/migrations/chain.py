"""What migrations say of themselves beside what they do."""

from __future__ import annotations

from collections.abc import Iterator

from alembic.script import Script, ScriptDirectory

from hemvist.migrations.fit import FIRST_RELEASE, NEEDS_CODE, Schema


def in_order(script: ScriptDirectory, upto: str = "head") -> list[Script]:
    """Every migration up to ``upto``, the first first."""
    return list(script.walk_revisions(head=upto))[::-1]


def needed_code(one: Script) -> int:
    """The oldest code that can work after this migration, as far as it says."""
    number = int(one.revision)
    if number <= FIRST_RELEASE:
        return number
    return int(getattr(one.module, NEEDS_CODE, FIRST_RELEASE))


def schema_at(script: ScriptDirectory, revision: str) -> Schema:
    """What a database at ``revision`` says of itself."""
    oldest = max(needed_code(one) for one in in_order(script, revision))
    return Schema(int(revision), oldest)


def between(script: ScriptDirectory, now: str | None, then: str) -> Iterator[Script]:
    """What is to be done to come from ``now`` to ``then``, in order."""
    done = set() if now is None else {one.revision for one in in_order(script, now)}
    yield from (one for one in in_order(script, then) if one.revision not in done)
