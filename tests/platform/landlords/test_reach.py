"""What somebody of a landlord reaches: own rows, where the door is open, in own districts, no more."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import psycopg
import pytest

from hemvist.db import audience_url
from hemvist.errors import Conflict, HemvistError, NotAllowed, NotFound
from hemvist.identity import Action, Actor, Condition, Role, allows
from hemvist.identity.matrix import MATRIX
from hemvist.landlords.access import access_of, close_door, open_door, propose
from hemvist.landlords.acting import seen_through
from hemvist.landlords.landlord_views import KOMMUNER, ME, MEMBERS
from hemvist.landlords.members import remove
from hemvist.landlords.models import LandlordMember
from hemvist.landlords.session import landlord_session
from hemvist.landlords.views import REACH, VIEWS
from hemvist.landlords.views import metadata as views
from hemvist.tenancy import Audience, Tenant, tenant_session
from hemvist.tenancy.declaration import PRINCIPAL_SETTING, TENANT_SETTING
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist.units.landlord_views import UNITS
from hemvist.units.models import Unit
from hemvist_infra.onboarding import set_status
from hemvist_landlords import (
    Member,
    administrator,
    admitter,
    agent,
    district,
    narrowed,
    opened,
    organisation_number,
    somebody,
)
from hemvist_rows import fill
from hemvist_testing import new_tenant


@pytest.fixture
def number() -> str:
    return organisation_number()


def unit(tenant_id: UUID, landlord_id: UUID, designation: str, flat: str = "1001") -> UUID:
    """A flat of the landlord in the kommun."""
    with tenant_session(Audience.STAFF, tenant_id) as session:
        row = session.save(
            Unit(
                landlord_id=landlord_id,
                property_designation=designation,
                street_address=f"Storgatan {uuid4().hex[:6]}",
                postal_code="65224",
                city="Karlstad",
                area="Centrum",
                apartment_number=flat,
                source="owner_agreement",
                rooms=2,
                size_m2=55,
                rent_ore=700_000,
                floor=1,
                lift=False,
                step_free=False,
                adapted=False,
                available_from=date(2026, 12, 1),
                state="vacant",
            )
        )
        session.flush()
        return row.id


def close(tenant_id: UUID, landlord_id: UUID) -> None:
    with tenant_session(Audience.STAFF, tenant_id) as session:
        row = access_of(session, landlord_id)
        assert row is not None
        close_door(
            session,
            admitter(tenant_id),
            access_id=row.id,
            expected_version=row.version,
            reason="Avtalet är uppsagt",
        )


def slug_of(tenant_id: UUID) -> str:
    with tenant_session(Audience.STAFF, tenant_id) as session:
        return session.get_one(Tenant, tenant_id).slug


def seen(member: Member) -> set[UUID]:
    return {row.id for row in member.rows(UNITS)}


def test_one_reads_every_kommun_that_has_opened_its_door_and_no_other(
    tenant: UUID, number: str
) -> None:
    second, third = new_tenant(), new_tenant()
    landlord = opened(tenant, number)
    assert opened(second, number) == landlord
    stranger = opened(tenant, organisation_number(), "Norra Hem AB")
    mine = {unit(tenant, landlord, "Björken 1"), unit(second, landlord, "Björken 1")}
    # Another landlord's, and one where no door is open.
    unit(tenant, stranger, "Eken 1")
    unit(third, landlord, "Eken 2")
    vera = administrator(tenant, landlord)
    assert seen(vera) == mine
    assert {row.tenant_id for row in vera.rows(KOMMUNER)} == {tenant, second}
    assert [row.landlord_id for row in vera.rows(ME)] == [landlord]


def test_a_member_of_two_landlords_sees_both_and_another_person_neither(
    tenant: UUID, number: str
) -> None:
    one, other = opened(tenant, number), opened(tenant, organisation_number(), "Norra Hem AB")
    vera = administrator(tenant, one)
    administrator(tenant, other, who=vera.actor)
    mine = {unit(tenant, one, "Björken 1"), unit(tenant, other, "Eken 1")}
    assert seen(vera) == mine
    nobody = somebody("Ingen")
    assert nobody.principal_id is not None
    with landlord_session(nobody.principal_id) as session:
        for view in views.tables.values():
            assert session.execute(view.select()).all() == [], view.name


def test_districts_narrow_what_an_agent_sees(tenant: UUID, number: str) -> None:
    second = new_tenant()
    landlord = opened(tenant, number)
    opened(second, number)
    vera, sara = administrator(tenant, landlord), administrator(tenant, landlord, "Sara Lindahl")
    inside, outside = unit(tenant, landlord, "Björken 1"), unit(tenant, landlord, "Björken 2")
    # The same designation in another kommun is another property.
    elsewhere = unit(second, landlord, "Björken 1")
    north = district(vera, "Norr", tenant, "Björken 1")
    olle = agent(vera, sara, districts=[north])
    assert seen(olle) == {inside}
    assert seen(vera) == {inside, outside, elsewhere}
    narrowed(vera, olle, district(vera, "Tomt", tenant))
    assert seen(olle) == set()
    narrowed(vera, olle)
    assert seen(olle) == {inside, outside, elsewhere}


def test_a_district_that_is_gone_widens_nothing(tenant: UUID, number: str) -> None:
    landlord = opened(tenant, number)
    vera, sara = administrator(tenant, landlord), administrator(tenant, landlord, "Sara Lindahl")
    unit(tenant, landlord, "Björken 1")
    olle = agent(vera, sara, districts=[district(vera, "Norr", tenant, "Björken 1")])
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
        session.find(LandlordMember, olle.member.id).districts = [uuid4()]
    assert seen(olle) == set()


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_a_kommun_that_leaves_is_gone_at_once(tenant: UUID, number: str, status: str) -> None:
    second = new_tenant()
    landlord = opened(tenant, number)
    opened(second, number)
    vera = administrator(tenant, landlord)
    unit(tenant, landlord, "Björken 1")
    left = unit(second, landlord, "Björken 1")
    with vera.reading() as session:
        assert len(session.execute(UNITS.select()).all()) == 2
        set_status(slug_of(tenant), status)
        # In the midst of the very transaction that has just read it.
        assert [row.id for row in session.execute(UNITS.select())] == [left]
        assert [row.tenant_id for row in session.execute(KOMMUNER.select())] == [second]
    with tenant_session(Audience.STAFF, tenant) as session, pytest.raises(NotFound):
        vera.in_kommun(session)
    set_status(slug_of(tenant), "active")
    assert len(seen(vera)) == 2
    with pytest.raises(HemvistError):
        # The landlords' own tenant is no kommun to be suspended.
        set_status("hyresvard", status)


def test_a_closed_door_is_shut_at_once_and_only_there(tenant: UUID, number: str) -> None:
    second = new_tenant()
    landlord = opened(tenant, number)
    opened(second, number)
    vera = administrator(tenant, landlord)
    gone, left = unit(tenant, landlord, "Björken 1"), unit(second, landlord, "Björken 1")
    with vera.reading() as session:
        assert len(session.execute(UNITS.select()).all()) == 2
        close(tenant, landlord)
        assert [row.id for row in session.execute(UNITS.select())] == [left]
    with pytest.raises(NotFound):
        seen_through(UNITS, vera.principal_id, gone)
    assert seen_through(UNITS, vera.principal_id, left).property_designation == "Björken 1"


def test_a_removed_member_sees_nothing_from_the_next_statement_on(
    tenant: UUID, number: str
) -> None:
    landlord = opened(tenant, number)
    vera, sara = administrator(tenant, landlord), administrator(tenant, landlord, "Sara Lindahl")
    unit(tenant, landlord, "Björken 1")
    with sara.reading() as reading:
        assert len(reading.execute(UNITS.select()).all()) == 1
        with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
            row = session.find(LandlordMember, sara.member.id)
            remove(session, vera.actor, member_id=row.id, expected_version=row.version)
        for view in views.tables.values():
            assert reading.execute(view.select()).all() == [], view.name
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
        row = session.find(LandlordMember, vera.member.id)
        with pytest.raises(Conflict):
            remove(session, vera.actor, member_id=row.id, expected_version=row.version)


def test_what_is_not_there_and_what_is_anothers_are_refused_alike(
    tenant: UUID, number: str
) -> None:
    landlord = opened(tenant, number)
    theirs = unit(tenant, opened(tenant, organisation_number(), "Norra Hem AB"), "Eken 1")
    vera = administrator(tenant, landlord)
    said = set()
    for row_id in (theirs, uuid4()):
        with pytest.raises(NotFound) as refused:
            seen_through(UNITS, vera.principal_id, row_id)
        said.add(str(refused.value))
    assert len(said) == 1


def test_colleagues_are_seen_and_nobody_elses(tenant: UUID, number: str) -> None:
    landlord = opened(tenant, number)
    vera, sara = administrator(tenant, landlord), administrator(tenant, landlord, "Sara Lindahl")
    administrator(tenant, opened(tenant, organisation_number(), "Norra Hem AB"), "Mats")
    assert {row.id for row in vera.rows(MEMBERS)} == {vera.member.id, sara.member.id}


def test_an_act_is_done_by_the_kommuns_own_principal_for_the_own_landlord_only(
    tenant: UUID, number: str
) -> None:
    landlord = opened(tenant, number)
    vera = administrator(tenant, landlord)
    with tenant_session(Audience.STAFF, tenant) as session:
        actor = vera.in_kommun(session)
        again = vera.in_kommun(session)
    assert actor == again and actor.tenant_id == tenant
    assert actor.principal_id != vera.principal_id and actor.channel == "landlord"
    other = Actor(tenant, uuid4(), "", actor.memberships, "landlord", frozenset({uuid4()}))
    for action in Action:
        assert not allows(actor, action), action
        theirs = MATRIX[Role.LANDLORD_AGENT].get(action) is Condition.OWN_LANDLORD
        assert allows(actor, action, landlord=landlord) is theirs
        assert not allows(other, action, landlord=landlord)
        assert not allows(actor, action, landlord=uuid4())


def test_nobody_opens_the_door_that_they_proposed(tenant: UUID, number: str) -> None:
    one = admitter(tenant)
    with tenant_session(Audience.STAFF, tenant) as session:
        row = propose(session, one, organisation_number=number, name="Björkbo")
    with tenant_session(Audience.STAFF, tenant) as session, pytest.raises(NotAllowed):
        open_door(session, one, access_id=row.id, expected_version=row.version)
    vera = somebody("Vera")
    with tenant_session(Audience.STAFF, tenant) as session, pytest.raises(NotAllowed):
        propose(session, vera, organisation_number=number, name="Björkbo")


#: What an attacker who has the landlords' role itself says.
_ATTACKS = (
    "SELECT 1 FROM {table}",
    "COPY {table} TO STDOUT",
    "INSERT INTO {table} SELECT * FROM {table}",
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "CREATE VIEW stolen AS SELECT * FROM {table}",
)


def test_sql_as_the_landlords_role_reaches_its_views_and_nothing_else(
    database: str, number: str
) -> None:
    """Every relation of the database, by every way to it; the setting of a kommun helps nobody."""
    kommun = new_tenant()
    ids = fill(kommun)
    vera = administrator(kommun, opened(kommun, number))
    url = audience_url(Audience.LANDLORD).set(drivername="postgresql")
    readable = {*VIEWS, "landlords", "tenants"}
    with (
        psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection,
    ):
        connection.execute(f"SET {TENANT_SETTING} = '{kommun}'".encode())
        connection.execute(f"SET {PRINCIPAL_SETTING} = '{vera.principal_id}'".encode())
        relations = connection.execute(
            "SELECT relname, (SELECT attname FROM pg_attribute WHERE attrelid = pg_class.oid"
            " AND attnum = 1) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')"
        ).fetchall()
        assert len(relations) > 100
        for name, column in relations:
            for attack in _ATTACKS:
                if attack in _ATTACKS[:2] and name in readable:
                    continue
                with pytest.raises(psycopg.Error) as refused:
                    connection.execute(attack.format(table=name, column=column).encode())
                assert refused.value.sqlstate in ("42501", "0A000", "42809", "55000"), (
                    attack.format(table=name)
                )
        for role in ("hemvist_owner", "hemvist_landlord_views", "hemvist_staff"):
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(f"SET ROLE {role}".encode())
            assert refused.value.sqlstate == "42501"
        # Of a kommun full of rows it reads none of another landlord's.
        for view in VIEWS:
            whose = connection.execute(f"SELECT landlord_id FROM {view}".encode())
            assert {row[0] for row in whose} <= {vera.landlord_id}, view
    assert ids


def test_a_function_of_ones_own_sees_no_row_behind_the_barrier(
    database: str, tenant: UUID, number: str
) -> None:
    """A cheap function in the condition is asked about own rows only: the views are barriers."""
    landlord = opened(tenant, number)
    unit(tenant, opened(tenant, organisation_number(), "Norra Hem AB"), "Hemlig 1")
    unit(tenant, landlord, "Björken 1")
    vera = administrator(tenant, landlord)
    url = audience_url(Audience.LANDLORD).set(drivername="postgresql")
    told: list[str] = []
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.add_notice_handler(lambda notice: told.append(str(notice.message_primary)))
        connection.execute(f"SET {PRINCIPAL_SETTING} = '{vera.principal_id}'".encode())
        # Dividing by nothing for a row that is not one's own would tell that it is there.
        rows = connection.execute(
            "SELECT property_designation FROM lv_units"
            " WHERE 1 / (CASE WHEN property_designation = 'Hemlig 1' THEN 0 ELSE 1 END) = 1"
        ).fetchall()
    assert rows == [("Björken 1",)]


def test_every_view_says_whose_rows_it_shows() -> None:
    for name, view in VIEWS.items():
        names = set(views.tables[name].columns.keys())
        assert {"tenant_id", "landlord_id"} <= names, name
        # Those of the landlords' own tenant ask the reader's memberships instead.
        assert REACH.name in view.sql or PRINCIPAL_SETTING in view.sql, name
