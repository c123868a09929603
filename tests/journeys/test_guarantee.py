"""The other form: a first-hand lease with a rent guarantee (hyresgaranti)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.decisions import service as decisions
from hemvist.errors import PolicyRefused, ValidationFailed
from hemvist.follow_ups import service as follow_ups
from hemvist.guarantees import service as guarantees
from hemvist.guarantees.models import Guarantee
from hemvist.policy import add_months
from hemvist.referrals import contents
from hemvist_world import GUARANTEE, HOUSING, World, content

CASEWORKER = "caseworker SOF-VUX"


def test_a_lease_with_a_guarantee_and_its_reassessment(world: World) -> None:
    case = world.case()
    accepted = world.accepted(case, world.registered(case, GUARANTEE))
    signed_on = today() - timedelta(days=90)

    for months in (None, 18):
        with pytest.raises(ValidationFailed) as refused:
            world.contract(accepted, guarantee_months=months)
        # HBG-10: one or two years, and never none.
        assert refused.value.problems[0].params["allowed"] == [12, 24]
    contract = world.contract(accepted, guarantee_months=12, told_of_link_on=None)
    assert (contract.form, contract.kind) == ("forstahandskontrakt", "first_hand")

    guarantee = world.rows(Guarantee, case_id=case.id)[0]
    assert (guarantee.starts_on, guarantee.issued_on) == (contract.starts_on, signed_on)
    assert guarantee.ends_on == add_months(contract.starts_on, 12)
    assert guarantee.covers == ["rent", "condition"]

    housing = world.grant(case, HOUSING, programme=GUARANTEE, on=today() - timedelta(days=88))
    due = {
        (row.code, row.ordinal): row
        for row in world.rows(Obligation, case_id=case.id)
        if row.state == "open"
    }
    # HBG-118: reassessed when a year has gone, counted from moving in.
    reassessment = due["guarantee_reassessment", 1]
    assert reassessment.due_on == add_months(contract.starts_on, 12)
    assert reassessment.departments == ["FF"]
    assert due["first_follow_up", 1].due_on == add_months(housing.decided_on, 1)
    assert due["first_follow_up", 1].creates is None
    assert due["follow_up", 1].due_on == add_months(housing.decided_on, 3)

    # The referring department holds the first one alone here, and no plan is drawn up (HBG-114).
    first = due["first_follow_up", 1]
    held = world.act(
        CASEWORKER,
        follow_ups.record_follow_up,
        obligation_id=first.id,
        held_on=first.due_on,
        departments=["SOF-VUX"],
        resident_took_part=True,
        in_the_home=True,
        expected_version=first.version,
    )
    assert held.plan_id is None


def test_debts_close_the_guarantee_until_the_departments_have_talked(world: World) -> None:
    case = world.case(debts_ore=4_000_000, low_debts=True)
    assert _advised(world, case) == "unknown"
    _answer(world, case, property_dialogue_done=False)
    assert _advised(world, case) == "false"
    _answer(world, case, property_dialogue_done=True)
    assert _advised(world, case) == "true"

    # HBG-68: what the dialogue gave is then part of the referral.
    world.grant(case, programme=GUARANTEE)
    draft = world.draft(case, GUARANTEE, content=content())
    with world.session() as session:
        wanting = contents.missing(session, case, draft, today())
    assert [item.id for item in wanting] == ["property_dialogue"]


def test_large_debts_leave_the_municipal_contract_only(world: World) -> None:
    case = world.case(debts_ore=9_000_000, low_debts=False)
    assert _advised(world, case) == "false"
    with pytest.raises(ValidationFailed) as refused:
        world.propose(case, programme=GUARANTEE)
    assert [problem.field for problem in refused.value.problems] == ["departureReason"]


def test_a_municipal_contract_takes_no_guarantee(world: World) -> None:
    case = world.case()
    accepted = world.accepted(case, world.registered(case))
    with pytest.raises(ValidationFailed) as refused:
        world.contract(accepted, guarantee_months=12)
    assert refused.value.problems[0].rule == "no_guarantee"
    assert world.rows(Contract, case_id=case.id) == []


def test_the_decision_waits_for_the_lease_here_too(world: World) -> None:
    case = world.case()
    world.accepted(case, world.registered(case, GUARANTEE))
    with pytest.raises(PolicyRefused) as refused:
        world.propose(case, HOUSING, programme=GUARANTEE, on=today())
    assert refused.value.rule == "contract_before_decision"


def test_a_refused_guarantee_leaves_no_half_a_contract(world: World) -> None:
    case = world.case()
    accepted = world.accepted(case, world.registered(case, GUARANTEE))
    with pytest.raises(ValidationFailed):
        world.act(
            "property",
            guarantees.sign_contract,
            offer_id=accepted.id,
            starts_on=today() - timedelta(days=1),
            signed_on=today(),
            guarantee_months=12,
        )
    assert world.rows(Contract, case_id=case.id) == []
    assert world.rows(Guarantee, case_id=case.id) == []
    assert world.again(accepted).state == "accepted"


def _advised(world: World, case: Case) -> str:
    with world.session() as session:
        said = decisions.advice(session, case, GUARANTEE, "support_to_obtain_housing", today())
    return said.outcome.value


def _answer(world: World, case: Case, **facts: object) -> None:
    world.act(
        CASEWORKER,
        assessments.answer_all,
        case_id=case.id,
        answers=[NewAnswer(fact, value, "Bedömt.", "samtal") for fact, value in facts.items()],
    )
