"""The law at the signing of a contract: what stops it, what needs a reason, what is only told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.errors import PolicyRefused, ValidationFailed
from hemvist.guarantees.models import Guarantee
from hemvist.offers.models import Offer
from hemvist.policy import Pack
from hemvist_law import law_installed
from hemvist_world import GUARANTEE, World, adult

#: A waiver in the form of the law.
WAIVER = {"own_document": True, "needs_approval": True, "approved": True, "block_letting": False}
REASON = "Ägaren godtar bara en månad; hyresgästen har fått veta att lagen gäller."


@pytest.fixture(scope="module", autouse=True)
def pack() -> Iterator[Pack]:
    with law_installed() as found:
        yield found


@pytest.fixture
def offer(world: World) -> Offer:
    """Accepted, and not signed yet."""
    case = world.case()
    return world.accepted(case, world.registered(case))


def sign(world: World, offer: Offer, **changes: Any) -> Contract:
    day = today() - timedelta(days=90)
    values: dict[str, Any] = {
        "waiver": WAIVER,
        "went_on_because": REASON,
        "owner_notified_on": day,
    }
    return world.contract(offer, **(values | changes))


def found(row: Any) -> dict[str, str]:
    """Flag → outcome, for what does not simply hold."""
    return {one["flag"]: one["outcome"] for one in row.legal_findings if one["outcome"] != "held"}


def warned(refused: pytest.ExceptionInfo[ValidationFailed]) -> list[str]:
    assert {problem.field for problem in refused.value.problems} == {"wentOnBecause"}
    return [str(problem.params["flag"]) for problem in refused.value.problems]


def test_a_short_notice_needs_a_reason_and_is_kept(world: World, offer: Offer) -> None:
    with pytest.raises(ValidationFailed) as refused:
        sign(world, offer, went_on_because=" ")
    assert warned(refused) == ["LF-1"]
    assert world.rows(Contract, offer_id=offer.id) == []
    contract = sign(world, offer)
    assert found(contract) == {"LF-1": "violated"}
    assert contract.went_on_because == REASON
    [notice] = [one for one in contract.legal_findings if one["flag"] == "LF-1"]
    # Three months after a notice on the day of signing.
    assert notice["earliest"] > str(contract.signed_on + timedelta(days=88))


def test_the_form_brings_its_clauses_and_leaves_history_out(world: World, offer: Offer) -> None:
    contract = sign(world, offer, clauses=[{"kind": "other", "text": " Cykelrum. "}])
    assert contract.clauses == [
        {"kind": "ends_with_support", "text": "Följer insatsen"},
        {"kind": "other", "text": "Cykelrum."},
    ]


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("sobriety", "against_law"),
        ("drug_tests", "against_law"),
        ("home_visits", "against_law"),
        ("medication", "against_law"),
        ("sole_occupancy", "refused_by_guideline"),
    ],
)
def test_a_forbidden_clause_stops_the_signing(
    world: World, offer: Offer, kind: str, rule: str
) -> None:
    with pytest.raises(PolicyRefused) as refused:
        sign(world, offer, clauses=[{"kind": kind, "text": "Enligt överenskommelse."}])
    assert refused.value.rule == rule
    assert refused.value.cite and refused.value.items
    assert all(item["label"]["sv"] and item["message"]["en"] for item in refused.value.items)
    assert world.rows(Contract, offer_id=offer.id) == []
    assert world.again(offer).state == "accepted"


@pytest.mark.parametrize(
    ("changes", "flags"),
    [
        ({"own_document": False}, ["LF-1", "LF-2"]),
        ({"approved": False}, ["LF-1", "LF-2"]),
        ({"needs_approval": False, "approved": False}, ["LF-1"]),
    ],
)
def test_a_waiver_out_of_form_is_warned_of(
    world: World, offer: Offer, changes: dict[str, bool], flags: list[str]
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        sign(world, offer, waiver=WAIVER | changes, went_on_because="")
    assert warned(refused) == flags


def test_a_waiver_that_nobody_knows_the_form_of_is_told(world: World, offer: Offer) -> None:
    contract = sign(world, offer, waiver=None)
    assert found(contract) == {"LF-1": "violated", "LF-2": "unknown"}
    [waiver] = [one for one in contract.legal_findings if one["rule"] == "lf_2_waiver"]
    assert "waiver_own_document" in {one["fact"] for one in waiver["missing"]}


def test_a_partner_must_accept_the_waiver(world: World) -> None:
    case = world.case(adult(), adult("partner"))
    offer = world.accepted(case, world.registered(case))
    with pytest.raises(ValidationFailed) as refused:
        sign(world, offer, waiver=WAIVER | {"partner_accepts": False}, went_on_because="")
    assert warned(refused) == ["LF-1", "LF-2"]
    assert found(sign(world, offer, waiver=WAIVER | {"partner_accepts": True})) == {
        "LF-1": "violated"
    }


def test_the_landlord_told_late_or_not_yet(world: World, offer: Offer) -> None:
    late = today() - timedelta(days=80)
    with pytest.raises(ValidationFailed) as refused:
        sign(world, offer, owner_notified_on=late, went_on_because="")
    assert warned(refused) == ["LF-1", "LF-7"]
    assert found(sign(world, offer, owner_notified_on=None))["LF-7"] == "unknown"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"clauses": [{"kind": "curfew", "text": "x"}]}, ("clauses[0].kind", "unknown_choice")),
        ({"clauses": [{"kind": "other", "text": " "}]}, ("clauses[0].text", "required")),
        ({"clauses": [{"kind": "other", "text": 7}]}, ("clauses[0].text", "required")),
        ({"clauses": [{"kind": "other", "text": "x"}] * 51}, ("clauses", "count")),
        ({"waiver": {"colour": True}}, ("waiver", "unknown_item")),
        ({"waiver": {"approved": "yes"}}, ("waiver.approved", "wrong_type")),
        ({"waiver": {"months": 601}}, ("waiver.months", "out_of_range")),
        ({"waiver": {"approval_number": "x" * 201}}, ("waiver.approval_number", "too_long")),
        ({"went_on_because": "x" * 5_001}, ("wentOnBecause", "too_long")),
    ],
)
def test_what_is_wrong_is_named(
    world: World, offer: Offer, given: dict[str, Any], problem: tuple[str, str]
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        sign(world, offer, **given)
    assert problem in [(one.field, one.rule) for one in refused.value.problems]


def guaranteed(world: World, **changes: Any) -> Case:
    case = world.case(**changes)
    offer = world.accepted(case, world.registered(case, GUARANTEE))
    world.contract(offer, guarantee_months=24, told_of_link_on=None)
    return case


def test_a_guarantee_says_whether_the_state_grants_it(world: World) -> None:
    case = guaranteed(world)
    [row] = world.rows(Guarantee, case_id=case.id)
    outcomes = {one["rule"]: one["outcome"] for one in row.legal_findings}
    assert outcomes == {"lf_6_lawful": "held", "lf_6_state_grant": "unknown"}
    [grant] = [one for one in row.legal_findings if one["rule"] == "lf_6_state_grant"]
    assert {one["fact"] for one in grant["missing"]} == {"pays_without_income_support"}


def test_a_fixed_term_gives_no_permanent_home(world: World) -> None:
    case = world.case()
    offer = world.accepted(case, world.registered(case, GUARANTEE))
    ends = today() + timedelta(days=300)
    fixed: dict[str, Any] = {"guarantee_months": 12, "told_of_link_on": None, "ends_on": ends}
    with pytest.raises(ValidationFailed) as refused:
        world.contract(offer, **fixed)
    assert warned(refused) == ["LF-6"]
    # Nothing of the contract stays behind either.
    assert world.rows(Contract, offer_id=offer.id) == []
    world.contract(offer, **fixed, went_on_because="Ägaren förlänger alltid.")


def test_a_forbidden_clause_under_another_name_is_noticed(world: World, offer: Offer) -> None:
    clauses = [{"kind": "other", "text": "Hyresgästen lämnar urinprov varje vecka."}]
    with pytest.raises(ValidationFailed) as refused:
        sign(world, offer, clauses=clauses, went_on_because="")
    assert warned(refused) == ["LF-1", "LF-3"]
    contract = sign(world, offer, clauses=clauses)
    assert "worded_like_drug_tests" in {one["rule"] for one in contract.legal_findings}
