"""Göteborg over the API: notice of a Housing First flat, and a flat of another company (GBG-115 to 122)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.policy import add_months
from hemvist_api_office import Voice
from hemvist_goteborg_api import PEOPLE, TAKEOVER, chosen, housed, sublet, trail, two_flats
from hemvist_kommun_api import Trail, open_kommun

QUESTIONS = 'questions(rule: "company_can_be_chosen") { fact value sourceLabel }'
BOLAG, OTHER_BOLAG = "5560000001", "5560000043"
STEPS = "nextSteps { code label role milestone programme }"


@pytest.fixture(scope="module")
def office(database: str, valkey: str) -> Iterator[Mapping[str, Voice]]:
    """Sydväst, the coordination and the development administration."""
    with open_kommun("goteborg", PEOPLE) as people:
        yield people


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
    asked = {one["fact"]: one for one in way.read(QUESTIONS)["questions"]}
    known = asked["given_notice_before"], asked["company_at_notice"]
    assert [one["value"] for one in known] == [True, BOLAG]
    assert {one["sourceLabel"] for one in known} == {"uppsägningen av kontraktet"}
    way.answer(company_debts=[])
    assert "draft_referral" not in {one["code"] for one in way.read(STEPS)["nextSteps"]}
    waits = _next_station(way)
    assert (waits["code"], waits["state"]) == ("another_home", "missing")
    assert [(why["label"], why["outcome"]) for why in waits["because"]] == [
        ("Inga särskilda omständigheter talar emot", "unknown")
    ]
    way.answer(special_circumstances_against=False, company_can_transfer=True)
    steps = {one["code"]: one for one in way.read(STEPS)["nextSteps"]}
    assert steps["draft_referral"]["label"] == "En annan lägenhet efter uppsägning"
    assert steps["draft_referral"]["role"] == "caseworker"
    found = _next_station(way)
    assert (found["label"], found["detail"], found["state"]) == (
        "En ny bostad",
        "En annan lägenhet efter uppsägning",
        "now",
    )


def _next_station(way: Trail) -> dict[str, Any]:
    """The first on the way to a lease of one's own that is not reached."""
    stations = way.read("way { code label detail state because { label outcome } }")["way"]
    return next(one for one in stations if one["state"] != "done")


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
