"""Every error of a request says what it is about, and says it in Swedish too."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLError, build_schema, execute, parse, validate

from hemvist_fuzz_words import reads_as
from hemvist_graphql.agreements.mutations import NoteOnAgreementInput
from hemvist_graphql.explaining import formatted
from hemvist_graphql.failures import Code, RequestFailed
from hemvist_graphql.inputs import about
from hemvist_graphql.naming import named
from hemvist_infra.web.answers import NOT_FOUND, answer

SCHEMA = build_schema(
    "input A { n: Int! rows: [B!] } input B { text: String! }"
    " type Query { asked(a: A, n: Int): Int }"
)


@pytest.mark.parametrize("code", list(Code))
def test_every_code_has_a_field_and_a_swedish_sentence(code: Code) -> None:
    told = formatted(RequestFailed(code, "it is not what it should be"))
    more = told["extensions"]
    assert more["field"]
    assert reads_as(more["messageSv"]) != "en"
    assert more["messageSv"] != told["message"]
    assert "{" not in more["messageSv"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"n": "x"}, "variables.a.n"),
        ({"n": 1, "rows": [{"text": "y"}, {"text": 3}]}, "variables.a.rows[1].text"),
        ({}, "variables.a.n"),
        ({"n": 1, "unknown": 2}, "variables.a.unknown"),
        (5, "variables.a"),
    ],
)
def test_a_value_of_the_wrong_type_is_named_by_its_path(given: Any, field: str) -> None:
    document = parse("query Q($a: A) { asked(a: $a) }")
    result: Any = execute(SCHEMA, document, variable_values={"a": given})
    [error] = result.errors
    told = named({"message": error.message, "extensions": {"code": "BAD_INPUT"}}, error)
    assert told["extensions"]["field"] == field


def test_what_a_document_does_not_hold_by_is_named() -> None:
    [error] = validate(SCHEMA, parse("{ wanted }"))
    told = formatted(
        GraphQLError(error.message, error.nodes, extensions={"code": "INVALID_DOCUMENT"})
    )
    assert told["extensions"]["field"] == "query.wanted"


def test_where_it_happened_in_the_answer_is_named() -> None:
    told = named(
        {"message": "no", "extensions": {"code": "NOT_ALLOWED"}, "path": ["cases", 2, "x"]}
    )
    assert told["extensions"]["field"] == "cases[2].x"


def test_problems_are_said_in_both_languages() -> None:
    problem = {"field": "first", "rule": "required", "params": {}}
    told = named({"message": "x", "extensions": {"code": "BAD_INPUT", "problems": [problem]}})
    [said] = told["extensions"]["problems"]
    assert (reads_as(said["message"]), said["messageSv"] != said["message"]) == ("en", True)


def test_an_error_of_nobodys_is_left_as_it_is() -> None:
    told = {"message": "x", "extensions": {"code": "ELSEWHERE"}}
    assert named(told) == told


def test_a_refusal_is_about_a_field_of_the_input() -> None:
    given = NoteOnAgreementInput(idempotency_key="x", agreement_id="y", what="z")  # type: ignore[arg-type]
    assert about(given) == "agreementId"
    assert about(given, kind="Agreement") == "agreementId"
    assert about(given, rule="idempotency_key_reused") == "idempotencyKey"
    assert about(given, rule="stale_version") == "agreementId"


def test_the_edge_says_it_in_both_languages() -> None:
    body = answer(NOT_FOUND, {"type": "http", "headers": []}, "1234").body.decode()
    assert NOT_FOUND.en in body and NOT_FOUND.sv in body and '"messageSv"' in body
