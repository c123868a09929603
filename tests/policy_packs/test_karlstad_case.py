"""Cases of Karlstad through the services: social contract, guarantee, a roof, Bostad först."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.errors import PolicyRefused, ValidationFailed
from hemvist.follow_ups import service as follow_ups
from hemvist.guarantees.models import Guarantee
from hemvist.identity import Membership, Role
from hemvist.milestones import service as milestones
from hemvist.milestones.models import Milestone
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.policy import Programme, Registry, add_days, add_months
from hemvist.policy.facts import FactKind
from hemvist.referrals.models import Referral
from hemvist.support_plans.models import SupportPlan
from hemvist_world import HOUSING, SUPPORT, World, adult, new_world

PACK = "karlstad/sociala-kontrakt"
CASEWORKER = "caseworker ASF"
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
    "home_seeker": True,
    "landlord": True,
    "kommun": True,
    "agreed": "Hyran betalas den sista varje månad.",
}
#: A year and some days ago, so that the year in second hand is full.
SIGNED_ON = add_days(add_months(today(), -12), -20)


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Karlstad: the labour market and social administration, and the housing group."""
    made = new_world(pack=PACK, departments={"ASF": ""})
    made.add("property", Membership(Role.PROPERTY_OFFICER, "BG"))
    return made


def programme(name: str) -> Programme:
    """A programme of the pack."""
    return Registry.discover().get(PACK).programme(name)


def answer(world: World, case: Case, **facts: Any) -> None:
    """What the caseworker answers, with a reason for every judgement."""
    given = [NewAnswer(fact, value, "Bedömt i samtal.", "samtal") for fact, value in facts.items()]
    world.act(CASEWORKER, assessments.answer_all, case_id=case.id, answers=given)


def asked(world: World, case: Case) -> set[str]:
    """The facts that stand on the case's form today, those that a person answers."""
    found = world.read(lambda session: assessments.questions(session, case, today()))
    return {one.fact.name for one in found if one.fact.kind is not FactKind.DERIVED}


def opened(world: World, on: date, **facts: Any) -> Case:
    """A case opened on a day, with these answers."""
    household = world.household(
        adult(registered_kommun="1780", protection_checked_on=on),
        department="ASF",
        registered_on=on,
    )
    case = world.act(
        CASEWORKER, cases.open_case, household_id=household.id, department="ASF", opened_on=on
    )
    answer(world, case, **facts)
    return case  # type: ignore[no-any-return]


def decided(world: World, case: Case, kind: str, name: str, on: date, **changes: Any) -> None:
    """Proposed and decided on the act of the day."""
    basis = "sol_2025_11_1" if on >= date(2025, 7, 1) else "sol_2001_4_1"
    world.grant(case, kind, programme=name, legal_basis=[basis], on=on, **changes)


def taken(world: World, case: Case, name: str, signed_on: date) -> Offer:
    """Support granted 40 days before the contract, referral, a flat, and the decision on it."""
    from hemvist.referrals import service as referrals
    from hemvist.referrals import signing

    def day(before: int) -> date:
        return signed_on - timedelta(days=before)

    decided(world, case, SUPPORT, name, day(40))
    draft: Referral = world.act(
        CASEWORKER,
        referrals.draft,
        case_id=case.id,
        programme=name,
        content=CONTENT,
        on=day(38),
    )
    signed = world.act(
        CASEWORKER,
        signing.record_resident_signature,
        referral_id=draft.id,
        person_id=world.applicant(case),
        signed_on=day(38),
        expected_version=draft.version,
    )
    sent = world.act(
        CASEWORKER,
        referrals.submit,
        referral_id=draft.id,
        expected_version=signed.version,
        on=day(37),
    )
    referral = world.act(
        "property",
        referrals.register,
        referral_id=sent.id,
        expected_version=sent.version,
        on=day(36),
    )
    offer = world.act(
        "property", offers.make, referral_id=referral.id, unit_id=world.unit().id, on=day(20)
    )
    taken = world.act(
        CASEWORKER,
        offers.accept,
        offer_id=offer.id,
        expected_version=offer.version,
        on=day(18),
    )
    decided(world, case, HOUSING, name, day(5))
    return taken  # type: ignore[no-any-return]


