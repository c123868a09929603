"""The real route: who is let in, and what happens to a request that does not hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from hemvist.audit.models import AuditEntry
from hemvist_api import Caller, served_api
from hemvist_graphql.asking import MAX_BODY
from hemvist_infra.dev_issuer.client import machine_token, person_token
from hemvist_login import Served, serve_login, session_cookie
from hemvist_testing import owner_connection

ME = "{ me { name tenant { slug } memberships { role department } } }"


@pytest.fixture(scope="module")
def platform(database: str) -> Iterator[Served]:
    with serve_login() as served:
        yield served


@pytest.fixture(scope="module")
def client(platform: Served) -> Iterator[TestClient]:
    with served_api() as client:
        yield client


@pytest.fixture(scope="module")
def token(platform: Served) -> str:
    return person_token(platform.address, "helsingborg", "aida.lindqvist")


def refused(response: Any) -> tuple[int, str]:
    body = response.json()
    assert "data" not in body
    return response.status_code, body["errors"][0]["extensions"]["code"]


def test_a_person_with_a_token(client: TestClient, token: str) -> None:
    response = Caller(client, "helsingborg", token).post(ME)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    me = response.json()["data"]["me"]
    assert me["name"] == "Aida Lindqvist"
    assert me["tenant"]["slug"] == "helsingborg"
    assert me["memberships"] == [{"role": "caseworker", "department": "SOF-VUX"}]


def test_a_machine_with_a_token(platform: Served, client: TestClient) -> None:
    machine = machine_token(platform.address, "karlstad", "fastighetssystem-karlstad")
    data = Caller(client, "karlstad", machine).ask("{ me { name } units { totalCount } }")
    assert data["me"]["name"] == "Fastighetssystemet"


@pytest.mark.parametrize(
    "header",
    [None, "Bearer", "Bearer  ", "Basic YTpi", "Bearer not.a.token", "Bearer " + "x" * 999],
)
def test_nobody_without_a_token(client: TestClient, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    response = client.post("/helsingborg/graphql", json={"query": ME}, headers=headers)
    assert refused(response) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == "Bearer"


def test_a_token_of_another_kommun(client: TestClient, token: str) -> None:
    caller = Caller(client, "helsingborg", token)
    assert refused(caller.post(ME, slug="karlstad")) == (401, "UNAUTHENTICATED")
    assert refused(caller.post(ME, slug="atlantis")) == (401, "UNAUTHENTICATED")


def test_somebody_without_a_role(platform: Served, client: TestClient) -> None:
    issuer = platform.issuers["helsingborg"]
    stranger = issuer.sign(
        {
            "iss": issuer.address,
            "aud": "hemvist-api",
            "sub": "stranger",
            "scope": "hemvist.api",
            "groups": ["something-else"],
            "client_id": "c",
            **_times(),
        },
        typ="at+jwt",
    )
    response = Caller(client, "helsingborg", stranger).post(ME)
    assert refused(response) == (403, "FORBIDDEN")
    assert response.json()["errors"][0]["extensions"]["reason"] == "no_membership"


def _times() -> dict[str, int]:
    import time

    return {"iat": int(time.time()), "exp": int(time.time()) + 60}


def test_the_portals_session_needs_its_token(platform: Served, client: TestClient) -> None:
    name, cookie, session = session_cookie("helsingborg", "bengt.sandell")

    def post(slug: str = "helsingborg", **headers: str) -> Any:
        return client.post(
            f"/{slug}/graphql",
            json={"query": ME},
            headers={"Cookie": f"{name}={cookie}", **headers},
        )

    assert refused(post()) == (403, "FORBIDDEN")
    assert refused(post(**{"X-CSRF-Token": "guessed"})) == (403, "FORBIDDEN")
    good = {"X-CSRF-Token": session.csrf_token}
    assert post(**good).json()["data"]["me"]["name"] == "Bengt Sandell"
    assert refused(post("karlstad", **good)) == (401, "UNAUTHENTICATED")


def raw(client: TestClient, token: str, body: bytes, kind: str = "application/json") -> Any:
    return client.post(
        "/helsingborg/graphql",
        content=body,
        headers={"Authorization": f"Bearer {token}", "Content-Type": kind},
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"null",
        b"\xff\xfe",
        b"{}",
        b'{"query": 5}',
        b'{"query": "{ me { name } }", "variables": [1]}',
        b'{"query": "{ me { name } }", "operationName": 7}',
        b'{"query": "{ me { name } }", "variables": {"x": NaN}}',
        b'{"query": "{ me { name } }", "variables": {"x": ' + b"[" * 100_000 + b"}}",
    ],
)
def test_what_is_no_request(client: TestClient, token: str, body: bytes) -> None:
    assert refused(raw(client, token, body)) == (400, "BAD_REQUEST")


def test_another_content_type(client: TestClient, token: str) -> None:
    body = json.dumps({"query": ME}).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert refused(raw(client, token, body, kind)) == (415, "BAD_REQUEST")
    assert raw(client, token, body, "application/json; charset=utf-8").status_code == 200


def test_a_megabyte_is_not_read(client: TestClient, token: str) -> None:
    body = json.dumps({"query": ME, "variables": {"x": "y" * 1_000_000}}).encode()
    assert refused(raw(client, token, body)) == (413, "REQUEST_TOO_LARGE")

    def pieces() -> Iterator[bytes]:
        # Without a stated length, as a stream.
        yield b'{"query": "'
        for _ in range(MAX_BODY // 1000 + 10):
            yield b"x" * 1000

    streamed = client.post(
        "/helsingborg/graphql",
        content=pieces(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    assert refused(streamed) == (413, "REQUEST_TOO_LARGE")


def test_a_request_that_cannot_be_carried_out_says_so(client: TestClient, token: str) -> None:
    caller = Caller(client, "helsingborg", token)
    assert refused(caller.post("{ nothing }")) == (400, "INVALID_DOCUMENT")
    assert refused(caller.post("{")) == (400, "PARSE_FAILED")
    answer = caller.post("query Q($id: ID!) { case(id: $id) { number } }")
    assert answer.status_code == 200
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"


@pytest.mark.parametrize("number", ["19850314-0000", "x", "", "1\0", "y" * 5000, "🏠" * 12])
def test_a_wrong_number_is_an_error_of_its_field(
    client: TestClient, token: str, number: str
) -> None:
    document = "query Q($n: String!) { personByNumber(personalNumber: $n) { id } }"
    error = Caller(client, "helsingborg", token).post(document, n=number).json()["errors"][0]
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert error["extensions"]["problems"][0]["field"] == "personalNumber"


def test_get_carries_nothing_out(client: TestClient, token: str) -> None:
    response = client.get(
        "/helsingborg/graphql",
        params={"query": ME},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert response.status_code == 405


def test_asking_who_one_is_leaves_no_trace(client: TestClient, token: str) -> None:
    with owner_connection() as connection:
        count = f"SELECT count(*) FROM {AuditEntry.__tablename__}"
        before = connection.execute(count).fetchone()
        Caller(client, "helsingborg", token).ask(ME)
        assert connection.execute(count).fetchone() == before
