"""What is a look and what is a list, and what a look is worth: as the month's entries tell it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from hemvist.audit import AuditEntry
from hemvist.audit.marks import one_time_key
from hemvist.circles import glass
from hemvist.circles import service as circles
from hemvist.clock import SWEDISH_TIME, real_now
from hemvist.households.models import HouseholdMember
from hemvist.identity import Membership, Role
from hemvist.ids import new_id
from hemvist.log_reviews import drawing, shut, weighing
from hemvist.log_reviews.sampling import Weighed
from hemvist.tenancy import Audience, tenant_session
from hemvist.tenancy.keys import tenant_keys
from hemvist_arrears import account, imported, row
from hemvist_world import World, adult, child, new_world

WHO, MANAGER, OTHER = "caseworker SOF-VUX", "manager SOF-VUX", "another caseworker"
#: At noon today in Sweden, this month.
NOON = real_now().astimezone(SWEDISH_TIME).replace(hour=12, minute=0)


@pytest.fixture
def world(database: str) -> World:
    world = new_world()
    world.add(OTHER, Membership(Role.CASEWORKER, "SOF-VUX"))
    return world


def looked(world: World, who: str, at: datetime = NOON, **columns: Any) -> None:
    """An entry as a read leaves it."""
    actor = world[who]
    values: dict[str, Any] = {"case_id": None, "person_ids": [], "details": {}, **columns}
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        session.add(
            AuditEntry(
                id=new_id(),
                at=at.astimezone(UTC),
                kind="read",
                principal_id=actor.principal_id,
                roles=["caseworker"],
                channel="api",
                action="Q",
                origin="",
                mac=one_time_key(tenant_keys(world.tenant_id)),
                **values,
            )
        )


def weighed(world: World, who: str) -> list[Weighed]:
    """This month's looks of one of the staff."""
    month = NOON.date().replace(day=1)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        log = drawing._month(session, *drawing.bounds(month))
        found = drawing.chosen(session, log, month, "seed")
    return [one for one in found if one.look.principal_id == world[who].principal_id]


def test_two_cases_read_at_once_are_two_looks(world: World) -> None:
    """Whoever asks for both in one operation is found like one who asks twice."""
    cases = [world.case() for _ in range(2)]
    looked(world, OTHER, details={"cases": [str(one.id) for one in cases]})
    found = weighed(world, OTHER)
    assert {one.look.case_id for one in found} == {one.id for one in cases}


def test_a_list_of_cases_is_no_look_and_makes_nobody_busy(world: World) -> None:
    looked(world, OTHER, details={"cases": [str(new_id()) for _ in range(50)]})
    looked(world, OTHER, person_ids=[new_id() for _ in range(50)])
    assert weighed(world, OTHER) == []
    looked(world, OTHER, person_ids=[new_id()])
    [one] = weighed(world, OTHER)
    assert one.reasons == []


def test_many_looks_in_a_day_are_many_whatever_lists_others_read(world: World) -> None:
    for _ in range(weighing.MANY):
        looked(world, OTHER, person_ids=[new_id()])
    for day in range(3):
        at = NOON - timedelta(minutes=day)
        looked(world, WHO, at, person_ids=[new_id() for _ in range(80)])
    found = weighed(world, OTHER)
    assert len(found) == weighing.MANY
    # It is the only one who looked: three times the median is out of reach of one alone.
    assert {tuple(one.reasons) for one in found} == {()}
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        log = drawing._month(session, *drawing.bounds(NOON.date().replace(day=1)))
    assert list(log.busy.values()) == [weighing.MANY]


def test_a_large_household_is_looked_at_and_no_list(world: World) -> None:
    case = world.case(adult(), *(child() for _ in range(6)))
    persons = [one.person_id for one in world.rows(HouseholdMember, household_id=case.household_id)]
    assert len(persons) == 7
    looked(world, OTHER, person_ids=persons)
    [one] = weighed(world, OTHER)
    assert one.look.persons == set(persons)
    # Somebody else among them: now it is a list.
    world.add("a third", Membership(Role.CASEWORKER, "SOF-VUX"))
    looked(world, "a third", person_ids=[*persons, new_id()])
    assert weighed(world, "a third") == []


def closed(world: World, case: Any) -> Any:
    return world.act(
        MANAGER,
        circles.close,
        case_id=case.id,
        members=[world[WHO].principal_id],
        reason="Threats",
        expected_version=world.again(case).version,
    )


def test_break_glass_stands_behind_each_day_it_lasts_and_all_it_opens(world: World) -> None:
    case = world.case()
    person = world.applicant(case)
    closed(world, case)
    opening = world.act(OTHER, glass.break_glass, number=case.number, reason="Duty")
    days = {opening.opened_at.astimezone(SWEDISH_TIME).date()}
    days.add(opening.ends_at.astimezone(SWEDISH_TIME).date())
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        begins, ends = opening.opened_at - timedelta(days=1), opening.ends_at + timedelta(days=1)
        found = shut.opened_in(session, begins, ends)
    who = world[OTHER].principal_id
    for day in days:
        assert {(who, case.id, day), (who, person, day)} <= found
    assert {day for _, _, day in found} == days or opening.ends_at - opening.opened_at > timedelta(
        1
    )
    # A person's own page, which names no case.
    looked(world, OTHER, opening.opened_at, person_ids=[person])
    assert any(
        "break_glass" in one.reasons and one.look.case_id is None for one in weighed(world, OTHER)
    )


def test_what_was_closed_and_is_no_more_counts_for_its_month(world: World) -> None:
    case = world.case()
    circle = closed(world, case)
    world.act(
        MANAGER,
        circles.lift,
        case_id=case.id,
        reason="Over",
        expected_version=world.again(circle).version,
    )
    looked(world, OTHER, person_ids=[world.applicant(case)])
    [one] = weighed(world, OTHER)
    assert one.reasons == ["closed_circle"]
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        later = real_now() + timedelta(days=1)
        assert shut.closed_in(session, later, later + timedelta(days=30)) == frozenset()


def test_a_tenant_whom_only_the_landlord_knows_is_looked_at_too(world: World) -> None:
    """By the rent account, with the name that stands there."""
    name = world[OTHER].name.split()[-1]
    imported(world, WHO, "SOF-VUX", [row("A-1", Hyresgäst=f"Alva {name}")])
    rent: UUID = account(world, "A-1").id
    looked(world, OTHER, details={"rents": [str(rent)]})
    [one] = weighed(world, OTHER)
    assert (one.look.case_id, one.look.persons) == (None, {rent})
    assert one.reasons == ["own_family_name"]
    looked(world, MANAGER, details={"rents": [str(new_id()) for _ in range(20)]})
    assert [one.look.persons for one in weighed(world, MANAGER) if rent in one.look.persons] == []
