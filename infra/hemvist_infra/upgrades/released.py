"""What the last release's code names: tables with their columns, and landlords' views with theirs.

While a version is replaced its predecessor serves, and what that one names has to be there. The list is
written at a release (``hemvist db released``) and lies beside the migrations.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from hemvist.migrations.fit import code_revision
from hemvist.migrations.landlord_views import VIEWS
from hemvist.migrations.tables import metadata

_FILE = "released.toml"


@dataclass(frozen=True, slots=True)
class Released:
    """The last release: the migration at which its code ends, and the names in it."""

    revision: int
    tables: dict[str, frozenset[str]]
    views: dict[str, tuple[str, ...]]

    def names(self, table: str, column: str | None = None) -> bool:
        """Whether its code names the table (or view), or the column of it."""
        if column is None:
            return table in self.tables or table in self.views
        return column in self.tables.get(table, ())


@lru_cache(maxsize=1)
def released() -> Released:
    """As it was written down at the last release."""
    read = tomllib.loads(_path().read_text())
    return Released(
        int(read["revision"]),
        {table: frozenset(columns) for table, columns in read["tables"].items()},
        {view: tuple(columns) for view, columns in read["views"].items()},
    )


def write() -> Path:
    """Write down the names in this code; the file's path."""
    lines = [
        "# What the code of the last release names. Written by `hemvist db released` at a release;",
        "# `hemvist db lint` lets no migration take any of it away while that release may serve.",
        f'revision = "{code_revision():04d}"',
        "",
        "[tables]",
    ]
    for name, table in sorted(metadata.tables.items()):
        lines.append(f"{name} = {json.dumps(sorted(table.c.keys()))}")
    lines += ["", "[views]"]
    for name, columns in sorted(view_columns().items()):
        lines.append(f"{name} = {json.dumps(columns)}")
    path = _path()
    path.write_text("\n".join(lines) + "\n")
    return path


def view_columns() -> dict[str, tuple[str, ...]]:
    """By view, the columns that it shows, in order."""
    return {
        name: tuple(column.name for column in view.statement.selected_columns)
        for name, view in VIEWS.items()
    }


def views_that_lose() -> list[str]:
    """Where a view has lost, moved or renamed a column of the last release's, a line each."""
    now = view_columns()
    return [
        f"{name}: the release's columns are {', '.join(columns)}; a view only gets more, at its end"
        for name, columns in released().views.items()
        if name in now and now[name][: len(columns)] != columns
    ]


def _path() -> Path:
    return Path(str(resources.files("hemvist.migrations") / _FILE))
