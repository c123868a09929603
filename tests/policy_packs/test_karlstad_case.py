"""Cases of Karlstad through the services: social contract, guarantee, a roof, Bostad först."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.errors import PolicyRefused, ValidationFailed
from hemvist.guarantees.models import Guarantee
from hemvist.letters.words import day, money
from hemvist.milestones.watching import case_findings
from hemvist.policy import add_days, add_months
from hemvist.policy.legal import Lawfulness
from hemvist.support_plans import signing
from hemvist.support_plans.models import SupportPlan
from hemvist_letters import letter_said, plain
from hemvist_pack_cases import Walk
from hemvist_world import HOUSING, SUPPORT

CONTENT = {
    "household": "Ensamstående vuxen.",
    "home_needed": "Ett rum och kök.",
    "reasons": "Får inte hyra på egen hand.",
}
#: The waiver of tenure in the form of the law (JB 12:45 a).
WAIVER = {
    "own_document": True,
    "needs_approval": True,
    "approved": True,
    "approval_number": "88-25",
    "months": 36,
    "block_letting": False,
}
PLAN = {
    "agreed": "Hyran betalas den sista varje månad.",
}
#: A year and some days ago, so that the year in second hand is full.
SIGNED_ON = add_days(add_months(today(), -12), -20)


@pytest.fixture(scope="module")
def walk(database: str) -> Walk:
    """Karlstad: the labour market and social administration, and the housing group."""
    return Walk.of("karlstad/sociala-kontrakt", "ASF", "BG", "1780", CONTENT)


def social_contract(walk: Walk, **changes: Any) -> Case:
    """A social contract signed a year and some days ago."""
    case = walk.opened(SIGNED_ON - timedelta(days=60), barred_from_market=True)
    offer = walk.taken(case, "social_contract", SIGNED_ON)
    walk.sign(offer, SIGNED_ON, **({"waiver": WAIVER} | changes))
    return walk.world.again(case)  # type: ignore[no-any-return]


def flags(walk: Walk, case: Case) -> set[str]:
    """What the law has to say of the case as it stands."""
    found = walk.world.read(lambda session: case_findings(session, case, today()))
    return {one.flag for one in found if one.outcome is not Lawfulness.HELD}


def test_a_social_contract_from_assessment_to_the_end_of_support(walk: Walk) -> None:
    """A year second-hand, the lease taken over, a year of support to the landlord (KSD-08 to 10)."""
    case = social_contract(walk)
    assert walk.stage(case) == "second_hand"
    assert walk.due(case, "support_year_ends") == []

    assert {"reconciliation_favours_takeover"} <= walk.asked(case)
    with pytest.raises(PolicyRefused) as unknown:
        walk.reached(case, "taken_over", today(), "property")
    assert "contract_may_be_transferred" in str(unknown.value)
    walk.reached(case, "reconciliation", today() - timedelta(days=10))
    walk.answer(case, reconciliation_favours_takeover=False)
    with pytest.raises(PolicyRefused):
        walk.reached(case, "taken_over", today(), "property")
    walk.answer(case, reconciliation_favours_takeover=True)
    with pytest.raises(PolicyRefused):
        walk.reached(case, "taken_over", add_months(SIGNED_ON, 12) - timedelta(days=1))
    over = today() - timedelta(days=5)
    walk.reached(case, "taken_over", over, "property")

    assert walk.stage(case) == "supported_lease"
    assert walk.due(case, "support_year_ends") == [add_months(over, 12)]
    walk.reached(case, "support_over", today())
    assert walk.stage(case) == "closed"
    assert walk.due(case, "support_year_ends") == []


@pytest.mark.parametrize("end", ["taken_over", "moved_out"])
def test_the_law_watches_the_second_hand_tenancy_while_there_is_one(walk: Walk, end: str) -> None:
    """JB 12:45: not known whether it is a block letting; no question when the kommun lets nothing."""
    case = social_contract(walk, waiver={})
    assert "LF-2" in flags(walk, case)
    walk.answer(case, reconciliation_favours_takeover=True)
    walk.reached(case, end, today(), "property")
    assert "LF-2" not in flags(walk, case)


def test_the_housing_plan_is_written_and_looked_over(walk: Walk) -> None:
    """KSD-25, KSD-26: three parties sign it, and there is a day on which it can be rewritten."""
    case = social_contract(walk)
    assert walk.due(case, "boplan") == [SIGNED_ON + timedelta(days=30)]
    assert walk.due(case, "boplan_review")[:2] == [
        add_months(SIGNED_ON, 6),
        add_months(SIGNED_ON, 12),
    ]
    with pytest.raises(PolicyRefused):
        walk.follow_up(case, "boplan", SIGNED_ON + timedelta(days=20))
    walk.follow_up(case, "boplan", SIGNED_ON + timedelta(days=20), plan=PLAN)
    assert all_sign(walk, case, SIGNED_ON + timedelta(days=25)) == ["draft", "draft", "agreed"]
    rewritten = {**PLAN, "agreed": "Hyran dras från bankkontot."}
    walk.follow_up(case, "boplan_review", add_months(SIGNED_ON, 6), plan=rewritten)
    all_sign(walk, case, add_months(SIGNED_ON, 7))

    plans = sorted(walk.world.rows(SupportPlan, case_id=case.id), key=lambda plan: plan.number)
    assert [plan.agreed_on for plan in plans] == [
        SIGNED_ON + timedelta(days=25),
        add_months(SIGNED_ON, 7),
    ]
    assert [(plan.state, plan.content["agreed"]) for plan in plans] == [
        ("replaced", PLAN["agreed"]),
        ("agreed", rewritten["agreed"]),
    ]
    walk.answer(case, reconciliation_favours_takeover=True)
    walk.reached(case, "taken_over", today(), "property")
    assert [day for day in walk.due(case, "boplan_review") if day > today()] == []


def all_sign(walk: Walk, case: Case, on: date) -> list[str]:
    """The home seeker, the landlord and the kommun sign the draft; the state after each."""
    states = []
    for party in ("resident", "landlord", "referring"):
        [draft] = walk.world.rows(SupportPlan, case_id=case.id, state="draft")
        signed = walk.world.act(
            walk.caseworker,
            signing.sign,
            plan_id=draft.id,
            party=party,
            name="Namn Namnsson",
            signed_on=on,
            expected_version=draft.version,
        )
        states.append(signed.state)
    return states


def test_being_drug_free_is_asked_nowhere_and_can_be_no_condition(walk: Walk) -> None:
    """KSD-06 and LF-4: not on the form, not in the decision, not in the contract."""
    signed = today() - timedelta(days=20)
    case = walk.opened(signed - timedelta(days=60), barred_from_market=True)
    assert "months_without_drugs" not in walk.asked(case)
    sober = [{"kind": "sobriety", "text": "Ska vara drogfri."}]
    with pytest.raises(PolicyRefused):
        walk.decided(
            case, SUPPORT, "social_contract", signed - timedelta(days=50), conditions=sober
        )
    offer = walk.taken(walk.world.again(case), "social_contract", signed)
    with pytest.raises(PolicyRefused):
        walk.sign(offer, signed, waiver=WAIVER, clauses=sober)
    contract = walk.sign(offer, signed, waiver=WAIVER)
    assert [clause["kind"] for clause in contract.clauses] == []
    assert contract.waiver["months"] == 36


def said(findings: list[dict[str, Any]], flag: str) -> list[str]:
    """What the law said at the act, of the checks with a flag."""
    return [found["outcome"] for found in findings if found["flag"] == flag]


@pytest.mark.parametrize("lacking", ["approved", "own_document"])
def test_a_waiver_not_in_the_form_of_the_law_is_warned_of(walk: Walk, lacking: str) -> None:
    """KSD-11 and LF-2: it needs a document of its own and the rent tribunal's approval."""
    signed = today() - timedelta(days=20)
    case = walk.opened(signed - timedelta(days=60), barred_from_market=True)
    offer = walk.taken(case, "social_contract", signed)
    waiver = {**WAIVER, lacking: False}

    with pytest.raises(ValidationFailed) as warned:
        walk.sign(offer, signed, waiver=waiver)
    assert {problem.params["flag"] for problem in warned.value.problems} == {"LF-2"}
    contract = walk.sign(offer, signed, waiver=waiver, went_on_because="Nämnden prövar det nu.")
    assert said(contract.legal_findings, "LF-2") == ["violated"]


