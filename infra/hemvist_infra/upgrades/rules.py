"""Rules of ours for migrations: what a general linter cannot know of this platform."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from alembic.script import Script

from hemvist.migrations.chain import needed_code
from hemvist.migrations.fit import NEEDS_CODE
from hemvist_infra.upgrades.released import Released
from hemvist_infra.upgrades.rendering import Rendered

#: A rule's name and what is wrong.
Found = tuple[str, str]

_NAME = r'(?:public\.)?"?(\w+)"?'
_CREATED = re.compile(rf"^CREATE TABLE (?:IF NOT EXISTS )?{_NAME}", re.I)
_ALTERED = re.compile(rf"^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?{_NAME}", re.I)
#: Of ALTER TABLE, what asks for a lock that nobody is kept from working by.
_LIGHT = re.compile(r" (VALIDATE CONSTRAINT|SET STATISTICS|SET \((?!.*oids))", re.I)
_LOCKING = re.compile(
    rf"^(?:CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER .*? ON|(?:CREATE|DROP|ALTER) POLICY \S+ ON"
    rf"|DROP TRIGGER (?:IF EXISTS )?\S+ ON|LOCK TABLE|TRUNCATE(?: TABLE)?) {_NAME}",
    re.I | re.S,
)
_DROP_COLUMN = re.compile(rf"\bDROP COLUMN (?:IF EXISTS )?{_NAME}", re.I)
_DROP_TABLE = re.compile(rf"^DROP (?:TABLE|VIEW) (?:IF EXISTS )?{_NAME}", re.I)
_DATA = re.compile(
    r"^\s*(?:WITH\b.*?)?(UPDATE|DELETE FROM|INSERT INTO .*?\bSELECT\b"
    r"|DO \$.*\b(?:UPDATE|DELETE FROM|INSERT INTO)\b)",
    re.I | re.S,
)
_LOCK_TABLE = re.compile(r"^LOCK TABLE", re.I)
#: Repeatable, so that a migration stopped outside its transaction can be begun anew.
_REPEATABLE = re.compile(
    r"^(SET |RESET |SELECT set_config|(CREATE|DROP) .*IF (NOT )?EXISTS|UPDATE |"
    r"ALTER TABLE \S+ VALIDATE|REINDEX)",
    re.I | re.S,
)


def found(script: Script, up: Rendered, down: Rendered, released: Released) -> Iterator[Found]:
    """Everything that our rules have against a migration."""
    created = {match[1] for one, _ in up.statements if (match := _CREATED.match(one))}
    yield from _what_goes(script, up, created, released)
    yield from _what_is_held(up, created)
    yield from _transactions(up, created)
    yield from _way_back(script, down)


def _what_goes(
    script: Script, up: Rendered, created: set[str], released: Released
) -> Iterator[Found]:
    goes = False
    for one, _ in up.statements:
        table = _ALTERED.match(one)
        if table and table[1] in created:
            continue
        if table:
            for column in _DROP_COLUMN.findall(one):
                goes = True
                if released.names(table[1], column):
                    yield "drops-in-use", f"release {released.revision} names {table[1]}.{column}"
        dropped = _DROP_TABLE.match(one)
        if dropped and dropped[1] not in created:
            goes = True
            if released.names(dropped[1]):
                yield "drops-in-use", f"release {released.revision} names {dropped[1]}"
    needs = getattr(script.module, NEEDS_CODE, None)
    if goes and needs is None:
        yield (
            "needs-code",
            f"takes something away: say {NEEDS_CODE}, the oldest code that can do without",
        )
    if needs is not None and needed_code(script) > released.revision:
        yield "needs-code", f"leaves release {released.revision:04d} behind, which may be serving"


def _what_is_held(up: Rendered, created: set[str]) -> Iterator[Found]:
    held = {
        match[1]
        for one in up.within
        if (match := _LOCKING.match(one) or (None if _LIGHT.search(one) else _ALTERED.match(one)))
        and match[1] not in created
    }
    if len(held) > 1:
        yield (
            "locks-of-several",
            f"keeps others from {', '.join(sorted(held))} at once: a migration for each",
        )
    for one in up.within:
        if _LOCK_TABLE.match(one):
            yield "lock-table", f"locks a whole table: {_short(one)}"


def _transactions(up: Rendered, created: set[str]) -> Iterator[Found]:
    changes = [one for one in up.within if (m := _ALTERED.match(one)) and m[1] not in created]
    data = [one for one in up.within if _DATA.match(one)]
    if data and changes:
        yield (
            "data-with-tables",
            f"changes rows in a transaction that keeps others from a table: {_short(data[0])}",
        )
    elif data:
        yield (
            "data-at-once",
            f"changes rows in one transaction (live.in_batches): {_short(data[0])}",
        )
    if up.outside and up.within:
        yield "half-outside", "is partly outside its transaction: two migrations"
    for one in up.outside:
        if not _REPEATABLE.match(one):
            yield (
                "not-repeatable",
                f"outside a transaction, and not to be done twice: {_short(one)}",
            )


def _way_back(script: Script, down: Rendered) -> Iterator[Found]:
    if getattr(script.module, "irreversible", None):
        return
    if down.problem.startswith("has no") or _is_empty(script):
        yield (
            "no-way-back",
            "downgrade() does nothing: write it, or say why not (irreversible = ...)",
        )


def _is_empty(script: Script) -> bool:
    tree = ast.parse(Path(script.path).read_text())
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "downgrade":
            body = [
                one
                for one in node.body
                if not isinstance(one, ast.Pass)
                and not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
            ]
            return not body
    return True


def _short(statement: str) -> str:
    return " ".join(statement.split())[:90]
