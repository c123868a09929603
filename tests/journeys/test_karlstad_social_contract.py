"""Karlstad's social contract over the API: a year second-hand, the transfer, a year of after-care.

The dates are the report's: at least a year from the signature, then twelve months in which the
kommun helps the housing company.
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

PEOPLE = {"caseworker": "petra.solberg", "manager": "rasmus.frykman", "officer": "sanna.tervo"}
CITE = "R14 Karlstad – Snabba åtgärder och långsiktigt stöd"
CONTENT = {
    "household": "Ensamstående vuxen.",
    "home_needed": "Ett rum och kök.",
    "reasons": "Får inte hyra på egen hand.",
}
#: The waiver of tenure in the form of the law (JB 12:45 a), for the report's three years.
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
#: Time for the year second-hand and for the year after.
SIGNED_ON = add_months(today(), -25)
A_YEAR = add_months(SIGNED_ON, 12)


@pytest.fixture(scope="module")
def office(database: str, valkey: str) -> Iterator[Mapping[str, Voice]]:
    """The social administration and the housing group."""
    with open_kommun("karlstad", PEOPLE) as people:
        yield people


def takeover_of(trail: Trail) -> dict[str, Any]:
    """What the housing group watches."""
    [found] = trail.read(
        "takeovers { id state version earliestOn takenOverOn lease { kind } checks { code outcome } }",
        "officer",
    )["takeovers"]
    return found  # type: ignore[no-any-return]


def test_a_year_second_hand_and_a_year_of_after_care(office: Mapping[str, Voice]) -> None:
    """KSD-08 to KSD-11, KSD-25, KSD-26."""
    trail = second_hand(office)
    transferred(office, trail)
    after_care(office, trail)


def second_hand(office: Mapping[str, Voice]) -> Trail:
    """Signed with the waiver's three years; the plan of three parties and its reviews are due."""
    trail = Trail(office, "ASF", "1780", "social_contract", CONTENT)
    trail.open(SIGNED_ON - timedelta(days=60), barred_from_market=True)
    offer = trail.accepted(SIGNED_ON)
    given = trail.contract(
        offer, SIGNED_ON, toldOfLinkOn=str(SIGNED_ON), ownerNotifiedOn=str(SIGNED_ON)
    )
    contract = trail.signed({**given, "waiver": WAIVER})
    assert (contract["kind"], contract["waiver"]["months"]) == ("sublease", 36)
    assert contract["case"]["stage"] == "Hyr i andra hand"
    assert trail.due("boplan") == [str(SIGNED_ON + timedelta(days=30))]
    assert trail.due("boplan_review")[0] == str(add_months(SIGNED_ON, 6))
    trail.worked()

    [plan] = [
        row
        for row in trail.read('obligations(state: ["open"]) { id code version }')["obligations"]
        if row["code"] == "boplan"
    ]
    held = {
        "obligationId": plan["id"],
        "heldOn": str(SIGNED_ON + timedelta(days=20)),
        "departments": ["ASF"],
        "residentTookPart": True,
        "inTheHome": True,
        "expectedVersion": plan["version"],
    }
    empty = office["caseworker"].refused("recordFollowUp", **held, plan={"agreed": ""})
    assert empty["__typename"] == "PolicyRefused"
    office["caseworker"].do("recordFollowUp", "followUp { id }", **held, plan=PLAN)
    return trail


def transferred(office: Mapping[str, Voice], trail: Trail) -> None:
    """KSD-09: not before a year, and not when the reconciliation speaks against it."""
    takeover = takeover_of(trail)
    assert takeover["earliestOn"] == str(A_YEAR)
    trail.reached("reconciliation", A_YEAR, ["referring", "resident"])

    def transfer(on: date) -> dict[str, Any]:
        return {
            "takeoverId": takeover["id"],
            "expectedVersion": takeover_of(trail)["version"],
            "on": str(on),
            "parties": ["resident", "property"],
        }

    trail.answer(reconciliation_favours_takeover=False)
    against = office["officer"].refused("carryOutTakeover", **transfer(A_YEAR))
    assert (against["rule"], against["cite"]) == ("contract_may_be_transferred", CITE)
    [no] = [node for node in against["trace"] if node["outcome"] == "false" and node["because"]]
    assert no["label"]["sv"] == "Avstämningen talar för det"
    trail.answer(reconciliation_favours_takeover=True)
    early = office["officer"].refused("carryOutTakeover", **transfer(A_YEAR - timedelta(days=1)))
    assert early["__typename"] == "PolicyRefused"
    office["officer"].do("carryOutTakeover", "takeover { id }", **transfer(A_YEAR))
    done = takeover_of(trail)
    assert (done["state"], done["takenOverOn"]) == ("done", str(A_YEAR))
    assert done["lease"]["kind"] == "first_hand"


def after_care(office: Mapping[str, Voice], trail: Trail) -> None:
    """KSD-10: twelve months of help to the landlord, on the list of duties; then it is over."""
    over = add_months(A_YEAR, 12)
    assert trail.read("stage")["stage"] == "Eget kontrakt, stödår"
    duties = trail.read(
        'obligations(state: ["open"]) { code label cite dueOn overdue agenda { label } }'
    )["obligations"]
    year = next(one for one in duties if one["code"] == "support_year_ends")
    assert (year["dueOn"], year["cite"], year["overdue"]) == (str(over), CITE, True)
    # The plan's reviews ended with the second-hand contract.
    assert all(one["code"] != "boplan_review" or one["dueOn"] <= str(A_YEAR) for one in duties)
    [station] = [
        one
        for one in trail.read("way { code state expectedOn }")["way"]
        if one["code"] == "after_care"
    ]
    assert station == {"code": "after_care", "state": "now", "expectedOn": str(over)}

    assert trail.reached("support_over", over, ["referring"]) == "Avslutat"
    assert trail.due("support_year_ends") == trail.due("support_to_landlord") == []
    office["caseworker"].do(
        "closeCase",
        "case { state }",
        caseId=trail.case,
        reason="own_lease",
        expectedVersion=trail.read("version")["version"],
    )
    kept = trail.read("state way { code state on }")
    assert [(one["code"], one["on"]) for one in kept["way"]][-2:] == [
        ("own_lease", str(A_YEAR)),
        ("after_care", str(over)),
    ]
