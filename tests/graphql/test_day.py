"""The headings of a day that life in the home brings: whose they are, and in which order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.calendar_feeds.contents import days_of
from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.deadlines import service as deadlines
from hemvist.deadlines.models import Obligation
from hemvist.identity import Actor, Membership, Role
from hemvist.ids import new_id
from hemvist.incidents.clock_models import ServiceClock
from hemvist.notices import service as notices
from hemvist.saved_filters.models import LISTS
from hemvist_api import ask, command, failure
from hemvist_arrears import imported
from hemvist_arrears import row as a_row
from hemvist_commissions import commissioned, provided
from hemvist_goteborg import CASEWORKER, housing_first, in_phase_1, sign
from hemvist_graphql.ids import global_id
from hemvist_graphql.today_living import ANSWERS
from hemvist_graphql.wording import EVENTS
from hemvist_world import World, caseworker_of, manager_of, new_world

WHO, MANAGER, ELSEWHERE = caseworker_of("SOF-VUX"), manager_of("SOF-VUX"), caseworker_of("VOF")
TODAY = """{ today {
  clocks { kind label(lang: "en") dueAt subjectType } notHeld { kind subjectId dueOn }
  waitingDecisions { subjectId } waitingReferrals { subjectId } waitingOffers { subjectId }
  newlyAnswered { kind } overdue { subjectId case { id } } dueSoon { subjectId case { id } }
  fromSupport { subjectId } reportsToRead { subjectId } evictions { subjectId }
  ladderMeetings { subjectId } ladderActions { subjectId }
} }"""


def day(actor: Actor) -> dict[str, Any]:
    """The headings under which something stands for the actor."""
    return {name: rows for name, rows in ask(actor, TODAY)["today"].items() if rows}


@pytest.fixture
def world(database: str) -> World:
    return new_world()


def _clock(world: World, case: Case, hours: int, *, departments: list[str], **more: Any) -> None:
    due = now() + timedelta(hours=hours)
    with world.session() as session:
        session.save(
            ServiceClock(
                case_id=case.id,
                subject_type="case",
                subject_id=new_id(),
                event="incident_reported",
                code="answer",
                source=case.pack,
                source_version=case.pack_version,
                label={"sv": "Svara", "en": f"Answer {hours}"},
                cite=[],
                by=["referring"],
                departments=departments,
                started_at=due - timedelta(days=2),
                due_at=due,
                due_on=due.date(),
                **{"state": "running" if hours > 0 else "late", "reason": "", **more},
            )
        )


def test_clocks_stand_with_those_who_have_to_answer_the_soonest_first(world: World) -> None:
    """Run out and unanswered stays; answered or taken away does not; another department has none."""
    case = world.case()
    _clock(world, case, 30, departments=["SOF-VUX"])
    _clock(world, case, -3, departments=["SOF-VUX"])
    _clock(world, case, 5, departments=["FF"])
    _clock(world, case, 6, departments=["SOF-VUX"], state="kept", stopped_at=now())
    for who in (WHO, MANAGER):
        found = day(world[who])["clocks"]
        assert [one["label"] for one in found] == ["Answer -3", "Answer 30"]
        assert [one["kind"] for one in found] == ["late", "running"]
        assert found[0]["dueAt"] < now().isoformat() < found[1]["dueAt"]
    assert "clocks" not in day(world[ELSEWHERE])
    assert "clocks" not in day(world.add("policy", Membership(Role.POLICY_OFFICER)))


def test_what_did_not_take_place_is_shown_for_two_weeks(world: World) -> None:
    case = world.case()
    world.housed(case)
    rows = [one for one in world.rows(Obligation, state="open") if "SOF-VUX" in one.departments]
    for duty, days in zip(rows, (1, 13, 14), strict=False):
        with world.session() as session:
            deadlines.mark_not_held(
                session,
                session.find(Obligation, duty.id),
                "impossible",
                "hospital",
                today() - timedelta(days=days),
            )
    found = day(world[WHO])["notHeld"]
    assert [one["subjectId"] for one in found] == [
        global_id("Obligation", row.id) for row in rows[:2]
    ]
    assert {one["kind"] for one in found} == {"impossible"}
    assert "notHeld" not in day(world[ELSEWHERE])


def test_what_one_waits_for_is_not_what_one_has_to_do(world: World) -> None:
    """A proposal waits for the manager, a referral for the property office, an offer for the department."""
    case = world.case()
    proposal = world.propose(case)
    assert day(world[WHO])["waitingDecisions"] == [
        {"subjectId": global_id("Decision", proposal.id)}
    ]
    assert "waitingDecisions" not in day(world[MANAGER])
    other = world.case()
    referral = world.submitted(other)
    assert {"subjectId": global_id("Referral", referral.id)} in day(world[WHO])["waitingReferrals"]
    assert "waitingReferrals" not in day(world["property"])
    colleague = world.add("colleague", Membership(Role.CASEWORKER, "SOF-VUX"))
    assert "waitingReferrals" not in day(colleague)


def test_an_answer_is_new_until_somebody_has_read_it(world: World) -> None:
    """What answers stands apart from what is only to be known."""
    case = world.case()
    for kind in ("referral_registered", "obligation_overdue"):
        with world.session() as session:
            notices.notify(
                session,
                kind=kind,
                role="caseworker",
                department="SOF-VUX",
                case_id=case.id,
                subject_type="case",
                subject_id=case.id,
                source_id=new_id(),
            )
    assert day(world[WHO])["newlyAnswered"] == [{"kind": "referral_registered"}]
    found = ask(world[WHO], "{ today { newlyAnswered { id } } }")["today"]["newlyAnswered"]
    command(world[WHO], "markNoticeRead", {"noticeId": found[0]["id"]}, "notice { id }")
    assert "newlyAnswered" not in day(world[WHO])
    assert set(ANSWERS) <= set(EVENTS)


def test_support_on_commission_sees_its_duties_and_those_who_commissioned_what_is_late(
    database: str,
) -> None:
    """Without the case; and of another provider's case nothing."""
    world = provided(housing_first())
    moved_in = today() - timedelta(days=40)
    case, referral = in_phase_1(world, moved_in)
    commissioned(world, case, moved_in - timedelta(days=60))
    sign(world, referral, moved_in)
    theirs = day(world["own staff"])
    assert theirs["overdue"] and {one["case"] is None for one in theirs["overdue"]} == {True}
    # Also where a plan knows the duty already: the case is asked for itself.
    one = ask(
        world["own staff"],
        f'{{ node(id: "{theirs["overdue"][0]["subjectId"]}") {{ ... on Obligation {{'
        " code case { number household { members { person { givenName } } } } } } }",
    )["node"]
    assert one["code"] and one["case"] is None
    assert not {"clocks", "fromSupport", "waitingDecisions"} & set(theirs)
    assert day(world["procured staff"]) == {}
    late = {one["subjectId"] for one in day(world[CASEWORKER])["fromSupport"]}
    assert late == {one["subjectId"] for one in theirs["overdue"]}
    with world.session() as session:
        calendar = days_of(session, world["own staff"])
        assert calendar and days_of(session, world["procured staff"]) == []


