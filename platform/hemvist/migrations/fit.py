"""Whether this version of the code and the database's tables fit each other.

While a new version is rolled out, two versions work on the same tables. Each migration writes onto
Alembic's own table, as its comment, which migration the database has and the oldest code that can work
after it. Comments are in the catalogue, which every role may read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from sqlalchemy import Connection, text

from hemvist.migrations.rendering import VERSION_TABLE

#: The last migration that was made before the first release: nothing older was ever served beside it.
FIRST_RELEASE = 65
#: What a migration that leaves older code behind says: ``needs_code = "0071"``.
NEEDS_CODE = "needs_code"

_SAID = text("SELECT obj_description(to_regclass(:table), 'pg_class')")


@dataclass(frozen=True, slots=True)
class Schema:
    """Which migration a database has (``revision``), and the oldest code that works with it."""

    revision: int
    oldest_code: int

    @property
    def comment(self) -> str:
        """As it stands on Alembic's table."""
        return f"revision {self.revision:04d}, for code from {self.oldest_code:04d}"

    @classmethod
    def read(cls, comment: str | None) -> Schema | None:
        """What a comment says; None when it is none of ours."""
        words = (comment or "").replace(",", "").split()
        if len(words) != 6 or not (words[1].isdigit() and words[5].isdigit()):
            return None
        return cls(int(words[1]), int(words[5]))


@lru_cache(maxsize=1)
def code_revision() -> int:
    """The last migration that this version of the code brings along: the tables that it knows."""
    files = (resources.files("hemvist.migrations") / "versions").iterdir()
    return max(int(file.name[:4]) for file in files if file.name[:4].isdigit())


def schema_of(connection: Connection) -> Schema | None:
    """What the database says of itself; None when nothing was said (no ``hemvist db upgrade`` yet)."""
    return Schema.read(connection.execute(_SAID, {"table": VERSION_TABLE}).scalar())


def misfit(schema: Schema | None, code: int | None = None) -> str | None:
    """Why this code cannot work with those tables, in a sentence; None when it can.

    Tables may be newer than the code: a version that is being replaced goes on serving.
    """
    code = code_revision() if code is None else code
    if schema is None:
        return "the database says of no migration: run hemvist db upgrade"
    if schema.revision < code:
        return (
            f"the database has migration {schema.revision:04d} and this version needs {code:04d}:"
            " run hemvist db upgrade first"
        )
    if schema.oldest_code > code:
        return (
            f"the database's tables need a version with migration {schema.oldest_code:04d};"
            f" this one ends at {code:04d}"
        )
    return None


def write(connection: Connection, schema: Schema | None) -> None:
    """Write onto Alembic's table what the database has; nothing, when it has nothing."""
    said = "NULL" if schema is None else f"'{schema.comment}'"
    connection.execute(text(f"COMMENT ON TABLE {VERSION_TABLE} IS {said}"))
