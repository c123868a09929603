"""Nynäshamn over the API: a sublease by the month, as long as there is home insurance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.contracts.periods import month_end
from hemvist.policy import add_days, add_months
from hemvist_api_office import Voice
from hemvist_kommun_api import CONTRACT, Trail, open_kommun
from hemvist_workers import chores
from hemvist_world import HOUSING

PEOPLE = {"caseworker": "alma.rydell", "manager": "birger.stolt", "officer": "carin.vestin"}
CONTENT = {
    "household": "Ensam vuxen.",
    "home_needed": "Ett rum och kök.",
    "reasons": "Avvisad av ägarna.",
}
APPLICANT = {"refused_by_owners": True, "only_economic_problems": False, "will_manage": True}
BECAUSE = "Lagens uppsägningstid gäller mot hyresgästen."


@pytest.fixture(scope="module")
def office(database: str, valkey: str) -> Iterator[dict[str, Voice]]:
    with open_kommun("nynashamn", PEOPLE) as people:
        yield people


def trail(office: dict[str, Voice]) -> Trail:
    return Trail(office, "SOC", "0192", "second_hand_contract", CONTENT)


def insured(on: date) -> dict[str, Any]:
    """What the assistant heard from the insurance company on a day (NYN-13, NYN-14)."""
    return {
        "home_insurance": True,
        "insurance_company": "Provförsäkring",
        "insurance_checked_on": str(on),
    }


def sublet(way: Trail, starts_on: date, **changes: Any) -> dict[str, Any]:
    """The input of a contract of a month that begins on a day; everything before it is done."""
    signed_on = add_days(starts_on, -7)
    way.open(add_days(signed_on, -60), **APPLICANT)
    offer = way.accepted(signed_on)
    return {
        **way.contract(offer, signed_on, terms=insured(signed_on)),
        "endsOn": str(add_months(starts_on, 1)),
        "toldOfLinkOn": str(signed_on),
        "ownerNotifiedOn": str(signed_on),
        **changes,
    }


def extension(contract: dict[str, Any], on: date, **changes: Any) -> dict[str, Any]:
    return {
        "contractId": contract["id"],
        "expectedVersion": contract["version"],
        "signedOn": str(on),
        "terms": insured(on),
        **changes,
    }


def test_by_the_month_until_the_insurance_lapses(office: dict[str, Voice]) -> None:
    way, starts_on = trail(office), add_days(add_months(today(), -2), -3)
    given = sublet(way, starts_on)

    # NYN-13: no insurance, no contract. The field says what is wanting, and nothing is lost.
    for terms, expected in (
        ({"home_insurance": False, **_evidence(starts_on)}, {("terms.home_insurance", "must_be")}),
        (
            {"home_insurance": True},
            {
                ("terms.insurance_company", "required"),
                ("terms.insurance_checked_on", "required"),
            },
        ),
    ):
        refused = office["officer"].refused("signContract", **given | {"terms": terms})
        assert {(one["field"], one["rule"]) for one in refused["problems"]} == expected
    contract = way.signed(given)
    assert (contract["kind"], contract["case"]["stage"]) == ("sublease", "Hyr i andra hand")
    assert (contract["startsOn"], contract["endsOn"]) == (
        str(starts_on),
        str(add_months(starts_on, 1)),
    )
    assert contract["terms"]["insurance_company"] == "Provförsäkring"
    # NYN-12: a week's notice holds for a month's lease (JB 12:4); nothing to warn of.
    assert [one for one in contract["legalFindings"] if one["outcome"] == "violated"] == []

    # Somebody is to extend or end it when the month is out; the worker says so.
    chores.watch_terms(office["officer"].ledger.tenant_id)
    assert way.due("term_runs_out") == [str(add_months(starts_on, 1))]

    # The first month is out: the insurance is checked again, and the lease goes on by a month.
    again = add_days(add_months(starts_on, 1), -3)
    contract = office["officer"].do(
        "extendContract", f"contract {{ {CONTRACT} }}", **extension(contract, again)
    )
    assert contract["endsOn"] == str(add_months(starts_on, 2))
    assert contract["terms"]["insurance_checked_on"] == str(again)
    assert way.due("term_runs_out", "done") == [str(add_months(starts_on, 1))]

    # The company says that it has lapsed: the lease is not extended, and ends with its month.
    lapsed = {**insured(again), "home_insurance": False}
    over = add_months(starts_on, 2)
    refused = office["officer"].refused(
        "extendContract", **extension(contract, add_days(over, -3), terms=lapsed)
    )
    [problem] = refused["problems"]
    assert (problem["field"], problem["rule"]) == ("terms.home_insurance", "must_be")
    given_end = {
        "contractId": contract["id"],
        "expectedVersion": contract["version"],
        "reason": "term_over",
    }
    early = office["officer"].refused("endContract", **given_end, endedOn=str(add_days(over, -1)))
    assert early["problems"][0]["params"]["earliest"] == str(over)
    ended = office["officer"].do(
        "endContract", "contract { state endedOn unit { state } }", **given_end, endedOn=str(over)
    )
    assert (ended["state"], ended["endedOn"], ended["unit"]["state"]) == (
        "ended",
        str(over),
        "vacant",
    )
    # NYN-20: with the contract the contact ends.
    assert way.read("stage")["stage"] == "Avslutat"


def _evidence(on: date) -> dict[str, Any]:
    return {name: value for name, value in insured(on).items() if name != "home_insurance"}


def test_a_weeks_notice_is_too_short_when_the_lease_runs_on(office: dict[str, Voice]) -> None:
    """NYN-12 and LF-1: until further notice, and from the fourth month, the law's time holds."""
    way, starts_on = trail(office), add_days(add_months(today(), -3), -3)
    given = sublet(way, starts_on)
    endless = {name: value for name, value in given.items() if name != "endsOn"}
    warned = office["officer"].refused("signContract", **endless)
    assert {one["params"]["flag"] for one in warned["problems"]} == {"LF-1"}
    contract = way.signed(given)
    for month in (1, 2):
        on = add_days(add_months(starts_on, month), -3)
        contract = office["officer"].do(
            "extendContract", f"contract {{ {CONTRACT} }}", **extension(contract, on)
        )
    on = add_days(add_months(starts_on, 3), -3)
    warned = office["officer"].refused("extendContract", **extension(contract, on))
    assert {one["params"]["flag"] for one in warned["problems"]} == {"LF-1"}
    contract = office["officer"].do(
        "extendContract",
        f"contract {{ {CONTRACT} }}",
        **extension(contract, on, wentOnBecause=BECAUSE),
    )
    assert contract["endsOn"] == str(add_months(starts_on, 4))
    read = office["officer"].ask(
        """query Q($id: ID!) { node(id: $id) { ... on Contract {
            noticeToday(givenBy: "tenant") { lawfulOn statedOn endsOn shorterThanLaw } } } }""",
        id=contract["id"],
    )["node"]["noticeToday"]
    # The tenant is free by the guideline's week, which is better than the law's for the tenant.
    assert read["statedOn"] == read["endsOn"] == str(today() + timedelta(days=7))
    assert read["lawfulOn"] == min(str(month_end(add_months(today(), 3))), contract["endsOn"])


def test_only_who_is_judged_to_manage_gets_the_home(office: dict[str, Voice]) -> None:
    """NYN-17: the agreement with the owners rests on the judgement of social services."""
    way, signed_on = trail(office), today() - timedelta(days=5)
    way.open(add_days(signed_on, -60), **(APPLICANT | {"will_manage": False}))
    way.accepted(signed_on, housing=False)
    refused = office["caseworker"].refused(
        "proposeDecision", **way.proposal(HOUSING, add_days(signed_on, -2))
    )
    assert [one["field"] for one in refused["problems"]] == ["departureReason"]
    early = office["officer"].refused(
        "signContract",
        **way.contract(
            way.read("offers { id }")["offers"][0],
            signed_on,
            endsOn=str(add_months(signed_on + timedelta(days=7), 1)),
            terms=insured(signed_on),
            toldOfLinkOn=str(signed_on),
            ownerNotifiedOn=str(signed_on),
        ),
    )
    assert early["rule"] == "decision_before_contract"
