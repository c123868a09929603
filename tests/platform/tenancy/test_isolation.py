"""The database keeps the kommuner apart, whatever a query asks for."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from hemvist.db import Audience, engine
from hemvist.ids import new_id
from hemvist.retention import fates
from hemvist.tenancy import tenant_session
from hemvist.tenancy.counters import Counter
from hemvist_rows import fill, made_up, owned_tables, owner_engine, set_context
from hemvist_testing import new_tenant

TABLES = owned_tables()
BY_NAME = {table.name: table for table in TABLES}


@pytest.fixture(scope="module")
def filled(database: str) -> dict[str, UUID]:
    """Kommun A with a row in every table; its id stands under ``tenants``."""
    tenant_id = new_tenant()
    return {**fill(tenant_id), "tenants": tenant_id}


@pytest.fixture(scope="module")
def other(database: str) -> UUID:
    """Kommun B, which has nothing."""
    return new_tenant()


def privileges(table: sa.Table, audience: Audience) -> tuple[str, ...]:
    """What ``audience`` was declared to have on ``table``."""
    if audience is Audience.THINNING:
        # What becomes of each table's rows says it, in one place for all of them.
        return fates.grants(table.name)
    grants: dict[str, tuple[str, ...]] = table.info["tenancy"].grants
    return grants.get(audience.value, ())


@pytest.fixture(params=list(Audience), ids=lambda audience: audience.short)
def audience(request: pytest.FixtureRequest) -> Audience:
    """Each login role in turn."""
    role: Audience = request.param
    return role


@pytest.fixture
def connection(database: str, audience: Audience) -> Iterator[Connection]:
    """A connection as the audience's role, whose work is undone."""
    with engine(audience).connect() as connection:
        yield connection
        connection.rollback()


def refused(connection: Connection, statement: sa.Executable) -> str:
    """The SQLSTATE with which the database refuses ``statement``; "" when it does not."""
    savepoint = connection.begin_nested()
    try:
        connection.execute(statement)
    except DBAPIError as error:
        savepoint.rollback()
        return getattr(error.orig, "sqlstate", "") or "?"
    savepoint.rollback()
    return ""


#: SQLSTATE: insufficient privilege, which row security's WITH CHECK uses as well.
DENIED = "42501"


def test_the_rows_are_there(filled: dict[str, UUID]) -> None:
    with owner_engine().connect() as connection:
        set_context(connection, filled["tenants"])
        for table in TABLES:
            # An entry of a ledger has two lines; a head lease and a contract both let the unit.
            two = table.name in ("guarantee_postings", "lettings", "transfer_ledger_entries")
            wanted = 2 if two else 1
            assert connection.scalar(select(func.count()).select_from(table)) == wanted, table.name


def test_no_context_sees_no_row_and_writes_none(
    connection: Connection, audience: Audience, filled: dict[str, UUID]
) -> None:
    for table in TABLES:
        count = select(func.count()).select_from(table)
        if "SELECT" in privileges(table, audience):
            assert connection.scalar(count) == 0, table.name
        else:
            assert refused(connection, count) == DENIED, table.name
        insert = table.insert().values(made_up(table, filled["tenants"], filled))
        assert refused(connection, insert) == DENIED, table.name


@pytest.mark.parametrize("context", ["", "not a uuid"])
def test_a_broken_context_sees_no_row(filled: dict[str, UUID], context: str) -> None:
    with engine(Audience.STAFF).connect() as connection:
        connection.execute(
            text("SELECT set_config('hemvist.tenant_id', :value, true)"), {"value": context}
        )
        count = select(func.count()).select_from(BY_NAME["persons"])
        if context:
            # Not a silent nothing: the error shows that the context was set wrongly.
            assert refused(connection, count) == "22P02"
        else:
            assert connection.scalar(count) == 0


def test_another_kommun_sees_and_changes_nothing(
    connection: Connection, audience: Audience, filled: dict[str, UUID], other: UUID
) -> None:
    set_context(connection, other)
    for table in TABLES:
        held = privileges(table, audience)
        mine = table.c.id == filled[table.name]
        if "SELECT" in held:
            assert connection.execute(select(table.c.id).where(mine)).all() == [], table.name
        if "UPDATE" in held:
            change = sa.update(table).where(mine).values(id=filled[table.name])
            assert connection.execute(change).rowcount == 0, table.name
        if "DELETE" in held:
            assert connection.execute(sa.delete(table).where(mine)).rowcount == 0, table.name
        insert = table.insert().values(made_up(table, filled["tenants"], filled))
        assert refused(connection, insert) == DENIED, table.name