def sign(world: World, offer: Offer, signed_on: date, **changes: Any) -> Contract:
    """Signed on a day and moved in a week later; the law's words on the rest are gone on in spite of."""
    words: dict[str, Any] = {
        "signed_on": signed_on,
        "starts_on": signed_on + timedelta(days=7),
        "told_of_link_on": signed_on,
        "owner_notified_on": signed_on,
    }
    return world.contract(offer, **(words | changes))


def reached(
    world: World, case: Case, milestone: str, on: date, who: str = CASEWORKER, **more: Any
) -> Milestone:
    """One milestone recorded, with every party of it."""
    assert case.programme is not None
    definition = programme(case.programme).milestone(milestone)
    return world.act(  # type: ignore[no-any-return]
        who,
        milestones.record_milestone,
        **{
            "case_id": case.id,
            "milestone": milestone,
            "parties": definition.by,
            "happened_on": on,
            **more,
        },
    )


def stage(world: World, case: Case) -> str | None:
    """The stage that the case is in."""
    assert case.programme is not None
    rules = programme(case.programme)
    return world.read(  # type: ignore[no-any-return]
        lambda session: milestones.stage_now(session, case, rules)
    )


def due(world: World, case: Case, code: str, state: str = "open") -> list[date]:
    """The days of one duty in a state."""
    rows = world.rows(Obligation, case_id=case.id, code=code, state=state)
    return sorted(row.due_on for row in rows)


def social_contract(world: World, **changes: Any) -> Case:
    """A social contract signed a year and some days ago."""
    case = opened(world, SIGNED_ON - timedelta(days=60), barred_from_market=True)
    offer = taken(world, case, "social_contract", SIGNED_ON)
    sign(world, offer, SIGNED_ON, **({"waiver": WAIVER} | changes))
    return world.again(case)  # type: ignore[no-any-return]


def test_a_social_contract_from_assessment_to_the_end_of_support(world: World) -> None:
    """A year second-hand, the lease taken over, a year of support to the landlord (KSD-08 to 10)."""
    case = social_contract(world)
    assert stage(world, case) == "second_hand"
    assert due(world, case, "support_year_ends") == []

    assert {"reconciliation_favours_takeover"} <= asked(world, case)
    with pytest.raises(PolicyRefused) as unknown:
        reached(world, case, "taken_over", today(), "property")
    assert "contract_may_be_transferred" in str(unknown.value)
    reached(world, case, "reconciliation", today() - timedelta(days=10))
    answer(world, case, reconciliation_favours_takeover=False)
    with pytest.raises(PolicyRefused):
        reached(world, case, "taken_over", today(), "property")
    answer(world, case, reconciliation_favours_takeover=True)
    with pytest.raises(PolicyRefused):
        reached(world, case, "taken_over", add_months(SIGNED_ON, 12) - timedelta(days=1))
    over = today() - timedelta(days=5)
    reached(world, case, "taken_over", over, "property")

    assert stage(world, case) == "supported_lease"
    assert due(world, case, "support_year_ends") == [add_months(over, 12)]
    reached(world, case, "support_over", today())
    assert stage(world, case) == "closed"
    assert due(world, case, "support_year_ends") == []


def test_the_housing_plan_is_written_and_looked_over(world: World) -> None:
    """KSD-25, KSD-26: three parties sign it, and there is a day on which it can be rewritten."""
    case = social_contract(world)
    assert due(world, case, "boplan") == [SIGNED_ON + timedelta(days=30)]
    assert due(world, case, "boplan_review")[:2] == [
        add_months(SIGNED_ON, 6),
        add_months(SIGNED_ON, 12),
    ]
    with pytest.raises(PolicyRefused):
        follow_up(world, case, "boplan", SIGNED_ON + timedelta(days=20))
    with pytest.raises(PolicyRefused):
        follow_up(
            world, case, "boplan", SIGNED_ON + timedelta(days=20), plan={**PLAN, "landlord": False}
        )
    follow_up(world, case, "boplan", SIGNED_ON + timedelta(days=20), plan=PLAN)
    rewritten = {**PLAN, "agreed": "Hyran dras från bankkontot."}
    follow_up(world, case, "boplan_review", add_months(SIGNED_ON, 6), plan=rewritten)

    plans = world.rows(SupportPlan, case_id=case.id)
    assert [(plan.state, plan.content["agreed"]) for plan in plans] == [
        ("replaced", PLAN["agreed"]),
        ("agreed", rewritten["agreed"]),
    ]
    answer(world, case, reconciliation_favours_takeover=True)
    reached(world, case, "taken_over", today(), "property")
    assert [day for day in due(world, case, "boplan_review") if day > today()] == []


