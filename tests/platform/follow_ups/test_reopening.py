"""A follow-up that ended is taken up again: noticed, talked over, accepted, opened (HBG-134 to 138)."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist.assessments import service as assessments
from hemvist.cases import closing
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.follow_ups import ending, reopening, visits
from hemvist.follow_ups.models import FollowUp, RenewedNeed
from hemvist.policy import add_months
from hemvist_settled import CASEWORKER, MANAGED, PROPERTY, answer, settled
from hemvist_world import World, new_world

BOTH = ["SOF-VUX", "FF"]


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun of this file's own."""
    return new_world()


@pytest.fixture
def case(world: World) -> Case:
    """Settled for more than a year; everything but the joint visit speaks for an end."""
    made, _ = settled(world)
    answer(world, made, **MANAGED)
    world.act(
        CASEWORKER,
        assessments.conclude,
        case_id=made.id,
        rule="end_follow_up",
        conclusion=True,
        reason="Allt är skött.",
    )
    return made


def visit(world: World, case: Case, **changes: Any) -> FollowUp:
    values: dict[str, Any] = {
        "purpose": "joint_visit",
        "departments": BOTH,
        "resident_took_part": True,
    }
    return world.act(  # type: ignore[no-any-return]
        CASEWORKER, visits.record_home_visit, case_id=case.id, **(values | changes)
    )


def end(world: World, case: Case) -> None:
    visit(world, case)
    world.act(
        PROPERTY,
        ending.end_follow_up,
        case_id=case.id,
        departments=BOTH,
        expected_version=world.again(case).version,
    )


def notice(world: World, case: Case, **changes: Any) -> RenewedNeed:
    values: dict[str, Any] = {"signs": ["late_rent", "complaint"]}
    return world.act(  # type: ignore[no-any-return]
        PROPERTY, reopening.notice_support_need, case_id=case.id, **(values | changes)
    )


def step(world: World, need: RenewedNeed, verb: Any, who: str = CASEWORKER, **given: Any) -> Any:
    row = world.again(need)
    return world.act(who, verb, need_id=need.id, expected_version=row.version, **given)


def accepted(world: World, case: Case) -> RenewedNeed:
    need = notice(world, case)
    step(world, need, reopening.record_support_talk, departments=BOTH)
    step(world, need, reopening.answer_support_offer, accepted=True)
    return need


def test_without_a_joint_visit_nothing_ends(world: World, case: Case) -> None:
    """HBG-130, HBG-133: the record says whether it was made, and no person's answer does."""
    with pytest.raises(PolicyRefused) as refused:
        world.act(
            PROPERTY,
            ending.end_follow_up,
            case_id=case.id,
            departments=BOTH,
            expected_version=world.again(case).version,
        )
    failed = {one["id"] for one in refused.value.trace if one["outcome"] == "false"}
    assert "joint_visit" in failed
    with pytest.raises(ValidationFailed):
        answer(world, case, joint_visit_done=True)
    for wrong, problem in (
        ({"departments": ["SOF-VUX"]}, ("departments", "party_missing")),
        ({"resident_took_part": False}, ("residentTookPart", "required")),
        ({"purpose": "inspection"}, ("purpose", "unknown_choice")),
    ):
        with pytest.raises(ValidationFailed) as no:
            visit(world, case, **wrong)
        assert [(one.field, one.rule) for one in no.value.problems] == [problem]
    end(world, case)
    assert world.rows(CaseEvent, case_id=case.id, kind="follow_up_ended")


def test_noticed_talked_over_accepted_and_opened_again(world: World, case: Case) -> None:
    end(world, case)
    assert world.rows(Obligation, case_id=case.id, code="follow_up", state="open") == []
    need = notice(world, case, notes="Hyran har kommit sent tre månader i rad.")
    with pytest.raises(Conflict) as early:
        step(world, need, reopening.reopen_follow_up)
    assert early.value.rule == "need_elsewhere"
    with pytest.raises(ValidationFailed) as alone:
        step(world, need, reopening.record_support_talk, departments=["FF"])
    assert [one.rule for one in alone.value.problems] == ["party_missing"]
    step(world, need, reopening.record_support_talk, PROPERTY, departments=BOTH)
    step(world, need, reopening.answer_support_offer, PROPERTY, accepted=True)
    # It is the referring department that opens its matter again.
    with pytest.raises(NotAllowed) as other:
        step(world, need, reopening.reopen_follow_up, PROPERTY)
    assert other.value.action == "follow_up.reopen"
    done = step(world, need, reopening.reopen_follow_up)
    assert (done.state, done.reopened_on) == ("reopened", today())
    rows = world.rows(Obligation, case_id=case.id, code="follow_up_again", state="open")
    assert min(row.due_on for row in rows) == add_months(today(), 3)
    kinds = [row.kind for row in world.rows(CaseEvent, case_id=case.id)]
    assert kinds.count("follow_up_reopened") == 1
    with pytest.raises(Conflict):
        step(world, need, reopening.reopen_follow_up)


def test_a_no_leaves_the_home_alone(world: World, case: Case) -> None:
    end(world, case)
    need = notice(world, case)
    step(world, need, reopening.record_support_talk, departments=BOTH)
    assert step(world, need, reopening.answer_support_offer, accepted=False).state == "declined"
    with pytest.raises(Conflict):
        step(world, need, reopening.reopen_follow_up)
    # Another time it may be different, and what was answered then counts no more.
    again = notice(world, case)
    step(world, again, reopening.record_support_talk, departments=BOTH)
    step(world, again, reopening.answer_support_offer, accepted=True)
    assert step(world, again, reopening.reopen_follow_up).state == "reopened"


def test_a_case_that_was_closed_meanwhile_is_open_again(world: World, case: Case) -> None:
    end(world, case)
    world.act(
        CASEWORKER,
        closing.close,
        case_id=case.id,
        reason="support_ended",
        expected_version=world.again(case).version,
    )
    need = accepted(world, case)
    step(world, need, reopening.reopen_follow_up)
    now = world.again(case)
    assert (now.state, now.closed_on) == ("open", None)
    assert world.rows(Obligation, case_id=case.id, code="follow_up_again", state="open")


def test_the_next_end_asks_for_a_visit_of_its_own(world: World, case: Case) -> None:
    end(world, case)
    step(world, accepted(world, case), reopening.reopen_follow_up)
    assert world.rows(FollowUp, case_id=case.id, purpose="joint_visit")
    with world.session() as session:
        from hemvist.follow_ups.facts import follow_up_facts

        # Of the same day as the reopening it counts; of a day before it would not.
        assert follow_up_facts(session, case, today())["joint_visit_done"] is True


def test_what_is_refused(world: World, case: Case) -> None:
    with pytest.raises(Conflict) as going_on:
        notice(world, case)
    assert going_on.value.rule == "follow_up_goes_on"
    end(world, case)
    for signs in ([], ["weather"]):
        with pytest.raises(ValidationFailed) as refused:
            notice(world, case, signs=signs)
        assert {one.field for one in refused.value.problems} == {"signs"}
    need = notice(world, case)
    with pytest.raises(Conflict) as known:
        notice(world, case)
    assert known.value.rule == "need_known"
    assert step(world, need, reopening.close_support_need).state == "closed"
    other = new_world()
    with pytest.raises(NotFound):
        other.act(
            CASEWORKER,
            reopening.record_support_talk,
            need_id=need.id,
            departments=BOTH,
            expected_version=1,
        )
