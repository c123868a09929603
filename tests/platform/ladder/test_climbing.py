"""Göteborg's ladder from the first word to the keys: every step, and every refusal of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.assessments.service import NewAnswer, current_answers
from hemvist.cases import closing
from hemvist.cases.models import CaseEvent
from hemvist.clock import today
from hemvist.contracts.models import ContractNotice
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.incidents.clock_models import ServiceClock
from hemvist.ladder import demands, leaving, meetings, notices, plans, service
from hemvist.ladder.models import JointMeeting, Ladder, LadderAction, LadderStep
from hemvist_goteborg import CASEWORKER, answer, reached, stage
from hemvist_ladder import (
    CALLED,
    WEIGHED,
    demanded,
    in_goteborg,
    keys,
    met,
    moved_out,
    noticed,
    opened,
    planned,
    step,
    weighed,
)
from hemvist_world import World, at_once, manager_of, new_world


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Göteborg's people."""
    return in_goteborg()


MANAGER = manager_of("SF-SV")


def refused(run: Any) -> set[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as wrong:
        run()
    return {(one.field, one.rule) for one in wrong.value.problems}


def conflict(run: Any) -> str:
    with pytest.raises(Conflict) as told:
        run()
    return told.value.rule


def events(world: World, case_id: Any) -> list[str]:
    return [one.kind for one in world.rows(CaseEvent, case_id=case_id)]


def answers(world: World, case: Any) -> dict[str, Any]:
    return world.read(  # type: ignore[no-any-return]
        lambda session: {k: v.value for k, v in current_answers(session, case).items()}
    )


def test_the_whole_way_to_the_keys_and_another_home(world: World) -> None:
    """Every rung, in order; the routine's questions are answered by the acts themselves."""
    case, contract, ladder = opened(world)
    keys(world, contract, "handed_out", contract.starts_on)
    assert answers(world, case)["misconduct_level"] == "serious"
    demanded(world, ladder)
    assert sorted(answers(world, case)["demand_delivery"]) == [
        *("copy_social", "copy_support", "letter", "registered_letter")
    ]
    met(world, ladder)
    assert "reconciliation_held" in events(world, case.id)
    planned(world, ladder)
    given = noticed(world, ladder)
    notice = world.rows(ContractNotice, id=given.notice_id)[0]
    assert notice.details["demand_sent_on"] == str(today() - timedelta(days=30))
    assert notice.details["board_told_on"] == str(today() - timedelta(days=30))
    assert stage(world, case) == "leaving"
    done = moved_out(world, ladder, contract)
    assert (done.state, world.again(contract).state) == ("moved_out", "ended")
    assert stage(world, case) == "moved_out"
    assert {one.state for one in world.rows(LadderAction, ladder_id=ladder.id)} == {"cancelled"}


def test_a_case_has_one_open_ladder(world: World) -> None:
    case, contract, ladder = opened(world)
    assert ladder.contract_id == contract.id
    given = {"ground": "arrears", "severity": "minor", "severity_reason": "x", "about": "x"}
    again = lambda: world.act("property", service.open_ladder, case_id=case.id, **given)  # noqa: E731
    assert conflict(again) == "ladder_open"
    ended = step(world, ladder, service.end_ladder, outcome="corrected", reason="Lugnt sedan dess.")
    assert (ended.state, ended.ended_on) == ("corrected", today())
    first, second = at_once(again, again)
    assert sorted(type(one).__name__ for one in (first, second)) == ["Conflict", "Ladder"]


def test_what_a_ladder_begins_with_is_whole(world: World) -> None:
    case, _, ladder = opened(world)
    step(world, ladder, service.end_ladder, outcome="closed", reason="Fel person.")
    assert refused(
        lambda: world.act(
            "property",
            service.open_ladder,
            case_id=case.id,
            ground="noise",
            severity="terrible",
            severity_reason=" ",
            about="",
        )
    ) == {
        *(("ground", "unknown_choice"), ("severity", "unknown_choice")),
        *(("severityReason", "required"), ("about", "required")),
    }


def test_the_demand_goes_by_all_the_ways_of_the_routine(world: World) -> None:
    """GBG-107, GBG-108: by letter and registered letter, with copies to both."""
    _, _, ladder = opened(world)
    weighed(world, ladder, **WEIGHED)
    send = lambda **given: step(world, ladder, demands.send_demand, what="Sluta.", **given)  # noqa: E731
    assert refused(lambda: send(ways=["letter"], copies=["social_board"])) == {
        ("ways", "way_missing"),
        ("copies", "party_needed"),
    }
    assert refused(lambda: send(ways=[], copies=[*CALLED, "social_board", "cat"])) == {
        *(("ways", "required"), ("ways", "way_missing"), ("copies", "unknown_item"))
    }
    both = {"ways": ["letter", "registered_letter"], "copies": ["social_board", "support_worker"]}
    early = {**both, "until_on": today() - timedelta(days=1)}
    assert refused(lambda: send(**early)) == {("untilOn", "before_start")}
    assert refused(lambda: send(**both, sent_on=ladder.opened_on - timedelta(days=1))) == {
        ("sentOn", "too_early")
    }
    assert world.rows(LadderStep, ladder_id=ladder.id) == []


def test_no_demand_before_both_sides_are_weighed(world: World) -> None:
    """GBG-110: the tenant's situation and the neighbours' right."""
    _, _, ladder = opened(world)
    values = {
        "what": "Sluta.",
        "ways": ["letter", "registered_letter"],
        "copies": ["social_board", "support_worker"],
    }
    with pytest.raises(PolicyRefused) as no:
        step(world, ladder, demands.send_demand, **values)
    assert no.value.rule == "both_sides_weighed"
    weighed(world, ladder, tenant_situation_weighed=True, neighbour_right_weighed=False)
    with pytest.raises(PolicyRefused):
        step(world, ladder, demands.send_demand, **values)
    weighed(world, ladder, **WEIGHED)
    step(world, ladder, demands.send_demand, **values)


def test_a_demand_for_a_trifle_needs_its_reason(world: World) -> None:
    """GBG-105: where it is minor, the support staff talk first."""
    _, _, ladder = opened(world, severity="minor")
    weighed(world, ladder, arrears_ore=0)
    assert refused(lambda: demanded(world, ladder)) == {("wentOnBecause", "not_called_for")}
    demanded(world, ladder, went_on_because="Tredje gången samma sak.")


def test_the_support_staff_have_a_day_after_a_demand(world: World) -> None:
    """GBG-109: the clock runs from the demand, and their talk with the tenant answers it."""
    _, _, ladder = opened(world)
    sent = demanded(world, ladder, on=today())
    clock = world.rows(ServiceClock, subject_id=sent.id)[0]
    assert (clock.code, clock.state) == ("contact_after_demand", "running")
    talk = {"parties": ["resident", "property"], "what": "Pratade."}
    step(world, ladder, service.record_talk, **talk)
    assert world.again(clock).state == "running"
    talk["parties"] = ["resident", "support_worker"]
    step(world, ladder, service.record_talk, who="support", **talk)
    assert world.again(clock).state == "kept"


def test_a_talk_too_late_is_late(world: World) -> None:
    _, _, ladder = opened(world)
    sent = demanded(world, ladder, on=today() - timedelta(days=5))
    talk = {"parties": ["resident", "support_worker"], "what": "Pratade."}
    step(world, ladder, service.record_talk, who="support", **talk)
    assert world.rows(ServiceClock, subject_id=sent.id)[0].state == "late"
    assert refused(lambda: step(world, ladder, service.record_talk, parties=["cat"], what="")) == {
        *(("parties", "unknown_item"), ("parties", "party_needed"), ("what", "required"))
    }


def test_everybody_is_called_and_an_empty_chair_has_its_reason(world: World) -> None:
    """GBG-112, GBG-113."""
    _, _, ladder = opened(world, severity="especially_serious")
    call = lambda **given: step(  # noqa: E731
        world, ladder, meetings.call_meeting, **({"place": "Rådhuset"} | given)
    )
    day = today() + timedelta(days=2)
    assert refused(lambda: call(called=["resident", "property"], meets_on=day)) == {
        ("called", "party_needed")
    }
    assert refused(
        lambda: call(called=CALLED, meets_on=today() - timedelta(days=50), place=" ")
    ) == {("meetsOn", "before_start"), ("place", "required")}
    meeting = call(called=CALLED, meets_on=day, called_on=today())
    assert conflict(lambda: call(called=CALLED, meets_on=day)) == "meeting_called"

    def hold(**given: Any) -> JointMeeting:
        values = {"came": CALLED, "picture": "Läget."}
        return world.act(  # type: ignore[no-any-return]
            "property",
            meetings.hold_meeting,
            meeting_id=meeting.id,
            expected_version=meeting.version,
            **(values | given),
        )

    assert refused(lambda: hold(came=["resident"])) == {
        (f"absent.{one}", "absence_reason") for one in CALLED if one != "resident"
    }
    assert refused(lambda: hold(agenda_done=["cake"], picture="")) == {
        ("agendaDone", "unknown_item"),
        ("picture", "required"),
    }
    off = world.act(
        "property",
        meetings.cancel_meeting,
        meeting_id=meeting.id,
        expected_version=meeting.version,
        because="Lokalen var stängd.",
    )
    assert off.state == "cancelled"
    assert conflict(lambda: hold()) == "stale_version"
    meeting = off
    assert conflict(lambda: hold()) == "meeting_over"


def test_the_plan_has_owners_and_days_and_each_action_its_outcome(world: World) -> None:
    """GBG-114."""
    _, _, ladder = opened(world)
    plan = lambda *actions: step(world, ladder, plans.make_plan, actions=actions)  # noqa: E731
    assert refused(lambda: plan()) == {("actions", "count")}
    bad = plans.NewAction(" ", "cat", today() - timedelta(days=1))
    assert refused(lambda: plan(bad)) == {
        *(("actions[0].what", "required"), ("actions[0].owner", "unknown_choice")),
        ("actions[0].dueOn", "before_start"),
    }
    planned(world, ladder)
    first, second = world.rows(LadderAction, ladder_id=ladder.id)

    def settle(row: LadderAction, **given: Any) -> LadderAction:
        return world.act(  # type: ignore[no-any-return]
            "support", plans.settle_action, action_id=row.id, expected_version=row.version, **given
        )

    assert refused(lambda: settle(first, outcome="not_done")) == {("notes", "required")}
    assert refused(lambda: settle(first, outcome="maybe", notes="x")) == {
        ("outcome", "unknown_choice")
    }
    assert settle(first, outcome="done").state == "done"
    assert conflict(lambda: settle(first, outcome="done")) == "stale_version"
    assert settle(second, outcome="not_done", notes="Kom aldrig in.").settled_on == today()


def test_no_notice_without_the_routines_ground(world: World) -> None:
    """GBG-115."""
    _, _, ladder = opened(world)
    demanded(world, ladder)
    with pytest.raises(PolicyRefused) as no:
        step(world, ladder, notices.give_ladder_notice)
    assert no.value.rule == "notice_may_be_given"


def test_the_law_asks_for_demand_and_board_before_a_notice(world: World) -> None:
    """LF-12: a second-hand tenant always gets a demand first, and the board is told. The ladder is the
    register of both: what is not there has not happened, and no reason passes it over."""
    _, _, ladder = opened(world)
    weighed(world, ladder, on=today(), repeated_documented_misconduct=True)
    give = lambda **given: step(world, ladder, notices.give_ladder_notice, **given)  # noqa: E731
    with pytest.raises(PolicyRefused) as no:
        give(went_on_because="Det brådskar.")
    assert no.value.rule == "against_law"
    assert {one["rule"] for one in no.value.items} == {"lf_12_demand", "lf_12_board_told"}
    severe = {"severity": "especially_serious", "severity_reason": "Knivhot."}
    step(world, ladder, service.weigh_ladder, **severe)
    with pytest.raises(PolicyRefused) as still:
        give(copies=["social_board"], went_on_because="Det brådskar.")
    # A copy of the notice is enough for the board then, but the demand is always needed.
    assert {one["rule"] for one in still.value.items} == {"lf_12_demand"}
    assert world.rows(LadderStep, ladder_id=ladder.id, kind="notice") == []


def test_the_board_is_told_once_by_itself_or_by_the_copy(world: World) -> None:
    _, _, ladder = opened(world)
    demanded(world, ladder)
    tell = lambda: step(world, ladder, demands.notify_board, what="Anmaning skickad.")  # noqa: E731
    assert conflict(tell) == "board_told"
    _, _, other = opened(world)
    ladder = other
    assert tell().copies == ["social_board"]
    assert conflict(tell) == "board_told"


def test_a_running_plan_is_not_passed_over_in_silence(world: World) -> None:
    _, _, ladder = opened(world)
    demanded(world, ladder)
    planned(world, ladder, due_on=today() + timedelta(days=10))
    weighed(world, ladder, on=today(), repeated_documented_misconduct=True)
    give = lambda **given: step(world, ladder, notices.give_ladder_notice, **given)  # noqa: E731
    assert refused(give) == {("wentOnBecause", "plan_running")}
    give(went_on_because="Knivhot mot en granne i natt.")
    assert conflict(give) == "notice_stands"


def test_a_notice_that_is_taken_back_lets_the_lease_go_on(world: World) -> None:
    case, contract, ladder = opened(world)
    back = lambda: step(world, ladder, notices.take_back_notice, because="Har rättat sig.")  # noqa: E731
    assert conflict(back) == "no_notice"
    demanded(world, ladder)
    noticed(world, ladder)
    assert answers(world, case)["given_notice_before"] is True
    end = lambda: step(world, ladder, service.end_ladder, outcome="corrected", reason="Bra nu.")  # noqa: E731
    assert conflict(end) == "notice_stands"
    back()
    assert world.again(contract).notice_ends_on is None
    assert answers(world, case)["given_notice_before"] is False
    assert stage(world, case) == "phase_2"
    assert end().state == "corrected"
    assert conflict(end) == "ladder_over"


def test_support_goes_on_until_the_keys_are_in(world: World) -> None:
    """GBG-119, GBG-117."""
    case, contract, ladder = opened(world)
    keys(world, contract, "handed_out", contract.starts_on)
    demanded(world, ladder)
    out = lambda: step(world, ladder, leaving.register_move_out)  # noqa: E731
    tell = lambda: step(world, ladder, leaving.tell_of_housing, what="Berättade.")  # noqa: E731
    assert conflict(out) == conflict(tell) == "no_notice"
    noticed(world, ladder)
    with pytest.raises(PolicyRefused) as no:
        reached(world, case, "assistance_ended", today(), CASEWORKER)
    assert no.value.rule == "support_until_keys"
    assert conflict(out) == "not_told_of_housing"
    tell()
    assert conflict(out) == "keys_out"
    # What was promised after the demand hinders closing too, until it is answered.
    talk = {"parties": ["resident", "support_worker"], "what": "Pratade."}
    step(world, ladder, service.record_talk, who="support", **talk)
    close = {"case_id": case.id, "reason": "moved_away", "expected_version": case.version}
    assert conflict(lambda: world.act(CASEWORKER, closing.close, **close)) == "ladder_open"
    keys(world, contract, "returned", today())
    assert out().state == "moved_out"


def test_another_home_is_proposed_by_one_and_decided_by_another(world: World) -> None:
    """GBG-121, with four eyes; the routine's rule must be true for a yes."""
    case, contract, ladder = opened(world)
    keys(world, contract, "handed_out", contract.starts_on)
    propose = lambda **given: step(  # noqa: E731
        world, ladder, leaving.propose_new_offer, who=CASEWORKER, **given
    )
    assert conflict(lambda: propose(offer=True, because="Ja.")) == "not_moved_out"
    demanded(world, ladder)
    noticed(world, ladder)
    moved_out(world, ladder, contract)
    with pytest.raises(PolicyRefused) as no:
        propose(offer=True, because="Ny chans.")
    assert no.value.rule == "may_be_offered_again"
    answer(world, case, special_circumstances_against=False)
    decide = lambda who=MANAGER, **given: step(  # noqa: E731
        world, ladder, leaving.decide_new_offer, who=who, **given
    )
    assert conflict(lambda: decide(offer=True)) == "nothing_proposed"
    assert refused(lambda: propose(offer=True, because=" ")) == {("because", "required")}
    propose(offer=True, because="Har tagit emot vård.")
    with pytest.raises(NotAllowed):
        decide(who=CASEWORKER, offer=True)
    assert refused(lambda: decide(offer=False)) == {("because", "required")}
    assert decide(offer=True).new_offer is True
    assert conflict(lambda: decide(offer=True)) == "new_offer_decided"


def test_who_may_and_where(world: World) -> None:
    _, _, ladder = opened(world)
    values = {"ladder_id": ladder.id, "expected_version": ladder.version, "what": "x"}
    with pytest.raises(NotAllowed):
        world.act("support", demands.notify_board, **values)
    with pytest.raises(NotAllowed):
        world.act(manager_of("SF-SV"), leaving.tell_of_housing, **values)
    with pytest.raises(NotFound):
        other = new_world()
        other.act("property", demands.notify_board, **values)
    with pytest.raises(ValidationFailed) as wrong:
        step(
            world,
            ladder,
            service.weigh_ladder,
            answers=[NewAnswer("far_from_housing_market", True, "x", "x")],
        )
    assert wrong.value.problems[0].rule == "not_asked_here"
    assert refused(lambda: step(world, ladder, service.weigh_ladder)) == {("severity", "required")}
    assert isinstance(world.again(ladder), Ladder)


def test_two_demands_at_once_leave_one(world: World) -> None:
    _, _, ladder = opened(world)
    weighed(world, ladder, **WEIGHED)
    version = world.again(ladder).version
    values = {
        "ladder_id": ladder.id,
        "expected_version": version,
        "what": "Sluta.",
        "ways": ["letter", "registered_letter"],
        "copies": ["social_board", "support_worker"],
    }
    run = lambda: world.act("property", demands.send_demand, **values)  # noqa: E731
    gave = at_once(run, run)
    assert sorted(type(one).__name__ for one in gave) == ["Conflict", "LadderStep"]
