"""Karlstad's two guarantees over the API: the limit of 10 000 kronor, the money, the state grant.

Income support and debts up to the limit give the rent guarantee of a year and three months of rent;
an income of one's own with debts that are not rent debts the municipal one, which has no limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.policy import add_months
from hemvist_api_office import Voice
from hemvist_kommun_api import Trail, open_kommun
from hemvist_world import SUPPORT

PEOPLE = {"caseworker": "petra.solberg", "manager": "rasmus.frykman", "officer": "sanna.tervo"}
CONTENT = {
    "household": "Ensamstående vuxen.",
    "home_needed": "Ett rum och kök.",
    "reasons": "Hyresvärden godtar inte hushållet utan garanti.",
}
RENT_GUARANTEE, MUNICIPAL = "hyresgaranti", "kommunal_hyresgaranti"
RULES = {RENT_GUARANTEE: "entitled_to_rent_guarantee", MUNICIPAL: "entitled_to_municipal_guarantee"}
CITE = "R14 Karlstad – Olika målgrupper – Hyresgarantier"
LIMIT = 1_000_000
RENT = 548_000
#: On income support with a small income of one's own, and none of the debts for rent.
BOTH_WAYS: dict[str, Any] = {
    "has_income_support": True,
    "has_own_income": True,
    "rent_debts_ore": 0,
    "has_payment_remarks": False,
}
PAPER = {"kind": "rent_statement", "title": "Hyresavier", "reference": "KBAB 17"}
GUARANTEE = """ id kind kindLabel state version months startsOn endsOn capOre capRentMonths covers
    approvedOre paidOre demandedOre recoveredOre writtenOffOre leftOfCapOre endedOn endReason
    accounts { account balanceOre label } ledger { kind amountOre bookedOn debit credit }
    legalFindings { flag outcome } """
CLAIM = " id state version amountOre approvedOre paidOre leftToPayOre registeredBy { name } "
RECOURSE = (
    " id state version amountOre paidOre writtenOffOre leftOre instalments { dueOn amountOre } "
)
GRANT = """ id version grantAppliedOn grantApplication { outcome amountOre lacking
    missing { code label } fields { name value filledIn label } } """


@pytest.fixture(scope="module")
def office(database: str, valkey: str) -> Iterator[Mapping[str, Voice]]:
    """The social administration and the housing group."""
    with open_kommun("karlstad", PEOPLE) as people:
        yield people


def asked(office: Mapping[str, Voice], on: date, programme: str, **facts: Any) -> Trail:
    """A case opened on a day for a household of which this is known."""
    trail = Trail(office, "ASF", "1780", programme, CONTENT)
    trail.open(on, **facts)
    return trail


def said(trail: Trail) -> dict[str, dict[str, Any]]:
    """What the guideline says of each guarantee, with the conditions below."""
    rows = trail.read("criteria { rule outcome trace { id outcome cite label } }")["criteria"]
    found = {one["rule"]: one for one in rows}
    return {programme: found[rule] for programme, rule in RULES.items()}


def guaranteed(
    office: Mapping[str, Voice], signed_on: date, programme: str, months: int, **facts: Any
) -> tuple[Trail, dict[str, Any]]:
    """A lease with a guarantee signed on a day; the trail and the guarantee."""
    trail = asked(office, signed_on - timedelta(days=60), programme, **facts)
    given = trail.contract(trail.accepted(signed_on), signed_on)
    contract = trail.signed({**given, "guaranteeMonths": months})
    assert (contract["kind"], contract["guarantee"]["months"]) == ("first_hand", months)
    return trail, guarantee_of(trail)


def guarantee_of(trail: Trail, who: str = "officer") -> dict[str, Any]:
    """The guarantee as somebody reads it now."""
    [found] = trail.read(f"guarantees {{ {GUARANTEE} }}", who)["guarantees"]
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("debts", "rent_guarantee"),
    [(LIMIT - 1, "true"), (LIMIT, "true"), (LIMIT + 1, "false")],
    ids=["one_ore_under", "exactly_at", "one_ore_over"],
)
def test_the_limit_decides_which_guarantee(
    office: Mapping[str, Voice], debts: int, rent_guarantee: str
) -> None:
    """KSD-17, KSD-22: ten thousand kronor is within; an öre more leaves the municipal one only."""
    on = today() - timedelta(days=30)
    trail = asked(office, on, RENT_GUARANTEE, **BOTH_WAYS, debts_ore=debts)
    answer = said(trail)
    assert answer[RENT_GUARANTEE]["outcome"] == rent_guarantee
    [limit] = [one for one in answer[RENT_GUARANTEE]["trace"] if one["id"] == "debts_within_limit"]
    assert (limit["outcome"], limit["cite"]) == (rent_guarantee, [CITE])
    assert answer[MUNICIPAL]["outcome"] == "true"

    if rent_guarantee == "true":
        decided = trail.decided(SUPPORT, on + timedelta(days=5))
        assert (decided["state"], decided["advice"]) == ("decided", "true")
        return
    refused = office["caseworker"].refused(
        "proposeDecision", **trail.proposal(SUPPORT, on + timedelta(days=5))
    )
    assert [one["field"] for one in refused["problems"]] == ["departureReason"]
    trail.programme = MUNICIPAL
    decided = trail.decided(SUPPORT, on + timedelta(days=5))
    assert (decided["state"], decided["advice"]) == ("decided", "true")


def test_rent_debts_leave_the_rent_guarantee_only(office: Mapping[str, Voice]) -> None:
    """KSD-22: debts for rent do not count as the other debts; without income support there is no way."""
    on = today() - timedelta(days=30)
    in_debt = {**BOTH_WAYS, "debts_ore": LIMIT, "rent_debts_ore": 1}
    trail = asked(office, on, RENT_GUARANTEE, **in_debt)
    assert {name: one["outcome"] for name, one in said(trail).items()} == {
        RENT_GUARANTEE: "true",
        MUNICIPAL: "false",
    }
    trail.answer(has_income_support=False)
    assert {one["outcome"] for one in said(trail).values()} == {"false"}
    trail.answer(has_payment_remarks=True)
    assert said(trail)[MUNICIPAL]["outcome"] == "true"


def test_claimed_paid_asked_back_and_ended(office: Mapping[str, Voice]) -> None:
    """KSD-14, KSD-15: three months of rent within a year; every krona is on one account or the other."""
    signed_on = add_months(today(), -13)
    trail, guarantee = guaranteed(
        office, signed_on, RENT_GUARANTEE, 12, has_income_support=True, debts_ore=LIMIT
    )
    starts = date.fromisoformat(guarantee["startsOn"])
    assert starts == signed_on + timedelta(days=7)
    assert guarantee["endsOn"] == str(add_months(starts, 12))
    assert (guarantee["capRentMonths"], guarantee["capOre"]) == (3, 3 * RENT)
    assert guarantee["covers"] == ["rent"]

    claim = claimed(office, guarantee, starts)
    paid_on = starts + timedelta(days=130)
    office["officer"].do(
        "payGuaranteeClaim",
        f"guaranteeClaim {{ {CLAIM} }}",
        guaranteeClaimId=claim["id"],
        amountOre=3 * RENT,
        reference="BG 4711",
        on=str(paid_on),
        expectedVersion=claim["version"],
    )
    recourse_settled(office, trail, paid_on)
    ended(office, trail, starts)


def claimed(office: Mapping[str, Voice], guarantee: dict[str, Any], starts: date) -> dict[str, Any]:
    """Three unpaid months and a fourth: the cap is three, and nobody decides on their own claim."""
    given = {
        "guaranteeId": guarantee["id"],
        "kind": "rent",
        "periodFrom": str(starts),
        "periodTo": str(add_months(starts, 4) - timedelta(days=1)),
        "documents": [PAPER],
        "receivedOn": str(add_months(starts, 4)),
    }
    wrong = office["officer"].refused(
        "registerGuaranteeClaim", **{**given, "kind": "condition"}, amountOre=RENT
    )
    # KSD-15 covers the rent, and not the condition of the flat.
    assert [one["field"] for one in wrong["problems"]] == ["kind"]
    claim = office["officer"].do(
        "registerGuaranteeClaim", f"guaranteeClaim {{ {CLAIM} }}", **given, amountOre=4 * RENT
    )
    decision = {
        "guaranteeClaimId": claim["id"],
        "outcome": "approved",
        "motivation": "Hyran är obetald i fyra månader; garantin täcker tre.",
        "on": str(add_months(starts, 4) + timedelta(days=5)),
        "expectedVersion": claim["version"],
    }
    own = office["officer"].refused("decideGuaranteeClaim", **decision, approvedOre=3 * RENT)
    assert (own["__typename"], own["action"]) == ("NotAllowed", "guarantee.decide")
    over = office["manager"].refused("decideGuaranteeClaim", **decision, approvedOre=3 * RENT + 1)
    assert [one["field"] for one in over["problems"]] == ["approvedOre"]
    decided = office["manager"].do(
        "decideGuaranteeClaim", f"guaranteeClaim {{ {CLAIM} }}", **decision, approvedOre=3 * RENT
    )
    assert (decided["state"], decided["approvedOre"]) == ("approved", 3 * RENT)
    exposure = office["manager"].ask(
        "query Q { guaranteeExposure { kommun { active toPayOre leftOre } landlords { name toPayOre } } }"
    )["guaranteeExposure"]
    assert exposure["kommun"]["toPayOre"] == 3 * RENT
    assert {"name": "Testvärden AB", "toPayOre": 3 * RENT} in exposure["landlords"]
    return decided


def recourse_settled(office: Mapping[str, Voice], trail: Trail, paid_on: date) -> None:
    """The household pays a part, the rest is given up by two people; the ledger sums to nothing."""
    guarantee = guarantee_of(trail)
    assert (guarantee["paidOre"], guarantee["leftOfCapOre"]) == (3 * RENT, 0)
    parts = [RENT, 3 * RENT - RENT]
    recourse = office["officer"].do(
        "demandRecourse",
        f"guaranteeRecourse {{ {RECOURSE} }}",
        guaranteeId=guarantee["id"],
        amountOre=3 * RENT,
        instalments=[
            {"dueOn": str(add_months(paid_on, month)), "amountOre": part}
            for month, part in enumerate(parts, 1)
        ],
        on=str(paid_on),
        expectedVersion=guarantee["version"],
    )
    recourse = office["officer"].do(
        "recordRecoursePayment",
        f"guaranteeRecourse {{ {RECOURSE} }}",
        guaranteeRecourseId=recourse["id"],
        amountOre=RENT,
        reference="BG 4712",
        on=str(add_months(paid_on, 1)),
        expectedVersion=recourse["version"],
    )
    assert recourse["leftOre"] == 2 * RENT
    proposal = office["officer"].do(
        "proposeWriteOff",
        "guaranteeWriteOff { id version }",
        guaranteeRecourseId=recourse["id"],
        amountOre=2 * RENT,
        reason="Hushållet lever på försörjningsstöd.",
        expectedVersion=recourse["version"],
    )
    settled = {
        "guaranteeWriteOffId": proposal["id"],
        "outcome": "granted",
        "expectedVersion": proposal["version"],
    }
    assert office["officer"].refused("decideWriteOff", **settled)["__typename"] == "NotAllowed"
    office["manager"].do("decideWriteOff", "guaranteeWriteOff { id state }", **settled)

    kept = guarantee_of(trail)
    assert (kept["recoveredOre"], kept["writtenOffOre"]) == (RENT, 2 * RENT)
    balances = {one["account"]: one["balanceOre"] for one in kept["accounts"]}
    # The kommun paid three months and got one back: the bank's side, and where the rest went.
    assert balances == {"bank": -2 * RENT, "household": 0, "landlord": 0, "liability": 0} | {
        "loss": 2 * RENT
    }
    assert [(one["kind"], one["amountOre"]) for one in kept["ledger"]] == [
        ("approval", 3 * RENT),
        ("payment", 3 * RENT),
        ("demand", 3 * RENT),
        ("recovery", RENT),
        ("write_off", 2 * RENT),
    ]


def ended(office: Mapping[str, Voice], trail: Trail, starts: date) -> None:
    """It runs out on its day; a claim for later days is refused from then on, the lease goes on."""
    guarantee = guarantee_of(trail)
    over = add_months(starts, 12)
    end = {
        "guaranteeId": guarantee["id"],
        "reason": "expired",
        "expectedVersion": guarantee["version"],
    }
    early = office["officer"].refused("endGuarantee", **end, on=str(over - timedelta(days=1)))
    assert early["rule"] == "guarantee_expired_not_yet"
    done = office["officer"].do("endGuarantee", f"guarantee {{ {GUARANTEE} }}", **end, on=str(over))
    assert (done["state"], done["endedOn"], done["endReason"]) == ("ended", str(over), "expired")
    late = office["officer"].refused(
        "registerGuaranteeClaim",
        guaranteeId=guarantee["id"],
        kind="rent",
        amountOre=1,
        periodFrom=str(over),
        periodTo=str(over + timedelta(days=10)),
        documents=[PAPER],
    )
    assert late["__typename"] in ("ValidationFailed", "PolicyRefused", "Conflict")
    seen = trail.read("contracts { state } way { code state on }")
    assert [one["state"] for one in seen["contracts"]] == ["signed"]
    assert {"code": "guarantee_ends", "state": "done", "on": str(over)} in seen["way"]


def test_the_state_grant_is_for_the_municipal_guarantee(office: Mapping[str, Voice]) -> None:
    """LF-6: two years and at least six months of rent, for a household that pays by itself."""
    signed_on = today() - timedelta(days=20)
    short, rent_guarantee = guaranteed(
        office, signed_on, RENT_GUARANTEE, 12, has_income_support=True, debts_ore=0
    )
    grant = grant_of(short)
    assert grant["grantApplication"]["outcome"] == "false"
    refused = office["officer"].refused(
        "fillGrantApplication",
        guaranteeId=rent_guarantee["id"],
        fields={},
        appliedOn=str(today()),
        expectedVersion=grant["version"],
    )
    assert refused["rule"] == "no_state_grant"

    income = {"has_own_income": True, "has_payment_remarks": True, "debts_ore": 5 * LIMIT}
    trail, guarantee = guaranteed(office, signed_on, MUNICIPAL, 24, **income, rent_debts_ore=0)
    assert guarantee["capRentMonths"] == 24
    open_still = grant_of(trail)["grantApplication"]
    assert open_still["outcome"] == "unknown"
    assert {one["code"] for one in open_still["missing"]} == {
        "need_met_otherwise",
        "pays_without_income_support",
    }
    # The guideline's own rule for it is tried by choice, and asks the same questions.
    tried = trail.read('criterion(rule: "state_grant_possible") { outcome ask { fact } }')
    assert tried["criterion"]["outcome"] == "unknown"
    trail.answer(need_met_otherwise=False, pays_without_income_support=True)
    tried = trail.read('criterion(rule: "state_grant_possible") { outcome cite }')
    assert tried["criterion"] == {"outcome": "true", "cite": ["STB"]}
    applied_for(office, trail)


def applied_for(office: Mapping[str, Voice], trail: Trail) -> None:
    """What the record answers is filled in; what it cannot know is asked for, and then it is sent."""
    grant = grant_of(trail)
    application = grant["grantApplication"]
    assert (application["outcome"], application["amountOre"]) == ("true", 500_000)
    known = {one["name"]: one["value"] for one in application["fields"]}
    assert (known["rent_months"], known["yearly_rent_ore"]) == ("24", str(12 * RENT))
    assert known["household_type"] == "Ensamstående utan barn"
    assert known["flat_type"] == "1 rum och kök, 34,5 kvm"
    assert set(application["lacking"]) == {"owner_type", "reason", "earlier_housing"}
    half = {
        "guaranteeId": grant["id"],
        "fields": {"owner_type": "municipal_company", "reason": "Betalningsanmärkningar."},
        "appliedOn": str(today()),
        "expectedVersion": grant["version"],
    }
    lacking = office["officer"].refused("fillGrantApplication", **half)
    assert [one["field"] for one in lacking["problems"]] == ["fields.earlier_housing"]
    fields = {**half["fields"], "earlier_housing": "Inneboende hos bekanta."}
    office["officer"].do(
        "fillGrantApplication", f"guarantee {{ {GRANT} }}", **{**half, "fields": fields}
    )
    sent = grant_of(trail)
    assert (sent["grantAppliedOn"], sent["grantApplication"]["lacking"]) == (str(today()), [])


def grant_of(trail: Trail) -> dict[str, Any]:
    """The application of the case's guarantee."""
    [found] = trail.read(f"guarantees {{ {GRANT} }}", "officer")["guarantees"]
    return found  # type: ignore[no-any-return]
