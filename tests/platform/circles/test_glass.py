"""Break-glass: a reason, some hours, a notice at once, and a review by another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from hemvist.audit import AuditEntry
from hemvist.cases.models import Case
from hemvist.circles import glass
from hemvist.circles import service as circles
from hemvist.circles.models import CaseOpening
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.digests.contents import count
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.identity import Membership, Role
from hemvist.notices.models import Notice
from hemvist.settings import get_settings
from hemvist_world import World, as_owner, new_world

CASEWORKER, MANAGER, OTHER = "caseworker SOF-VUX", "manager SOF-VUX", "another caseworker"
WHY = "She rings the duty line and her caseworker is ill"


@pytest.fixture
def place(database: str) -> World:
    world = new_world()
    world.add(OTHER, Membership(Role.CASEWORKER, "SOF-VUX"))
    world.add("reviewer", Membership(Role.LOG_REVIEWER))
    return world


@pytest.fixture
def case(place: World) -> Case:
    case: Case = place.case()
    place.act(
        MANAGER,
        circles.close,
        case_id=case.id,
        members=[place[CASEWORKER].principal_id],
        reason="Threats",
        expected_version=case.version,
    )
    return case


def broken(place: World, case: Case, who: str = OTHER, **more: Any) -> CaseOpening:
    values = {"number": case.number, "reason": WHY, **more}
    opening: CaseOpening = place.act(who, glass.break_glass, **values)
    return opening


def seen(place: World, who: str, case: Case) -> bool:
    with place.session(place[who]) as session:
        return session.scalar(select(Case.id).where(Case.id == case.id)) is not None


def test_it_opens_for_some_hours_and_is_logged(place: World, case: Case) -> None:
    assert not seen(place, OTHER, case)
    opening = broken(place, case)
    assert seen(place, OTHER, case)
    hours = timedelta(hours=get_settings().break_glass_hours)
    assert opening.ends_at - opening.opened_at == hours
    assert opening.reason == WHY
    [entry] = place.rows(AuditEntry, action="glass.break")
    assert (entry.case_id, entry.principal_id) == (case.id, place[OTHER].principal_id)
    with as_owner(place.tenant_id) as connection:
        connection.execute("SET LOCAL hemvist.principal_id = ''")
        connection.execute(
            "UPDATE circle_members SET until = now() - interval '1 second'"
            " WHERE opening_id IS NOT NULL"
        )
    assert not seen(place, OTHER, case)


def test_the_manager_and_the_circle_hear_at_once(place: World, case: Case) -> None:
    broken(place, case)
    for who, role in ((MANAGER, "department_manager"), (CASEWORKER, "caseworker")):
        with place.session(place[who]) as session:
            told = session.scalars(select(Notice).where(Notice.kind == glass.OPENED)).all()
        assert (role, "SOF-VUX") in {(one.role, one.department) for one in told}
    with place.session(place["caseworker AMF"]) as session:
        assert session.scalars(select(Notice).where(Notice.kind == glass.OPENED)).all() == []


def test_the_weekly_mail_counts_it_for_the_circle_alone(place: World, case: Case) -> None:
    place.add("a third", Membership(Role.CASEWORKER, "SOF-VUX"))
    broken(place, case)
    for who, unread in ((CASEWORKER, 1), ("a third", 0)):
        # The mail is written by a worker, in its reader's name.
        with place.session(place[who], Audience.WORKER) as session:
            assert count(session, place[who], today()).unread == unread


def test_fewer_hours_can_be_asked_for_and_no_more(place: World, case: Case) -> None:
    most = get_settings().break_glass_hours
    for hours in (0, most + 1):
        with pytest.raises(ValidationFailed):
            broken(place, case, hours=hours)
    opening = broken(place, case, hours=1)
    assert opening.ends_at - opening.opened_at == timedelta(hours=1)


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"reason": "x" * 2_001}, {"hours": 1_000}])
def test_what_would_open_nothing_does_not_tell_which_cases_are_closed(
    place: World, case: Case, wrong: dict[str, Any]
) -> None:
    told = []
    for number in (case.number, "no such number"):
        with pytest.raises(ValidationFailed) as refused:
            broken(place, case, number=number, **wrong)
        told.append([(one.field, one.rule) for one in refused.value.problems])
    assert told[0] == told[1]
    assert not place.rows(CaseOpening)


LONGER = {
    "its membership longer": "UPDATE circle_members SET until = until + interval '1 minute'"
    " WHERE opening_id IS NOT NULL",
    "the opening longer": "UPDATE case_openings SET ends_at = ends_at + interval '1 minute'",
    "the opening later": "UPDATE case_openings SET opened_at = opened_at - interval '1 minute'",
    "another's opening": "INSERT INTO circle_members"
    " (tenant_id, id, circle_id, principal_id, added_at, added_by, until, opening_id)"
    " SELECT tenant_id, gen_random_uuid(), circle_id, reviewer.id, opened_at, principal_id,"
    " ends_at, case_openings.id FROM case_openings JOIN principals reviewer USING (tenant_id)"
    " WHERE reviewer.display_name = 'reviewer'",
    "longer than any may be": "INSERT INTO case_openings (tenant_id, id, case_id, circle_id,"
    " case_number, principal_id, actor_name, reason_sealed, opened_at, ends_at, state, version)"
    " SELECT tenant_id, gen_random_uuid(), case_id, circle_id, case_number, principal_id,"
    " actor_name, reason_sealed, opened_at, opened_at + interval '73 hours', 'open', 1"
    " FROM case_openings",
}


@pytest.mark.parametrize("attack", LONGER)
def test_the_database_lets_no_time_grow(place: World, case: Case, attack: str) -> None:
    """Whoever holds the staff's connection cannot either, inside the circle or out of it."""
    broken(place, case)
    for who in (MANAGER, OTHER):
        with (
            pytest.raises(IntegrityError, match="opening|case_openings"),
            place.session(place[who]) as session,
        ):
            session.execute(text(LONGER[attack]))