def test_the_work_list_is_of_ones_departments_and_refuses_nonsense(world: World) -> None:
    case = world.case()
    world.housed(case)
    asked = "query($f: ObligationFilter) { obligations(filter: $f, first: 100) { edges { node { id } } } }"

    def ids(who: str, **wanted: Any) -> set[str]:
        edges = ask(world[who], asked, f=wanted)["obligations"]["edges"]
        return {edge["node"]["id"] for edge in edges}

    rows = world.rows(Obligation)
    mine = {global_id("Obligation", row.id) for row in rows if "SOF-VUX" in row.departments}
    assert ids(WHO) == mine and ids(ELSEWHERE) == set()
    late = {
        global_id("Obligation", row.id)
        for row in rows
        if row.due_on < today() and row.state == "open" and "SOF-VUX" in row.departments
    }
    assert ids(WHO, overdue=True) == late
    code = rows[0].code
    assert (
        ids(WHO, code=code)
        == {global_id("Obligation", row.id) for row in rows if row.code == code} & mine
    )
    assert ids(WHO, mine=True) == mine and ids(MANAGER, mine=True) == set()
    first = str(today())
    assert ids(WHO, dueFrom=first) | ids(WHO, dueTo=str(today() - timedelta(1))) == mine
    assert failure(world[WHO], asked, f={"code": "x" * 101})


def test_lists_whose_selection_is_kept_are_pages_of_the_portal() -> None:
    """A saved selection leads to a page that there is, by parameters that the page reads."""
    from hemvist_portal import app, routes

    assert app.router
    found = {
        path: route
        for module in vars(routes).values()
        for route in getattr(getattr(module, "router", None), "routes", ())
        if "GET" in getattr(route, "methods", ()) and (path := route.path)
    }
    for page, parameters in LISTS.items():
        route = found[f"/{{slug}}/{page}"]
        reads = {one.name for one in route.dependant.query_params}
        assert set(parameters) <= reads, (page, reads)


def test_early_signals_stand_with_those_who_handle_arrears(world: World) -> None:
    """The largest debt first; another department's not, and not those of the property office."""
    lines = [a_row("A-1", 1), a_row("A-2", 1, Restbelopp="9 100", Hyra="9 100")]
    imported(world, WHO, "SOF-VUX", lines)
    asked = "{ today { earlySignals { reference balanceOre } threeWeeks { id } } }"
    found = ask(world[WHO], asked)["today"]
    assert [one["reference"] for one in found["earlySignals"]] == ["A-2", "A-1"]
    assert found["threeWeeks"] == []
    for who in (ELSEWHERE, "property"):
        assert ask(world[who], asked)["today"]["earlySignals"] == []
