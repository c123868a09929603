"""For migrations: a column of text becomes a sealed one, and back.

Only Python holds the keys, so rows go through it, a kommun at a time. The version before does not know
the sealed column: such a migration is run while the service is stopped (docs/keys.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from hemvist.tenancy.declaration import TENANT_SETTING
from hemvist.tenancy.keys import tenant_keys

_BATCH = 1000


def seal_columns(table: str, columns: Mapping[str, str], *, nullable: bool) -> None:
    """Each text column of ``columns`` becomes ``<column>_sealed``, for the field it is given."""
    for name in columns:
        op.add_column(table, sa.Column(f"{name}_sealed", sa.LargeBinary(), nullable=True))
    for tenant_id, names, rows in _batches(table, {name: name for name in columns}):
        keys = tenant_keys(tenant_id)
        _write(
            table,
            tenant_id,
            {name: f"{name}_sealed" for name in names},
            [
                (
                    row[0],
                    [None if v is None else keys.seal(columns[n], v) for n, v in _of(names, row)],
                )
                for row in rows
            ],
        )
    for name in columns:
        if not nullable:
            op.alter_column(table, f"{name}_sealed", nullable=False)
        op.drop_column(table, name)


def open_again(
    table: str, columns: Mapping[str, str], type_: sa.types.TypeEngine[Any], *, nullable: bool
) -> None:
    """The way back: what was sealed stands in clear again."""
    for name in columns:
        op.add_column(table, sa.Column(name, type_, nullable=True))
    for tenant_id, names, rows in _batches(table, {name: f"{name}_sealed" for name in columns}):
        keys = tenant_keys(tenant_id)
        _write(
            table,
            tenant_id,
            {name: name for name in names},
            [
                (
                    row[0],
                    [None if v is None else keys.open(columns[n], v) for n, v in _of(names, row)],
                )
                for row in rows
            ],
        )
    for name in columns:
        if not nullable:
            op.alter_column(table, name, nullable=False)
        op.drop_column(table, f"{name}_sealed")


def _of(names: list[str], row: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    return zip(names, row[1:], strict=True)


def _batches(
    table: str, read: Mapping[str, str]
) -> Iterator[tuple[UUID, list[str], list[tuple[Any, ...]]]]:
    connection = op.get_bind()
    selected = sa.table(table, *(sa.column(one) for one in ("tenant_id", "id", *read.values())))
    for (tenant_id,) in connection.execute(sa.text("SELECT id FROM tenants ORDER BY id")).all():
        # Row security holds for the owner too.
        connection.execute(
            sa.text("SELECT set_config(:setting, :tenant, true)"),
            {"setting": TENANT_SETTING, "tenant": str(tenant_id)},
        )
        after = None
        while True:
            some = (
                sa.select(selected.c.id, *(selected.c[one] for one in read.values()))
                .where(selected.c.tenant_id == tenant_id)
                .order_by(selected.c.id)
                .limit(_BATCH)
            )
            rows = connection.execute(
                some if after is None else some.where(selected.c.id > after)
            ).all()
            if not rows:
                break
            yield tenant_id, list(read), [tuple(row) for row in rows]
            after = rows[-1][0]


def _write(
    table: str, tenant_id: UUID, to: Mapping[str, str], rows: list[tuple[UUID, list[Any]]]
) -> None:
    written = sa.table(table, *(sa.column(one) for one in ("tenant_id", "id", *to.values())))
    change = (
        written.update()
        .where(written.c.tenant_id == tenant_id, written.c.id == sa.bindparam("row"))
        .values({column: sa.bindparam(f"new_{name}") for name, column in to.items()})
    )
    op.get_bind().execute(
        change,
        [
            {"row": row, **{f"new_{name}": value for name, value in zip(to, values, strict=True)}}
            for row, values in rows
        ],
    )
