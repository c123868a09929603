"""Norrköping over the API: a lease of three months between three parties, and its renewal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.policy import add_days, add_months
from hemvist_api_office import Voice
from hemvist_kommun_api import CONTRACT, Trail, open_kommun
from hemvist_world import SUPPORT

PEOPLE = {"caseworker": "rana.holm", "manager": "stellan.frid", "officer": "tuva.ahlgren"}
CONTENT = {
    "household": "En ung vuxen.",
    "home_needed": "Ett rum och kök.",
    "reasons": "Måste lämna mottagandet.",
}
YOUNG = {"target_groups": ["unaccompanied_young"], "has_income": False}
#: Landlord, tenant and kommun have signed (NKP-08).
THREE = {"signed_by_landlord": True, "signed_by_tenant": True, "signed_by_kommun": True}
#: In a document of its own, approved by the tribunal (JB 12:45 a).
WAIVER = {
    "own_document": True,
    "needs_approval": True,
    "approved": True,
    "approval_number": "12-26",
    "months": 3,
    "block_letting": False,
}
BECAUSE = "Kommunen går i borgen enligt modellen."


@pytest.fixture(scope="module")
def office(database: str, valkey: str) -> Iterator[dict[str, Voice]]:
    with open_kommun("norrkoping", PEOPLE) as people:
        yield people


def trail(office: dict[str, Voice], programme: str = "three_month_agreement") -> Trail:
    return Trail(office, "SOC", "0581", programme, CONTENT)


def test_three_parties_for_three_months(office: dict[str, Voice]) -> None:
    way, signed_on = trail(office), today() - timedelta(days=20)
    starts_on = signed_on + timedelta(days=7)
    way.open(signed_on - timedelta(days=60), **YOUNG)
    offer = way.accepted(signed_on)
    given = way.contract(
        offer,
        signed_on,
        endsOn=str(add_months(starts_on, 3)),
        terms=THREE,
        waiver=WAIVER,
        guaranteeMonths=3,
    )

    # Until all three have signed there is no contract; the form says who is wanting.
    for missing in THREE:
        two = {name: value for name, value in THREE.items() if name != missing}
        refused = office["officer"].refused("signContract", **given | {"terms": two})
        assert [(one["field"], one["rule"]) for one in refused["problems"]] == [
            (f"terms.{missing}", "required")
        ]
    warned = office["officer"].refused("signContract", **given)
    assert {one["params"]["flag"] for one in warned["problems"]} == {"LF-6"}

    contract = way.signed(given | {"wentOnBecause": BECAUSE})
    assert (contract["kind"], contract["formLabel"]) == (
        "three_party",
        "Tremånaderskontrakt mellan tre parter",
    )
    assert contract["endsOn"] == str(add_months(starts_on, 3))
    # NKP-08: all three stand in it, and all three sign; the landlord under the company's name.
    assert {one["role"]: one["signs"] for one in contract["parties"]} == {
        "tenant": True,
        "kommun": True,
        "landlord": True,
    }
    named = {one["role"]: one for one in contract["parties"]}
    assert named["landlord"]["landlord"]["name"] == "Testvärden AB"
    assert named["kommun"]["department"] == "BS"
    # NKP-11: the surety is as long as the contract and begins when the tenant moves in.
    surety = contract["guarantee"]
    assert (surety["kind"], surety["months"]) == ("surety", 3)
    assert (surety["startsOn"], surety["endsOn"]) == (str(starts_on), contract["endsOn"])
    assert contract["case"]["stage"] == "Kort avtal mellan tre parter"
    # NKP-17: usually an ordinary lease within two years, counted from the signing.
    assert way.due("usually_normalised") == [str(add_months(signed_on, 24))]


def test_renewed_by_three_months_until_it_is_an_ordinary_lease(office: dict[str, Voice]) -> None:
    """NKP-10, NKP-17: three months at a time; after a year the landlord lets it become ordinary."""
    way = trail(office)
    starts_on = add_days(add_months(today(), -12), -10)
    signed_on = add_days(starts_on, -7)
    way.open(add_days(signed_on, -60), **YOUNG)
    offer = way.accepted(signed_on)
    contract = way.signed(
        way.contract(
            offer,
            signed_on,
            endsOn=str(add_months(starts_on, 3)),
            terms=THREE,
            waiver=WAIVER,
            guaranteeMonths=3,
            wentOnBecause=BECAUSE,
        )
    )

    def renewed(on: date, **changes: Any) -> dict[str, Any]:
        return {
            "contractId": contract["id"],
            "expectedVersion": contract["version"],
            "signedOn": str(on),
            "terms": THREE,
            "wentOnBecause": BECAUSE,
            "guaranteeMonths": 3,
            **changes,
        }

    # The landlord has not signed the renewal: nothing is changed, and the field says so.
    before = add_months(starts_on, 3) - timedelta(days=14)
    two = {name: value for name, value in THREE.items() if name != "signed_by_landlord"}
    refused = office["officer"].refused("extendContract", **renewed(before, terms=two))
    assert [one["field"] for one in refused["problems"]] == ["terms.signed_by_landlord"]
    late = office["officer"].refused("extendContract", **renewed(today()))
    assert {one["rule"] for one in late["problems"]} == {"term_has_run_out"}
    assert late["problems"][0]["params"]["latest"] == str(add_months(starts_on, 3))

    ends = []
    for quarter in (2, 3, 4, 5):
        on = add_months(starts_on, 3 * (quarter - 1)) - timedelta(days=14)
        contract = office["officer"].do(
            "extendContract", f"contract {{ {CONTRACT} }}", **renewed(on)
        )
        ends.append(contract["endsOn"])
        assert contract["guarantee"]["endsOn"] == contract["endsOn"]
    # Counted from the first day, never from the end before.
    assert ends == [str(add_months(starts_on, 3 * quarter)) for quarter in (2, 3, 4, 5)]
    lines = way.read("timeline { kind label }")["timeline"]
    assert [one["label"] for one in lines if one["kind"] == "contract_extended"] == [
        "Hyrestiden förlängdes"
    ] * 4

    # A day too early it is refused with the guideline's rule; after a year it is done.
    office["officer"].refused("recordMilestone", **_ordinary(way, add_months(signed_on, 12), -1))
    office["caseworker"].do(
        "recordMilestone", "milestone { id }", **_ordinary(way, add_months(signed_on, 12), 0)
    )
    after = way.read("stage contracts { kind state startsOn endsOn }")
    assert after["stage"] == "Vanligt hyreskontrakt"
    assert way.due("usually_normalised") == []
    # The lease of three parties is over; the landlord's own with the tenant has no end.
    held = {
        one["kind"]: (one["state"], one["startsOn"], one["endsOn"]) for one in after["contracts"]
    }
    assert held == {
        "three_party": ("ended", str(starts_on), str(add_months(starts_on, 15))),
        "first_hand": ("signed", str(add_months(signed_on, 12)), None),
    }


def _ordinary(way: Trail, day: date, days: int) -> dict[str, Any]:
    return {
        "caseId": way.case,
        "milestone": "ordinary_lease",
        "happenedOn": str(add_days(day, days)),
        "parties": ["resident", "landlord"],
    }


def test_whoever_has_an_income_gets_another_agreement(office: dict[str, Voice]) -> None:
    """NKP-10 and NKP-07: three months are for those without an income."""
    way = trail(office)
    way.open(today() - timedelta(days=10), **(YOUNG | {"has_income": True}))
    refused = office["caseworker"].refused(
        "proposeDecision", **way.proposal(SUPPORT, today() - timedelta(days=5))
    )
    assert [one["field"] for one in refused["problems"]] == ["departureReason"]
    way.programme = "support_agreement"
    assert way.decided(SUPPORT, today() - timedelta(days=5))["advice"] == "true"