def test_it_may_end_sooner(place: World, case: Case) -> None:
    broken(place, case)
    with place.session(place[MANAGER]) as session:
        session.execute(
            text("UPDATE circle_members SET until = now() WHERE opening_id IS NOT NULL")
        )
    assert not seen(place, OTHER, case)


def test_of_an_opening_others_are_not_told(place: World, case: Case) -> None:
    opening = broken(place, case)
    given = {"opening_id": opening.id, "verdict": "approved", "expected_version": 1}
    with pytest.raises(NotFound):
        place.act("caseworker AMF", glass.review, **given)
    with pytest.raises(NotAllowed):
        place.act(OTHER, glass.review, **given)


def test_who_may_not(place: World, case: Case) -> None:
    with pytest.raises(NotAllowed):
        broken(place, case, "property")
    # Another department is not even told that there is such a case.
    with pytest.raises(NotFound):
        broken(place, case, "caseworker AMF")
    with pytest.raises(NotFound):
        broken(place, case, number="2026-123456")
    with pytest.raises(ValidationFailed):
        broken(place, case, reason="  ")
    with pytest.raises(Conflict) as refused:
        broken(place, case, CASEWORKER)
    assert refused.value.rule == "case_seen"
    assert place.rows(CaseOpening) == []


def test_an_open_case_needs_no_breaking(place: World) -> None:
    with pytest.raises(NotFound):
        broken(place, place.case())


def test_who_broke_in_does_not_keep_the_circle(place: World, case: Case) -> None:
    place.add("another manager", Membership(Role.DEPARTMENT_MANAGER, "SOF-VUX"))
    broken(place, case, "another manager")
    with pytest.raises(Conflict) as refused:
        place.act(
            "another manager",
            circles.add_member,
            case_id=case.id,
            principal_id=place[OTHER].principal_id,
            expected_version=1,
        )
    assert refused.value.rule == "not_in_circle"


def test_another_reviews_it(place: World, case: Case) -> None:
    opening = broken(place, case)
    assert [one.id for one in place.act("reviewer", glass.openings, state="open")] == [opening.id]
    given = {"opening_id": opening.id, "verdict": "approved", "expected_version": opening.version}
    with pytest.raises(NotAllowed):
        place.act(MANAGER, glass.review, **given)
    reviewed = place.act("reviewer", glass.review, **given)
    assert reviewed.state == "approved" and reviewed.reviewed_by is not None
    assert seen(place, OTHER, case)
    with pytest.raises(Conflict) as refused:
        place.act("reviewer", glass.review, **{**given, "expected_version": reviewed.version})
    assert refused.value.rule == "already_reviewed"
    # The reviewer sees the opening and not the case.
    assert not seen(place, "reviewer", case)


def test_what_is_questioned_ends(place: World, case: Case) -> None:
    opening = broken(place, case)
    given = {"opening_id": opening.id, "verdict": "questioned", "expected_version": opening.version}
    with pytest.raises(ValidationFailed):
        place.act("reviewer", glass.review, **given)
    place.act("reviewer", glass.review, **given, remark="No call that night")
    assert not seen(place, OTHER, case)
    assert place.again(opening).remark == "No call that night"


def test_nobody_reviews_their_own(place: World, case: Case) -> None:
    place.add(
        "both",
        Membership(Role.CASEWORKER, "SOF-VUX"),
        Membership(Role.LOG_REVIEWER),
    )
    opening = broken(place, case, "both")
    with pytest.raises(NotAllowed):
        place.act(
            "both",
            glass.review,
            opening_id=opening.id,
            verdict="approved",
            expected_version=opening.version,
        )


def test_reasons_are_sealed(place: World, case: Case) -> None:
    broken(place, case)
    with place.session(place[OTHER]) as session:
        row = session.execute(text("SELECT reason_sealed FROM case_openings")).scalar_one()
    assert WHY.encode() not in bytes(row)
