"""Cases of Norrköping through the services: municipal contract, agreements of three parties, Bo kvar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.errors import PolicyRefused, ValidationFailed
from hemvist.guarantees.models import Guarantee
from hemvist.letters.words import day
from hemvist.policy import add_days, add_months
from hemvist_letters import letter_said
from hemvist_pack_cases import Walk
from hemvist_workers import chores
from hemvist_world import SUPPORT, as_owner

SOON = today() - timedelta(days=20)
CONTENT = {
    "household": "En ung vuxen.",
    "home_needed": "Ett rum och kök.",
    "reasons": "Måste lämna mottagandet.",
}
WAIVER = {
    "own_document": True,
    "needs_approval": True,
    "approved": True,
    "approval_number": "12-26",
    "months": 3,
    "block_letting": False,
}
#: Municipality, tenant and owner have signed (NKP-08).
THREE = {"signed_by_landlord": True, "signed_by_tenant": True, "signed_by_kommun": True}
YOUNG = {"target_groups": ["unaccompanied_young"], "has_income": False}
LANDLORD = "Hyresbostäder i Norrköping"


@pytest.fixture(scope="module")
def walk(database: str) -> Walk:
    """Norrköping: the social administration and the housing coordination."""
    return Walk.of("norrkoping/kommunala-kontrakt", "SOC", "BS", "0581", CONTENT)


def signed(walk: Walk, name: str, on: date, **changes: Any) -> tuple[Case, Contract]:
    """A case of a young person without income, with its contract signed on a day."""
    case = walk.opened(on - timedelta(days=60), **YOUNG)
    offer = walk.taken(case, name, on)
    contract = walk.sign(offer, on, **changes)
    return walk.world.again(case), contract


def short(walk: Walk, on: date, **changes: Any) -> tuple[Case, Contract]:
    """A three-month agreement, signed by three parties, with the surety."""
    words = {
        "terms": THREE | {"open_cards_consent": True},
        "waiver": WAIVER,
        "ends_on": add_months(on + timedelta(days=7), 3),
        "guarantee_months": 3,
        "went_on_because": "Kommunen går i borgen enligt modellen.",
    }
    return signed(walk, "three_month_agreement", on, **(words | changes))


def test_a_municipal_contract_becomes_an_ordinary_lease(walk: Walk) -> None:
    """NKP-05, NKP-06: two years at most, and the goal is a lease of one's own."""
    on = add_days(add_months(today(), -14), -3)
    case, contract = signed(walk, "municipal_contract", on)
    assert contract.kind == "sublease"
    assert walk.due(case, "training_ends") == [add_months(on, 24)]

    walk.reached(case, "ordinary_lease", today())
    assert walk.due(case, "training_ends") == []
    assert walk.due(case, "training_ends", "cancelled") == [add_months(on, 24)]


def test_whoever_leaves_has_no_training_time_left(walk: Walk) -> None:
    case, _ = signed(walk, "municipal_contract", SOON)
    walk.reached(case, "moved_out", today(), "property")
    assert walk.due(case, "training_ends") == []


def test_three_parties_sign_and_the_kommun_stands_surety(walk: Walk) -> None:
    """NKP-08, NKP-10, NKP-11: three months, as long as the surety, from the day of moving in."""
    case = walk.opened(SOON - timedelta(days=60), **YOUNG)
    offer = walk.taken(case, "three_month_agreement", SOON)
    starts = SOON + timedelta(days=7)
    words: dict[str, Any] = {
        "waiver": WAIVER,
        "ends_on": add_months(starts, 3),
        "guarantee_months": 3,
    }
    for missing in THREE:
        two = {name: value for name, value in THREE.items() if name != missing}
        with pytest.raises(ValidationFailed) as lacking:
            walk.sign(offer, SOON, terms=two, **words)
        assert [problem.field for problem in lacking.value.problems] == [f"terms.{missing}"]
    with pytest.raises(ValidationFailed) as length:
        walk.sign(offer, SOON, terms=THREE, **(words | {"guarantee_months": 6}))
    assert [problem.field for problem in length.value.problems] == ["guaranteeMonths"]
    with pytest.raises(ValidationFailed) as warned:
        walk.sign(offer, SOON, terms=THREE, **words)
    # A lease of three months is no permanent home with a right to extension.
    assert {problem.params["flag"] for problem in warned.value.problems} == {"LF-6"}
    walk.sign(offer, SOON, terms=THREE, went_on_because="Borgen enligt modellen.", **words)

    (surety,) = walk.world.rows(Guarantee, case_id=case.id)
    assert (surety.starts_on, surety.ends_on) == (starts, add_months(starts, 3))
    assert surety.kind == "surety"
    letter = letter_said(walk.world, case, "guarantee", surety, "property")
    assert "Kommunal borgen" in letter and "Borgensman" in letter
    assert f"Gäller till {day(surety.ends_on)}" in letter
    (lease,) = walk.world.rows(Contract, case_id=case.id)
    contract = letter_said(walk.world, case, "contract", lease, "property")
    # Three parties: the owner lets, and the kommun stands in it beside the tenant.
    assert "Kommunen, part i avtalet" in contract and "Kommunen: " in contract
    assert f"Gäller till {day(lease.ends_on)}" in contract


