"""The second guard: the session's own filter, proven where row security does not help.

A superuser's connection passes by row security, so whatever a session sees there is the filter's.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import create_engine, delete, func, make_url, select, text, update
from sqlalchemy.orm import aliased

from hemvist.db import normalise
from hemvist.errors import NotFound
from hemvist.households.models import Household, HouseholdMember, Person
from hemvist.tenancy import TenantSession
from hemvist_rows import fill
from hemvist_testing import new_tenant


@pytest.fixture(scope="module")
def two_kommuner(database: str) -> tuple[dict[str, UUID], dict[str, UUID]]:
    """Two kommuner with a row in every table."""
    first, second = new_tenant(), new_tenant()
    return {**fill(first), "tenants": first}, {**fill(second), "tenants": second}


@pytest.fixture
def past_row_security(
    postgres: str, database: str, two_kommuner: tuple[dict[str, UUID], dict[str, UUID]]
) -> Iterator[TenantSession]:
    """A session of the second kommun on a superuser's connection."""
    own = normalise(postgres).set(database=make_url(database).database)
    superuser = create_engine(own)
    session = TenantSession(superuser, info={"tenant_id": two_kommuner[1]["tenants"]})
    try:
        if session.scalar(text("SELECT current_setting('is_superuser')")) != "on":
            pytest.skip("the server's user is no superuser, so row security cannot be left out")
        assert session.connection().scalar(select(func.count()).select_from(Person)) > 1
        yield session
    finally:
        session.rollback()
        session.close()
        superuser.dispose()


def test_reads_are_filtered(
    past_row_security: TenantSession, two_kommuner: tuple[dict[str, UUID], dict[str, UUID]]
) -> None:
    session, (theirs, ours) = past_row_security, two_kommuner
    assert [person.id for person in session.scalars(select(Person))] == [ours["persons"]]
    assert session.scalars(select(Person.id)).all() == [ours["persons"]]
    assert session.scalar(select(func.count()).select_from(Person)) == 1
    assert session.scalars(select(aliased(Person).id)).all() == [ours["persons"]]
    assert session.scalars(
        select(Household.id).where(
            Household.id.in_(
                select(HouseholdMember.household_id).join(Person, Person.id.is_not(None))
            )
        )
    ).all() == [ours["households"]]
    assert session.scalars(select(Person).where(Person.id == theirs["persons"])).all() == []
    assert session.get(Person, (theirs["tenants"], theirs["persons"])) is None
    with pytest.raises(NotFound):
        session.find(Person, theirs["persons"])


def test_writes_are_filtered(
    past_row_security: TenantSession, two_kommuner: tuple[dict[str, UUID], dict[str, UUID]]
) -> None:
    session, (theirs, ours) = past_row_security, two_kommuner
    session.execute(update(Person).values(registered_kommun="0000"))
    session.execute(delete(HouseholdMember))
    plain = session.connection()
    names = dict(plain.execute(select(Person.id, Person.registered_kommun)).all())
    assert names[ours["persons"]] == "0000"
    assert names[theirs["persons"]] != "0000"
    left = plain.execute(select(HouseholdMember.__table__.c.id)).scalars().all()
    assert theirs["household_members"] in left
    assert ours["household_members"] not in left
