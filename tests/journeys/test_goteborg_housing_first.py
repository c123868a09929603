"""Göteborg's Housing First over the API: two flats to choose between, forty days away, a takeover.

The social worker and her manager of Sydväst, the coordinator who matches and the development
administration that lets, each with a token from their login. The dates are the routine's: both
decisions in one act, eighteen months and the days away, and not a day before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.policy import add_days, add_months
from hemvist_api_office import Voice
from hemvist_goteborg import CONTENT, MANAGED, WAIVER, asked_facts
from hemvist_kommun_api import CONTRACT, DECISION, OFFER, Trail, open_kommun
from hemvist_world import HOUSING, SUPPORT

PEOPLE = {
    "caseworker": "gerd.malm",
    "manager": "hugo.risberg",
    "officer": "irma.sjolund",
    "letting": "jorge.lindh",
}
#: Moved in eighteen months and forty days ago: the takeover's first day is today.
MOVED_IN = next(
    day
    for day in (add_days(add_months(today(), -18), -40 - slack) for slack in range(-3, 4))
    if add_days(add_months(day, 18), 40) == today()
)
AWAY = (MOVED_IN + timedelta(days=100), MOVED_IN + timedelta(days=139))
BOLAG, OTHER_BOLAG = "5560000001", "5560000043"
GOES_ON = "Rutinens fjorton dagar står i avtalet; lagens tid gäller."
TAKEOVER = """ id state version earliestOn eligibleOn requestedOn answeredOn takenOverOn
    contract { id state endReason endedOn } lease { id form formLabel kind startsOn rentOre }
    stepsTaken { code doneOn } checks { code label cite outcome way } """
WAY = "way { code label detail state on expectedOn because { code label outcome } }"
STEPS = "nextSteps { code label role milestone programme }"


@pytest.fixture(scope="module")
def office(database: str, valkey: str) -> Iterator[Mapping[str, Voice]]:
    """Sydväst, the coordination and the development administration."""
    with open_kommun("goteborg", PEOPLE) as people:
        yield people


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
    contract = sublet(
        way, chosen(way, two_flats(way, referral, shown, **unit), shown), moved_in
    )
    way.worked()
    return contract


def test_from_two_flats_to_a_lease_of_ones_own(office: Mapping[str, Voice]) -> None:
    way = trail(office)
    referral = waiting_for_a_flat(way, MOVED_IN)
    shown = MOVED_IN - timedelta(days=30)
    way.reached("phase_1", MOVED_IN - timedelta(days=35), ["support_worker"])
    flats = two_flats(way, referral, shown)
    # GBG-73: two at a time, and no third.
    third = office["officer"].refused(
        "makeOffer", referralId=referral["id"], unitId=way.unit(shown)["id"], on=str(shown)
    )
    assert (third["rule"], third["cite"]) == ("offers_at_a_time", "BF Lägenhetsval")
    contract = sublet(way, chosen(way, flats, shown), MOVED_IN)
    assert (contract["form"], contract["kind"]) == ("bostad_forst_andrahand", "sublease")
    assert contract["case"]["stage"] == "Fas 2: boende i andra hand"
    assert {one["flag"] for one in contract["legalFindings"] if one["outcome"] == "violated"} == {
        "LF-1"
    }
    way.worked()

    _forty_days_away(way, contract)
    _eighteen_months_and_forty_days(way)
    _the_landlord_agrees(way)
    _a_lease_of_ones_own(way, contract)


def _watched(way: Trail) -> dict[str, Any]:
    [found] = way.read(f"takeovers {{ {TAKEOVER} }}", "letting")["takeovers"]
    return found  # type: ignore[no-any-return]


def _act(way: Trail, name: str, **given: Any) -> dict[str, Any]:
    now = _watched(way)
    return way.office["letting"].do(
        name,
        f"takeover {{ {TAKEOVER} }}",
        takeoverId=now["id"],
        expectedVersion=now["version"],
        **given,
    )


def _station(way: Trail, code: str) -> dict[str, Any]:
    return next(one for one in way.read(WAY)["way"] if one["code"] == code)


def _forty_days_away(way: Trail, contract: Mapping[str, Any]) -> None:
    """GBG-124, 125: longer absence is registered, and moves the day by as much."""
    assert _watched(way)["earliestOn"] == str(add_months(MOVED_IN, 18))
    absence = way.office["letting"].do(
        "recordAbsence",
        "absence { id beganOn endedOn version }",
        contractId=contract["id"],
        beganOn=str(AWAY[0]),
        reason="treatment",
    )
    lasting = (today() - AWAY[0]).days + 1
    assert _watched(way)["earliestOn"] == str(add_days(add_months(MOVED_IN, 18), lasting))
    ended = way.office["letting"].do(
        "endAbsence",
        "absence { id beganOn endedOn }",
        absenceId=absence["id"],
        endedOn=str(AWAY[1]),
        expectedVersion=absence["version"],
    )
    assert (ended["beganOn"], ended["endedOn"]) == (str(AWAY[0]), str(AWAY[1]))


def _eighteen_months_and_forty_days(way: Trail) -> None:
    """GBG-79, 123, 127, 128: to the day, and not before everything is managed."""
    takeover = _watched(way)
    assert takeover["earliestOn"] == str(add_days(add_months(MOVED_IN, 18), 40)) == str(today())
    assert _station(way, "takeover_day")["on"] == str(today())
    yesterday = way.office["letting"].refused(
        "requestTakeover",
        takeoverId=takeover["id"],
        expectedVersion=takeover["version"],
        on=str(today() - timedelta(days=1)),
    )
    assert (yesterday["rule"], yesterday["cite"]) == ("takeover_too_early", "BF Överlåtelse")

    way.answer(**{**MANAGED, "neighbours_undisturbed": False})
    disturbed = way.office["letting"].refused(
        "requestTakeover", takeoverId=takeover["id"], expectedVersion=takeover["version"]
    )
    assert disturbed["rule"] == "may_take_over"
    failed = [n for n in disturbed["trace"] if n["outcome"] == "false" and n["because"]]
    # Neither has the tribunal given leave nor is the owner bound: that is the owner's to mend.
    assert [node["label"]["sv"] for node in failed][0] == "Grannarna har inte blivit störda"
    assert [why["label"] for why in _station(way, "own_lease")["because"]][0] == (
        "Grannarna har inte blivit störda"
    )
    way.answer(neighbours_undisturbed=True)
    checks = {one["code"]: one for one in _watched(way)["checks"]}
    assert (checks["tenancy_long_enough"]["way"], checks["tenancy_long_enough"]["outcome"]) == (
        "auto",
        "true",
    )
    assert checks["rent_independently"]["way"] == "manual"
    assert checks["owner_says_yes"]["way"] == "unavailable"


def _the_landlord_agrees(way: Trail) -> None:
    """GBG-128 to 130: inspected together, asked, and the owner alone decides."""
    for step in ("inspection_together", "request"):
        way.office["letting"].do(
            "takeTakeoverStep",
            "takeoverStep { code doneOn }",
            takeoverId=_watched(way)["id"],
            step=step,
        )
    asked = _act(way, "requestTakeover")
    assert (asked["state"], asked["requestedOn"]) == ("asked", str(today()))
    waits = _station(way, "landlord")
    assert [why["label"] for why in waits["because"]] == ["Hyresvärden har inte svarat"]
    early = way.office["letting"].refused(
        "carryOutTakeover",
        takeoverId=asked["id"],
        expectedVersion=asked["version"],
        parties=["landlord", "resident"],
        told=["open_support_told"],
    )
    assert (early["__typename"], early["cite"]) == ("PolicyRefused", "BF Överlåtelse")
    agreed = _act(way, "answerTakeover", agrees=True)
    assert (agreed["state"], agreed["answeredOn"]) == ("agreed", str(today()))
    assert _station(way, "landlord")["on"] == str(today())
    assert {one["outcome"] for one in agreed["checks"] if one["code"] == "owner_says_yes"} == {
        "true"
    }


def _a_lease_of_ones_own(way: Trail, contract: Mapping[str, Any]) -> None:
    """GBG-131, 135: the support goes on, and of the open support the participant has been told."""
    given = {"parties": ["landlord", "property", "resident"]}
    agreed = _watched(way)
    untold = way.office["letting"].refused(
        "carryOutTakeover",
        takeoverId=agreed["id"],
        expectedVersion=agreed["version"],
        **given,
    )
    assert [(one["field"], one["rule"]) for one in untold["problems"]] == [
        ("told", "notice_not_given")
    ]
    done = _act(way, "carryOutTakeover", **given, told=["open_support_told"])
    assert (done["state"], done["takenOverOn"]) == ("done", str(today()))
    assert done["contract"] == {
        "id": contract["id"],
        "state": "ended",
        "endReason": "taken_over",
        "endedOn": str(today()),
    }
    lease = done["lease"]
    assert (lease["kind"], lease["startsOn"], lease["rentOre"]) == (
        "first_hand",
        str(today()),
        contract["rentOre"],
    )
    seen = way.read(f"stage programme {WAY} decisions {{ kind state }}")
    assert seen["stage"] == "Fas 3: eget förstahandskontrakt med stöd"
    assert {one["state"] for one in seen["way"]} == {"done"}
    assert seen["way"][-1]["code"] == "own_lease"
    # Home and support are separate: the support's decision stands.
    assert [one["state"] for one in seen["decisions"]] == ["decided", "decided"]


def test_given_notice_and_offered_another_companys_flat(office: Mapping[str, Voice]) -> None:
    """GBG-115 to 122: notice by law and routine, the support to the last key, and another company."""
    way, moved_in = trail(office), add_months(today(), -8)
    contract = housed(
        way, moved_in, landlordOrganisationNumber=BOLAG, landlordName="Bostadsbolaget Ett AB"
    )
    given_on = today() - timedelta(days=40)
    ended_on = today() - timedelta(days=20)
    _notice(way, contract, given_on, ended_on)
    _moved_out(way, contract, ended_on)
    _no_flat_of_that_company(way)
    _another_companys_flat(way)


def _notice(way: Trail, contract: Mapping[str, Any], given_on: date, ends_on: date) -> None:
    letting = way.office["letting"]
    given = {
        "contractId": contract["id"],
        "expectedVersion": contract["version"],
        "givenBy": "landlord",
        "givenOn": str(given_on),
        "endsOn": str(ends_on),
    }
    # JB 12:25 a, 42: a second-hand tenant is told to correct first, and the board is told.
    untold = letting.refused("giveContractNotice", **given, details={"ground": "misconduct"})
    assert untold["__typename"] in ("PolicyRefused", "ValidationFailed")
    way.answer(repeated_documented_misconduct=True)
    notice = letting.do(
        "giveContractNotice",
        "contract { id state noticeGivenOn noticeEndsOn version case { stage } }",
        **given,
        details={
            "ground": "misconduct",
            "demand_sent_on": str(given_on - timedelta(days=30)),
            "board_told_on": str(given_on - timedelta(days=25)),
            "board_has_copy": True,
        },
    )
    assert (notice["noticeGivenOn"], notice["noticeEndsOn"]) == (str(given_on), str(ends_on))
    assert notice["case"]["stage"] == "Uppsagd, stödet finns kvar"


def _moved_out(way: Trail, contract: Mapping[str, Any], ended_on: date) -> None:
    way.reached("keys", ended_on, ["resident"])
    now = way.read("contracts { id version }", "letting")["contracts"][0]
    ended = way.office["letting"].do(
        "endContract",
        "contract { id state endReason unit { id state } case { stage } }",
        contractId=now["id"],
        expectedVersion=now["version"],
        reason="notice",
        endedOn=str(ended_on),
    )
    assert (ended["state"], ended["unit"]["state"]) == ("ended", "vacant")
    assert ended["case"]["stage"] == "Avflyttad"
    # What was granted is not carried out any more: the clock runs from the loss (SoL 34:1).
    waits = way.read("decisions { kind waitingSince }")["decisions"]
    assert {one["waitingSince"] for one in waits} == {str(ended_on)}


def _no_flat_of_that_company(way: Trail) -> None:
    """GBG-121, 122: another flat may be offered, and not of the company that the notice came from."""
    way.answer(given_notice_before=True, company_at_notice=BOLAG, company_debts=[])
    assert "draft_referral" not in {one["code"] for one in way.read(STEPS)["nextSteps"]}
    way.answer(special_circumstances_against=False, company_can_transfer=True)
    steps = {one["code"]: one for one in way.read(STEPS)["nextSteps"]}
    assert steps["draft_referral"]["label"] == "En annan lägenhet efter uppsägning"
    assert steps["draft_referral"]["role"] == "caseworker"


def _another_companys_flat(way: Trail) -> None:
    on = today()
    referral = way.referred(on)
    for who in ("officer", "letting"):
        same = way.office[who].refused(
            "makeOffer",
            referralId=referral["id"],
            unitId=way.unit(
                on, landlordOrganisationNumber=BOLAG, landlordName="Bostadsbolaget Ett AB"
            )["id"],
            on=str(on),
        )
        assert (same["rule"], same["cite"]) == (
            "landlord_closed",
            "BF Informationsmöte, BF Uppsägning",
        )
        assert same["sv"] == "Riktlinjen säger nej till den hyresvärden för det här hushållet."
    assert way.reached("phase_1", on, ["support_worker"]) == "Fas 1: planering inför inflyttning"
    other = {
        "landlordOrganisationNumber": OTHER_BOLAG,
        "landlordName": "Bostadsbolaget Två AB",
    }
    flat = chosen(way, two_flats(way, referral, on, **other), on)
    contract = sublet(way, flat, on + timedelta(days=7))
    assert contract["case"]["stage"] == "Fas 2: boende i andra hand"
    seen = way.read("contracts { state unit { landlord { name } } }", "letting")["contracts"]
    assert [(one["state"], one["unit"]["landlord"]["name"]) for one in seen] == [
        ("ended", "Bostadsbolaget Ett AB"),
        ("signed", "Bostadsbolaget Två AB"),
    ]
    way.worked()
    # The eighteen months begin anew in the new home.
    running = [one for one in _takeovers(way) if one["state"] == "waiting"]
    assert [one["earliestOn"] for one in running] == [str(add_months(on + timedelta(days=7), 18))]


def _takeovers(way: Trail) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = way.read(f"takeovers {{ {TAKEOVER} }}", "letting")["takeovers"]
    return found
