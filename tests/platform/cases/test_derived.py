"""Which of the packs' derived facts the record answers, and which are left to people so far."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

import hemvist.follow_ups
import hemvist.guarantees  # noqa: F401 - every concept that answers facts has said so
from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.cases.derived import derived_facts
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.errors import ValidationFailed
from hemvist.policy import FactKind
from hemvist.referrals import service as referrals
from hemvist.referrals.facts import referral_facts
from hemvist.referrals.models import Referral
from hemvist_registry import discovered
from hemvist_world import GUARANTEE, World

#: Nothing in the record holds these yet. Until it does they are unknown, and a person may answer.
LEFT_TO_PEOPLE = {"rent_paid_months": 12}
#: The same, in packs of other kommuner than the one these cases are in.
LEFT_ELSEWHERE = {"absence_days", "arrears_ore", "disturbances"}

WHO = "caseworker SOF-VUX"


def derived(world: World, case: Case, on: date | None = None) -> dict[str, Any]:
    with world.session() as session:
        return derived_facts(session, case, on or today())


def used() -> set[str]:
    """Every derived fact that an installed pack uses."""
    return {
        fact.name
        for pack in discovered().packs()
        for fact in pack.facts.values()
        if fact.kind is FactKind.DERIVED
    }


def test_each_derived_fact_is_answered_by_the_record_or_left_to_people(world: World) -> None:
    """A fact taken up by a pack with nobody to compute it would be noticed here."""
    housed, guaranteed = world.case(), world.case()
    world.housed(housed)
    offer = world.accepted(guaranteed, world.registered(guaranteed, GUARANTEE))
    world.contract(offer, guarantee_months=12, told_of_link_on=None)
    answered = set(derived(world, world.again(housed))) | set(
        derived(world, world.again(guaranteed))
    )
    assert used() - answered == set(LEFT_TO_PEOPLE) | LEFT_ELSEWHERE


@pytest.mark.parametrize("fact", LEFT_TO_PEOPLE)
def test_what_the_record_cannot_answer_a_person_may(world: World, fact: str) -> None:
    case = world.case()
    value = LEFT_TO_PEOPLE[fact]
    world.act(
        WHO, assessments.answer_all, case_id=case.id, answers=[NewAnswer(fact, value, source="x")]
    )
    with world.session() as session:
        assert assessments.facts_of(session, case, today())[fact] == value


@pytest.mark.parametrize("fact", ["decision_date", "department", "contract_signed"])
def test_what_the_record_answers_a_person_may_not(world: World, fact: str) -> None:
    case = world.case()
    answers = [
        NewAnswer(fact, {"department": "AMF", "contract_signed": True}.get(fact, "2026-01-01"))
    ]
    with pytest.raises(ValidationFailed) as refused:
        world.act(WHO, assessments.answer_all, case_id=case.id, answers=answers)
    assert [problem.rule for problem in refused.value.problems] == ["from_record"]


def test_the_referral_is_known_from_its_registration(world: World) -> None:
    case = world.case()
    referral = world.registered(case)
    registered = referral.registered_on
    assert registered is not None
    day = timedelta(days=1)
    with world.session() as session:
        assert referral_facts(session, case, registered - day) == {}
        assert referral_facts(session, case, registered) == {
            "referral_registered_on": registered,
            "referral_extensions": 0,
        }


def test_an_extension_counts_from_its_day(world: World) -> None:
    case = world.case()
    referral = world.registered(case)
    extended = today() - timedelta(days=2)
    world.act(
        WHO,
        referrals.extend,
        referral_id=referral.id,
        content=referral.content,
        expected_version=referral.version,
        on=extended,
    )
    with world.session() as session:
        before = referral_facts(session, case, extended - timedelta(days=1))
        after = referral_facts(session, case, extended)
    assert (before["referral_extensions"], after["referral_extensions"]) == (0, 1)


def test_a_referral_taken_back_answers_nothing(world: World) -> None:
    case = world.case()
    referral = world.registered(case)
    world.act(
        WHO,
        referrals.withdraw,
        referral_id=referral.id,
        reason="Egen bostad.",
        expected_version=referral.version,
    )
    assert world.rows(Referral, case_id=case.id)[0].state == "withdrawn"
    assert not {"referral_registered_on", "referral_extensions"} & set(derived(world, case))


def test_the_contract_is_known_from_its_signing_before_it_begins(world: World) -> None:
    case = world.case()
    contract = world.contract(world.accepted(case, world.registered(case)))
    eve = contract.signed_on - timedelta(days=1)
    assert contract.signed_on < contract.starts_on
    before, signed = derived(world, case, eve), derived(world, case, contract.signed_on)
    assert before["contract_signed"] is False and "link_proof_signed" not in before
    assert signed["contract_signed"] is True and signed["link_proof_signed"] is True
    assert "months_in_home" not in signed
    assert derived(world, case, contract.starts_on)["months_in_home"] == 0


def test_a_tenant_who_was_not_told_has_no_proof(world: World) -> None:
    """RH 2018:28: what decides is whether the tenant was told, and when."""
    case = world.case()
    offer = world.accepted(case, world.registered(case, GUARANTEE))
    world.contract(offer, guarantee_months=24, told_of_link_on=None)
    found = derived(world, case)
    assert (found["link_proof_signed"], found["guarantee_months"]) == (False, 24)


def test_the_length_of_a_guarantee_is_known_when_it_is_given(world: World) -> None:
    case = world.case()
    offer = world.accepted(case, world.registered(case, GUARANTEE))
    contract = world.contract(offer, guarantee_months=12, told_of_link_on=None)
    before = derived(world, case, contract.signed_on - timedelta(days=1))
    given = derived(world, case, contract.signed_on)
    assert "guarantee_months" not in before
    assert (given["guarantee_months"], given["guarantee_in_force"]) == (12, False)


def test_the_rules_use_what_the_record_holds(world: World) -> None:
    """Nobody types in what the contract and the referral say."""
    case = world.case()
    world.housed(case)
    case = world.again(case)
    with world.session() as session:
        facts = assessments.facts_of(session, case, today())
    assert facts["contract_signed"] is True
    assert facts["referral_extensions"] == 0
