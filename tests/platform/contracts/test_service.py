"""Contracts: the terms that the law and the pack allow, the days, and what signing moves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.assessments import service as assessments
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.guarantees import service as guarantees
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.referrals import service as referrals
from hemvist.referrals.models import Referral
from hemvist_world import GUARANTEE, World, at_once, new_world

SIGNED = today() - timedelta(days=90)


def accepted(world: World, case: Case | None = None) -> Offer:
    case = case or world.case()
    return world.accepted(case, world.registered(case))


def problems(world: World, offer: Offer, **changes: Any) -> set[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as refused:
        world.contract(offer, **changes)
    assert world.rows(Contract, offer_id=offer.id) == []
    assert world.again(offer).state == "accepted"
    return {(problem.field, problem.rule) for problem in refused.value.problems}


def test_the_tenant_was_told_of_the_link_and_in_time(world: World) -> None:
    """LF-13, RH 2018:28: without dated proof the home cannot be tied to the assistance."""
    offer = accepted(world)
    assert problems(world, offer, told_of_link_on=None) == {("toldOfLinkOn", "link_not_told")}
    assert problems(world, offer, told_of_link_on=SIGNED + timedelta(days=1)) == {
        ("toldOfLinkOn", "after_signing")
    }
    assert world.contract(offer, told_of_link_on=SIGNED).told_of_link_on == SIGNED


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"sobriety_required": True}, {("terms.sobriety_required", "must_be")}),
        ({"visits_required": True}, {("terms.visits_required", "must_be")}),
        ({"treatment_required": True}, {("terms.treatment_required", "must_be")}),
        ({"informed_of_link": False}, {("terms.informed_of_link", "must_be")}),
        ({"drug_tests": True}, {("terms.drug_tests", "unknown_term")}),
        ({"x" * 1_000_000: True}, {("terms." + "x" * 60, "unknown_term")}),
    ],
)
def test_terms_that_the_law_refuses(
    world: World, terms: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    """LF-3, LF-4 (JO 8958-2020): never visits, sobriety or treatment as terms of a lease."""
    assert problems(world, accepted(world), terms=terms) == expected


@pytest.mark.parametrize("value", [2, "three", 3.5, -3])
def test_a_shorter_notice_than_the_laws_is_refused(world: World, value: object) -> None:
    """LF-1 (JB 12:1, 12:4)."""
    found = problems(world, accepted(world), terms={"notice_months": value})
    assert {field for field, _ in found} == {"terms.notice_months"}


def test_terms_are_kept_as_checked(world: World) -> None:
    terms = {
        "informed_of_link": True,
        "stock": "rented_in",
        "notice_months": 3,
        "sobriety_required": False,
        "tenure_waiver": "",
    }
    contract = world.contract(accepted(world), terms=terms)
    terms.pop("tenure_waiver")
    assert world.again(contract).terms == terms


def test_days_in_order(world: World) -> None:
    offer = accepted(world)
    day = timedelta(days=1)
    assert problems(world, offer, starts_on=SIGNED - day) == {("startsOn", "before_signing")}
    assert problems(world, offer, ends_on=SIGNED + 5 * day) == {("endsOn", "before_start")}
    assert problems(world, offer, owner_notified_on=SIGNED - day) == {
        ("ownerNotifiedOn", "before_signing")
    }
    assert problems(world, offer, owner_notified_on=today() + day) == {
        ("ownerNotifiedOn", "future")
    }
    assert problems(world, offer, signed_on=today() + day) == {("signedOn", "future")}
    assert problems(world, offer, signed_on=SIGNED - 30 * day) == {("signedOn", "too_early")}


def test_only_an_accepted_offer_becomes_a_contract(world: World) -> None:
    case = world.case()
    offer = world.offer(world.registered(case))
    with pytest.raises(Conflict) as refused:
        world.contract(offer)
    assert (refused.value.rule, refused.value.params) == ("offer_not_accepted", {"state": "made"})
    declined = world.act(
        "caseworker SOF-VUX",
        offers.decline,
        offer_id=offer.id,
        code="wrong_size",
        reason="För liten.",
        expected_version=offer.version,
    )
    with pytest.raises(Conflict):
        world.contract(declined, signed_on=today(), starts_on=today(), told_of_link_on=today())


def test_an_offer_becomes_one_contract(world: World) -> None:
    offer = accepted(world)
    outcomes = at_once(*[lambda: world.contract(offer)] * 2)
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Contract"]
    assert len(world.rows(Contract, offer_id=offer.id)) == 1


def test_who_signs_for_the_kommun(world: World) -> None:
    offer = accepted(world)
    arguments = {"offer_id": offer.id, "starts_on": today(), "told_of_link_on": today()}
    for name in ("caseworker SOF-VUX", "manager SOF-VUX"):
        with pytest.raises(NotAllowed):
            world.act(name, guarantees.sign_contract, **arguments)
    with pytest.raises(NotFound) as hidden:
        world.act("caseworker AMF", guarantees.sign_contract, **arguments)
    assert hidden.value.kind == "Offer"
    other = new_world()
    with pytest.raises(NotFound):
        other.act("property", guarantees.sign_contract, **arguments)


def test_a_withdrawn_referral_gives_no_contract(world: World) -> None:
    case = world.case()
    referral = world.registered(case)
    offer = world.accepted(case, referral)
    world.act(
        "caseworker SOF-VUX",
        referrals.withdraw,
        referral_id=referral.id,
        reason="Egen bostad.",
        expected_version=world.again(referral).version,
    )
    with pytest.raises((Conflict, PolicyRefused)):
        world.contract(offer)
    assert world.rows(Contract, case_id=case.id) == []


def test_signing_fulfils_the_referral_and_moves_in(world: World) -> None:
    case = world.case()
    offer = accepted(world, case)
    contract = world.contract(offer)
    referral = world.rows(Referral, case_id=case.id)[0]
    assert (referral.state, referral.end_reason) == ("fulfilled", "contract_signed")
    events = {
        event.kind: event.occurred_on
        for event in world.rows(CaseEvent, case_id=case.id, subject_id=contract.id)
    }
    assert events == {"contract_signed": SIGNED, "moved_in": contract.starts_on}


def test_the_record_knows_the_contract_from_then_on(world: World) -> None:
    case = world.case()
    contract = world.contract(accepted(world, case))
    with world.session() as session:
        before = assessments.facts_of(session, case, contract.starts_on - timedelta(days=1))
        after = assessments.facts_of(session, case, today())
    assert "current_contract_form" not in before
    assert after["current_contract_form"] == "kommunalt_kontrakt"
    assert after["months_in_home"] == 2


def test_a_lease_of_ones_own_needs_no_proof_of_the_link(world: World) -> None:
    case = world.case()
    offer = world.accepted(case, world.registered(case, GUARANTEE))
    contract = world.contract(offer, told_of_link_on=None, guarantee_months=24)
    assert (contract.kind, contract.told_of_link_on) == ("first_hand", None)
