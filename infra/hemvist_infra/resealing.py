"""What is sealed in the database, by generation of key, and sealing it with the current one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    func,
    or_,
    select,
    text,
    update,
)

from hemvist.migrations import tables  # noqa: F401  (every table is declared)
from hemvist.tenancy import Base
from hemvist.tenancy.declaration import RESEALING_SETTING, TENANT_SETTING
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.sealed import holds_files, sealed_columns

BATCH = 500
#: Rows of files, each up to some megabytes.
BATCH_OF_FILES = 5


@dataclass(frozen=True, slots=True)
class Registered:
    """A tenant as the register has it."""

    tenant_id: UUID
    slug: str
    status: str


def registered(connection: Connection) -> list[Registered]:
    """Everyone in the register, by slug."""
    rows = connection.execute(text("SELECT id, slug, status FROM tenants ORDER BY slug"))
    found = [Registered(*row) for row in rows]
    connection.commit()
    return found


def sealed_tables() -> Iterator[tuple[Table, list[tuple[str, str]]]]:
    """Tables with sealed columns, and of each column its field."""
    for table in Base.metadata.sorted_tables:
        columns = list(sealed_columns(table))
        if columns:
            yield table, columns


def generations(connection: Connection, tenant_id: UUID) -> Counter[int]:
    """How many values of the kommun each generation of data key has sealed."""
    found: Counter[int] = Counter()
    _within(connection, tenant_id)
    for table, columns in sealed_tables():
        for name, _ in columns:
            column = table.c[name]
            byte = _generation(column)
            counted = (
                select(byte, func.count())
                .where(table.c.tenant_id == tenant_id, column.is_not(None))
                .group_by(byte)
            )
            for generation, count in connection.execute(counted):
                found[generation] += count
    connection.commit()
    return found


def reseal(connection: Connection, tenant_id: UUID) -> int:
    """Seal with the current data key whatever an earlier one sealed; how many values.

    In short transactions beside the running service; a row that is being changed is waited for.
    Stopped half-way, the next run goes on. Raises ``SealBroken`` for a value that does not open.
    """
    return sum(_table(connection, tenant_id, table, columns) for table, columns in sealed_tables())


def _table(
    connection: Connection, tenant_id: UUID, table: Table, columns: list[tuple[str, str]]
) -> int:
    keys, done = tenant_keys(tenant_id), 0
    names = [name for name, _ in columns]
    older = or_(*(_generation(table.c[name]) != keys.generation for name in names))
    some = (
        select(table.c.id, *(table.c[name] for name in names))
        .where(table.c.tenant_id == tenant_id, older)
        .order_by(table.c.id)
        .limit(BATCH_OF_FILES if holds_files(table) else BATCH)
        .with_for_update()
    )
    change = (
        update(table)
        .where(table.c.tenant_id == tenant_id, table.c.id == bindparam("row"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    while True:
        _within(connection, tenant_id)
        # Records that nobody may change are sealed anew all the same, and nothing else of them.
        connection.execute(
            text("SELECT set_config(:setting, 'on', true)"), {"setting": RESEALING_SETTING}
        )
        rows = connection.execute(some).all()
        if not rows:
            connection.commit()
            return done
        changes = []
        for row in rows:
            values = {"row": row[0]}
            for (name, field), sealed in zip(columns, row[1:], strict=True):
                if sealed is None or sealed[0] == keys.generation:
                    values[f"new_{name}"] = sealed
                else:
                    clear = keys.open_bytes(field, sealed)
                    values[f"new_{name}"] = keys.seal_bytes(field, clear)
                    done += 1
            changes.append(values)
        connection.execute(change, changes)
        connection.commit()


def _generation(column: ColumnElement[bytes]) -> ColumnElement[int]:
    # The first byte alone is read of a file, not the whole of it.
    return func.get_byte(func.substring(column, 1, 1), 0)


def _within(connection: Connection, tenant_id: UUID) -> None:
    # Row security holds for the owner too.
    connection.execute(
        text("SELECT set_config(:setting, :tenant, true)"),
        {"setting": TENANT_SETTING, "tenant": str(tenant_id)},
    )
