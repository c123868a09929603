"""Proposals and decisions: who, on which provision, with which reasons."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.cases import closing
from hemvist.cases import service as cases
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.decisions import service as decisions
from hemvist.decisions.models import Decision
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.identity import Membership, Role
from hemvist.policy import add_months
from hemvist_world import (
    BASIS,
    HOUSING,
    MUNICIPAL,
    OLD_BASIS,
    SUPPORT,
    World,
    adult,
    answers,
    at_once,
    child,
)

CASEWORKER, MANAGER = "caseworker SOF-VUX", "manager SOF-VUX"
CHANGE_OF_LAW = date(2025, 7, 1)


def problems(refused: pytest.ExceptionInfo[ValidationFailed]) -> set[tuple[str, str]]:
    return {(problem.field, problem.rule) for problem in refused.value.problems}


def decide(world: World, proposal: Decision, who: str = MANAGER, **more: Any) -> Decision:
    values = {"decision_id": proposal.id, "expected_version": proposal.version, **more}
    return world.act(who, decisions.decide, **values)  # type: ignore[no-any-return]


def old_case(world: World) -> Case:
    """A case from before the new Social Services Act."""
    household = world.household(
        adult(protection_checked_on=date(2025, 1, 2)), registered_on=date(2025, 1, 10)
    )
    case = world.act(
        CASEWORKER,
        cases.open_case,
        household_id=household.id,
        department="SOF-VUX",
        opened_on=date(2025, 2, 1),
    )
    world.act(CASEWORKER, assessments.answer_all, case_id=case.id, answers=answers("SOF-VUX"))
    return case  # type: ignore[no-any-return]


def test_every_problem_is_told_at_once(world: World) -> None:
    case = world.case(adult(), child(), vulnerable_groups=["addiction"])
    with pytest.raises(ValidationFailed) as refused:
        world.propose(
            case,
            outcome="maybe",
            legal_basis=[],
            motivation=" ",
            valid_from=today(),
            valid_until=today() - timedelta(days=1),
        )
    assert problems(refused) == {
        ("outcome", "unknown_choice"),
        ("motivation", "required"),
        ("legalBasis", "required"),
        ("validUntil", "before_start"),
        ("childAssessment", "required"),
        ("departureReason", "required"),
    }
    assert world.rows(Decision, case_id=case.id) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "eviction"}, "kind"),
        ({"programme": "no_such"}, "programme"),
        ({"on": today() + timedelta(days=1)}, "on"),
        ({"on": date(2020, 1, 1)}, "on"),
        ({"motivation": "x" * 10_001}, "motivation"),
    ],
)
def test_what_a_proposal_may_not_say(world: World, changes: dict[str, Any], field: str) -> None:
    case = world.case()
    with pytest.raises(ValidationFailed) as refused:
        world.propose(case, **changes)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_the_child_is_assessed_where_there_is_one(world: World) -> None:
    case = world.case(adult(), child(), department="SOF-BUF")
    with pytest.raises(ValidationFailed) as refused:
        world.propose(case)
    assert problems(refused) == {("childAssessment", "required")}
    proposal = world.propose(case, child_assessment="Barnet behöver ett hem nära skolan.")
    assert proposal.child_assessment


def test_a_departure_from_the_advice_says_why(world: World) -> None:
    case = world.case()
    with pytest.raises(ValidationFailed) as refused:
        world.propose(case, outcome="refused")
    assert problems(refused) == {("departureReason", "required")}
    proposal = world.propose(case, outcome="refused", departure_reason="Har fått en lägenhet.")
    assert (proposal.advice, proposal.outcome) == ("true", "refused")


def test_an_unknown_advice_is_departed_from_whatever_is_decided(world: World) -> None:
    case = world.case()
    world.act(
        CASEWORKER,
        assessments.answer_all,
        case_id=case.id,
        answers=[NewAnswer("has_guarantor", None)],
    )
    for outcome in ("granted", "refused"):
        with pytest.raises(ValidationFailed) as refused:
            world.propose(case, outcome=outcome)
        assert problems(refused) == {("departureReason", "required")}


def test_a_refusal_follows_advice_that_says_no(world: World) -> None:
    case = world.case(need_met_otherwise=True)
    refused = world.grant(case, outcome="refused")
    assert (refused.state, refused.outcome, refused.advice) == ("decided", "refused", "false")
    assert world.again(case).programme is None
    assert world.rows(CaseEvent, case_id=case.id, kind="support_refused")
    with world.session() as session:
        assert decisions.in_force(session, world.again(case), SUPPORT, today()) is None


# --- the provision (LF-5) --------------------------------------------------------------------


def test_a_provision_that_is_not_in_force_on_the_day_is_refused(world: World) -> None:
    with pytest.raises(ValidationFailed) as refused:
        world.propose(world.case(), legal_basis=[OLD_BASIS])
    assert problems(refused) == {("legalBasis", "not_in_force")}
    assert refused.value.problems[0].params["allowed"] == [BASIS, "sol_2025_29_7"]


def test_an_old_decision_keeps_its_old_citation(world: World) -> None:
    case = old_case(world)
    day = CHANGE_OF_LAW - timedelta(days=20)
    with pytest.raises(ValidationFailed):
        world.propose(case, legal_basis=[BASIS], on=day)
    granted = world.grant(case, legal_basis=[OLD_BASIS], on=day)
    assert granted.legal_basis == [OLD_BASIS]


def test_a_proposal_that_the_law_overtook_is_not_decided(world: World) -> None:
    case = old_case(world)
    proposal = world.propose(case, legal_basis=[OLD_BASIS], on=CHANGE_OF_LAW - timedelta(days=2))
    with pytest.raises(ValidationFailed) as refused:
        decide(world, proposal, on=CHANGE_OF_LAW)
    assert problems(refused) == {("legalBasis", "not_in_force")}
    decided = decide(world, proposal, on=CHANGE_OF_LAW - timedelta(days=1))
    assert decided.state == "decided"


# --- four eyes -------------------------------------------------------------------------------


def test_nobody_decides_their_own_proposal(world: World) -> None:
    both = world.add(
        "both",
        Membership(Role.CASEWORKER, "SOF-VUX"),
        Membership(Role.DEPARTMENT_MANAGER, "SOF-VUX"),
    )
    case = world.case()
    proposal = world.act(
        both,
        decisions.propose,
        case_id=case.id,
        programme=MUNICIPAL,
        kind=SUPPORT,
        outcome="granted",
        legal_basis=[BASIS],
        motivation="Behov finns.",
    )
    for verb, more in ((decisions.decide, {}), (decisions.return_proposal, {"reason": "x"})):
        with pytest.raises(NotAllowed, match="nobody approves"):
            world.act(both, verb, decision_id=proposal.id, expected_version=1, **more)
    assert decide(world, proposal).decided_by == world[MANAGER].principal_id


def test_who_may_decide(world: World) -> None:
    proposal = world.propose(world.case())
    with pytest.raises(NotAllowed):
        decide(world, proposal, CASEWORKER)
    for name in ("manager AMF", "property", "caseworker AMF"):
        with pytest.raises(NotFound) as hidden:
            decide(world, proposal, name)
        assert hidden.value.kind == "Decision"


def test_who_may_propose(world: World) -> None:
    case = world.case()
    arguments = {
        "case_id": case.id,
        "programme": MUNICIPAL,
        "kind": SUPPORT,
        "outcome": "granted",
        "legal_basis": [BASIS],
        "motivation": "x",
    }
    with pytest.raises(NotAllowed):
        world.act(MANAGER, decisions.propose, **arguments)


# --- state -----------------------------------------------------------------------------------


def test_a_returned_proposal_is_done_and_a_new_one_is_written(world: World) -> None:
    case = world.case()
    proposal = world.propose(case)
    with pytest.raises(ValidationFailed):
        world.act(
            MANAGER,
            decisions.return_proposal,
            decision_id=proposal.id,
            reason=" ",
            expected_version=1,
        )
    returned = world.act(
        MANAGER,
        decisions.return_proposal,
        decision_id=proposal.id,
        reason="Skriv ut skälen.",
        expected_version=1,
    )
    assert (returned.state, returned.return_reason) == ("returned", "Skriv ut skälen.")
    with pytest.raises(Conflict) as refused:
        decide(world, returned)
    assert refused.value.rule == "not_proposed"
    assert world.propose(case).state == "proposed"


def test_one_proposal_of_a_kind_at_a_time(world: World) -> None:
    case = world.case()
    world.propose(case)
    with pytest.raises(Conflict) as refused:
        world.propose(case)
    assert refused.value.rule == "already_proposed"


def test_two_proposals_at_once_make_one(world: World) -> None:
    case = world.case()
    outcomes = at_once(*[lambda: world.propose(case)] * 3)
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Conflict", "Decision"]
    assert len(world.rows(Decision, case_id=case.id)) == 1


def test_two_decisions_at_once_make_one(world: World) -> None:
    proposal = world.propose(world.case())
    outcomes = at_once(*[lambda: decide(world, proposal)] * 2)
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Decision"]
    events = world.rows(CaseEvent, case_id=proposal.case_id, kind="support_granted")
    assert len(events) == 1


def test_a_stale_version_changes_nothing(world: World) -> None:
    proposal = world.propose(world.case())
    with pytest.raises(Conflict) as refused:
        decide(world, proposal, expected_version=7)
    assert (refused.value.rule, refused.value.params) == (
        "stale_version",
        {"expected": 7, "current": 1},
    )
    assert world.again(proposal).state == "proposed"


def test_the_day_of_the_decision(world: World) -> None:
    proposal = world.propose(world.case())
    for day in (proposal.proposed_on - timedelta(days=1), today() + timedelta(days=1)):
        with pytest.raises(ValidationFailed) as refused:
            decide(world, proposal, on=day)
        assert refused.value.problems[0].field == "on"


def test_a_case_is_not_closed_over_a_proposal_that_waits(world: World) -> None:
    case = world.case()
    proposal = world.propose(case)
    case = world.again(case)
    with pytest.raises(Conflict) as refused:
        world.act(
            CASEWORKER,
            closing.close,
            reason="other",
            case_id=case.id,
            expected_version=case.version,
        )
    assert refused.value.rule == "proposal_hinders_closing"
    assert decide(world, proposal).state == "decided"


# --- what is in force ------------------------------------------------------------------------


def test_a_decision_is_in_force_from_the_day_it_was_made(world: World) -> None:
    case = world.case()
    proposal = world.propose(case, on=today() - timedelta(days=20))
    decided_on = today() - timedelta(days=10)
    decide(world, proposal, on=decided_on)
    assert in_force(world, case, decided_on)
    assert not in_force(world, case, decided_on - timedelta(days=1))


def test_a_decision_ends_with_its_period_and_with_a_later_refusal(world: World) -> None:
    case = world.case()
    until = today() - timedelta(days=30)
    world.grant(case, valid_until=until)
    assert in_force(world, case, until)
    assert not in_force(world, case, until + timedelta(days=1))
    world.grant(case, on=today() - timedelta(days=20))
    assert in_force(world, case, today())
    world.grant(
        case, outcome="refused", departure_reason="Behovet är mött.", on=today() - timedelta(days=3)
    )
    assert not in_force(world, case, today())


def in_force(world: World, case: Case, day: date) -> bool:
    with world.session() as session:
        return decisions.in_force(session, case, SUPPORT, day) is not None


# --- the decision on the housing ---------------------------------------------------------------


def test_the_contract_comes_before_the_decision_on_the_housing(world: World) -> None:
    """HBG-96: never the other way round."""
    case = world.case()
    accepted = world.accepted(case, world.registered(case))
    with pytest.raises(PolicyRefused) as refused:
        world.propose(case, HOUSING, on=today())
    assert (refused.value.rule, refused.value.cite) == (
        "contract_before_decision",
        "RL §1.1, RL §3.2",
    )
    contract = world.contract(accepted)
    # Not even by registering it as of a day before the contract.
    with pytest.raises(PolicyRefused):
        world.propose(case, HOUSING, on=contract.signed_on - timedelta(days=1))
    with pytest.raises(ValidationFailed) as wrong:
        world.propose(case, HOUSING, on=today(), contract_id=accepted.id)
    assert problems(wrong) == {("contractId", "other_contract")}
    assert world.propose(case, HOUSING, on=contract.signed_on).contract_id == contract.id


def test_a_refusal_of_the_housing_waits_for_no_contract(world: World) -> None:
    case = world.case()
    refusal = world.propose(
        case,
        HOUSING,
        outcome="refused",
        departure_reason="Tackade nej till insatserna.",
        on=today(),
    )
    assert refusal.contract_id is None


def test_what_was_carried_out_late_is_no_longer_due(world: World) -> None:
    """LF-8: three months to carry out the decision on support; late is late, and then over."""
    case = world.case()
    granted_on = today() - timedelta(days=150)
    world.contract(world.accepted(case, world.registered(case)))
    execute = world.rows(Obligation, case_id=case.id, code="execute_decision")[0]
    assert execute.due_on == add_months(granted_on, 3)
    assert execute.state == "open"
    world.grant(case, HOUSING, on=execute.due_on + timedelta(days=5))
    assert world.again(execute).state == "cancelled"
