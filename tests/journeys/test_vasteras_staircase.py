"""Västerås' staircase over the API: a year of training, a year with a surety, then on one's own.

Caseworker, manager and property officer, each with a token from their login. The dates are the
report's: twelve months from moving in, twelve more from the new lease, and not a day before.
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
from hemvist_vasteras import CONTENT, GOES_ON, SINGLE
from hemvist_world import SUPPORT, a_number

PEOPLE = {"caseworker": "wiktor.selin", "manager": "xenia.palm", "officer": "asa.mellgren"}
CITE = "R14 Västerås – En boendetrappa"
MANAGED = {"had_disturbances": False, "had_payment_failures": False}
#: Two years and some months ago: time for both steps.
SIGNED_ON = add_months(today(), -26)
MOVED_IN = SIGNED_ON + timedelta(days=7)
A_YEAR = add_months(MOVED_IN, 12)
BOTH = ["SKV", "FK"]
TAKEOVER = """ id state version earliestOn eligibleOn takenOverOn contract { id state endReason }
    lease { id form formLabel kind signedOn startsOn }
    checks { code label cite outcome way evidence { fact value answeredBy { name } } } """
SURETY = """ id kind kindLabel state version months startsOn endsOn capOre reviewOn endedOn endReason
    legalFindings { flag outcome } """
WAY = "way { code label detail state on expectedOn because { code label outcome } }"


@pytest.fixture(scope="module")
def office(database: str, valkey: str) -> Iterator[Mapping[str, Voice]]:
    """The social office for adults and the property office."""
    with open_kommun("vasteras", PEOPLE) as people:
        yield people


def in_training(office: Mapping[str, Voice]) -> tuple[Trail, dict[str, Any]]:
    """In a training flat since two years and a bit; the trail and the contract."""
    trail = Trail(office, "SKV", "1980", "training_flat", CONTENT)
    trail.open(SIGNED_ON - timedelta(days=60), **SINGLE)
    offer = trail.accepted(SIGNED_ON)
    given = trail.contract(offer, SIGNED_ON, toldOfLinkOn=str(SIGNED_ON))
    given["ownerNotifiedOn"] = str(SIGNED_ON)
    # VAS-16, LF-1: the report's day of notice is less than the law's; whoever signs says why.
    warned = office["officer"].refused("signContract", **given)
    assert [one["params"]["flag"] for one in warned["problems"]] == ["LF-1"]
    contract = trail.signed({**given, "wentOnBecause": GOES_ON})
    assert (contract["form"], contract["kind"]) == ("traningslagenhet", "sublease")
    assert contract["case"]["stage"] == "Bor i träningslägenhet"
    trail.worked()
    return trail, contract


def takeover_of(trail: Trail) -> dict[str, Any]:
    """What the property office watches."""
    [found] = trail.read(f"takeovers {{ {TAKEOVER} }}", "officer")["takeovers"]
    return found  # type: ignore[no-any-return]


def step_up(trail: Trail, on: date) -> dict[str, Any]:
    """The input of the step to a support lease on a day."""
    takeover = takeover_of(trail)
    return {
        "takeoverId": takeover["id"],
        "expectedVersion": takeover["version"],
        "on": str(on),
        "parties": ["resident", "landlord"],
    }


def test_whoever_defaults_stays_on_the_step(office: Mapping[str, Voice]) -> None:
    """VAS-18: unpaid rent or a disturbance keeps the household in the training flat, with the reason."""
    trail, contract = in_training(office)
    takeover = takeover_of(trail)
    assert takeover["earliestOn"] == str(A_YEAR)
    unknown = {one["code"]: one for one in takeover["checks"]}
    assert {unknown[code]["way"] for code in ("no_disturbances", "no_payment_failures")} == {
        "unavailable"
    }
    open_question = office["officer"].refused("carryOutTakeover", **step_up(trail, today()))
    assert (open_question["__typename"], open_question["rule"]) == ("PolicyRefused", "may_step_up")

    for default, reason in (
        ({"had_payment_failures": True, "had_disturbances": False}, "Hyran är alltid betald"),
        ({"had_payment_failures": False, "had_disturbances": True}, "Inga störningar"),
    ):
        trail.answer(**default)
        stays = office["officer"].refused("carryOutTakeover", **step_up(trail, today()))
        assert (stays["rule"], stays["cite"]) == ("may_step_up", CITE)
        failed = [node for node in stays["trace"] if node["outcome"] == "false" and node["because"]]
        assert [node["label"]["sv"] for node in failed] == [reason]
        # The caseworker reads the same on the case: what stands between, and the step it stands on.
        [own] = [one for one in trail.read(WAY)["way"] if one["code"] == "own_lease"]
        assert own["state"] == "missing"
        assert [(why["label"], why["outcome"]) for why in own["because"]] == [(reason, "false")]

    seen = trail.read("stage programme contracts { id state }")
    assert (seen["stage"], seen["programme"]) == ("Bor i träningslägenhet", "training_flat")
    assert seen["contracts"] == [{"id": contract["id"], "state": "signed"}]
    # It is no end of the way: once the home is managed the step is open.
    trail.answer(**MANAGED)
    assert {one["outcome"] for one in takeover_of(trail)["checks"]} == {"true"}


def test_up_both_steps_to_a_lease_of_ones_own(office: Mapping[str, Voice]) -> None:
    """VAS-17 to 21: the step up on its day, the surety for a year, the end by two people and offices."""
    trail, training = in_training(office)
    trail.answer(**MANAGED)
    early = office["officer"].refused(
        "carryOutTakeover", **step_up(trail, A_YEAR - timedelta(days=1))
    )
    assert early["__typename"] == "PolicyRefused"
    done = office["officer"].do(
        "carryOutTakeover", f"takeover {{ {TAKEOVER} }}", **step_up(trail, A_YEAR)
    )
    lease = done["lease"]
    assert (done["state"], done["takenOverOn"]) == ("done", str(A_YEAR))
    assert (lease["formLabel"], lease["kind"]) == (
        "Eget kontrakt med kommunal borgen",
        "first_hand",
    )
    assert done["contract"] == {"id": training["id"], "state": "ended", "endReason": "taken_over"}
    seen = trail.read("stage programmeLabel")
    assert (seen["stage"], seen["programmeLabel"]) == ("Boendestödsavtal", "Boendestödsavtal")

    surety = surety_given(office, trail, lease)
    over = add_months(A_YEAR, 12)
    assert trail.due("reassessment") == [str(over)]
    ended_together(office, trail, over)
    surety_ended(office, trail, surety, over)

    office["caseworker"].do(
        "closeCase",
        "case { state stage }",
        caseId=trail.case,
        reason="own_lease",
        expectedVersion=trail.read("version")["version"],
    )
    kept = trail.read(f"state contracts {{ id state }} {WAY}")
    assert kept["state"] == "closed"
    # The lease of one's own goes on; the flat is none of the kommun's any more.
    assert {one["id"]: one["state"] for one in kept["contracts"]} == {
        training["id"]: "ended",
        lease["id"]: "signed",
    }
    assert [(one["code"], one["on"]) for one in kept["way"]][-4:] == [
        ("own_lease", str(A_YEAR)),
        ("surety", str(A_YEAR)),
        ("surety_ends", str(over)),
        ("follow_up_ends", str(over)),
    ]


def surety_given(
    office: Mapping[str, Voice], trail: Trail, lease: dict[str, Any]
) -> dict[str, Any]:
    """VAS-19, VAS-20: twelve months and no others, from the signature of the lease."""
    steps = trail.read("nextSteps { code role }", "officer")["nextSteps"]
    assert {"code": "give_guarantee", "role": "property_officer"} in steps
    given = {
        "contractId": lease["id"],
        "programme": "support_lease",
        "issuedOn": str(A_YEAR),
    }
    refused = office["officer"].refused("issueGuarantee", **given, months=24)
    assert refused["problems"][0]["params"]["allowed"] == [12]
    surety = office["officer"].do("issueGuarantee", f"guarantee {{ {SURETY} }}", **given, months=12)
    assert (surety["kind"], surety["kindLabel"]) == ("surety", "Kommunal borgen")
    assert (surety["startsOn"], surety["endsOn"]) == (str(A_YEAR), str(add_months(A_YEAR, 12)))
    # The report names no amount: as many months of rent as it lasts.
    assert surety["capOre"] == 12 * 548_000
    stations = {one["code"]: one for one in trail.read(WAY)["way"]}
    assert stations["surety"]["on"] == str(A_YEAR)
    assert stations["follow_up_ends"]["expectedOn"] == str(add_months(A_YEAR, 12))
    return surety


def ended_together(office: Mapping[str, Voice], trail: Trail, over: date) -> None:
    """VAS-21: the responsibility ends when another year has gone; one concludes, another ends it."""
    [review] = [
        row
        for row in trail.read('obligations(state: ["open"]) { id code cite version }')[
            "obligations"
        ]
        if row["code"] == "reassessment"
    ]
    assert review["cite"] == CITE
    office["caseworker"].do(
        "recordFollowUp",
        "followUp { id }",
        obligationId=review["id"],
        heldOn=str(over),
        departments=BOTH,
        residentTookPart=True,
        inTheHome=True,
        expectedVersion=review["version"],
    )

    def waits_for() -> set[tuple[str, str]]:
        steps = trail.read("nextSteps { code role }")["nextSteps"]
        return {(one["code"], one["role"]) for one in steps}

    assert ("conclude_end", "caseworker") in waits_for()
    for conclusion, reason in ((False, "En granne har hört av sig."), (True, "Grannen är nöjd.")):
        office["caseworker"].do(
            "concludeAssessment",
            "assessment { outcome }",
            caseId=trail.case,
            rule="responsibility_may_end",
            conclusion=conclusion,
            reason=reason,
            on=str(over),
        )
        # Whoever concluded that it may not end is asked again, and nobody is asked to end it.
        step = (
            ("end_follow_up", "department_manager")
            if conclusion
            else ("conclude_end", "caseworker")
        )
        assert step in waits_for()

    def end(who: str, on: date, departments: list[str]) -> tuple[str, dict[str, Any]]:
        version = trail.read("version")["version"]
        given = {"caseId": trail.case, "departments": departments, "expectedVersion": version}
        answer = office[who].command("endFollowUp", "case { stage }", **given, on=str(on))
        return answer["__typename"], answer

    assert end("caseworker", over, BOTH)[0] == "NotAllowed"
    alone, answer = end("manager", over, ["SKV"])
    assert (alone, answer["problems"][0]["rule"]) == ("ValidationFailed", "party_missing")
    too_soon, answer = end("manager", over - timedelta(days=1), BOTH)
    assert (too_soon, answer["rule"], answer["cite"]) == (
        "PolicyRefused",
        "responsibility_may_end",
        CITE,
    )
    ended, answer = end("manager", over, BOTH)
    assert (ended, answer["case"]["stage"]) == ("EndFollowUpDone", "Vanlig hyresgäst")
    assert trail.due("early_contact") == trail.due("reassessment") == []
    assert "Uppföljningen avslutades" in {
        line["label"] for line in trail.read("timeline { label }")["timeline"]
    }


def surety_ended(
    office: Mapping[str, Voice], trail: Trail, surety: dict[str, Any], over: date
) -> None:
    """Kept to its last day, and not ended before it by running out."""
    given = {"guaranteeId": surety["id"], "reason": "expired", "expectedVersion": surety["version"]}
    early = office["officer"].refused("endGuarantee", **given, on=str(over - timedelta(days=1)))
    assert early["rule"] == "guarantee_expired_not_yet"
    ended = office["officer"].do("endGuarantee", f"guarantee {{ {SURETY} }}", **given, on=str(over))
    assert (ended["state"], ended["endedOn"]) == ("ended", str(over))
    assert "Borgen upphörde" in {
        line["label"] for line in trail.read("timeline { label }")["timeline"]
    }


def test_a_family_goes_directly_to_a_lease_of_its_own(office: Mapping[str, Voice]) -> None:
    """VAS-22: with children never a training flat; the support lease is their first step."""
    signed_on = add_months(today(), -2)
    opened = signed_on - timedelta(days=60)
    trail = Trail(office, "SKV", "1980", "training_flat", CONTENT)
    caseworker = office["caseworker"]
    family = caseworker.do(
        "registerHousehold",
        "household { id members { role person { id } } }",
        department="SKV",
        registeredOn=str(opened),
        members=[
            {
                "role": role,
                "givenName": given,
                "familyName": "Testsson",
                "personalNumber": a_number(born),
                "registeredKommun": "1980",
                "protection": "none",
                "protectionCheckedOn": str(opened),
            }
            for role, given, born in (
                ("applicant", "Tindra", date(1990, 5, 6)),
                ("child", "Tove", date(2019, 7, 8)),
            )
        ],
    )
    trail.household, trail.person = family["id"], family["members"][0]["person"]["id"]
    trail.case = caseworker.do(
        "openCase",
        "case { id }",
        householdId=family["id"],
        department="SKV",
        openedOn=str(opened),
    )["id"]
    trail.answer(**{**SINGLE, "former_misuse": False})

    said = {
        one["rule"]: one
        for one in trail.read("criteria { rule outcome trace { id outcome cite } }")["criteria"]
    }
    assert said["entitled_to_training_flat"]["outcome"] == "false"
    nodes = {node["id"]: node for node in said["entitled_to_training_flat"]["trace"]}
    assert (nodes["no_children"]["outcome"], nodes["no_children"]["cite"]) == ("false", [CITE])
    child = {"childAssessment": "Barnet får ett tryggt boende."}
    refused = caseworker.refused(
        "proposeDecision", **trail.proposal(SUPPORT, signed_on - timedelta(days=40), **child)
    )
    assert "departureReason" in {one["field"] for one in refused["problems"]}

    trail.programme = "support_lease"
    bare = caseworker.refused(
        "proposeDecision", **trail.proposal(SUPPORT, signed_on - timedelta(days=40))
    )
    assert [one["field"] for one in bare["problems"]] == ["childAssessment"]
    trail.decided(SUPPORT, signed_on - timedelta(days=40), **child)
    offer = trail.offered(
        trail.referred(signed_on - timedelta(days=36)), signed_on - timedelta(days=20)
    )
    trail.decided("housing", signed_on - timedelta(days=5), **child)
    given = trail.contract(
        offer, signed_on, terms={"same_rules": True}, toldOfLinkOn=str(signed_on)
    )
    contract = trail.signed({**given, "guaranteeMonths": 12})
    assert (contract["kind"], contract["case"]["stage"]) == ("first_hand", "Boendestödsavtal")
    assert contract["guarantee"]["endsOn"] == str(add_months(signed_on, 12))
    # No step below and no takeover: it is their own from the first day.
    assert trail.read("takeovers { id }", "officer")["takeovers"] == []
    codes = [one["code"] for one in trail.read(WAY)["way"]]
    assert "takeover_day" not in codes and "next_programme" not in codes
    # Fewer than a year: the responsibility cannot end.
    trail.answer(**MANAGED)
    caseworker.do(
        "concludeAssessment",
        "assessment { outcome }",
        caseId=trail.case,
        rule="responsibility_may_end",
        conclusion=True,
        reason="Allt är bra.",
    )
    early = office["manager"].refused(
        "endFollowUp",
        caseId=trail.case,
        departments=BOTH,
        expectedVersion=trail.read("version")["version"],
    )
    assert early["rule"] == "responsibility_may_end"
