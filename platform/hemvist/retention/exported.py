"""Everything that is written of a case, opened, for the archive: rows as data, and the files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import MetaData, Table, text

from hemvist.retention.plan import plan_of
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import TenantKeys, tenant_keys
from hemvist.tenancy.sealed import holds_files, sealed_columns

_FILES = "content_sealed"
#: How a file begins → its type and ending.
_BEGINNINGS = (
    (b"%PDF", "application/pdf", "pdf"),
    (b"\x89PNG", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
_HOMES = "units"


@dataclass(frozen=True, slots=True)
class Exported:
    """A case: rows by table, in the tables' order, and files by the name that their row gives."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


def exported(session: TenantSession, metadata: MetaData, case_id: UUID) -> Exported:
    """What is written of the case and its household. The session is the thinning role's, which reads
    what hangs on a case and nothing else."""
    keys = tenant_keys(session.tenant_id)
    found = Exported()
    plan = plan_of(metadata)
    [household] = session.execute(
        text("SELECT household_id FROM cases WHERE tenant_id = :tenant AND id = :case"),
        {"tenant": session.tenant_id, "case": case_id},
    ).scalars()
    values = {"cases": [case_id], "households": [household], "tenant": session.tenant_id}
    for step in reversed(plan.rows):
        _add(session, keys, found, metadata.tables[step.table], step.condition, values)
    for table, asked in plan.pointing.items():
        _add(session, keys, found, metadata.tables[table], _by_id(table, asked), values)
    homes = " UNION ".join(
        f"SELECT unit_id FROM {step.table} WHERE {step.condition}"  # noqa: S608 - names
        for step in plan.rows
        if "unit_id" in metadata.tables[step.table].c
    )
    _add(session, keys, found, metadata.tables[_HOMES], _by_id(_HOMES, homes), values)
    return found


def _by_id(table: str, asked: str) -> str:
    return f"{table}.tenant_id = %(tenant)s AND {table}.id IN ({asked})"


def _add(
    session: TenantSession,
    keys: TenantKeys,
    found: Exported,
    table: Table,
    condition: str,
    values: dict[str, Any],
) -> None:
    names = [column.name for column in table.columns]
    cursor = session.sent().cursor()
    statement = f"SELECT {', '.join(names)} FROM {table.name} WHERE {condition} ORDER BY id"  # noqa: S608 - names of our own tables
    cursor.execute(statement.encode(), values)
    rows = [dict(_opened(keys, found, table, dict(zip(names, row, strict=True)))) for row in cursor]
    if rows:
        found.rows[table.name] = rows


def _opened(
    keys: TenantKeys, found: Exported, table: Table, row: dict[str, Any]
) -> Iterator[tuple[str, Any]]:
    """The row without the kommun's id, what is sealed in clear; a file's content by its name."""
    fields = dict(sealed_columns(table))
    for name, value in row.items():
        if name == "tenant_id":
            continue
        if name not in fields:
            yield name, _plain(value)
            continue
        if value is None:
            yield name.removesuffix("_sealed"), None
            continue
        clear = keys.open_bytes(fields[name], value)
        if name == _FILES and holds_files(table):
            ending = next((end for start, _, end in _BEGINNINGS if clear.startswith(start)), "bin")
            file = f"{table.name}-{row['id']}.{ending}"
            found.files[file] = clear
            yield "file", file
        else:
            yield name.removesuffix("_sealed"), _said(clear)


def _said(clear: bytes) -> Any:
    """A text, or the document that it writes."""
    written = clear.decode()
    if written[:1] in ("{", "["):
        try:
            return json.loads(written)
        except ValueError:
            return written
    return written


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str | list | dict):
        return (
            [str(one) if isinstance(one, UUID) else one for one in value]
            if isinstance(value, list)
            else value
        )
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)


def media_type(file: str, content: bytes) -> str:
    """The type of one of the package's files."""
    for start, kind, _ in _BEGINNINGS:
        if content.startswith(start):
            return kind
    return {"xml": "application/xml", "json": "application/json"}.get(
        file.rpartition(".")[2], "application/octet-stream"
    )
