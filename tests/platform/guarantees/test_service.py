"""Guarantees: with a first-hand lease, for a period of the pack's, known to the record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hemvist.assessments import service as assessments
from hemvist.cases.models import Case, CaseEvent
from hemvist.cases.packs import pack_of
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.errors import ValidationFailed
from hemvist.guarantees.facts import guarantee_facts
from hemvist.guarantees.models import Guarantee
from hemvist.offers.models import Offer
from hemvist.policy import add_months
from hemvist_world import GUARANTEE, World


def accepted(world: World, case: Case) -> Offer:
    return world.accepted(case, world.registered(case, GUARANTEE))


@pytest.mark.parametrize("months", [12, 24])
def test_a_period_of_the_packs(world: World, months: int) -> None:
    """HBG-10."""
    case = world.case()
    contract = world.contract(accepted(world, case), guarantee_months=months, told_of_link_on=None)
    guarantee = world.rows(Guarantee, case_id=case.id)[0]
    assert (guarantee.months, guarantee.state) == (months, "active")
    assert guarantee.ends_on == add_months(contract.starts_on, months)
    event = world.rows(CaseEvent, case_id=case.id, kind="guarantee_issued")[0]
    assert event.data == {
        "months": months,
        "ends_on": str(guarantee.ends_on),
        "kind": "guarantee",
    }


def test_the_cap_is_the_rent_of_the_period_or_an_amount(world: World) -> None:
    """HBG-11: the guideline gives no number of months, so it is the rent of the whole period."""
    case = world.case()
    contract = world.contract(accepted(world, case), guarantee_months=12, told_of_link_on=None)
    [row] = world.rows(Guarantee, case_id=case.id)
    assert (row.cap_rent_months, row.cap_ore) == (12, 12 * contract.rent_ore)
    assert row.review_on == add_months(contract.starts_on, 12)

    answered = world.case(guarantee_rent_months=6)
    world.contract(accepted(world, answered), guarantee_months=24, told_of_link_on=None)
    [row] = world.rows(Guarantee, case_id=answered.id)
    assert (row.cap_rent_months, row.cap_ore) == (6, 6 * row.rent_ore)

    agreed = world.case()
    offer = accepted(world, agreed)
    for wrong in (0, -1, 10**12):
        with pytest.raises(ValidationFailed) as refused:
            world.contract(
                offer, guarantee_months=12, guarantee_cap_ore=wrong, told_of_link_on=None
            )
        assert refused.value.problems[0].field == "guaranteeCapOre"
    world.contract(offer, guarantee_months=12, guarantee_cap_ore=2_500_000, told_of_link_on=None)
    [row] = world.rows(Guarantee, case_id=agreed.id)
    assert (row.cap_rent_months, row.cap_ore) == (None, 2_500_000)


@pytest.mark.parametrize("months", [None, 0, -12, 6, 13, 25, 10**9])
def test_any_other_period_is_refused_with_those_there_are(world: World, months: int | None) -> None:
    case = world.case()
    offer = accepted(world, case)
    with pytest.raises(ValidationFailed) as refused:
        world.contract(offer, guarantee_months=months)
    problem = refused.value.problems[0]
    assert (problem.field, problem.rule) == ("guaranteeMonths", "guarantee_period")
    assert problem.params["allowed"] == [12, 24]
    assert world.rows(Contract, case_id=case.id) == []


def test_the_record_answers_while_it_holds_and_afterwards(world: World) -> None:
    case = world.case()
    contract = world.contract(accepted(world, case), guarantee_months=12, told_of_link_on=None)
    start = contract.starts_on
    with world.session() as session:

        def facts(day: object) -> dict[str, object]:
            return dict(guarantee_facts(session, case, day))  # type: ignore[arg-type]

        given = {"guarantee_months": 12}
        assert facts(start - timedelta(days=1)) == given | {"guarantee_in_force": False}
        assert facts(start) == given | {"guarantee_in_force": True, "months_with_guarantee": 0}
        last = add_months(start, 12)
        assert facts(last - timedelta(days=1)) == {
            "guarantee_in_force": True,
            "guarantee_months": 12,
            "months_with_guarantee": 11,
        }
        assert facts(last) == given | {"guarantee_in_force": False, "months_with_guarantee": 12}
        used = assessments.facts_of(session, case, today())
    assert used["months_with_guarantee"] == 2


def test_the_scope_is_the_packs(world: World) -> None:
    case = world.case()
    world.contract(accepted(world, case), guarantee_months=12, told_of_link_on=None)
    rules = pack_of(case).programme(GUARANTEE).guarantee
    assert rules is not None
    covered = world.rows(Guarantee, case_id=case.id)[0].covers
    assert covered == [item.id for item in rules.scope]
