"""Every field of every command, given what it cannot take: an error that names it, nothing changed.

The commands and their fields come from the schema, so a new one is tried without being listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hemvist_api_inputs import (
    commands,
    fields_of,
    input_type,
    whole_input,
    with_value,
    without,
)
from hemvist_api_office import Office, command_document, open_office

#: What a scalar cannot take.
WRONG: dict[str, list[Any]] = {
    "String": [5, 1.5, True, {"a": "b"}, [["x"]]],
    "Int": ["1", 1.5, True, 2**31, -(2**31) - 1, {}, [1.5]],
    "Float": ["1", True, {}, ["x"]],
    "Boolean": ["true", 1, 0, {}, [5]],
    "ID": [1.5, True, {}, [{}]],
    "Date": [
        20260101,
        "2026-02-30",
        "1899-12-31",
        "2200-01-01",
        "igår",
        "",
        "2026-1-1",
        {},
        "٢٠٢٦-٠١-٠١",
    ],
    "DateTime": [
        20260101,
        "2026-01-01",
        "2026-01-01T12:00:00",
        "2026-02-30T12:00:00Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "igår",
        "",
        {},
    ],
    "Json": [],
}
#: Near the most that a request may hold.
LONG = "a" * 400_000
#: Texts that no field takes, and the rule that they break.
UNFIT = ((LONG, "too_long"), ("a\0b", "characters"), ("\ud800", "characters"))


@pytest.fixture(scope="module")
def office(database: str) -> Iterator[Office]:
    with open_office() as office:
        yield office


@pytest.fixture(autouse=True)
def _nothing_is_changed(office: Office) -> Iterator[None]:
    """Not a row in any table, the outbox included, and in the audit log only that it was refused."""
    before = office.ledger.contents()
    yield
    assert office.ledger.contents() == before


@pytest.mark.parametrize("command", commands())
def test_a_field_that_is_missing_null_or_of_the_wrong_type(office: Office, command: str) -> None:
    tried = 0
    for path, scalar, required, listed in fields_of(input_type(command)):
        body = whole_input(command)
        attempts = [with_value(body, path, wrong) for wrong in WRONG[scalar]]
        if required:
            attempts += [without(body, path), with_value(body, path, None)]
        if listed:
            attempts += [with_value(body, path, [wrong]) for wrong in WRONG[scalar]]
        for attempt in attempts:
            error = _error(office, command, attempt)
            assert error["extensions"]["code"] == "BAD_INPUT"
            assert path.rpartition(".")[2] in error["message"], (path, error)
            tried += 1
    unknown = _error(office, command, {**whole_input(command), "okänt": 1})
    assert "okänt" in unknown["message"]
    assert tried > 5


@pytest.mark.parametrize("command", commands())
def test_a_text_that_is_too_long_or_cannot_be_kept(office: Office, command: str) -> None:
    for path, scalar, _, listed in fields_of(input_type(command)):
        if scalar in ("String", "ID"):
            # A file may be as long as a request.
            for value, rule in UNFIT[path == "contentBase64" :]:
                answer = _refused(office, command, path, [value] if listed else value)
                assert answer["__typename"] == "ValidationFailed", (path, answer)
                where = path + ("[0]" if listed else "")
                assert {(where, rule), (where, "too_long")} & _problems(answer), (path, answer)
        if scalar == "ID":
            for value in ("", "x", "QUJD", 5, "🏠", "../..", "a" * 5_000):
                answer = _refused(office, command, path, value)
                assert answer["__typename"] == "NotFound", (path, answer)
        if scalar == "Json":
            for value in (
                LONG,
                {"a": LONG},
                {LONG: 1},
                {"a": ["\0"]},
                [[[[[[[[[[1]]]]]]]]]],
                [0] * 9_000,
            ):
                answer = _refused(office, command, path, value)
                assert answer["__typename"] == "ValidationFailed", (path, answer)
                assert all(field.startswith(path) for field, _ in _problems(answer)), answer


def _send(office: Office, command: str, body: dict[str, Any]) -> dict[str, Any]:
    document = command_document(command, "__typename")
    response = office["caseworker"].post(document, input=body)
    assert response.status_code == 200, response.text[:500]
    answer: dict[str, Any] = response.json()
    return answer


def _error(office: Office, command: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = _send(office, command, body)
    assert answer.get("data") is None, (command, body, answer)
    error: dict[str, Any] = answer["errors"][0]
    return error


def _refused(office: Office, command: str, path: str, value: Any) -> dict[str, Any]:
    answer = _send(office, command, with_value(whole_input(command), path, value))
    assert "errors" not in answer, (command, path, answer)
    refusal: dict[str, Any] = answer["data"][command]
    assert refusal["sv"] and refusal["en"] and refusal["sv"] != refusal["en"]
    return refusal


def _problems(answer: dict[str, Any]) -> set[tuple[str, str]]:
    for problem in answer["problems"]:
        assert problem["sv"] and problem["en"] and problem["sv"] != problem["en"], problem
    return {(problem["field"], problem["rule"]) for problem in answer["problems"]}
