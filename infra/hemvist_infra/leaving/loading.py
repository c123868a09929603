"""Putting the rows of an export into the tables, one transaction for each portion of tables.

Rows go by way of a temporary table of documents: COPY cannot put rows into a table under row security, and
PostgreSQL itself turns what is written into values again. Every constraint and every trigger holds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from hemvist_infra.leaving import files, reading
from hemvist_infra.leaving.manifest import Manifest
from hemvist_infra.leaving.problem import LeavingProblem
from hemvist_infra.leaving.reading import Connection
from hemvist_infra.leaving.tables import DERIVED, Sheet, together

#: Made by the administrator: the tables' owner may make none.
STAGE = """
CREATE TEMP TABLE stage (line text, f0 bytea, f1 bytea, f2 bytea, f3 bytea);
GRANT SELECT, INSERT, TRUNCATE ON stage TO hemvist_owner;
"""
#: Rows, and bytes of files, that are put in at once.
_ROWS, _BYTES = 2000, 8 << 20
Progress = Callable[[str, int, int], None]


def load(
    connection: Connection, said: Manifest, there: Mapping[str, str], progress: Progress
) -> int:
    """Put in what is not there yet; how many rows. A portion is there whole or not at all.

    ``there`` gives ids of shared rows that are others here. Raises ``LeavingProblem`` where the kommun has
    rows that are not the export's.
    """
    total = sum(one["rows"] for one in said.tables.values())
    done = put = 0
    for portion in together():
        with connection.transaction():
            reading.within(connection, said.tenant_id)
            for sheet in portion:
                if _is_wanted(connection, sheet, said):
                    put += _put(connection, sheet, said, there)
        for sheet in portion:
            done += int(said.tables[sheet.name]["rows"])
            progress(sheet.name, done, total)
    return put


def _is_wanted(connection: Connection, sheet: Sheet, said: Manifest) -> bool:
    wanted = int(said.tables[sheet.name]["rows"])
    found = reading.count(connection, sheet, said.tenant_id)
    if sheet.name in DERIVED:
        # Triggers may have written as many, and others.
        return True
    if found not in (0, wanted):
        raise LeavingProblem(
            f"{said.slug} has {found} rows in {sheet.name} that are not of this export: import it where the"
            " kommun has none"
        )
    return found != wanted


def _put(connection: Connection, sheet: Sheet, said: Manifest, there: Mapping[str, str]) -> int:
    if sheet.name in DERIVED:
        connection.execute(
            sql.SQL("DELETE FROM {} WHERE tenant_id = %s").format(sql.Identifier(sheet.name)),
            [said.tenant_id],
        )
    count = 0
    path = said.path_of(sheet.name)
    for batch in _batches(said.folder, path, sheet):
        connection.execute("TRUNCATE stage")
        with connection.cursor() as cursor, cursor.copy("COPY stage FROM STDIN") as copy:
            for row in batch:
                copy.write_row(row)
        count += _insert(connection, sheet, there)
    wanted = int(said.tables[sheet.name]["rows"])
    if count != wanted:
        raise LeavingProblem(f"{path}: {count} rows of {wanted} were taken")
    return count


def _insert(connection: Connection, sheet: Sheet, there: Mapping[str, str]) -> int:
    contents = {one.name: f"f{place}" for place, one in enumerate(sheet.files)}
    names = ", ".join(f'"{one.name}"' for one in sheet.fields)
    values = ", ".join(contents.get(one.name, one.write) for one in sheet.fields)
    statement = (
        f'INSERT INTO "{sheet.name}" ({names}) SELECT {values}'  # noqa: S608 - names of our own tables
        " FROM (SELECT CAST(line AS jsonb) AS j, f0, f1, f2, f3 FROM stage) said"
    )
    return connection.execute(statement.encode(), {"there": Jsonb(dict(there))}).rowcount


def _batches(folder: Path, path: Path, sheet: Sheet) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Rows with their files' contents. A table whose rows point at each other comes as one batch: whoever
    is pointed at may stand further down."""
    lines = files.lines(path)
    finished = False

    def some() -> Iterator[tuple[Any, ...]]:
        nonlocal finished
        rows = size = 0
        while sheet.points_at_itself or (rows < _ROWS and size < _BYTES):
            line = next(lines, None)
            if line is None:
                finished = True
                return
            contents = _contents(folder, line, sheet)
            rows += 1
            size += sum(len(one) for one in contents if one)
            yield (line.decode(), *contents, *[None] * (4 - len(contents)))

    while not finished:
        yield some()


def _contents(folder: Path, line: bytes, sheet: Sheet) -> list[bytes | None]:
    if not sheet.files:
        return []
    said = json.loads(line)
    return [
        None if said[one.name] is None else (folder / said[one.name]["file"]).read_bytes()
        for one in sheet.files
    ]


def differing(
    connection: Connection, said: Manifest, tenant_id: UUID, there: Mapping[str, str]
) -> str | None:
    """The first row that is not as the export has it, by file and line; None where every byte is.

    The rows are written out once more and compared with the files, so nothing that was lost or changed on
    the way is taken for the same.
    """
    back = {here: exported for exported, here in there.items()}
    for portion in together():
        for sheet in portion:
            with connection.transaction():
                reading.within(connection, tenant_id)
                path = said.path_of(sheet.name)
                wanted = files.lines(path)
                number = 0
                rows = reading.rows(connection, sheet, tenant_id, back=back)
                for number, row in enumerate(rows, 1):
                    if row.line != next(wanted, None):
                        return f"{path}, line {number}: {sheet.name} has another row"
                if next(wanted, None) is not None:
                    return f"{path}, line {number + 1}: {sheet.name} has no such row"
    return None