def test_a_row_cannot_be_moved_to_another_kommun(filled: dict[str, UUID], other: UUID) -> None:
    with engine(Audience.STAFF).connect() as connection:
        set_context(connection, filled["tenants"])
        move = sa.update(BY_NAME["households"]).values(tenant_id=other)
        assert refused(connection, move) == DENIED


def test_a_reference_cannot_reach_into_another_kommun(filled: dict[str, UUID], other: UUID) -> None:
    """A foreign key is checked past row security: the composite key is what stops it."""
    with engine(Audience.STAFF).connect() as connection:
        set_context(connection, other)
        row = made_up(BY_NAME["cases"], other, filled)
        insert = BY_NAME["cases"].insert().values(row)
        assert refused(connection, insert) == "23503"


def test_not_even_the_owner_sees_without_context(filled: dict[str, UUID]) -> None:
    with owner_engine().connect() as connection:
        connection.execute(text("SET ROLE hemvist_owner"))
        for table in TABLES:
            assert connection.scalar(select(func.count()).select_from(table)) == 0, table.name


def test_the_landlords_role_reads_no_tenant_table(filled: dict[str, UUID]) -> None:
    held = {table.name: privileges(table, Audience.LANDLORD) for table in TABLES}
    assert not any(held.values())


def test_the_context_ends_with_the_transaction(database: str, filled: dict[str, UUID]) -> None:
    pool = create_engine(engine(Audience.STAFF).url, pool_size=1, max_overflow=0)
    count = select(func.count()).select_from(BY_NAME["persons"])
    try:
        with pool.begin() as connection:
            set_context(connection, filled["tenants"])
            assert connection.scalar(count) == 1
            backend = connection.scalar(select(func.pg_backend_pid()))
        with pytest.raises(DBAPIError), pool.begin() as connection:
            set_context(connection, filled["tenants"])
            connection.execute(text("SELECT 1/0"))
        with pool.connect() as connection:
            assert connection.scalar(select(func.pg_backend_pid())) == backend
            assert connection.scalar(count) == 0
    finally:
        pool.dispose()


def test_the_session_stamps_its_tenant_and_takes_no_other(tenant: UUID, other: UUID) -> None:
    with tenant_session(Audience.STAFF, tenant) as session:
        row = session.save(Counter(series="stamped", last=1))
        assert row.tenant_id == tenant
        session.add(Counter(tenant_id=other, series="smuggled", last=1))
        with pytest.raises(RuntimeError, match="another tenant"):
            session.flush()
        session.rollback()


STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["add", "read", "restart"])), max_size=25
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_interleaved_kommuner_never_meet(database: str, steps: list[tuple[int, str]]) -> None:
    """Any order of transactions of three kommuner over a shared pool: each sees its own rows."""
    tenants = [new_id() for _ in range(3)]
    with owner_engine().begin() as connection:
        for number, tenant_id in enumerate(tenants):
            connection.execute(
                text("INSERT INTO tenants VALUES (:id, :code, :slug, :slug, now())"),
                {"id": tenant_id, "code": f"x{tenant_id.hex}", "slug": f"i{number}{tenant_id.hex}"},
            )
    written: list[set[str]] = [set(), set(), set()]
    opened = [tenant_session(Audience.STAFF, tenant_id) for tenant_id in tenants]
    sessions = [manager.__enter__() for manager in opened]
    try:
        for number, (who, what) in enumerate(steps):
            if what == "add":
                sessions[who].save(Counter(series=f"{who}-{number}", last=who))
                written[who].add(f"{who}-{number}")
            elif what == "restart":
                opened[who].__exit__(None, None, None)
                opened[who] = tenant_session(Audience.STAFF, tenants[who])
                sessions[who] = opened[who].__enter__()
            assert set(sessions[who].scalars(select(Counter.series))) == written[who]
            # Also past the query guard, where row security stands alone.
            rows = sessions[who].connection().execute(select(Counter.__table__.c.series))
            assert set(rows.scalars()) == written[who]
    finally:
        for manager in opened:
            manager.__exit__(None, None, None)
