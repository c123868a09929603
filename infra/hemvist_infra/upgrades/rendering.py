"""What a migration would send to the database, without one."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import Script

#: How Alembic writes the ends of a transaction, outside of which an autocommit block lies.
_COMMIT, _BEGIN = "COMMIT", "BEGIN"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A migration's statements in order, each with whether it is part of its transaction."""

    statements: tuple[tuple[str, bool], ...] = ()
    #: Why it could not be rendered: it asks the database for something.
    problem: str = ""

    @property
    def within(self) -> list[str]:
        """Statements of the migration's transaction."""
        return [statement for statement, inside in self.statements if inside]

    @property
    def outside(self) -> list[str]:
        """Statements that are transactions of their own."""
        return [statement for statement, inside in self.statements if not inside]


@dataclass(slots=True)
class _Recorder:
    statements: list[tuple[str, bool]] = field(default_factory=list)
    inside: bool = True

    def __call__(self, text: str) -> None:
        statement = text.strip().rstrip(";").strip()
        if statement in (_COMMIT, _BEGIN):
            self.inside = statement == _BEGIN
        elif statement:
            self.statements.append((statement, self.inside))


def render(script: Script, direction: str = "upgrade") -> Rendered:
    """The statements of ``script`` in that direction."""
    work: Callable[[], Any] | None = getattr(script.module, direction, None)
    if work is None:
        return Rendered(problem=f"has no {direction}()")
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": io.StringIO()}
    )
    recorder = _Recorder()
    context.impl.static_output = recorder  # type: ignore[method-assign]
    try:
        with Operations.context(context):
            work()
    except Exception as error:
        return Rendered(problem=f"asks the database ({type(error).__name__})")
    return Rendered(tuple(recorder.statements))
