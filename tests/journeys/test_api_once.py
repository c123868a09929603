"""A command is carried out once, however often and however simultaneously it is sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from hemvist_api_journeys import drafting, municipal
from hemvist_api_office import Office, command_document, open_office
from hemvist_api_ways import OFFER, REFERRAL, Way, opened, register_unit, said
from hemvist_login import browser

#: Rows that stand for the act itself: were it carried out twice, there would be more of them.
TRACES = ("outbox_events", "case_events", "command_receipts", "households", "offers", "units")


@pytest.fixture(scope="module")
def office(database: str) -> Iterator[Office]:
    with open_office() as office:
        yield office


def test_the_same_again_gives_the_same_and_makes_nothing(office: Office) -> None:
    way = opened(office)
    registered = way.register(way.referred(), 32)
    unit = register_unit(office, way.day(30))
    given = {
        "idempotencyKey": str(uuid4()),
        "referralId": registered["id"],
        "unitId": unit["id"],
        "on": way.day(40),
    }
    first = office["officer"].do("makeOffer", f"offer {{ {OFFER} }}", **given)
    before, writes = _traces(office), _writes(office)
    assert office["officer"].do("makeOffer", f"offer {{ {OFFER} }}", **given) == first
    assert (_traces(office), _writes(office)) == (before, writes)


def test_the_answer_to_the_same_is_what_is_so_now(office: Office) -> None:
    """The row is read again: a program that lost the answer learns how it stands today."""
    way = drafting(office)
    referral = _referral(office, way)
    given = {
        "idempotencyKey": str(uuid4()),
        "referralId": referral["id"],
        "content": {"household": said("Först.")},
        "expectedVersion": referral["version"],
    }
    first = office["caseworker"].do("reviseReferral", "referral { id version }", **given)
    later = way.fill_in({**referral, **first}, 26)
    again = office["caseworker"].do("reviseReferral", "referral { id version }", **given)
    assert again == {"id": referral["id"], "version": later["version"]}


def _referral(office: Office, way: Way) -> dict[str, Any]:
    document = f"query Q($id: ID!) {{ case(id: $id) {{ referrals {{ {REFERRAL} }} }} }}"
    found: dict[str, Any] = office["caseworker"].ask(document, id=way.case)["case"]["referrals"][0]
    return found


def test_the_key_with_another_body_or_command_changes_nothing(office: Office) -> None:
    way = drafting(office)
    referral = _referral(office, way)
    key = str(uuid4())
    given = {"referralId": referral["id"], "expectedVersion": referral["version"]}
    content = {"household": said("En vuxen.")}
    step = {"idempotencyKey": key, **given, "content": content}
    office["caseworker"].do("reviseReferral", "referral { id }", **step)
    before = office.ledger.contents()
    for changes in (
        {"content": {"household": said("Två vuxna.")}},
        {"content": {**content, "home_size": said("Två rum.")}},
        {"toldOneOfferOn": way.day(25)},
        {"expectedVersion": referral["version"] + 1},
    ):
        refused = office["caseworker"].refused("reviseReferral", **{**step, **changes})
        assert (refused["__typename"], refused["rule"]) == ("Conflict", "idempotency_key_reused")
    other = {"idempotencyKey": key, **given, "reason": "x"}
    refused = office["caseworker"].refused("withdrawReferral", **other)
    assert (refused["__typename"], refused["rule"]) == ("Conflict", "idempotency_key_reused")
    assert office.ledger.contents() == before


@pytest.mark.parametrize("callers", [2, 6])
def test_at_the_same_time_it_is_one(office: Office, callers: int) -> None:
    way = opened(office)
    registered = way.register(way.referred(), 32)
    unit = register_unit(office, way.day(30))
    given = {
        "idempotencyKey": str(uuid4()),
        "referralId": registered["id"],
        "unitId": unit["id"],
        "on": way.day(40),
    }
    before = _traces(office)
    answers = _together(office, "makeOffer", f"offer {{ {OFFER} }}", [given] * callers)
    assert answers[0]["makeOffer"]["__typename"] == "MakeOfferDone"
    assert answers == [answers[0]] * callers
    grown = {name: rows - before[name] for name, rows in _traces(office).items()}
    assert grown == dict.fromkeys(TRACES, 0) | {
        # What is told of the case, and what the landlord is told.
        "outbox_events": 2,
        "case_events": 1,
        "command_receipts": 1,
        "offers": 1,
    }


def test_at_the_same_time_under_keys_of_their_own_one_is_refused(office: Office) -> None:
    way = opened(office)
    registered = way.register(way.referred(), 32)
    offers = [
        {
            "idempotencyKey": str(uuid4()),
            "referralId": registered["id"],
            "unitId": register_unit(office, way.day(30))["id"],
            "on": way.day(40),
        }
        for _ in range(2)
    ]
    before = _traces(office)
    answers = _together(office, "makeOffer", "offer { id }", offers)
    kinds = sorted(answer["makeOffer"]["__typename"] for answer in answers)
    assert kinds in (["Conflict", "MakeOfferDone"], ["MakeOfferDone", "PolicyRefused"])
    assert _traces(office)["offers"] == before["offers"] + 1


def test_a_followed_case_is_not_followed_up_twice(office: Office) -> None:
    way = municipal(office)
    due = next(row for row in way.obligations() if row["code"] == "follow_up")
    held = {"idempotencyKey": str(uuid4()), **way.follow_up(due, way.day(150))}
    answers = _together(office, "recordFollowUp", "followUp { id }", [held] * 3, who="caseworker")
    assert answers == [answers[0]] * 3
    case = office["caseworker"].case(way.case)
    assert case is not None and len(case["followUps"]) == 2


def _together(
    office: Office, command: str, selection: str, inputs: list[Any], who: str = "officer"
) -> list[Any]:
    """What the command answers to each input when all are sent at once, each on its connection."""
    voice, document = office[who], command_document(command, selection)
    start, answers = threading.Barrier(len(inputs)), [None] * len(inputs)

    def send(place: int) -> None:
        with browser(office.address) as http:
            http.post("/health/live")
            start.wait(10)
            body = {"query": document, "variables": {"input": inputs[place]}}
            answer = http.post("/helsingborg/graphql", json=body, headers=voice.headers).json()
            assert "errors" not in answer, answer
            answers[place] = answer["data"]

    threads = [threading.Thread(target=send, args=(place,)) for place in range(len(inputs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def _traces(office: Office) -> dict[str, int]:
    found = office.ledger.contents()
    return {name: found[name][0] for name in TRACES}


def _writes(office: Office) -> int:
    return len(office.ledger.rows("SELECT id FROM audit_entries WHERE kind = 'write'"))
