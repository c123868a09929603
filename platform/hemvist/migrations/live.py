"""For migrations: changes of tables that are in use, each without holding anybody up.

    def upgrade() -> None:
        with outside_transaction():
            add_index("ix_cases_tenant_id_seen_on", "cases", ("tenant_id", "seen_on"))

Outside a transaction nothing is undone when a step fails, and the migration is begun anew the next time. So
everything here can be done twice, and a migration that leaves its transaction does nothing else.
docs/upgrading.md says what is promised, CONTRIBUTING.md how a change is cut into steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from hemvist.tenancy.declaration import TENANT_SETTING

#: Rows that one batch changes: some milliseconds in which others wait for those rows.
BATCH = 500
#: What waits outside a transaction waits for others' transactions to end, and nobody waits behind it.
_PATIENCE = ("lock_timeout", "1h"), ("statement_timeout", "0")


@contextmanager
def outside_transaction() -> Iterator[None]:
    """Each statement inside is a transaction of its own, and may take its time.

    On a connection whose transaction somebody else holds (a scratch schema that nobody uses), it is part
    of that one.
    """
    if _held():
        yield
        return
    with op.get_context().autocommit_block():
        before = [] if _offline() else [(name, _setting(name)) for name, _ in _PATIENCE]
        for name, value in _PATIENCE:
            op.execute(f"SET {name} = '{value}'")
        try:
            yield
        finally:
            for name, value in before:
                op.execute(f"SET {name} = '{value}'")


def add_index(
    name: str, table: str, columns: Sequence[str], *, unique: bool = False, where: str = ""
) -> None:
    """An index on a table in use: what an attempt left half made is removed first."""
    if not _offline() and _index_state(name) == "invalid":
        remove_index(name)
    kind = "UNIQUE INDEX" if unique else "INDEX"
    op.execute(
        f"CREATE {kind}{_concurrently()} IF NOT EXISTS {name} ON {table} ({', '.join(columns)})"
        + (f" WHERE {where}" if where else "")
    )


def remove_index(name: str) -> None:
    """An index of a table in use goes."""
    op.execute(f"DROP INDEX{_concurrently()} IF EXISTS {name}")


def add_foreign_key(
    name: str, table: str, columns: Sequence[str], target: str, target_columns: Sequence[str]
) -> None:
    """Holds for every row from now on; those that are there are looked at by ``validate``, later."""
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({', '.join(columns)})"
        f" REFERENCES {target} ({', '.join(target_columns)}) NOT VALID"
    )


def add_check(name: str, table: str, condition: str) -> None:
    """Holds for every row from now on; those that are there are looked at by ``validate``, later."""
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID")


def validate(name: str, table: str) -> None:
    """Look at the rows that are there: reading and writing go on meanwhile."""
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def in_batches(table: str, setting: str, undone: str, *, batch: int = BATCH) -> int:
    """Change the rows of which ``undone`` is true, some at a time, a kommun at a time; how many.

    ``setting`` is what follows SET, and has to make ``undone`` false: stopped, it goes on where it was.
    Row security holds for the owner too, so each kommun is named.
    """
    # Names and conditions out of migrations, no value of anybody's.
    change = (
        f"UPDATE {table} SET {setting} WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM {table}"  # noqa: S608 - names of our own tables
        f" WHERE tenant_id = :tenant AND ({undone}) ORDER BY id LIMIT {batch})"
    )
    if _offline():
        op.execute(f"{change.replace(':tenant', 'NULL')} -- in batches")
        return 0
    connection, changed = op.get_bind(), 0
    tenants: Sequence[UUID] = list(
        connection.scalars(sa.text("SELECT id FROM tenants ORDER BY id"))
    )
    try:
        for tenant in tenants:
            _within(connection, str(tenant))
            while done := connection.execute(sa.text(change), {"tenant": tenant}).rowcount:
                changed += done
    finally:
        _within(connection, "")
    return changed


def _within(connection: sa.Connection, tenant: str) -> None:
    connection.execute(
        sa.text("SELECT set_config(:setting, :tenant, false)"),
        {"setting": TENANT_SETTING, "tenant": tenant},
    )


def _setting(name: str) -> str:
    return str(op.get_bind().execute(sa.text(f"SHOW {name}")).scalar_one())


def _index_state(name: str) -> str:
    valid = op.get_bind().execute(
        sa.text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"),
        {"name": name},
    )
    found = valid.scalar()
    return "none" if found is None else "valid" if found else "invalid"


def _concurrently() -> str:
    return "" if _held() else " CONCURRENTLY"


def _held() -> bool:
    return bool(op.get_context()._in_external_transaction)


def _offline() -> bool:
    return bool(op.get_context().as_sql)
