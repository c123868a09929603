"""One who asks too often is told when to come again, and nobody else notices it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from hemvist.identity.sessions import cookie_name
from hemvist.serving import caller_is, share_of
from hemvist.settings import Settings
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist_infra.web.edge import Edge
from hemvist_infra.web.rations import Rations

HOST = "hemvist.example"
#: Few at once, and so few a minute that none comes back while a test runs.
LIMITS = {
    "person_requests_at_once": 5,
    "kommun_requests_at_once": 12,
    "stranger_requests_at_once": 8,
    **dict.fromkeys(
        (f"{who}_requests_per_minute" for who in ("person", "kommun", "stranger")), 0.5
    ),
}
KARLSTAD, MALMO = uuid4(), uuid4()


class Doors:
    """Who is let in by which credential, and the share that each request of theirs had."""

    def __init__(self) -> None:
        self.people: dict[str, tuple[UUID, UUID]] = {}
        self.shares: list[object] = []

    def person(self, tenant_id: UUID) -> str:
        """A new person's cookie."""
        cookie = f"k.{uuid4()}.{uuid4().hex}"
        self.people[cookie] = (tenant_id, uuid4())
        return cookie


@pytest.fixture
def doors() -> Doors:
    return Doors()


@pytest.fixture
def client(doors: Doors) -> Iterator[TestClient]:
    """Routes that let in whoever ``doors`` knows."""
    app = FastAPI(
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
    )

    @app.get("/health/live")
    @app.get("/static/portal/portal.css")
    @app.get("/{slug}/today")
    @app.post("/{slug}/graphql")
    def anything(request: Request) -> str:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        for credential in (token, request.cookies.get(cookie_name(), "")):
            if credential in doors.people:
                caller_is(request.scope, credential, *doors.people[credential])
        doors.shares.append(share_of(request.scope))
        return "ok"

    app.add_middleware(Rations, settings=Settings(**LIMITS))
    app.add_middleware(Edge, hosts={HOST}, https=True)
    with TestClient(app, base_url=f"https://{HOST}") as client:
        yield client


def visit(
    client: TestClient, cookie: str = "", path: str = "/karlstad/today", **headers: str
) -> int:
    sent = {"Cookie": f"{cookie_name()}={cookie}"} if cookie else {}
    return client.get(path, headers={**sent, **headers}).status_code


def test_a_person_beyond_theirs_waits_and_a_colleague_does_not(
    client: TestClient, doors: Doors
) -> None:
    one, other = doors.person(KARLSTAD), doors.person(KARLSTAD)
    # The first is a stranger's: it is known only afterwards who that was.
    assert [visit(client, one) for _ in range(8)] == [200] * 6 + [429] * 2
    assert visit(client, other) == 200
    assert doors.shares[0] is None
    assert set(doors.shares[1:6]) == {KARLSTAD}


def test_a_kommun_beyond_its_own_waits_and_another_does_not(
    client: TestClient, doors: Doors
) -> None:
    people = [doors.person(KARLSTAD) for _ in range(4)]
    for cookie in people:
        assert visit(client, cookie) == 200
    answers = [visit(client, cookie) for _ in range(5) for cookie in people]
    assert answers.count(200) == LIMITS["kommun_requests_at_once"]
    elsewhere = doors.person(MALMO)
    assert [visit(client, elsewhere) for _ in range(3)] == [200] * 3


def test_strangers_are_counted_by_address_and_use_up_nobody_elses(
    client: TestClient, doors: Doors
) -> None:
    known = doors.person(KARLSTAD)
    assert visit(client, known) == 200
    # Made-up cookies and tokens, a new one each time: they name a kommun and are nobody.
    answers = [
        visit(client, f"karlstad.{uuid4()}.x", Authorization=f"Bearer {uuid4()}") for _ in range(12)
    ]
    assert answers == [200] * 7 + [429] * 5
    assert [visit(client, known) for _ in range(4)] == [200] * 4


def test_what_is_known_counts_whatever_stands_beside_it(client: TestClient, doors: Doors) -> None:
    cookie = doors.person(KARLSTAD)
    assert visit(client, cookie) == 200
    answers = [visit(client, cookie, Authorization=f"Bearer {uuid4()}") for _ in range(7)]
    assert answers == [200] * 5 + [429] * 2


def test_a_token_is_known_like_a_cookie(client: TestClient, doors: Doors) -> None:
    doors.people["a.b.c"] = (KARLSTAD, uuid4())
    sent = {"Authorization": "Bearer a.b.c"}
    assert [visit(client, **sent) for _ in range(8)] == [200] * 6 + [429] * 2


def test_landlords_people_have_a_share_each(client: TestClient, doors: Doors) -> None:
    people = [doors.person(PLATFORM_TENANT) for _ in range(4)]
    for cookie in people:
        visit(client, cookie)
    doors.shares.clear()
    assert [visit(client, cookie) for cookie in people for _ in range(4)] == [200] * 16
    assert len(set(doors.shares)) == 4


def test_it_is_said_when_to_ask_again(client: TestClient) -> None:
    for _ in range(8):
        visit(client)
    page = client.get("/karlstad/today", headers={"accept": "text/html", "accept-language": "sv"})
    assert page.status_code == 429
    assert int(page.headers["retry-after"]) > 60
    assert "Försök igen" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    answer = client.post("/karlstad/graphql", json={"query": "{ me { name } }"})
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (429, "TOO_MANY_REQUESTS")
    assert answer.headers["retry-after"] == str(error["extensions"]["retryAfter"])


def test_probes_and_files_of_the_portal_are_not_counted(client: TestClient) -> None:
    for _ in range(10):
        visit(client)
    assert visit(client) == 429
    assert visit(client, path="/health/live") == 200
    assert visit(client, path="/static/portal/portal.css") == 200


def test_of_a_long_address_the_network_counts(doors: Doors) -> None:
    from hemvist_infra.web.rations import _address

    def of(host: str | None) -> str:
        return _address({"client": (host, 1)} if host is not None else {})

    assert of("2001:db8:1:2::1") == of("2001:db8:1:2:ffff::9") != of("2001:db8:1:3::1")
    assert of("10.0.0.1") != of("10.0.0.2")
    assert of(None) == of("") == ""
    assert of("fe80::1%eth0") == of("fe80::2")
    assert of("::ffff:10.0.0.1") == of("10.0.0.1") != of("::ffff:10.0.0.2")
    assert of("not:an:address") == "not:an:address"
