"""Requests that are none, and operations beyond the limits: refused with a code before anything is
done, by the server as it is run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from hemvist_api_inputs import plain_input
from hemvist_api_office import Office, command_document, open_office
from hemvist_graphql.asking import MAX_BODY
from hemvist_graphql.limits import MAX_ALIASES, MAX_DEPTH, MAX_DOCUMENT, MAX_TOKENS
from hemvist_infra.web.edge import BODY_LIMIT

ME = "{ me { name } }"
JSON = "application/json"


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


def send(office: Office, body: Any, kind: str = JSON) -> httpx2.Response:
    """The answer to a body as it stands."""
    voice = office["caseworker"]
    headers = {**voice.headers, "Content-Type": kind}
    return voice.http.post("/helsingborg/graphql", content=body, headers=headers)


def code(response: httpx2.Response) -> tuple[int, str]:
    """Status and code of a request that was not carried out."""
    answer = response.json()
    assert answer.get("data") is None and answer["errors"][0]["message"], answer
    return response.status_code, answer["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"5",
        b'"{ me { name } }"',
        b"\xff\xfe{",
        b"{}",
        b'{"query": null}',
        b'{"query": ["{ me { name } }"]}',
        b'{"query": "{ me { name } }", "variables": "x"}',
        b'{"query": "{ me { name } }", "operationName": {}}',
        b'{"query": "{ me { name } }", "variables": {"x": Infinity}}',
        b'{"query": ' + b"[" * 200_000,
        json.dumps([{"query": ME}]).encode(),
        json.dumps([{"query": ME}] * 1_000).encode(),
        b"query=%7B+me+%7B+name+%7D+%7D",
    ],
)
def test_what_is_no_request(office: Office, body: bytes) -> None:
    assert code(send(office, body)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/graphql", "multipart/form-data; boundary=x", "json", ""]
)
def test_another_content_type(office: Office, kind: str) -> None:
    body = json.dumps({"query": command_document("registerHousehold", "__typename")}).encode()
    assert code(send(office, body, kind)) == (415, "BAD_REQUEST")


def test_get_and_other_methods_carry_nothing_out(office: Office) -> None:
    voice = office["caseworker"]
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = voice.http.request(
            method, "/helsingborg/graphql", params={"query": ME}, headers=voice.headers
        )
        assert answer.status_code == 405, method


def test_a_body_that_is_too_large(office: Office) -> None:
    large = json.dumps({"query": ME, "variables": {"x": "y" * MAX_BODY}}).encode()
    assert code(send(office, large)) == (413, "REQUEST_TOO_LARGE")
    # A megabyte and more is refused by the edge, whatever the address.
    huge = json.dumps({"query": ME, "variables": {"x": "y" * BODY_LIMIT}}).encode()
    refused = send(office, huge)
    assert (refused.status_code, refused.json()["error"]) == (413, "body_too_large")

    def endless() -> Iterator[bytes]:
        yield b'{"query": "'
        for _ in range(MAX_BODY // 1_000 + 10):
            yield b"x" * 1_000

    assert code(send(office, endless())) == (413, "REQUEST_TOO_LARGE")


def nested(levels: int) -> str:
    """A case of a household of a case, and so on."""
    inner = "id number state openedOn"
    for level in range(levels - 1):
        inner = f"{'cases' if level % 2 else 'household'} {{ {inner} }}"
    return f"query Q($id: ID!) {{ case(id: $id) {{ {inner} }} }}"


def lists(depth: int) -> str:
    """Lists in lists, each by itself allowed."""
    inner = "id number state openedOn"
    for _ in range(depth):
        inner = f"referrals {{ case {{ household {{ cases {{ {inner} }} }} }} }}"
    return f"{{ cases(first: 100) {{ edges {{ node {{ {inner} }} }} }} }}"


def aliased(document: str, times: int) -> str:
    """The same field so many times."""
    return "{ " + " ".join(f"a{number}: {document}" for number in range(times)) + " }"


#: Two to the thirtieth by its meaning, a page by its text.
BOMB = " ".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(30))

INTROSPECTION = "{ __schema { types { " + "fields { type { " * 5 + "name" + " } }" * 5 + " } } }"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("{", "PARSE_FAILED"),
        ("{ me { name } } €", "PARSE_FAILED"),
        ("{ me { name } }" + " " * MAX_DOCUMENT, "DOCUMENT_TOO_LARGE"),
        ("{ " + "me " * (MAX_TOKENS + 1) + "}", "PARSE_FAILED"),
        ("{ nothing }", "INVALID_DOCUMENT"),
        ("{ me }", "INVALID_DOCUMENT"),
        ("subscription { me { name } }", "INVALID_DOCUMENT"),
        ("mutation { dropEverything(input: {}) { __typename } }", "INVALID_DOCUMENT"),
        ("{ ...f } fragment f on Query { ...f }", "INVALID_DOCUMENT"),
        (f"{{ ...f0 }} {BOMB} fragment f30 on Query {{ me {{ name }} }}", "TOO_COSTLY"),
        ('{ me { name @include(if: "x") } }', "INVALID_DOCUMENT"),
        ("query A { me { name } } query B { me { name } }", "UNKNOWN_OPERATION"),
        ("fragment f on Query { me { name } }", "INVALID_DOCUMENT"),
        (nested(MAX_DEPTH + 1), "TOO_DEEP"),
        (nested(100), "TOO_DEEP"),
        (nested(1_500), "PARSE_FAILED"),
        (aliased("me { name }", MAX_ALIASES + 1), "TOO_MANY_ALIASES"),
        (aliased("cases(first: 100) { totalCount }", MAX_ALIASES + 1), "TOO_MANY_ALIASES"),
        (lists(2), "TOO_COSTLY"),
        (INTROSPECTION, "INVALID_DOCUMENT"),
    ],
)
def test_a_document_beyond_the_limits(office: Office, document: str, expected: str) -> None:
    response = send(office, json.dumps({"query": document}).encode())
    assert code(response) == (400, expected)


def test_one_command_too_many_and_none_is_carried_out(office: Office) -> None:
    one = command_document("registerHousehold", "household { id }")
    many = " ".join(f"a{n}: {_field(one)}" for n in range(MAX_ALIASES + 1))
    member = {**plain_input("registerHousehold")["members"][0], "personalNumber": "19790405-9899"}
    given = plain_input("registerHousehold", department="SOF-VUX", members=[member])
    body = {
        "query": f"mutation M($input: RegisterHouseholdInput!) {{ {many} }}",
        "variables": {"input": given},
    }
    assert code(send(office, json.dumps(body).encode())) == (400, "TOO_MANY_ALIASES")


def _field(document: str) -> str:
    name = "registerHousehold(input: $input)"
    assert name in document
    return f"{name} {{ __typename }}"


@pytest.mark.parametrize(
    ("field", "variables", "expected"),
    [
        ("cases(first: $n)", {"n": -1}, "BAD_PAGE"),
        ("cases(first: $n)", {"n": 101}, "BAD_PAGE"),
        ("cases(first: $n, last: 2)", {"n": 2}, "BAD_PAGE"),
        ("cases(first: $n)", {"n": 2**31}, "BAD_INPUT"),
        ("cases(first: $n)", {"n": "2"}, "BAD_INPUT"),
        ("cases(first: $n)", {"n": 1e400}, "BAD_INPUT"),
        ("cases(first: $n, after: $t)", {"n": 1, "t": "x"}, "BAD_CURSOR"),
        ("cases(first: $n, after: $t)", {"n": 1, "t": "a" * 400_000}, "BAD_CURSOR"),
        ("cases(first: $n, before: $t)", {"n": 1, "t": "bnVsbA=="}, "BAD_CURSOR"),
        ("cases(first: $n, filter: {number: $t})", {"n": 1, "t": "x" * 101}, "BAD_INPUT"),
        ("cases(first: $n, filter: {state: $t})", {"n": 1, "t": "\0"}, "BAD_INPUT"),
    ],
)
def test_a_page_that_there_is_not(
    office: Office, field: str, variables: dict[str, Any], expected: str
) -> None:
    texts = ", $t: String" if "$t" in field else ""
    document = f"query Q($n: Int{texts}) {{ {field} {{ totalCount edges {{ cursor }} }} }}"
    body = json.dumps({"query": document, "variables": variables}).replace("Infinity", "1e400")
    response = send(office, body.encode())
    assert code(response) == (200, expected)


def test_no_error_tells_of_our_insides(office: Office) -> None:
    """What is refused is refused in the API's words: no class, file, statement or host."""
    bodies: list[Any] = [
        b"{",
        json.dumps({"query": "{ nothing }"}).encode(),
        json.dumps({"query": nested(50)}).encode(),
        json.dumps(
            {
                "query": command_document("openCase", "case { id }"),
                "variables": {"input": {"householdId": {"a": 1}}},
            }
        ).encode(),
    ]
    for body in bodies:
        text = send(office, body).text
        for inside in ("Traceback", "sqlalchemy", "psycopg", "hemvist_", ".py", "SELECT", "uuid"):
            assert inside not in text, text