def test_a_waiver_of_which_nothing_is_told_is_an_open_question(walk: Walk) -> None:
    """The form itself waives tenure for three years: unknown is neither right nor wrong."""
    signed = today() - timedelta(days=20)
    case = walk.opened(signed - timedelta(days=60), barred_from_market=True)
    offer = walk.taken(case, "social_contract", signed)

    contract = walk.sign(offer, signed)
    assert said(contract.legal_findings, "LF-2") == ["unknown"]


def test_a_household_that_leaves_closes_the_way(walk: Walk) -> None:
    """The keys are handed in during the year: nothing is looked over any more."""
    case = social_contract(walk)
    walk.reached(case, "moved_out", add_months(SIGNED_ON, 3), "property")

    assert walk.stage(case) == "closed"
    assert walk.due(case, "boplan_review") == []


def test_a_rent_guarantee_up_to_the_debt_limit(walk: Walk) -> None:
    """KSD-14 to KSD-17: one krona too much is no; within it a year and three months of rent."""
    signed = today() - timedelta(days=20)
    facts = {"has_income_support": True, "debts_ore": 1_000_100}
    case = walk.opened(signed - timedelta(days=60), **facts)
    assert walk.asked(case) >= set(facts)
    with pytest.raises(ValidationFailed) as no:
        walk.taken(case, "hyresgaranti", signed)
    assert [problem.field for problem in no.value.problems] == ["departureReason"]

    walk.answer(case, debts_ore=1_000_000)
    offer = walk.taken(case, "hyresgaranti", signed)
    with pytest.raises(ValidationFailed) as period:
        walk.sign(offer, signed, guarantee_months=24)
    assert [problem.field for problem in period.value.problems] == ["guaranteeMonths"]
    contract = walk.sign(offer, signed, guarantee_months=12)

    (guarantee,) = walk.world.rows(Guarantee, case_id=case.id)
    assert contract.kind == "first_hand"
    assert guarantee.starts_on == contract.starts_on
    assert guarantee.ends_on == add_months(contract.starts_on, 12)
    assert guarantee.covers == ["rent"]
    letter = letter_said(walk.world, case, "guarantee", guarantee, "property")
    assert "Hyresgaranti" in letter and "2 kap. 6 § lagen (2009:47)" in letter
    sum_said = plain(f"Högsta belopp {money(3 * contract.rent_ore)}, 3 månadshyror")
    assert sum_said in letter
    assert f"Gäller till {day(guarantee.ends_on)}" in letter
    # Three months of rent for a household on income support: the state gives nothing to it.
    assert said(guarantee.legal_findings, "LF-6") == ["unknown", "violated"]


