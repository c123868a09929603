"""Appeals: in time or late, reconsidered, passed on, answered, sent back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.appeals import service as appeals
from hemvist.appeals.models import Appeal
from hemvist.cases import closing
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.decisions import notifying
from hemvist.decisions import service as decisions
from hemvist.decisions.models import Decision
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist_world import World, at_once

CASEWORKER, MANAGER = "caseworker SOF-VUX", "manager SOF-VUX"


@pytest.fixture
def refusal(world: World) -> Decision:
    """A refusal, told thirty days ago or so."""
    case = world.case()
    made = world.grant(
        case, outcome="refused", departure_reason="Nej.", on=today() - timedelta(days=40)
    )
    return told(world, made, today() - timedelta(days=35))


def told(world: World, decision: Decision, on: date) -> Decision:
    return world.act(  # type: ignore[no-any-return]
        CASEWORKER,
        notifying.notify,
        decision_id=decision.id,
        how="letter",
        notified_on=on,
        expected_version=decision.version,
    )


def receive(world: World, decision: Decision, on: date, who: str = CASEWORKER) -> Appeal:
    return world.act(  # type: ignore[no-any-return]
        who, appeals.receive, decision_id=decision.id, how="letter", asks="Vill ha.", received_on=on
    )


def act(world: World, verb: Callable[..., Any], appeal: Appeal, who: str, **more: Any) -> Appeal:
    appeal = world.again(appeal)
    values = {"appeal_id": appeal.id, "expected_version": appeal.version, **more}
    return world.act(who, verb, **values)  # type: ignore[no-any-return]


def accepted(world: World, refusal: Decision) -> Appeal:
    appeal = receive(world, refusal, refusal.appeal_until or today())
    return act(world, appeals.judge_timeliness, appeal, MANAGER)


@pytest.mark.parametrize(
    ("told_on", "last"),
    [
        (date(2026, 3, 2), date(2026, 3, 23)),
        # Three weeks later is Good Friday, then Easter: the next working day.
        (date(2026, 3, 13), date(2026, 4, 7)),
        # Midsummer Eve.
        (date(2026, 5, 29), date(2026, 6, 22)),
        (date(2026, 12, 3), date(2026, 12, 28)),
    ],
)
def test_three_weeks_or_the_next_working_day(told_on: date, last: date) -> None:
    assert notifying.appeal_deadline(told_on) == last


def test_the_time_runs_from_the_day_the_person_was_told(world: World, refusal: Decision) -> None:
    assert refusal.appeal_until == notifying.appeal_deadline(today() - timedelta(days=35))
    assert (refusal.notified_how, refusal.notified_by) == (
        "letter",
        world[CASEWORKER].principal_id,
    )
    with pytest.raises(Conflict) as again:
        told(world, refusal, today())
    assert again.value.rule == "already_notified"


def test_a_proposal_is_not_told(world: World) -> None:
    with pytest.raises(Conflict) as refused:
        told(world, world.propose(world.case()), today())
    assert refused.value.rule == "not_decided"


def test_on_the_last_day_it_is_in_time_and_the_day_after_late(
    world: World, refusal: Decision
) -> None:
    last = refusal.appeal_until
    assert last is not None
    appeal = receive(world, refusal, last)
    assert appeal.timely
    with pytest.raises(ValidationFailed):
        act(world, appeals.judge_timeliness, appeal, MANAGER, dismissal_reason="För sent.")
    act(world, appeals.withdraw, appeal, CASEWORKER)
    late = receive(world, refusal, last + timedelta(days=1))
    assert not late.timely
    with pytest.raises(ValidationFailed) as unsaid:
        act(world, appeals.judge_timeliness, late, MANAGER)
    assert unsaid.value.problems[0].field == "dismissalReason"
    dismissed = act(
        world, appeals.judge_timeliness, late, MANAGER, dismissal_reason="Kom en dag för sent."
    )
    assert dismissed.state == "dismissed"
    assert world.rows(CaseEvent, case_id=refusal.case_id, kind="appeal_dismissed")


def test_a_late_one_is_tried_where_the_authority_told_wrong(
    world: World, refusal: Decision
) -> None:
    late = receive(world, refusal, today())
    let_in = act(world, appeals.judge_timeliness, late, MANAGER, late_ground="wrong_information")
    assert (let_in.state, let_in.timely) == ("accepted", False)


def test_before_the_person_was_told_no_time_has_run(world: World) -> None:
    made = world.grant(world.case(), outcome="refused", departure_reason="Nej.")
    appeal = receive(world, made, today())
    assert (appeal.timely, appeal.deadline) == (True, None)


def test_who_may(world: World, refusal: Decision) -> None:
    for stranger in ("caseworker AMF", "property"):
        with pytest.raises(NotFound):
            receive(world, refusal, today(), stranger)
    appeal = receive(world, refusal, refusal.appeal_until or today(), MANAGER)
    # The one who received it does not judge it, and caseworkers judge none.
    for who in (MANAGER, CASEWORKER):
        with pytest.raises(NotAllowed):
            act(world, appeals.judge_timeliness, appeal, who)


def test_all_the_way_to_the_court_and_back(world: World, refusal: Decision) -> None:
    appeal = accepted(world, refusal)
    with pytest.raises(Conflict) as early:
        act(world, appeals.forward, appeal, CASEWORKER, court="Förvaltningsrätten")
    assert early.value.rule == "appeal_not_reconsidered"
    act(world, appeals.reconsider, appeal, MANAGER, result="unchanged", reason="Inget nytt.")
    sent = act(world, appeals.forward, appeal, CASEWORKER, court="Förvaltningsrätten i Malmö")
    assert sent.state == "forwarded"
    back = act(
        world, appeals.settle, appeal, CASEWORKER, outcome="remanded", court_number="1234-26"
    )
    assert (back.state, back.outcome) == ("remanded", "remanded")
    with pytest.raises(ValidationFailed) as old:
        act(world, appeals.answer_remand, appeal, CASEWORKER, new_decision_id=refusal.id)
    assert old.value.problems[0].rule == "no_new_decision"
    case = world.rows(Case, id=refusal.case_id)[0]
    anew = world.grant(case, on=today())
    done = act(world, appeals.answer_remand, appeal, CASEWORKER, new_decision_id=anew.id)
    assert (done.state, done.new_decision_id) == ("settled", anew.id)


def won(world: World, refusal: Decision, outcome: str = "granted") -> Appeal:
    appeal = accepted(world, refusal)
    act(world, appeals.reconsider, appeal, MANAGER, result="unchanged", reason="Inget nytt.")
    act(world, appeals.forward, appeal, CASEWORKER, court="Förvaltningsrätten i Malmö")
    return act(world, appeals.settle, appeal, CASEWORKER, outcome=outcome, court_number="77-26")


@pytest.mark.parametrize("outcome", ["granted", "granted_in_part"])
def test_a_won_appeal_waits_for_the_decision_that_follows_the_judgment(
    world: World, refusal: Decision, outcome: str
) -> None:
    appeal = won(world, refusal, outcome)
    assert (appeal.state, appeal.new_decision_id) == ("settled", None)
    case = world.rows(Case, id=refusal.case_id)[0]
    with pytest.raises(Conflict) as hindered:
        world.act(
            CASEWORKER, closing.close,
            case_id=case.id, reason="refused", expected_version=case.version,
        )  # fmt: skip
    assert hindered.value.rule == "appeal_hinders_closing"
    # A refusal is no answer to a judgment that grants, nor is the right to something else.
    again = world.grant(case, outcome="refused", departure_reason="Nej.", on=today())
    measure = world.grant(case, "support_measure", on=today())
    for wrong in (again, measure):
        with pytest.raises(ValidationFailed) as refused:
            act(world, appeals.answer_remand, appeal, CASEWORKER, new_decision_id=wrong.id)
        assert refused.value.problems[0].rule == "not_as_judged"
    # Somebody proposes what follows, somebody else signs it; only then can it be named.
    proposed = world.propose(case, on=today())
    with pytest.raises(ValidationFailed) as early:
        act(world, appeals.answer_remand, appeal, CASEWORKER, new_decision_id=proposed.id)
    assert early.value.problems[0].rule == "no_new_decision"
    signed = world.act(
        MANAGER, decisions.decide, decision_id=proposed.id, expected_version=proposed.version
    )
    done = act(world, appeals.answer_remand, appeal, CASEWORKER, new_decision_id=signed.id)
    assert (done.state, done.new_decision_id) == ("settled", signed.id)
    assert "judgment_followed" in [line.kind for line in world.rows(CaseEvent, case_id=case.id)]
    with pytest.raises(Conflict):
        act(world, appeals.answer_remand, appeal, CASEWORKER, new_decision_id=signed.id)


def test_a_lost_appeal_waits_for_nothing(world: World, refusal: Decision) -> None:
    appeal = won(world, refusal, "rejected")
    granted = world.grant(world.rows(Case, id=refusal.case_id)[0], on=today())
    with pytest.raises(Conflict) as nothing:
        act(world, appeals.answer_remand, appeal, CASEWORKER, new_decision_id=granted.id)
    assert nothing.value.rule == "appeal_not_remanded"


def test_changed_as_asked_it_lapses(world: World, refusal: Decision) -> None:
    appeal = accepted(world, refusal)
    with pytest.raises(ValidationFailed) as unnamed:
        act(world, appeals.reconsider, appeal, MANAGER, result="changed_as_asked", reason="Ja.")
    assert unnamed.value.problems[0].field == "newDecisionId"
    anew = world.grant(world.rows(Case, id=refusal.case_id)[0], on=today())
    lapsed = act(
        world,
        appeals.reconsider,
        appeal,
        MANAGER,
        result="changed_as_asked",
        reason="Nya uppgifter.",
        new_decision_id=anew.id,
    )
    assert lapsed.state == "lapsed"


def test_one_appeal_at_a_time_and_one_of_two_who_judge(world: World, refusal: Decision) -> None:
    last = refusal.appeal_until or today()
    outcomes = at_once(*[lambda: receive(world, refusal, last)] * 2)
    assert sorted(type(one).__name__ for one in outcomes) == ["Appeal", "Conflict"]
    appeal = world.rows(Appeal, decision_id=refusal.id)[0]
    judged = at_once(*[lambda: act(world, appeals.judge_timeliness, appeal, MANAGER)] * 2)
    assert sorted(type(one).__name__ for one in judged) == ["Appeal", "Conflict"]


def test_a_closed_case_can_be_appealed_in_and_an_open_one_waits(
    world: World, refusal: Decision
) -> None:
    case = world.rows(Case, id=refusal.case_id)[0]
    receive(world, refusal, today())

    def close() -> Case:
        return world.act(  # type: ignore[no-any-return]
            CASEWORKER,
            closing.close,
            case_id=case.id,
            reason="refused",
            expected_version=case.version,
        )

    with pytest.raises(Conflict) as hindered:
        close()
    assert hindered.value.rule == "appeal_hinders_closing"
    act(world, appeals.withdraw, world.rows(Appeal, case_id=case.id)[0], CASEWORKER)
    close()
    assert receive(world, refusal, today()).state == "received"
