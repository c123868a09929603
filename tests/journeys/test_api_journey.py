"""The whole job over the served API: three people, each with nothing but a token from their login."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.policy import add_months
from hemvist_api_journeys import municipal
from hemvist_api_office import Office, open_office
from hemvist_api_ways import LINK, OBLIGATION, Way, begin, marked, opened, register_unit, said
from hemvist_world import GUARANTEE, HOUSING, PACK, PLAN, SUPPORT

#: The programme's horizon: so far ahead recurring obligations are laid out.
HORIZON_MONTHS = 24


@pytest.fixture(scope="module")
def office(database: str) -> Iterator[Office]:
    with open_office() as office:
        yield office


def test_a_municipal_contract_from_first_contact_to_the_first_follow_up(office: Office) -> None:
    way = begin(office)
    opened_case = way.open_case()
    assert opened_case["pack"] == PACK and opened_case["packVersion"]
    _assess(way)
    support = _decided_by_another(way, SUPPORT, 20)
    referral = _referred(way, support)

    registered = way.register(referral, 32)
    # HBG-75: a referral holds for a year from its registration.
    assert registered["validUntil"] == str(add_months(date.fromisoformat(way.day(32)), 12))
    offer = way.offer(registered, register_unit(office, way.day(30)), 40)
    _one_offer_only(way, registered)
    accepted = way.accept(offer, 41)
    assert (accepted["state"], accepted["unit"]["state"]) == ("accepted", "reserved")
    early = office["caseworker"].refused("proposeDecision", **_housing(way, 45))
    assert (early["__typename"], early["rule"]) == ("PolicyRefused", "contract_before_decision")

    contract = way.contract(
        accepted,
        48,
        toldOfLinkOn=way.day(48),
        ownerNotifiedOn=way.day(49),
        terms=LINK,
    )
    assert (contract["kind"], contract["form"]) == ("sublease", "kommunalt_kontrakt")
    assert (contract["rentOre"], contract["unit"]["state"]) == (612_300, "let")
    _decided_by_another(way, HOUSING, 60)

    due = way.obligations()
    assert _days(due) == _scheduled(way, decision_granted=way.day(60), moved_in=way.day(50))
    _first_follow_up_with_its_plan(way, due)
    _as_each_of_them_sees_it(way)


def test_a_first_hand_lease_with_a_guarantee(office: Office) -> None:
    way = opened(office, GUARANTEE)
    registered = way.register(way.referred(), 32)
    accepted = way.accept(way.offer(registered, register_unit(office, way.day(30)), 40), 41)
    dates = {"offerId": accepted["id"], "signedOn": way.day(48), "startsOn": way.day(50)}
    for months in (None, 18):
        refused = office["officer"].refused("signContract", **dates, guaranteeMonths=months)
        assert refused["__typename"] == "ValidationFailed"
        [problem] = refused["problems"]
        # HBG-10: one or two years, and never none.
        assert (problem["field"], problem["params"]["allowed"]) == ("guaranteeMonths", [12, 24])
    contract = way.contract(accepted, 48, guaranteeMonths=12)
    assert (contract["kind"], contract["form"]) == ("first_hand", "forstahandskontrakt")
    guarantee = contract["guarantee"]
    assert (guarantee["months"], guarantee["covers"]) == (12, ["rent", "condition"])
    assert guarantee["endsOn"] == str(add_months(date.fromisoformat(way.day(50)), 12))
    way.decide(HOUSING, 60)

    due = way.obligations()
    assert _days(due) == _scheduled(way, decision_granted=way.day(60), moved_in=way.day(50))
    assert "guarantee_reassessment" in {code for code, _, _ in _days(due)}
    first = next(row for row in due if row["code"] == "first_follow_up")
    # HBG-114: the referring department alone, and no plan is drawn up.
    assert (first["departments"], first["createsPlan"]) == (["SOF-VUX"], False)
    held = office["caseworker"].do(
        "recordFollowUp",
        "followUp { id plan { id } obligation { id state } }",
        **way.follow_up(first, way.day(80)),
    )
    assert (held["plan"], held["obligation"]["state"]) == (None, "done")


def test_a_returned_referral_is_completed_and_registered(office: Office) -> None:
    way = opened(office)
    submitted = way.referred()
    returned = way.step(
        "officer",
        "returnReferral",
        submitted,
        request=said("Beskriv boendehistoriken."),
        on=way.day(30),
    )
    assert returned["state"] == "returned"
    assert returned["completionRequest"] == said("Beskriv boendehistoriken.")
    seen = office["caseworker"].case(way.case)
    assert seen is not None and seen["referrals"][0]["completionRequest"]

    again = office["officer"].refused(
        "registerReferral", referralId=returned["id"], expectedVersion=returned["version"]
    )
    assert again["__typename"] == "Conflict"
    draft = office["caseworker"].do(
        "completeReferral",
        "referral { id state version replaces { id state } content { id value } signatures { kind } }",
        referralId=returned["id"],
        on=way.day(31),
    )
    assert (draft["state"], draft["replaces"]["id"]) == ("draft", returned["id"])
    # The content is kept, the signatures are not: they were on what is now to be changed.
    kept = {item["id"]: item["value"] for item in draft["content"]}
    assert kept["debt_picture"] == said("Inga skulder.") and draft["signatures"] == []
    whole = way.fill_in(draft, 31)
    registered = way.register(way.submit(way.sign(whole, 32), 33), 35)
    assert (registered["state"], registered["replaces"]["state"]) == ("registered", "returned")


def test_an_offer_is_declined_with_a_reason_and_another_made(office: Office) -> None:
    way = opened(office)
    registered = way.register(way.referred(), 32)
    unit = register_unit(office, way.day(30))
    declined = way.decline(way.offer(registered, unit, 40), "wrong_size", 41)
    assert (declined["state"], declined["unit"]["state"]) == ("declined", "vacant")
    # HBG-94: the household did not decline; the home did not suit, so the right to one remains.
    assert (declined["counts"], declined["declineReason"]) == (
        False,
        said("Passar inte hushållet."),
    )
    assert declined["declineLabel"] and declined["referral"]["state"] == "registered"
    another = way.offer(registered, unit, 42)
    assert another["state"] == "made" and another["id"] != declined["id"]


def test_another_department_has_the_obligations_of_its_own(office: Office) -> None:
    way = municipal(office, "AMF")
    anchors = {"decision_granted": way.day(60), "moved_in": way.day(50)}
    scheduled = [due for due in _scheduled(way, **anchors) if due[0] != "first_follow_up"]
    # The command line knows nothing of the milestone that the test has put into the pack.
    planned = [due for due in _days(way.obligations()) if due[0] != "plan_reconciled"]
    assert planned == scheduled
    # HBG-143: the department's joint plan is followed up too.
    assert "labour_plan" in {code for code, _, _ in scheduled}


def _assess(way: Way) -> None:
    """Nothing known: the engine asks. Everything answered: true, each part with its source."""
    asked = way.office["caseworker"].ask(
        """query Q($id: ID!) { case(id: $id) { id criteria { rule outcome ask { fact label } } } }""",
        id=way.case,
    )["case"]["criteria"]
    before = {one["rule"]: one for one in asked}["entitled"]
    assert before["outcome"] == "unknown"
    assert "has_own_contract" in {question["fact"] for question in before["ask"]}
    after = {one["rule"]: one for one in way.answer()["criteria"]}["entitled"]
    assert (after["outcome"], after["ask"]) == ("true", [])
    assert len(after["trace"]) > 5 and all(node["cite"] for node in after["trace"])
    concluded = way.conclude(14)
    assert (concluded["outcome"], concluded["conclusion"]) == ("true", True)
    assert concluded["concludedBy"]["name"] == "Aida Lindqvist"


def _decided_by_another(way: Way, kind: str, after: int) -> dict[str, Any]:
    proposal = way.propose(kind, after)
    given = {"decisionId": proposal["id"], "expectedVersion": proposal["version"]}
    own = way.office["caseworker"].refused("decide", **given)
    assert (own["__typename"], own["action"]) == ("NotAllowed", "decision.decide")
    decided = way.office["manager"].do(
        "decide", "decision { id state decidedBy { id name } }", **given, on=way.day(after)
    )
    assert (decided["state"], decided["decidedBy"]["name"]) == ("decided", "Bengt Sandell")
    return decided


def _housing(way: Way, after: int) -> dict[str, Any]:
    return {
        "caseId": way.case,
        "programme": way.programme,
        "kind": HOUSING,
        "outcome": "granted",
        "legalBasis": ["sol_2025_11_1"],
        "motivation": said("För tidigt."),
        "on": way.day(after),
    }


def _referred(way: Way, support: dict[str, Any]) -> dict[str, Any]:
    """The list of what is missing shrinks to nothing; two people sign; then it is seen elsewhere."""
    draft = way.draft(25)
    wanting = {item["id"] for item in draft["missing"]}
    assert {"home_size", "debt_picture"} <= wanting
    assert all(item["message"] and item["cite"] for item in draft["missing"])
    unsigned = {"referralId": draft["id"], "expectedVersion": draft["version"]}
    early = way.office["caseworker"].refused("submitReferral", **unsigned, on=way.day(25))
    assert (early["__typename"], early["rule"]) == ("PolicyRefused", "contents_missing")
    assert {item["id"] for item in early["items"]} == wanting
    whole = way.fill_in(draft, 25)
    assert whole["missing"] == []
    signed = way.sign(whole, 26)
    assert [one["kind"] for one in signed["signatures"]] == ["resident", "manager"]
    twice = way.office["manager"].refused(
        "signReferralAsManager", referralId=signed["id"], expectedVersion=signed["version"]
    )
    assert twice["__typename"] == "Conflict"
    _unknown_before_submission(way, signed)
    submitted = way.submit(signed, 28)
    assert (submitted["state"], submitted["decision"]["id"]) == ("submitted", support["id"])
    seen = way.office["officer"].case(way.case)
    assert seen is not None and seen["disclosures"][0]["department"] == "FF"
    assert seen["assessments"] == []
    return submitted


def _unknown_before_submission(way: Way, referral: dict[str, Any]) -> None:
    """To the property office, and to another department, the case does not exist yet."""
    for who in ("officer", "other caseworker", "other manager"):
        assert way.office[who].case(way.case) is None, who
        for row_id in (referral["id"], way.case, way.household, way.person):
            node = way.office[who].ask("query Q($id: ID!) { node(id: $id) { id } }", id=row_id)
            assert node == {"node": None}, who
        for command in ("registerReferral", "withdrawReferral"):
            given = {"referralId": referral["id"], "expectedVersion": referral["version"]}
            reason = {"reason": "x"} if command == "withdrawReferral" else {}
            refused = way.office[who].refused(command, **given, **reason)
            assert refused["__typename"] == "NotFound", who


def _one_offer_only(way: Way, referral: dict[str, Any]) -> None:
    unit = register_unit(way.office, way.day(30))
    again = way.office["officer"].refused(
        "makeOffer", referralId=referral["id"], unitId=unit["id"], on=way.day(40)
    )
    assert (again["__typename"], again["rule"]) == ("PolicyRefused", "one_offer")


def _days(obligations: list[dict[str, Any]]) -> list[tuple[str, int, str]]:
    return sorted((row["code"], row["ordinal"], row["dueOn"]) for row in obligations)


def _scheduled(way: Way, **anchors: str) -> list[tuple[str, int, str]]:
    """What ``hemvist policy schedule`` says, run as its users run it."""
    until = add_months(today(), HORIZON_MONTHS)
    given = [part for name, day in anchors.items() for part in ("--anchor", f"{name}={day}")]
    hemvist = str(Path(sys.executable).with_name("hemvist"))
    run = subprocess.run(
        [
            *(hemvist, "policy", "schedule", PACK, "--programme", way.programme),
            *("--department", way.department),
            *(*given, "--until", str(until), "--json"),
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    return sorted(
        (row["obligation"], row["ordinal"], row["due_on"]) for row in json.loads(run.stdout)
    )


def _first_follow_up_with_its_plan(way: Way, due: list[dict[str, Any]]) -> None:
    first = next(row for row in due if row["code"] == "first_follow_up")
    assert first["createsPlan"] and sorted(first["departments"]) == ["FF", "SOF-VUX"]
    held = way.follow_up(first, way.day(85))
    without = way.office["caseworker"].refused("recordFollowUp", **held)
    assert (without["__typename"], without["rule"]) == ("PolicyRefused", "plan_due")
    partly = way.office["caseworker"].refused(
        "recordFollowUp", **held, plan={"way_forward": "Söka."}
    )
    assert (partly["__typename"], partly["rule"]) == ("PolicyRefused", "plan_contents_missing")
    follow_up = way.office["caseworker"].do(
        "recordFollowUp",
        f"""followUp {{ id heldOn recordedBy {{ id }} case {{ id }}
            plan {{ id kind agreedOn content {{ id value }} }} obligation {{ {OBLIGATION} }} }}""",
        **held,
        plan=marked(PLAN),
    )
    plan = follow_up["plan"]
    assert (plan["kind"], plan["agreedOn"]) == ("boendeplan", held["heldOn"])
    written = {item["id"]: item["value"] for item in plan["content"]}
    assert written["goal_own_lease"] is True and written["sub_goals"] == said(PLAN["sub_goals"])
    assert follow_up["obligation"]["state"] == "done"
    assert {row["id"] for row in way.obligations()} == {row["id"] for row in due} - {first["id"]}


def _as_each_of_them_sees_it(way: Way) -> None:
    stages = set()
    for who in ("caseworker", "manager", "officer"):
        seen = way.office[who].case(way.case)
        assert seen is not None
        stages.add(seen["stage"])
        kinds = [line["kind"] for line in seen["timeline"]]
        assert kinds[0] == "case_opened" and "follow_up_recorded" in kinds
        assert seen["timeline"][0]["occurredOn"] == str(way.first)
    assert len(stages) == 1 and today() - way.first == timedelta(days=260)
