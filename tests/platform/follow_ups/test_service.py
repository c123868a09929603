"""Follow-ups held: by whom, when, on what, and each obligation once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases import closing
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.follow_ups import service as follow_ups
from hemvist.follow_ups.facts import follow_up_facts
from hemvist.follow_ups.models import FollowUp
from hemvist.identity import Membership, Role
from hemvist.support_plans.models import SupportPlan
from hemvist_world import PLAN, World, at_once, new_world

CASEWORKER = "caseworker SOF-VUX"


@pytest.fixture
def case(world: World) -> Case:
    """A household that moved in 85 days ago, nothing followed up yet."""
    case = world.case()
    world.housed(case)
    return case


def obligation(world: World, case: Case, code: str = "first_follow_up", ordinal: int = 1) -> Any:
    return world.rows(Obligation, case_id=case.id, code=code, ordinal=ordinal)[0]


def hold(world: World, due: Obligation, who: str = CASEWORKER, **changes: Any) -> FollowUp:
    values: dict[str, Any] = {
        "held_on": today() - timedelta(days=60),
        "departments": ["SOF-VUX", "FF"],
        "resident_took_part": True,
        "in_the_home": True,
        "plan": PLAN if due.creates == "plan" else None,
        "expected_version": due.version,
    }
    return world.act(  # type: ignore[no-any-return]
        who, follow_ups.record_follow_up, obligation_id=due.id, **(values | changes)
    )


def problems(world: World, due: Obligation, **changes: Any) -> set[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as refused:
        hold(world, due, **changes)
    assert world.again(due).state == "open"
    return {(problem.field, problem.rule) for problem in refused.value.problems}


def test_the_first_one_is_held_by_both(world: World, case: Case) -> None:
    """HBG-102: the referring department and the property office together."""
    due = obligation(world, case)
    for present in ([], ["SOF-VUX"], ["FF"]):
        found = problems(world, due, departments=present)
        assert found == {("departments", "party_missing")}
    assert hold(world, due).departments == ["FF", "SOF-VUX"]


def test_the_property_office_may_record_it_but_draws_up_no_plan(world: World, case: Case) -> None:
    due = obligation(world, case)
    with pytest.raises(NotAllowed) as refused:
        hold(world, due, "property")
    assert refused.value.action == "support_plan.agree"
    hold(world, due)
    quarterly = obligation(world, case, "follow_up")
    assert hold(world, quarterly, "property", held_on=today()).recorded_by == (
        world["property"].principal_id
    )


def test_a_support_worker_may_record_it(world: World, case: Case) -> None:
    world.add("supporter", Membership(Role.SUPPORT_WORKER, "SOF-VUX"))
    assert hold(world, obligation(world, case), "supporter").plan_id is not None


def test_the_first_one_brings_the_plan(world: World, case: Case) -> None:
    """HBG-106; without one, and with half of one, nothing is recorded."""
    due = obligation(world, case)
    with pytest.raises(PolicyRefused) as refused:
        hold(world, due, plan=None)
    assert (refused.value.rule, refused.value.cite) == ("plan_due", "RL §4.1")
    with pytest.raises(PolicyRefused) as half:
        hold(world, due, plan={"way_forward": "Söka bostad."})
    assert half.value.rule == "plan_contents_missing"
    assert world.again(due).state == "open"
    assert world.rows(FollowUp, case_id=case.id) == []
    held = hold(world, due)
    plan = world.rows(SupportPlan, case_id=case.id)[0]
    assert (held.plan_id, plan.agreed_on) == (plan.id, held.held_on)


def test_a_later_one_needs_no_new_plan_and_may_bring_one(world: World, case: Case) -> None:
    hold(world, obligation(world, case))
    quarterly = obligation(world, case, "follow_up")
    assert hold(world, quarterly, departments=["SOF-VUX"], held_on=today()).plan_id is None
    later = obligation(world, case, "follow_up", 2)
    hold(world, later, departments=["SOF-VUX"], held_on=today(), plan=PLAN)
    states = [plan.state for plan in world.rows(SupportPlan, case_id=case.id)]
    assert sorted(states) == ["agreed", "replaced"]


def test_what_a_follow_up_may_not_say(world: World, case: Case) -> None:
    due = obligation(world, case)
    assert problems(
        world,
        due,
        departments=["SOF-VUX", "FF", "MARS"],
        agenda_done=["care_of_flat", "weather"],
        notes="x" * 10_001,
    ) == {
        ("departments", "unknown_department"),
        ("agendaDone", "unknown_item"),
        ("notes", "too_long"),
    }
    assert problems(world, due, held_on=today() + timedelta(days=1)) == {("heldOn", "future")}
    early = due.anchored_on - timedelta(days=1)
    assert problems(world, due, held_on=early) == {("heldOn", "too_early")}


def test_an_obligation_is_carried_out_once(world: World, case: Case) -> None:
    due = obligation(world, case)
    hold(world, due)
    done = world.again(due)
    assert (done.state, done.done_on) == ("done", today() - timedelta(days=60))
    with pytest.raises(Conflict) as refused:
        hold(world, done)
    assert refused.value.rule == "obligation_done"
    with pytest.raises(Conflict) as stale:
        hold(world, due)
    assert stale.value.rule == "stale_version"


def test_two_who_record_it_at_once(world: World, case: Case) -> None:
    due = obligation(world, case)
    outcomes = at_once(*[lambda: hold(world, due)] * 2)
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "FollowUp"]
    assert len(world.rows(FollowUp, case_id=case.id)) == 1
    assert len(world.rows(SupportPlan, case_id=case.id)) == 1


def test_late_is_recorded_too(world: World, case: Case) -> None:
    due = obligation(world, case)
    assert due.due_on < today()
    held = hold(world, due, held_on=today())
    assert held.held_on > due.due_on


def test_who_may_record(world: World, case: Case) -> None:
    due = obligation(world, case)
    with pytest.raises(NotAllowed):
        hold(world, due, "manager SOF-VUX")
    with pytest.raises(NotFound) as hidden:
        hold(world, due, "caseworker AMF")
    assert hidden.value.kind == "Obligation"
    with pytest.raises(NotFound):
        new_world().act(
            CASEWORKER,
            follow_ups.record_follow_up,
            obligation_id=due.id,
            departments=[],
            resident_took_part=True,
            in_the_home=True,
            expected_version=1,
        )


def test_nothing_is_followed_up_in_a_closed_case(world: World, case: Case) -> None:
    due = obligation(world, case)
    version = world.again(case).version
    world.act(CASEWORKER, closing.close, reason="other", case_id=case.id, expected_version=version)
    with pytest.raises(Conflict) as refused:
        hold(world, due)
    assert refused.value.rule == "case_closed"


def test_carrying_out_the_decision_is_no_follow_up(world: World) -> None:
    """The clock of an unexecuted decision stops with the decision on the housing, nothing else."""
    case = world.case()
    world.grant(case)
    execute = world.rows(Obligation, case_id=case.id, code="execute_decision")[0]
    with pytest.raises(Conflict) as refused:
        hold(world, execute, departments=["SOF-VUX"], held_on=today())
    assert refused.value.rule == "no_follow_up"
    assert world.again(execute).state == "open"


def test_the_record_counts_them(world: World, case: Case) -> None:
    held = hold(world, obligation(world, case))
    with world.session() as session:
        before = follow_up_facts(session, case, held.held_on - timedelta(days=1))
        after = follow_up_facts(session, case, today())
    assert before == {
        "follow_ups_done": 0,
        "joint_visit_done": False,
        "plan_in_force": False,
    }
    assert after == {
        "follow_ups_done": 1,
        "joint_visit_done": False,
        "plan_in_force": True,
        "last_follow_up": held.held_on,
    }


def test_the_timeline_tells_which_one_it_was(world: World, case: Case) -> None:
    hold(world, obligation(world, case), notes="Om hälsan talade vi länge.")
    event = world.rows(CaseEvent, case_id=case.id, kind="follow_up_recorded")[0]
    assert event.data == {"obligation": "first_follow_up", "ordinal": 1}
