"""A command is carried out once, or refused with a type, and then nothing has changed."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.households.models import Household, Person
from hemvist.identity import Membership, Role
from hemvist.outbox.models import OutboxEvent
from hemvist_api import ask, command, failure, mutation
from hemvist_graphql.ids import global_id
from hemvist_world import World, a_number, new_world

WHO = "caseworker SOF-VUX"


def member(**changes: Any) -> dict[str, Any]:
    """A person as the API takes one."""
    return {
        "role": "applicant",
        "givenName": "Alva",
        "familyName": "Testsson",
        "personalNumber": a_number(today() - timedelta(days=15_000)),
        "registeredKommun": "1283",
        "protection": "none",
        "protectionCheckedOn": str(today()),
        **changes,
    }


def register(world: World, who: str = WHO, **changes: Any) -> dict[str, Any]:
    """The answer to registering a household."""
    given = {"department": "SOF-VUX", "members": [member()], **changes}
    selection = "household { id alias version members { role person { id personalNumber } } }"
    return command(world[who], "registerHousehold", given, selection)


def problems(answer: dict[str, Any]) -> set[tuple[str, str]]:
    assert answer["__typename"] == "ValidationFailed", answer
    assert answer["message"]
    assert all(one["message"] for one in answer["problems"])
    return {(one["field"], one["rule"]) for one in answer["problems"]}


def counts(world: World) -> list[int]:
    return [len(world.rows(model)) for model in (Household, Person, Case, CaseEvent, OutboxEvent)]


def test_a_household_is_registered(world: World) -> None:
    number = a_number(today() - timedelta(days=12_000))
    answer = register(world, members=[member(personalNumber=number)])
    assert answer["__typename"] == "RegisterHouseholdDone"
    [found] = answer["household"]["members"]
    assert found["person"]["personalNumber"] == f"{number[:8]}-{number[8:]}"


def test_the_same_key_and_input_is_carried_out_once(world: World) -> None:
    given = {"idempotencyKey": str(uuid4()), "members": [member()]}
    first = register(world, **given)
    before = counts(world)
    assert register(world, **given) == first
    assert counts(world) == before


def test_the_same_key_with_another_input_is_a_conflict(world: World) -> None:
    key = str(uuid4())
    register(world, idempotencyKey=key)
    before = counts(world)
    answer = register(world, idempotencyKey=key, members=[member(givenName="Bo")])
    assert (answer["__typename"], answer["rule"]) == ("Conflict", "idempotency_key_reused")
    assert counts(world) == before


def test_the_same_key_in_another_command_is_a_conflict(world: World) -> None:
    key = str(uuid4())
    done = register(world, idempotencyKey=key)
    given = {
        "idempotencyKey": key,
        "householdId": done["household"]["id"],
        "department": "SOF-VUX",
    }
    answer = command(world[WHO], "openCase", given, "case { id }")
    assert (answer["__typename"], answer["rule"]) == ("Conflict", "idempotency_key_reused")


def test_a_key_is_the_callers_own(world: World) -> None:
    key, given = str(uuid4()), [member()]
    world.add("second caseworker", Membership(Role.CASEWORKER, "SOF-VUX"))
    register(world, idempotencyKey=key, members=given)
    answer = register(world, "second caseworker", idempotencyKey=key, members=[member()])
    assert answer["__typename"] == "RegisterHouseholdDone"


def test_a_refused_command_may_be_sent_again_under_its_key(world: World) -> None:
    key = str(uuid4())
    refused = register(world, idempotencyKey=key, members=[member(role="child")])
    assert refused["__typename"] == "ValidationFailed"
    assert register(world, idempotencyKey=key)["__typename"] == "RegisterHouseholdDone"


@pytest.mark.parametrize("key", ["", "x" * 201, "x" * 20_000])
def test_a_key_that_is_none(world: World, key: str) -> None:
    assert {field for field, _ in problems(register(world, idempotencyKey=key))} == {
        "idempotencyKey"
    }


def test_eight_at_once_are_one(world: World) -> None:
    given = {"idempotencyKey": str(uuid4()), "members": [member()]}
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda: answers.append(register(world, **given))) for _ in range(8)
    ]
    before = len(world.rows(Household))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(world.rows(Household)) == before + 1
    assert len(answers) == 8 and all(answer == answers[0] for answer in answers)


def test_every_problem_is_named_and_nothing_is_kept(world: World) -> None:
    before = counts(world)
    answer = register(
        world,
        registeredOn=None,
        members=[
            member(personalNumber="19850314-0000", registeredKommun="12x"),
            member(role="partner", givenName=" ", protection="perhaps"),
            member(role="applicant", personalNumber="20850314", familyName="a\nb"),
        ],
    )
    assert problems(answer) == {
        ("members", "one_applicant"),
        ("members[0].personalNumber", "personal_number_check"),
        ("members[0].registeredKommun", "kommun_code"),
        ("members[1].givenName", "required"),
        ("members[1].protection", "unknown_choice"),
        ("members[2].personalNumber", "personal_number_form"),
        ("members[2].familyName", "characters"),
    }
    assert counts(world) == before


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"givenName": "x" * 1_000_000}, ("members[0].givenName", "too_long")),
        ({"personalNumber": "1" * 1_000_000}, ("members[0].personalNumber", "too_long")),
        ({"familyName": "a\0"}, ("members[0].familyName", "characters")),
        ({"protectionSource": "s" * 201}, ("members[0].protectionSource", "too_long")),
    ],
)
def test_what_does_not_fit(
    world: World, changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    before = counts(world)
    assert problems(register(world, members=[member(**changes)])) == {expected}
    assert counts(world) == before


@pytest.mark.parametrize(
    "given",
    [
        {"members": 5},
        {"members": [5]},
        {"members": [{"role": "applicant"}]},
        {"members": [member(protectionCheckedOn="2026-02-30")]},
        {"members": [member(protectionCheckedOn=20260101)]},
        {"department": None},
        {"department": ["SOF-VUX"]},
        {"unknown": 1},
        {"registeredOn": "yesterday"},
    ],
)
def test_wrong_types_are_refused_before_anything_is_done(
    world: World, given: dict[str, Any]
) -> None:
    before = counts(world)
    body = {"idempotencyKey": "k", "department": "SOF-VUX", "members": [member()], **given}
    error = failure(world[WHO], mutation("registerHousehold", "household { id }"), input=body)
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert counts(world) == before


def test_a_stale_version_is_a_conflict(world: World) -> None:
    person = register(world)["household"]["members"][0]["person"]["id"]
    given = {"personId": person, "protection": "secrecy_mark", "source": "Skatteverket"}

    def answer(version: int) -> dict[str, Any]:
        return command(
            world[WHO],
            "setProtection",
            {**given, "expectedVersion": version},
            "person { version protection isProtected }",
        )

    done = answer(1)
    assert done["person"] == {"version": 2, "protection": "secrecy_mark", "isProtected": True}
    stale = answer(1)
    assert (stale["__typename"], stale["rule"]) == ("Conflict", "stale_version")
    assert stale["params"] == {"expected": 1, "current": 2}
    for impossible in (-1, 0, 2**31 - 1):
        assert answer(impossible)["__typename"] == "Conflict"


def test_the_role_lacks_the_right(world: World) -> None:
    before = counts(world)
    answer = register(world, "property")
    assert (answer["__typename"], answer["action"]) == ("NotAllowed", "household.register")
    other = register(world, "caseworker AMF")
    assert other["__typename"] == "NotAllowed"
    assert counts(world) == before


def test_an_id_that_names_nothing_here(world: World) -> None:
    household = register(world)["household"]["id"]
    elsewhere = register(new_world())["household"]["id"]
    unknown = global_id("Household", uuid4())
    for wrong in (elsewhere, unknown, "x", "", global_id("Case", uuid4()), household + "="):
        given = {"householdId": wrong, "department": "SOF-VUX"}
        answer = command(world[WHO], "openCase", given, "case { id }")
        assert answer == {
            "__typename": "NotFound",
            "kind": "Household",
            "message": "There is no such thing.",
        }


def test_two_commands_in_one_operation_each_see_what_the_first_left(world: World) -> None:
    household = register(world)["household"]["id"]
    document = """
      mutation Two($a: OpenCaseInput!, $b: OpenCaseInput!) {
        first: openCase(input: $a) { __typename ... on OpenCaseDone { case { number } } }
        second: openCase(input: $b) {
          __typename ... on Conflict { rule message(lang: "sv") params }
        }
      }"""
    given = {"householdId": household, "department": "SOF-VUX"}
    data = ask(
        world[WHO],
        document,
        a={**given, "idempotencyKey": "two-a"},
        b={**given, "idempotencyKey": "two-b"},
    )
    number = data["first"]["case"]["number"]
    assert data["second"] == {
        "__typename": "Conflict",
        "rule": "case_already_open",
        "message": f"Hushållet har redan ett öppet ärende: {number}.",
        "params": {"number": number},
    }