def follow_up(world: World, case: Case, code: str, on: date, **more: Any) -> None:
    """The earliest open duty of a kind carried out by the department with the resident."""
    row = min(
        world.rows(Obligation, case_id=case.id, code=code, state="open"), key=lambda it: it.due_on
    )
    world.act(
        CASEWORKER,
        follow_ups.record_follow_up,
        obligation_id=row.id,
        held_on=on,
        departments=["ASF"],
        resident_took_part=True,
        in_the_home=False,
        expected_version=row.version,
        **more,
    )


def test_being_drug_free_is_asked_nowhere_and_can_be_no_condition(world: World) -> None:
    """KSD-06 and LF-4: not on the form, not in the decision, not in the contract."""
    signed = today() - timedelta(days=20)
    case = opened(world, signed - timedelta(days=60), barred_from_market=True)
    assert "months_without_drugs" not in asked(world, case)
    sober = [{"kind": "sobriety", "text": "Ska vara drogfri."}]
    with pytest.raises(PolicyRefused):
        decided(
            world, case, SUPPORT, "social_contract", signed - timedelta(days=50), conditions=sober
        )
    offer = taken(world, world.again(case), "social_contract", signed)
    with pytest.raises(PolicyRefused):
        sign(world, offer, signed, waiver=WAIVER, clauses=sober)
    contract = sign(world, offer, signed, waiver=WAIVER)
    assert [clause["kind"] for clause in contract.clauses] == []
    assert contract.waiver["months"] == 36


def said(findings: list[dict[str, Any]], flag: str) -> list[str]:
    """What the law said at the act, of the checks with a flag."""
    return [found["outcome"] for found in findings if found["flag"] == flag]


@pytest.mark.parametrize("lacking", ["approved", "own_document"])
def test_a_waiver_not_in_the_form_of_the_law_is_warned_of(world: World, lacking: str) -> None:
    """KSD-11 and LF-2: it needs a document of its own and the rent tribunal's approval."""
    signed = today() - timedelta(days=20)
    case = opened(world, signed - timedelta(days=60), barred_from_market=True)
    offer = taken(world, case, "social_contract", signed)
    waiver = {**WAIVER, lacking: False}

    with pytest.raises(ValidationFailed) as warned:
        sign(world, offer, signed, waiver=waiver)
    assert {problem.params["flag"] for problem in warned.value.problems} == {"LF-2"}
    contract = sign(world, offer, signed, waiver=waiver, went_on_because="Nämnden prövar det nu.")
    assert said(contract.legal_findings, "LF-2") == ["violated"]


def test_a_waiver_of_which_nothing_is_told_is_an_open_question(world: World) -> None:
    """The form itself waives tenure for three years: unknown is neither right nor wrong."""
    signed = today() - timedelta(days=20)
    case = opened(world, signed - timedelta(days=60), barred_from_market=True)
    offer = taken(world, case, "social_contract", signed)

    contract = sign(world, offer, signed)
    assert said(contract.legal_findings, "LF-2") == ["unknown"]


def test_a_household_that_leaves_closes_the_way(world: World) -> None:
    """The keys are handed in during the year: nothing is looked over any more."""
    case = social_contract(world)
    reached(world, case, "moved_out", add_months(SIGNED_ON, 3), "property")

    assert stage(world, case) == "closed"
    assert due(world, case, "boplan_review") == []