def test_a_roof_needs_one_decision_and_forbids_no_alcohol(walk: Walk) -> None:
    """KSD-02 to KSD-05: no contract, no referral; a ban on alcohol is stopped in this programme only."""
    on = today() - timedelta(days=2)
    case = walk.opened(on, without_roof=True)
    dry = [{"kind": "alcohol_in_home", "text": "Alkohol får inte drickas."}]
    with pytest.raises(PolicyRefused) as stopped:
        walk.decided(case, HOUSING, "roof_over_head", on, conditions=dry)
    assert "alcohol_allowed" in str(stopped.value)
    walk.decided(case, HOUSING, "roof_over_head", on)

    assert walk.world.again(case).programme == "roof_over_head"
    other = walk.opened(on, barred_from_market=True)
    with pytest.raises(ValidationFailed) as warned:
        walk.decided(other, SUPPORT, "social_contract", on, conditions=dry)
    assert {problem.field for problem in warned.value.problems} == {"wentOnBecause"}


def test_bostad_forst_asks_one_thing_and_meets_every_week(walk: Walk) -> None:
    """KSD-19 to KSD-21: homeless is enough, a lease of one's own, support until it ends."""
    signed = today() - timedelta(days=40)
    case = walk.opened(signed - timedelta(days=60), homeless=True)
    offer = walk.taken(case, "bostad_forst", signed)
    case = walk.world.again(case)
    with pytest.raises(PolicyRefused):
        walk.sign(offer, signed, clauses=[{"kind": "home_visits", "text": "Möte varje vecka."}])
    contract = walk.sign(offer, signed, terms={"tenancy_act": True})
    assert (contract.kind, contract.ends_on) == ("first_hand", None)
    weeks = walk.due(case, "weekly_contact")
    assert weeks[0] == contract.starts_on + timedelta(days=7)
    assert "weekly_contact_kept" not in walk.asked(case)
    walk.follow_up(case, "weekly_contact", weeks[0], plan=PLAN)
    walk.reached(case, "support_over", today())
    assert walk.due(case, "weekly_contact")[-1] <= today()


def test_a_refugee_takes_the_contract_over_when_all_three_agree(walk: Walk) -> None:
    """KSD-12, KSD-13: no time to wait, and the owner's no is a no."""
    signed = today() - timedelta(days=20)
    case = walk.opened(signed - timedelta(days=60), assigned_refugee=True)
    offer = walk.taken(case, "assigned_refugee", signed)
    walk.sign(offer, signed)
    case = walk.world.again(case)
    all_three = ("resident", "landlord", "property")

    assert {"resident_agrees", "landlord_agrees", "kommun_agrees"} <= walk.asked(case)
    walk.answer(case, resident_agrees=True, landlord_agrees=False, kommun_agrees=True)
    with pytest.raises(PolicyRefused):
        walk.reached(case, "taken_over", today(), "property", agreed=all_three)
    walk.answer(case, landlord_agrees=True)
    with pytest.raises(ValidationFailed) as lacking:
        walk.reached(case, "taken_over", today(), "property", agreed=all_three[:2])
    assert [problem.field for problem in lacking.value.problems] == ["agreed"]
    walk.reached(case, "taken_over", today(), "property", agreed=all_three)
    assert walk.due(case, "boplan_review") == []