def test_a_surety_from_before_there_were_kinds_is_named_so(walk: Walk) -> None:
    """The migration could not read guidelines: it named everything a guarantee."""
    case, _ = short(walk, SOON)
    (surety,) = walk.world.rows(Guarantee, case_id=case.id)
    with as_owner(walk.world.tenant_id) as connection:
        connection.execute("UPDATE guarantees SET kind = 'guarantee' WHERE id = %s", (surety.id,))
    # Its line of the case says that it was given as a surety: whoever made it another kind knew.
    chores.watch_guarantees(walk.world.tenant_id)
    assert walk.world.again(surety).kind == "guarantee"
    with as_owner(walk.world.tenant_id) as connection:
        connection.execute(
            "UPDATE case_events SET data = data - 'kind' WHERE subject_id = %s", (surety.id,)
        )
    chores.watch_guarantees(walk.world.tenant_id)
    assert walk.world.again(surety).kind == "surety"


def test_it_is_for_those_without_an_income(walk: Walk) -> None:
    case = walk.opened(SOON - timedelta(days=60), **(YOUNG | {"has_income": True}))
    with pytest.raises(ValidationFailed) as no:
        walk.decided(case, SUPPORT, "three_month_agreement", SOON)
    assert [problem.field for problem in no.value.problems] == ["departureReason"]
    walk.decided(case, SUPPORT, "support_agreement", SOON)


def test_the_landlord_is_told_only_with_a_consent_to_that_landlord(walk: Walk) -> None:
    """NKP-16 and LF-10: asked on the form, refused without it, refused when withdrawn."""
    case, _ = short(walk, SOON)
    consent = {"recipient": LANDLORD, "given_on": SOON.isoformat(), "withdrawn": False}
    assert walk.stage(case) == "agreement"
    assert {"landlord_name", "landlord_consents"} <= walk.asked(case)
    for known in (
        {},
        {"landlord_name": LANDLORD, "landlord_consents": []},
        {"landlord_consents": [consent | {"recipient": "Annan värd"}]},
        {"landlord_consents": [consent | {"withdrawn": True}]},
    ):
        walk.answer(case, **known)
        with pytest.raises(PolicyRefused) as refused:
            walk.reached(case, "open_cards", today())
        assert "landlord_may_be_told" in str(refused.value)
    walk.answer(case, landlord_consents=[consent])
    walk.reached(case, "open_cards", today())
    assert walk.stage(case) == "open_cards"


def test_the_agreement_is_normalised_after_a_year(walk: Walk) -> None:
    """NKP-17: one to two years, whether or not the landlord was told who lives there."""
    on = add_days(add_months(today(), -12), -4)
    case, _ = short(walk, on)
    assert walk.due(case, "usually_normalised") == [add_months(on, 24)]
    with pytest.raises(PolicyRefused):
        walk.reached(case, "ordinary_lease", add_months(on, 12) - timedelta(days=1))
    walk.reached(case, "ordinary_lease", add_months(on, 12))
    assert walk.stage(case) == "ordinary"
    assert walk.due(case, "usually_normalised") == []


def test_a_relapse_ends_nothing(walk: Walk) -> None:
    """NKP-18 and LF-4: it is asked nowhere and can stand in no agreement."""
    case = walk.opened(SOON - timedelta(days=60), **YOUNG)
    offer = walk.taken(case, "support_agreement", SOON)
    assert "relapsed" not in walk.asked(case)
    with pytest.raises(PolicyRefused):
        walk.sign(
            offer,
            SOON,
            terms=THREE,
            waiver=WAIVER,
            clauses=[{"kind": "sobriety", "text": "Upphör vid återfall."}],
        )
    contract = walk.sign(offer, SOON, terms=THREE, waiver=WAIVER)
    assert [clause["kind"] for clause in contract.clauses] == ["tenure_waiver"]


def test_bo_kvar_begins_when_it_is_concluded_and_hinders_nothing(walk: Walk) -> None:
    """NKP-21, NKP-22: no decision and no home; the other programmes can still be tried."""
    case = walk.opened(today(), eviction_applied_for=True, arrears_ore=0)
    assert {"eviction_applied_for", "target_groups"} <= walk.asked(case)
    walk.conclude(case, "to_be_contacted", True)
    case = walk.world.again(case)

    assert case.programme == "bo_kvar"
    assert walk.world.rows(Obligation, case_id=case.id) == []
    assert "target_groups" in walk.asked(case)
    walk.answer(case, **YOUNG)
    walk.decided(case, SUPPORT, "three_month_agreement", today())
    assert walk.world.again(case).programme == "three_month_agreement"
