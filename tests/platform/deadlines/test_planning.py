"""What the pack lays out becomes rows: once, on the right days, and no longer than it should."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.deadlines import service as deadlines
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict
from hemvist.ids import new_id
from hemvist_registry import discovered
from hemvist_world import MUNICIPAL, World, new_world

GRANTED = date(2026, 8, 31)
UNTIL = date(2027, 9, 30)
DEPARTMENTS = {"referring": ["SOF-VUX"], "property": ["FF"]}


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun of this file's own."""
    return new_world()


@pytest.fixture
def case(world: World) -> Case:
    """A case in which nothing has happened that a deadline counts from."""
    return world.case()


def plan(
    world: World,
    case: Case,
    anchors: dict[str, tuple[UUID, date]],
    until: date = UNTIL,
    happened: dict[str, tuple[UUID, date]] | None = None,
) -> list[Obligation]:
    """Lay out in a transaction of its own."""
    with world.session() as session:
        return deadlines.plan(
            session,
            case_id=case.id,
            programme=MUNICIPAL,
            pack=pack_of(case),
            anchors=anchors,
            until=until,
            departments_of=DEPARTMENTS,
            happened=happened,
        )


def days(world: World, case: Case, code: str, state: str = "open") -> list[date]:
    """Due days of the case's obligations of a kind."""
    rows = world.rows(Obligation, case_id=case.id, code=code, state=state)
    return sorted(row.due_on for row in rows)


FOLLOW_UPS = [date(2026, 11, 30), date(2027, 2, 28), date(2027, 5, 31), date(2027, 8, 31)]


def test_the_packs_dates_become_rows(world: World, case: Case) -> None:
    made = plan(world, case, {"decision_granted": (new_id(), GRANTED)})
    assert [row.due_on for row in made] == [date(2026, 9, 30), *FOLLOW_UPS]
    first = made[0]
    assert (first.code, first.ordinal, first.anchor) == ("first_follow_up", 1, "decision_granted")
    assert first.by == ["referring", "property"]
    assert first.departments == ["FF", "SOF-VUX"]
    assert first.cite == "RL §4.1"
    assert first.label["sv"]
    assert {item["id"] for item in first.agenda} >= {"care_of_flat", "laundry_room"}
    assert first.state == "open"
    assert made[1].departments == ["SOF-VUX"]


def test_laying_out_again_changes_nothing(world: World, case: Case) -> None:
    anchors = {"decision_granted": (new_id(), GRANTED)}
    plan(world, case, anchors)
    before = world.rows(Obligation, case_id=case.id)
    assert plan(world, case, anchors) == []
    after = world.rows(Obligation, case_id=case.id)
    assert [(row.id, row.version) for row in before] == [(row.id, row.version) for row in after]


def test_a_later_horizon_adds_only_what_is_new(world: World, case: Case) -> None:
    anchors = {"decision_granted": (new_id(), GRANTED)}
    plan(world, case, anchors, date(2027, 1, 31))
    made = plan(world, case, anchors)
    assert [(row.due_on, row.ordinal) for row in made] == [
        (date(2027, 2, 28), 2),
        (date(2027, 5, 31), 3),
        (date(2027, 8, 31), 4),
    ]


def test_an_event_that_nothing_counts_from_lays_out_nothing(world: World, case: Case) -> None:
    assert plan(world, case, {"household_registered": (new_id(), GRANTED)}) == []
    assert world.rows(Obligation, case_id=case.id) == []


def test_an_ending_event_cancels_what_was_laid_out_after_it(world: World, case: Case) -> None:
    ends = {duty.until for duty in pack_of(case).programme(MUNICIPAL).obligations if duty.every}
    (end,) = ends
    assert end is not None
    plan(world, case, {"decision_granted": (new_id(), GRANTED)})
    plan(world, case, {end: (new_id(), date(2027, 3, 15))})
    assert days(world, case, "follow_up") == FOLLOW_UPS[:2]
    assert days(world, case, "follow_up", "cancelled") == FOLLOW_UPS[2:]


