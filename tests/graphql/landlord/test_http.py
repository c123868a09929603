"""The real route: people and machines of landlords are let in there, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hemvist_graphql.http import router as staff_router
from hemvist_graphql.landlord.http import router as landlord_router
from hemvist_infra.dev_issuer.client import machine_token, person_token
from hemvist_landlord_api import mutation
from hemvist_landlords import administrator, invited_machine, opened
from hemvist_login import Served, serve_login, session_cookie
from hemvist_world import ORGANISATION_NUMBER, new_world

ME = "{ me { name landlords { name } } units { totalCount } }"
MACHINE = "uthyrningssystem-bjorkbo"


@pytest.fixture(scope="module")
def platform(database: str) -> Iterator[Served]:
    with serve_login() as served:
        yield served


@pytest.fixture(scope="module")
def client(platform: Served) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(landlord_router)
    app.include_router(staff_router)
    with TestClient(app) as client:
        yield client


def post(client: TestClient, token: str, document: str, at: str = "landlord", **given: Any) -> Any:
    return client.post(
        f"/{at}/graphql",
        json={"query": document, "variables": given},
        headers={"Authorization": f"Bearer {token}"},
    )


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["extensions"]["code"]


def test_a_machine_takes_up_its_invitation_and_reads(platform: Served, client: TestClient) -> None:
    world = new_world()
    landlord_id = opened(world.tenant_id, ORGANISATION_NUMBER, "Testvärden AB")
    world.unit()
    one, other = (administrator(world.tenant_id, landlord_id, name) for name in ("Ett", "Två"))
    secret = invited_machine(one, other, MACHINE)
    token = machine_token(platform.address, "hyresvard", MACHINE)
    before = post(client, token, ME).json()["data"]
    assert before == {
        "me": {"name": "Björkbos uthyrningssystem", "landlords": []},
        "units": {"totalCount": 0},
    }
    accept = mutation("acceptInvitation", "landlord { name level }")
    given = {"idempotencyKey": str(uuid4()), "token": secret}
    # Another machine cannot, and is told what it would be told of a token of nothing.
    stranger = machine_token(platform.address, "hyresvard", "uthyrningssystem-norrahem")
    person = person_token(platform.address, "hyresvard", "vera.nystrom")
    nothing = {**given, "token": f"{uuid4().hex}.{'x' * 43}"}
    for who in (stranger, person):
        told = post(client, who, accept, input=given).json()
        assert told == post(client, who, accept, input=nothing).json()
        assert told["data"]["acceptInvitation"]["__typename"] == "NotFound"
    for _ in range(2):
        done = post(client, token, accept, input=given).json()["data"]["acceptInvitation"]
        assert done["landlord"] == {"name": "Testvärden AB", "level": "agent"}
    again = {"idempotencyKey": str(uuid4()), "token": secret}
    spent = post(client, token, accept, input=again).json()["data"]["acceptInvitation"]
    assert spent["__typename"] == "NotFound"
    response = post(client, token, ME)
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["data"]["units"]["totalCount"] == 1


def test_a_persons_session_needs_its_token(platform: Served, client: TestClient) -> None:
    name, cookie, session = session_cookie("hyresvard", "vera.nystrom")

    def ask(at: str = "landlord", **headers: str) -> Any:
        return client.post(
            f"/{at}/graphql",
            json={"query": ME},
            headers={"Cookie": f"{name}={cookie}", **headers},
        )

    good = {"X-CSRF-Token": session.csrf_token}
    assert code(ask()) == (403, "FORBIDDEN")
    assert ask(**good).json()["data"]["me"]["name"] == "Vera Nyström"
    for kommun in ("karlstad", "vasteras", "hyresvard"):
        assert code(ask(kommun, **good)) == (401, "UNAUTHENTICATED")


def test_a_kommuns_own_people_are_not_let_in_here_and_landlords_not_there(
    platform: Served, client: TestClient
) -> None:
    staff = person_token(platform.address, "karlstad", "petra.solberg")
    name, cookie, session = session_cookie("karlstad", "petra.solberg")
    assert code(post(client, staff, ME)) == (401, "UNAUTHENTICATED")
    headers = {"Cookie": f"{name}={cookie}", "X-CSRF-Token": session.csrf_token}
    answer = client.post("/landlord/graphql", json={"query": ME}, headers=headers)
    assert code(answer) == (401, "UNAUTHENTICATED")
    for who in (
        machine_token(platform.address, "hyresvard", MACHINE),
        person_token(platform.address, "hyresvard", "vera.nystrom"),
    ):
        for at in ("karlstad", "vasteras", "hyresvard"):
            assert code(post(client, who, "{ me { name } }", at)) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("body", "status"), [(b"", 400), (b"[]", 400), (b'{"query": 5}', 400), (b"x" * 600_000, 413)]
)
def test_what_is_no_request(platform: Served, client: TestClient, body: bytes, status: int) -> None:
    token = machine_token(platform.address, "hyresvard", MACHINE)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    assert client.post("/landlord/graphql", content=body, headers=headers).status_code == status
    assert client.get("/landlord/graphql", headers=headers).status_code == 405
    assert client.post("/landlord/graphql", json={"query": ME}).status_code == 401
