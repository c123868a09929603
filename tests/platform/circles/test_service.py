"""Closing a case to a circle: who sees it, who keeps it, and what comes into it later."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from hemvist.cases import service as cases
from hemvist.cases.access import case_for, visible_cases
from hemvist.cases.models import Case, CaseEvent
from hemvist.circles import service as circles
from hemvist.circles.models import CaseCircle, CircleRow
from hemvist.db import Audience
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.households import service as households
from hemvist.households.models import Household, HouseholdMember, Person
from hemvist.identity import Action, Actor, Membership, Role
from hemvist_world import World, adult, as_owner, new_world

CASEWORKER, MANAGER, OTHER = "caseworker SOF-VUX", "manager SOF-VUX", "another caseworker"
REASON = "Threats against the applicant"


@pytest.fixture
def place(database: str) -> World:
    world = new_world()
    world.add(OTHER, Membership(Role.CASEWORKER, "SOF-VUX"))
    world.add("another manager", Membership(Role.DEPARTMENT_MANAGER, "SOF-VUX"))
    return world


def ids(world: World, *names: str) -> list[UUID]:
    found = [world[name].principal_id for name in names]
    assert all(found)
    return [one for one in found if one is not None]


def closed(world: World, *names: str, **more: Any) -> tuple[Case, CaseCircle]:
    case = world.case()
    values = {
        "case_id": case.id,
        "members": ids(world, *(names or (CASEWORKER,))),
        "reason": REASON,
        "expected_version": case.version,
        **more,
    }
    return case, world.act(MANAGER, circles.close, **values)


def seen(world: World, who: str | Actor, model: Any, row_id: UUID) -> bool:
    actor = world[who] if isinstance(who, str) else who
    with world.session(actor) as session:
        return session.scalar(select(model.id).where(model.id == row_id)) is not None


def test_only_the_circle_sees_the_case_and_what_hangs_on_it(place: World) -> None:
    case, _ = closed(place)
    with place.session(place[MANAGER]) as session:
        person = session.scalars(
            select(HouseholdMember.person_id).where(
                HouseholdMember.household_id == case.household_id
            )
        ).one()
    for who in (CASEWORKER, MANAGER):
        assert seen(place, who, Case, case.id)
        assert seen(place, who, Household, case.household_id)
        assert seen(place, who, Person, person)
    for who in (OTHER, "another manager", "property", "caseworker AMF"):
        assert not seen(place, who, Case, case.id)
        assert not seen(place, who, Household, case.household_id)
        assert not seen(place, who, Person, person)
        with place.session(place[who]) as session:
            assert session.scalars(select(CaseEvent).filter_by(case_id=case.id)).all() == []
            with pytest.raises(NotFound):
                case_for(session, place[who], case.id, Action.CASE_READ)
    # Nor who has said no name at all.
    assert place.rows(Case, id=case.id) == []


def test_no_count_and_no_search_tells_of_it(place: World) -> None:
    open_one = place.case()
    number = adult()
    household = place.household(number)
    case = place.act(CASEWORKER, cases.open_case, household_id=household.id, department="SOF-VUX")

    def count(who: str) -> int:
        with place.session(place[who]) as session:
            return (
                session.scalar(
                    select(func.count()).select_from(Case).where(visible_cases(place[who]))
                )
                or 0
            )

    before = count(OTHER)
    place.act(
        MANAGER,
        circles.close,
        case_id=case.id,
        members=ids(place, CASEWORKER),
        reason=REASON,
        expected_version=case.version,
    )
    assert (count(OTHER), count(CASEWORKER)) == (before - 1, before)
    assert seen(place, OTHER, Case, open_one.id)
    find = {"personal_number": number.personal_number}
    assert place.act(OTHER, households.find_by_number, **find) == []
    assert len(place.act(CASEWORKER, households.find_by_number, **find)) == 1


def test_the_worker_and_the_system_go_on(place: World) -> None:
    case, _ = closed(place)
    with place.session(audience=Audience.WORKER) as session:
        found = case_for(session, Actor.system(place.tenant_id), case.id, Action.CASE_READ)
        assert found.id == case.id


def test_it_needs_a_manager_of_the_department_and_a_reason(place: World) -> None:
    case = place.case()
    given = {
        "case_id": case.id,
        "members": ids(place, CASEWORKER),
        "reason": REASON,
        "expected_version": case.version,
    }
    with pytest.raises(NotAllowed):
        place.act(CASEWORKER, circles.close, **given)
    with pytest.raises(NotFound):
        place.act("manager AMF", circles.close, **given)
    with pytest.raises(ValidationFailed) as refused:
        place.act(MANAGER, circles.close, **{**given, "reason": " "})
    assert [one.field for one in refused.value.problems] == ["reason"]
    with pytest.raises(Conflict) as stale:
        place.act(MANAGER, circles.close, **{**given, "expected_version": 99})
    assert stale.value.rule == "stale_version"
    assert place.rows(CaseCircle, case_id=case.id) == []


def test_who_handles_it_is_in_it(place: World) -> None:
    with pytest.raises(ValidationFailed) as refused:
        closed(place, OTHER)
    assert refused.value.problems[0].rule == "handler_left_out"


def test_it_is_closed_once(place: World) -> None:
    case, _ = closed(place)
    with pytest.raises(Conflict) as refused:
        place.act(
            MANAGER,
            circles.close,
            case_id=case.id,
            members=ids(place, CASEWORKER),
            reason=REASON,
            expected_version=case.version + 1,
        )
    assert refused.value.rule == "already_closed_to_circle"


def test_people_are_added_and_removed(place: World) -> None:
    case, circle = closed(place)
    [other] = ids(place, OTHER)
    circle = place.act(
        MANAGER,
        circles.add_member,
        case_id=case.id,
        principal_id=other,
        expected_version=circle.version,
    )
    assert seen(place, OTHER, Case, case.id)
    with pytest.raises(NotAllowed):
        place.act(
            OTHER,
            circles.add_member,
            case_id=case.id,
            principal_id=other,
            expected_version=circle.version,
        )
    circle = place.act(
        MANAGER,
        circles.remove_member,
        case_id=case.id,
        principal_id=other,
        expected_version=circle.version,
    )
    assert not seen(place, OTHER, Case, case.id)
    for who, rule in ((MANAGER, "circle_needs_manager"), (CASEWORKER, "handler_left_out")):
        with pytest.raises(Conflict) as refused:
            place.act(
                MANAGER,
                circles.remove_member,
                case_id=case.id,
                principal_id=place[who].principal_id,
                expected_version=circle.version,
            )
        assert refused.value.rule == rule


def test_a_lifted_circle_hides_nothing(place: World) -> None:
    case, circle = closed(place)
    place.act(
        MANAGER,
        circles.lift,
        case_id=case.id,
        reason="The threat is over",
        expected_version=circle.version,
    )
    assert seen(place, OTHER, Case, case.id) and seen(place, OTHER, Household, case.household_id)
    assert place.rows(CircleRow, circle_id=circle.id) == []
    lifted = place.again(circle)
    assert (lifted.reason, lifted.lifted_reason) == (REASON, "The threat is over")
    kinds = [one.kind for one in place.rows(CaseEvent, case_id=case.id)]
    assert kinds[-2:] == ["circle_closed", "circle_lifted"]


def test_a_case_opened_later_for_the_household_is_closed_too(place: World) -> None:
    case, _ = closed(place, CASEWORKER, "caseworker AMF")
    # The same household in another department, whose people are in the circle.
    with place.session(place[CASEWORKER]) as session:
        household = session.find(Household, case.household_id)
        later = session.save(
            Case(
                number="2026-999999",
                household_id=household.id,
                department="AMF",
                handler_id=place["caseworker AMF"].principal_id,
                pack=case.pack,
                pack_version=case.pack_version,
                opened_on=case.opened_on,
            )
        )
    assert seen(place, CASEWORKER, Case, later.id)
    assert not seen(place, OTHER, Case, later.id)
    assert not seen(place, "manager AMF", Case, later.id)


def test_every_case_of_the_household_is_closed_at_once(place: World) -> None:
    case = place.case()
    with place.session(place[CASEWORKER]) as session:
        second = session.save(
            Case(
                number="2026-999998",
                household_id=case.household_id,
                department="AMF",
                pack=case.pack,
                pack_version=case.pack_version,
                opened_on=case.opened_on,
            )
        )
    assert seen(place, "caseworker AMF", Case, second.id)
    place.act(
        MANAGER,
        circles.close,
        case_id=case.id,
        members=ids(place, CASEWORKER),
        reason=REASON,
        expected_version=case.version,
    )
    assert not seen(place, "caseworker AMF", Case, second.id)
    assert seen(place, CASEWORKER, Case, second.id)


def test_whom_a_circle_may_name(place: World) -> None:
    place.add("reviewer", Membership(Role.LOG_REVIEWER))
    place.add("support", Membership(Role.SUPPORT_WORKER, "SOF-VUX"))
    found = {one.name: one for one in place.act(MANAGER, circles.people)}
    assert found[CASEWORKER].departments == ["SOF-VUX"]
    assert found[CASEWORKER].id == place[CASEWORKER].principal_id
    assert "caseworker AMF" in found and "support" in found
    assert "reviewer" not in found
    with pytest.raises(NotAllowed):
        place.act(CASEWORKER, circles.people)


def test_nobody_who_is_shut_out_is_offered(place: World) -> None:
    with as_owner(place.tenant_id) as connection:
        connection.execute(
            "UPDATE principals SET status = 'blocked' WHERE display_name = %s", (OTHER,)
        )
    assert OTHER not in {one.name for one in place.act(MANAGER, circles.people)}
