"""A way walked with every wrong step tried before the right one: each is refused by name, in words.

The right step is taken afterwards with the same input but for the one thing that was wrong, so it
was that which was refused. Wrong steps leave no row behind, in any table.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.clock import today
from hemvist_api_inputs import random_id
from hemvist_api_office import Office, open_office
from hemvist_api_steps import TOMORROW, step
from hemvist_api_ways import Way, begin, said
from hemvist_world import BASIS, MUNICIPAL, OLD_BASIS, SUPPORT, a_number


@pytest.fixture(scope="module")
def office(database: str) -> Iterator[Office]:
    with open_office() as office:
        yield office


def test_a_household(office: Office) -> None:
    way = begin(office)
    number = a_number(date(1991, 2, 3))
    member = {
        "role": "applicant",
        "givenName": "Zvea",
        "familyName": "Qvarn",
        "personalNumber": number,
        "registeredKommun": "1283",
        "protection": "none",
        "protectionSource": "Navet",
        "protectionCheckedOn": str(today()),
    }
    wrong_digit = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    numbers = [
        (wrong_digit, "personal_number_check"),
        *((f"19910230980{digit}", "personal_number_check") for digit in (0, 5)),
        (a_number(date(2099, 2, 3)), "personal_number_future"),
        ("", "required"),
        *((text, "personal_number_form") for text in ("x", "9102039", "19910203-98O1", "1" * 20)),
    ]
    made = step(
        way,
        "caseworker",
        "registerHousehold",
        {"department": "SOF-VUX", "members": [member], "registeredOn": str(today())},
        "household { id members { person { id version } } }",
        ("members", [], "count"),
        ("members", [member, {**member, "role": "partner"}], "members[1].personalNumber twice"),
        ("members[0].role", "farbror", "unknown_choice"),
        ("members[0].role", "child", "members one_applicant"),
        ("members[0].givenName", " \t", "required"),
        ("members[0].givenName", "a\nb", "characters"),
        ("members[0].familyName", "x" * 101, "too_long"),
        ("members[0].registeredKommun", "12x", "kommun_code"),
        ("members[0].protection", "kanske", "unknown_choice"),
        ("members[0].protectionCheckedOn", TOMORROW, "future"),
        ("members[0].protectionCheckedOn", None, "required"),
        ("members[0].protectionSource", "x" * 201, "too_long"),
        *(("members[0].personalNumber", value, rule) for value, rule in numbers),
        ("registeredOn", TOMORROW, "future"),
        ("department", "AMF", "household.register"),
        ("department", "finns-inte", "household.register"),
        ("members[0].personalNumber", way.number, "already_registered"),
    )
    person = made["members"][0]["person"]
    protected = {"personId": person["id"], "protection": "secrecy_mark", "checkedOn": str(today())}
    step(
        way,
        "caseworker",
        "setProtection",
        {**protected, "source": "Navet", "expectedVersion": person["version"]},
        "person { version }",
        ("personId", random_id("Person"), "Person not_found"),
        ("personId", made["id"], "Person not_found"),
        ("protection", "kanske", "unknown_choice"),
        ("checkedOn", TOMORROW, "future"),
        ("source", "x" * 201, "too_long"),
    )


def test_a_case_and_its_decision(office: Office) -> None:
    way = begin(office)
    before = str(way.first - timedelta(days=1))
    way.case = step(
        way,
        "caseworker",
        "openCase",
        {"householdId": way.household, "department": "SOF-VUX", "openedOn": str(way.first)},
        "case { id }",
        ("department", "AMF", "case.open"),
        ("department", "finns-inte", "unknown_department"),
        ("pack", "finns/inte", "pack_not_adopted"),
        ("openedOn", TOMORROW, "future"),
        ("openedOn", "1900-01-01", "too_early"),
    )["id"]
    _answers(way)
    step(
        way,
        "caseworker",
        "concludeAssessment",
        {"caseId": way.case, "rule": "entitled", "conclusion": True, "on": way.day(10)},
        "assessment { id }",
        ("rule", "finns_inte", "unknown_choice"),
        ("conclusion", False, "reason required"),
        ("reason", "x" * 10_001, "too_long"),
        ("on", TOMORROW, "future"),
        ("on", before, "too_early"),
    )
    proposal = step(
        way,
        "caseworker",
        "proposeDecision",
        {
            "caseId": way.case,
            "programme": MUNICIPAL,
            "kind": SUPPORT,
            "outcome": "granted",
            "legalBasis": [BASIS],
            "motivation": said("Behovet."),
            "on": way.day(20),
        },
        "decision { id version }",
        ("programme", "finns_inte", "unknown_choice"),
        ("kind", "finns_inte", "unknown_choice"),
        ("outcome", "kanske", "unknown_choice"),
        ("outcome", "refused", "departureReason required"),
        ("legalBasis", [], "required"),
        ("legalBasis", ["finns_inte"], "not_in_force"),
        ("legalBasis", [OLD_BASIS], "not_in_force"),
        ("motivation", "  ", "required"),
        ("validUntil", way.day(19), "before_start"),
        ("contractId", random_id("Contract"), "other_contract"),
        ("contractId", way.case, "Contract not_found"),
        ("on", TOMORROW, "future"),
        ("on", before, "too_early"),
    )
    step(
        way,
        "manager",
        "decide",
        {
            "decisionId": proposal["id"],
            "expectedVersion": proposal["version"],
            "on": way.day(21),
        },
        "decision { id }",
        ("on", TOMORROW, "future"),
        ("on", way.day(19), "too_early"),
    )
    again = office["manager"].refused(
        "decide", decisionId=proposal["id"], expectedVersion=proposal["version"] + 1
    )
    assert again["__typename"] == "Conflict"


def _answers(way: Way) -> None:
    """Each wrong answer alone, and beside a right one: then the right one is not kept either."""
    right = {"fact": "has_own_contract", "value": False, "source": "samtal"}
    debts = {"fact": "debts_ore", "value": 0, "source": "samtal"}
    groups = {"fact": "vulnerable_groups", "value": ["addiction"], "reason": said("x")}
    wrongs: list[tuple[dict[str, Any], str]] = [
        ({**right, "fact": "finns_inte"}, "fact unknown_fact"),
        ({**right, "fact": "age", "value": 30}, "fact from_record"),
        ({**right, "value": "false"}, "value wrong_type"),
        ({**right, "value": 0}, "value wrong_type"),
        ({**right, "value": {}}, "value wrong_type"),
        ({**right, "effectiveOn": TOMORROW}, "effectiveOn future"),
        ({**right, "source": "x" * 1_000}, "source too_long"),
        ({**debts, "value": -1}, "value out_of_range"),
        ({**debts, "value": 1.5}, "value wrong_type"),
        ({**debts, "value": 2**53}, "value out_of_range"),
        ({**debts, "value": "0"}, "value wrong_type"),
        ({**groups, "value": ["finns_inte"]}, "value not_an_option"),
        ({**groups, "value": "addiction"}, "value wrong_type"),
        ({**groups, "value": [["addiction"]]}, "value not_an_option"),
        ({**groups, "reason": " "}, "reason reason_required"),
    ]
    step(
        way,
        "caseworker",
        "answerQuestions",
        {"caseId": way.case, "answers": [right]},
        "case { id }",
        ("answers", [right, {**right, "value": True}], "answers[1].fact twice"),
        *(("answers", [one], f"answers[0].{expected}") for one, expected in wrongs),
        *(("answers", [right, one], f"answers[1].{expected}") for one, expected in wrongs[:2]),
    )
    way.answer()