def test_a_series_that_ended_stays_ended_when_something_else_happens(
    world: World, case: Case
) -> None:
    """Nothing counts from the keys; later, with a horizon further off, no visits come after them."""
    pack = discovered().get("goteborg/bostad-forst")
    keys = (new_id(), date(2026, 10, 1))

    def happens(anchors: dict[str, tuple[UUID, date]], until: date) -> None:
        with world.session() as session:
            deadlines.plan(
                session,
                case_id=case.id,
                programme="bostad_forst",
                pack=pack,
                anchors=anchors,
                until=until,
                departments_of={},
                happened={"keys_returned": keys} | anchors,
            )

    happens({"moved_in": (new_id(), date(2026, 9, 1))}, UNTIL)
    happens({"keys_returned": keys}, UNTIL)
    happens({"support_assigned": (new_id(), date(2026, 11, 1))}, date(2028, 1, 1))
    visits = [date(2026, 9, 8), date(2026, 9, 15), date(2026, 9, 22), date(2026, 9, 29)]
    assert days(world, case, "home_visit") == visits
    assert days(world, case, "flat_review") == [date(2026, 10, 1)]
    assert len(days(world, case, "monthly_report")) == 14


def test_a_series_that_begins_after_the_end_of_another_runs(world: World, case: Case) -> None:
    """The end of the first does not end the second; what has not been planned for is not begun."""
    end = (new_id(), date(2027, 3, 15))
    plan(world, case, {"decision_granted": (new_id(), GRANTED)})
    plan(world, case, {"follow_up_ended": end})
    again = {"decision_granted": (new_id(), date(2027, 6, 1))}
    known = {"follow_up_ended": end, "support_granted": (new_id(), date(2026, 6, 1))} | again
    plan(world, case, again, date(2027, 12, 31), known)
    assert days(world, case, "follow_up")[2:] == [date(2027, 9, 1), date(2027, 12, 1)]
    assert days(world, case, "execute_decision") == []


@pytest.mark.parametrize("months_later", [1, 12])
def test_a_duty_once_is_over_with_its_event_late_or_not(
    world: World, case: Case, months_later: int
) -> None:
    granted = date(2026, 1, 10)
    plan(world, case, {"support_granted": (new_id(), granted)})
    assert len(days(world, case, "execute_decision")) == 1
    on = granted + timedelta(days=30 * months_later)
    plan(world, case, {"decision_granted": (new_id(), on)})
    assert days(world, case, "execute_decision") == []
    assert len(days(world, case, "execute_decision", "cancelled")) == 1


def test_what_is_done_stays_done_whatever_ends(world: World, case: Case) -> None:
    made = plan(world, case, {"decision_granted": (new_id(), GRANTED)})
    with world.session() as session:
        done = deadlines.mark_done(session, session.find(Obligation, made[2].id), UNTIL)
        assert (done.state, done.done_on) == ("done", UNTIL)
    with world.session() as session, pytest.raises(Conflict) as refused:
        deadlines.mark_done(session, session.find(Obligation, made[2].id), UNTIL)
    assert refused.value.rule == "obligation_not_open"
    ends = {duty.until for duty in pack_of(case).programme(MUNICIPAL).obligations if duty.every}
    plan(world, case, {str(ends.pop()): (new_id(), date(2026, 12, 1))})
    assert world.again(made[2]).state == "done"


@pytest.mark.parametrize(("department", "count"), [("AMF", 4), ("VOF", 0)])
def test_a_duty_of_one_department_is_laid_out_in_its_cases(
    world: World, department: str, count: int
) -> None:
    case = world.case(department=department)
    with world.session() as session:
        deadlines.plan(
            session,
            case_id=case.id,
            programme=MUNICIPAL,
            pack=pack_of(case),
            anchors={"moved_in": (new_id(), GRANTED)},
            until=GRANTED + timedelta(days=365),
            departments_of={"referring": [department]},
            department=department,
        )
    found = world.rows(Obligation, case_id=case.id, code="labour_plan")
    assert [row.departments for row in found] == [[department]] * count
