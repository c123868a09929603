"""For migrations: a column in clear becomes a sealed one, and back.

Only Python holds the keys, so rows go through it, a kommun at a time. The version before does not know
the sealed column: such a migration is run while the service is stopped (docs/keys.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from hemvist.tenancy.declaration import RESEALING_SETTING, TENANT_SETTING
from hemvist.tenancy.keys import TenantKeys, tenant_keys

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Held:
    """What a column in clear holds, and how it is read from there and written back."""

    type: sa.types.TypeEngine[Any]
    read: str = '"{}"'
    write: str = ":{}"
    binary: bool = False
    #: Rows that are held in memory at once.
    batch: int = _BATCH


TEXT = Held(sa.Text())
#: A document, as its own text.
JSON = Held(
    postgresql.JSONB(astext_type=sa.Text()), read='CAST("{}" AS text)', write="CAST(:{} AS jsonb)"
)
#: A day, as it is written in documents.
DAY = Held(sa.Date(), read="to_char(\"{}\", 'YYYY-MM-DD')", write="CAST(:{} AS date)")
#: A list of texts, as a document.
TEXTS = Held(
    postgresql.ARRAY(sa.Text()),
    read='CAST(to_jsonb("{}") AS text)',
    write="ARRAY(SELECT jsonb_array_elements_text(CAST(:{} AS jsonb)))",
)
#: Files, each up to some megabytes.
FILES = Held(sa.LargeBinary(), binary=True, batch=5)


def seal_columns(
    table: str, columns: Mapping[str, str], *, nullable: bool, held: Held = TEXT
) -> None:
    """Each column of ``columns`` becomes ``<column>_sealed``, for the field it is given."""
    for name in columns:
        op.add_column(table, sa.Column(f"{name}_sealed", sa.LargeBinary(), nullable=True))

    def sealed(keys: TenantKeys, name: str, value: Any) -> bytes:
        clear = bytes(value) if held.binary else str(value).encode()
        return keys.seal_bytes(columns[name], clear)

    _through(
        table,
        {name: held.read.format(name) for name in columns},
        {name: (f"{name}_sealed", ":{}") for name in columns},
        sealed,
        held.batch,
    )
    for name in columns:
        if not nullable:
            op.alter_column(table, f"{name}_sealed", nullable=False)
        op.drop_column(table, name)


def open_again(
    table: str,
    columns: Mapping[str, str],
    type_: sa.types.TypeEngine[Any] | None = None,
    *,
    nullable: bool,
    held: Held = TEXT,
) -> None:
    """The way back: what was sealed stands in clear again."""
    for name in columns:
        op.add_column(table, sa.Column(name, type_ or held.type, nullable=True))

    def opened(keys: TenantKeys, name: str, value: Any) -> Any:
        clear = keys.open_bytes(columns[name], bytes(value))
        return clear if held.binary else clear.decode()

    _through(
        table,
        {name: f"{name}_sealed" for name in columns},
        {name: (name, held.write) for name in columns},
        opened,
        held.batch,
    )
    for name in columns:
        if not nullable:
            op.alter_column(table, name, nullable=False)
        op.drop_column(table, f"{name}_sealed")


def sealed_fields(table: str, names: Iterable[str]) -> dict[str, str]:
    """The columns with the fields that their models seal them for: the table's and their own name."""
    return {name: f"{table}.{name}" for name in names}


def _through(
    table: str,
    read: Mapping[str, str],
    write: Mapping[str, tuple[str, str]],
    made: Callable[[TenantKeys, str, Any], Any],
    batch: int,
) -> None:
    """Every row through Python: what is read of ``read``, made by ``made``, to where ``write`` says."""
    # Names of tables and columns out of migrations, no value of anybody's.
    setting = ", ".join(f'"{column}" = {how.format(name)}' for name, (column, how) in write.items())
    change = sa.text(
        f"UPDATE {table} SET {setting} WHERE tenant_id = :tenant_id AND id = :row_id"  # noqa: S608 - names of our own tables
    )
    for tenant_id, rows in _batches(table, list(read.values()), batch):
        keys = tenant_keys(tenant_id)
        op.get_bind().execute(
            change,
            [
                {
                    "tenant_id": tenant_id,
                    "row_id": row[0],
                    **{
                        name: None if value is None else made(keys, name, value)
                        for name, value in zip(read, row[1:], strict=True)
                    },
                }
                for row in rows
            ],
        )
        # What waits for COMMIT asks for rows of this kommun, and holds up changes of the table.
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
        op.execute("SET CONSTRAINTS ALL DEFERRED")


def _batches(
    table: str, read: list[str], batch: int
) -> Iterator[tuple[UUID, list[tuple[Any, ...]]]]:
    connection = op.get_bind()
    # Records that nobody may change are sealed all the same, and nothing else of them.
    connection.execute(
        sa.text("SELECT set_config(:setting, 'on', true)"), {"setting": RESEALING_SETTING}
    )
    some = (
        f"SELECT id, {', '.join(read)} FROM {table}"  # noqa: S608 - names of our own tables
        " WHERE tenant_id = :tenant_id {} ORDER BY id LIMIT :batch"
    )
    first, next_ = sa.text(some.format("")), sa.text(some.format("AND id > :after"))
    for (tenant_id,) in connection.execute(sa.text("SELECT id FROM tenants ORDER BY id")).all():
        # Row security holds for the owner too.
        connection.execute(
            sa.text("SELECT set_config(:setting, :tenant, true)"),
            {"setting": TENANT_SETTING, "tenant": str(tenant_id)},
        )
        values: dict[str, Any] = {"tenant_id": tenant_id, "batch": batch}
        rows = connection.execute(first, values).all()
        while rows:
            yield tenant_id, [tuple(row) for row in rows]
            rows = connection.execute(next_, {**values, "after": rows[-1][0]}).all()
    connection.execute(
        sa.text("SELECT set_config(:setting, '', true)"), {"setting": RESEALING_SETTING}
    )