def test_a_rent_guarantee_up_to_the_debt_limit(world: World) -> None:
    """KSD-14 to KSD-17: one krona too much is no; within it a year and three months of rent."""
    signed = today() - timedelta(days=20)
    facts = {"has_income_support": True, "debts_ore": 1_000_100}
    case = opened(world, signed - timedelta(days=60), **facts)
    assert asked(world, case) >= set(facts)
    with pytest.raises(ValidationFailed) as no:
        taken(world, case, "hyresgaranti", signed)
    assert [problem.field for problem in no.value.problems] == ["departureReason"]

    answer(world, case, debts_ore=1_000_000)
    offer = taken(world, case, "hyresgaranti", signed)
    with pytest.raises(ValidationFailed) as period:
        sign(world, offer, signed, guarantee_months=24)
    assert [problem.field for problem in period.value.problems] == ["guaranteeMonths"]
    contract = sign(world, offer, signed, guarantee_months=12)

    (guarantee,) = world.rows(Guarantee, case_id=case.id)
    assert contract.kind == "first_hand"
    assert guarantee.starts_on == contract.starts_on
    assert guarantee.ends_on == add_months(contract.starts_on, 12)
    assert guarantee.covers == ["rent"]
    # Three months of rent for a household on income support: the state gives nothing to it.
    assert said(guarantee.legal_findings, "LF-6") == ["unknown", "violated"]


def test_a_roof_needs_one_decision_and_forbids_no_alcohol(world: World) -> None:
    """KSD-02 to KSD-05: no contract, no referral; a ban on alcohol is stopped in this programme only."""
    on = today() - timedelta(days=2)
    case = opened(world, on, without_roof=True)
    dry = [{"kind": "alcohol_in_home", "text": "Alkohol får inte drickas."}]
    with pytest.raises(PolicyRefused) as stopped:
        decided(world, case, HOUSING, "roof_over_head", on, conditions=dry)
    assert "alcohol_allowed" in str(stopped.value)
    decided(world, case, HOUSING, "roof_over_head", on)

    assert world.again(case).programme == "roof_over_head"
    other = opened(world, on, barred_from_market=True)
    with pytest.raises(ValidationFailed) as warned:
        decided(world, other, SUPPORT, "social_contract", on, conditions=dry)
    assert {problem.field for problem in warned.value.problems} == {"wentOnBecause"}


def test_bostad_forst_asks_one_thing_and_meets_every_week(world: World) -> None:
    """KSD-19 to KSD-21: homeless is enough, a lease of one's own, support until it ends."""
    signed = today() - timedelta(days=40)
    case = opened(world, signed - timedelta(days=60), homeless=True)
    offer = taken(world, case, "bostad_forst", signed)
    case = world.again(case)
    with pytest.raises(PolicyRefused):
        sign(world, offer, signed, clauses=[{"kind": "home_visits", "text": "Möte varje vecka."}])
    contract = sign(world, offer, signed, terms={"tenancy_act": True})
    assert (contract.kind, contract.ends_on) == ("first_hand", None)
    weeks = due(world, case, "weekly_contact")
    assert weeks[0] == contract.starts_on + timedelta(days=7)
    assert "weekly_contact_kept" not in asked(world, case)
    follow_up(world, case, "weekly_contact", weeks[0], plan=PLAN)
    reached(world, case, "support_over", today())
    assert due(world, case, "weekly_contact")[-1] <= today()


def test_a_refugee_takes_the_contract_over_when_all_three_agree(world: World) -> None:
    """KSD-12, KSD-13: no time to wait, and the owner's no is a no."""
    signed = today() - timedelta(days=20)
    case = opened(world, signed - timedelta(days=60), assigned_refugee=True)
    offer = taken(world, case, "assigned_refugee", signed)
    sign(world, offer, signed)
    case = world.again(case)
    all_three = ("resident", "landlord", "property")

    assert {"resident_agrees", "landlord_agrees", "kommun_agrees"} <= asked(world, case)
    answer(world, case, resident_agrees=True, landlord_agrees=False, kommun_agrees=True)
    with pytest.raises(PolicyRefused):
        reached(world, case, "taken_over", today(), "property", agreed=all_three)
    answer(world, case, landlord_agrees=True)
    with pytest.raises(ValidationFailed) as lacking:
        reached(world, case, "taken_over", today(), "property", agreed=all_three[:2])
    assert [problem.field for problem in lacking.value.problems] == ["agreed"]
    reached(world, case, "taken_over", today(), "property", agreed=all_three)
    assert due(world, case, "boplan_review") == []
