"""Göteborg's Housing First over the API: the people, both decisions in one act, two flats, the lease."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hemvist.policy import add_days, add_months
from hemvist_api_office import Voice
from hemvist_goteborg import CONTENT, WAIVER, asked_facts
from hemvist_kommun_api import CONTRACT, DECISION, OFFER, Trail
from hemvist_world import HOUSING, SUPPORT

#: A social worker and her manager, the coordinator who matches, the administration that lets.
PEOPLE = {
    "caseworker": "gerd.malm",
    "manager": "hugo.risberg",
    "officer": "irma.sjolund",
    "letting": "jorge.lindh",
}
GOES_ON = "Rutinens fjorton dagar står i avtalet; lagens tid gäller."
TAKEOVER = """ id state version earliestOn eligibleOn requestedOn answeredOn takenOverOn
    contract { id state endReason endedOn } lease { id form formLabel kind startsOn rentOre }
    stepsTaken { code doneOn } checks { code label cite outcome way } """


def trail(office: Mapping[str, Voice]) -> Trail:
    """A household of Sydväst on its way to Housing First."""
    return Trail(office, "SF-SV", "1480", "bostad_forst", CONTENT, resident_signs=False)


def pair(way: Trail, on: date) -> dict[str, Any]:
    """The input of both decisions in one act."""
    part = {
        name: value
        for name, value in way.proposal(SUPPORT, on).items()
        if name not in ("caseId", "programme", "on", "kind")
    }
    support = {
        **part,
        "kind": SUPPORT,
        "validUntil": str(add_days(add_months(on, 18), -1)),
        "reservation": True,
    }
    return {
        "caseId": way.case,
        "programme": way.programme,
        "parts": [support, {**part, "kind": HOUSING}],
        "on": str(on),
    }


def granted_together(way: Trail, on: date) -> None:
    """GBG-54: each alone is refused with field, rule and source; both are one act of the manager's."""
    for kind, other in ((SUPPORT, HOUSING), (HOUSING, SUPPORT)):
        alone = way.office["caseworker"].refused("proposeDecision", **way.proposal(kind, on))
        [problem] = alone["problems"]
        assert (problem["field"], problem["rule"]) == ("kind", "granted_together")
        assert problem["params"] == {"with": other, "cite": "BF Beslut"}
        assert problem["sv"] == (
            "Riktlinjen kräver att besluten om stödet och om bostaden fattas tillsammans"
            " (BF Beslut)."
        )
    led = way.office["caseworker"].do(
        "proposeDecisionsTogether",
        f"decision {{ {DECISION} together {{ id kind state }} }}",
        **pair(way, on),
    )
    assert sorted(one["kind"] for one in led["together"]) == [HOUSING, SUPPORT]
    assert {one["state"] for one in led["together"]} == {"proposed"}
    way.office["manager"].do(
        "decide",
        f"decision {{ {DECISION} }}",
        decisionId=led["id"],
        expectedVersion=led["version"],
        on=str(on),
    )
    made = way.read("decisions { kind state decidedOn validUntil reservation decidedBy { name } }")
    found = {one["kind"]: one for one in made["decisions"]}
    assert {one["decidedBy"]["name"] for one in found.values()} == {"Hugo Risberg"}
    assert {one["decidedOn"] for one in found.values()} == {str(on)}
    # GBG-56: the support for eighteen months, with a reservation.
    support = found[SUPPORT]
    assert (support["validUntil"], support["reservation"]) == (
        str(add_days(add_months(on, 18), -1)),
        True,
    )


def waiting_for_a_flat(way: Trail, moved_in: date) -> dict[str, Any]:
    """GBG-26: application, assessment, referral, notice, meeting, decision; the referral."""
    start = moved_in - timedelta(days=90)
    way.open(start, **{one.fact: one.value for one in asked_facts()})
    referral = way.referred(start + timedelta(days=10))
    assert way.reached("advance_notice", start + timedelta(days=15), ["coordinator"]) == (
        "Förhandsbesked givet"
    )
    assert way.reached("information_meeting", start + timedelta(days=20), ["support_worker"]) == (
        "Informationsmöte hållet"
    )
    granted_together(way, start + timedelta(days=25))
    assert way.read("stage")["stage"] == "Beviljat, väntar på lägenhet"
    return referral


def two_flats(
    way: Trail, referral: Mapping[str, Any], on: date, **unit: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two offers open at once."""
    made = [
        way.office["officer"].do(
            "makeOffer",
            f"offer {{ {OFFER} viewingOn }}",
            referralId=referral["id"],
            unitId=way.unit(on, **unit)["id"],
            on=str(on),
        )
        for _ in range(2)
    ]
    return made[0], made[1]


def chosen(way: Trail, flats: tuple[dict[str, Any], dict[str, Any]], on: date) -> dict[str, Any]:
    """Both are seen; the participant takes the first and leaves the other."""
    seen = []
    for flat in flats:
        for name, day in (("bookViewing", {"viewingOn": str(on)}), ("holdViewing", {})):
            flat = way.office["caseworker"].do(
                name,
                f"offer {{ {OFFER} viewingOn viewingHeldOn }}",
                offerId=flat["id"],
                expectedVersion=flat["version"],
                on=str(on),
                **day,
            )
        seen.append(flat)
    assert {flat["viewingHeldOn"] for flat in seen} == {str(on)}
    left = way.office["caseworker"].do(
        "declineOffer",
        f"offer {{ {OFFER} counts declineLabel unit {{ id state }} }}",
        offerId=seen[1]["id"],
        code="chose_the_other",
        reason="Ville bo närmare sin syster.",
        expectedVersion=seen[1]["version"],
        on=str(on),
    )
    assert (left["state"], left["counts"], left["unit"]["state"]) == ("declined", False, "vacant")
    assert left["declineLabel"] == "Deltagaren valde den andra lägenheten"
    return way.office["caseworker"].do(
        "acceptOffer",
        f"offer {{ {OFFER} }}",
        offerId=seen[0]["id"],
        expectedVersion=seen[0]["version"],
        on=str(on),
    )


def sublet(way: Trail, offer: dict[str, Any], moved_in: date) -> dict[str, Any]:
    """GBG-77, GBG-78: second-hand with fourteen days' notice and no tenure for two years, as far as
    the law lets it."""
    signed_on = moved_in - timedelta(days=7)
    given = way.contract(
        offer,
        signed_on,
        toldOfLinkOn=str(signed_on),
        ownerNotifiedOn=str(signed_on),
        terms={"informed_of_duties": True},
        waiver=WAIVER,
    )
    warned = way.office["letting"].refused("signContract", **given)
    assert {one["params"]["flag"] for one in warned["problems"]} == {"LF-1"}
    return way.office["letting"].do(
        "signContract", f"contract {{ {CONTRACT} }}", **given, wentOnBecause=GOES_ON
    )


def housed(way: Trail, moved_in: date, **unit: Any) -> dict[str, Any]:
    """In phase 2 since a day; the contract."""
    referral = waiting_for_a_flat(way, moved_in)
    assert way.reached("phase_1", moved_in - timedelta(days=35), ["support_worker"]) == (
        "Fas 1: planering inför inflyttning"
    )
    shown = moved_in - timedelta(days=30)
    contract = sublet(way, chosen(way, two_flats(way, referral, shown, **unit), shown), moved_in)
    way.worked()
    return contract
