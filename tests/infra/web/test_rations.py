"""One who asks too often is told when to come again, and nobody else notices it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI, Request, Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from hemvist.identity.sessions import cookie_name
from hemvist.outages import Busy
from hemvist.serving import caller_is, share_of
from hemvist.settings import Settings
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist_infra.web.edge import Edge, guarding_headers
from hemvist_infra.web.rations import KNOWN_FOR, STRANGERS, TELL_AFTER, Rations, Refusing

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
        #: One that counts, whatever comes beside it.
        self.preferred = ""
        self.shares: list[object] = []
        #: Requests that came past the first middleware.
        self.came = 0

    def person(self, tenant_id: UUID) -> str:
        """A new person's cookie."""
        cookie = f"k.{uuid4()}.{uuid4().hex}"
        self.people[cookie] = (tenant_id, uuid4())
        return cookie


class Counting:
    """Stands where log and telemetry do."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self.app, self.doors = app, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.doors.came += scope["type"] == "http"
        await self.app(scope, receive, send)


@pytest.fixture
def doors() -> Doors:
    return Doors()


@pytest.fixture
def clock() -> list[float]:
    """What time it is for how long somebody is known."""
    return [1_000.0]


@pytest.fixture
def client(doors: Doors, clock: list[float]) -> Iterator[TestClient]:
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
        doors.shares.append(share_of(request.scope))
        cookie = request.cookies.get(cookie_name(), "")
        for credential in (token, cookie):
            if credential in doors.people and doors.preferred in ("", credential):
                caller_is(request.scope, credential, *doors.people[credential])
        return "ok"

    def refused(_: Request, __: Exception) -> Response:
        return Response(status_code=503)

    app.add_exception_handler(Busy, refused)
    app.add_middleware(Refusing)
    app.add_middleware(Counting, doors=doors)
    app.add_middleware(Edge, hosts={HOST}, https=True)
    headers = guarding_headers(https=True)
    app.add_middleware(
        Rations, settings=Settings(**LIMITS), headers=headers, clock=lambda: clock[0]
    )
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
    # The first comes as a stranger's, and is theirs as soon as it is known whose it is.
    assert [visit(client, one) for _ in range(8)] == [200] * 5 + [429] * 3
    assert visit(client, other) == 200
    assert doors.shares[0] == STRANGERS
    assert set(doors.shares[1:5]) == {KARLSTAD}


def test_a_kommun_beyond_its_own_waits_and_another_does_not(
    client: TestClient, doors: Doors
) -> None:
    people = [doors.person(KARLSTAD) for _ in range(4)]
    for cookie in people:
        assert visit(client, cookie) == 200
    answers = [visit(client, cookie) for _ in range(5) for cookie in people]
    assert answers.count(200) == LIMITS["kommun_requests_at_once"] - len(people)
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
    assert answers == [200] * 4 + [429] * 3


def test_a_new_session_for_each_request_leads_past_nothing(
    client: TestClient, doors: Doors
) -> None:
    tenant_id, person = KARLSTAD, uuid4()
    answers = []
    for number in range(7):
        cookie = f"k.{number}.{uuid4().hex}"
        doors.people[cookie] = (tenant_id, person)
        answers.append(visit(client, cookie))
    # Let in by the address, and refused where it is known who it is.
    assert answers == [200] * 5 + [503] * 2


def test_one_who_has_two_names_spends_what_is_theirs_inside(
    client: TestClient, doors: Doors
) -> None:
    """A token that is known beside the session that lets in: it is the session's that is taken."""
    cookie, token = doors.person(KARLSTAD), doors.person(MALMO)
    assert visit(client, token) == 200
    doors.preferred = cookie
    beside = {"Authorization": f"Bearer {token}"}
    assert [visit(client, cookie, **beside) for _ in range(4)] == [200] * 4
    del doors.people[token]
    assert [visit(client, cookie) for _ in range(2)] == [200, 429]


def test_who_is_not_let_in_any_more_is_a_stranger_soon(
    client: TestClient, doors: Doors, clock: list[float]
) -> None:
    cookie = doors.person(KARLSTAD)
    colleague = doors.person(KARLSTAD)
    doors.people[colleague] = doors.people[cookie]
    assert [visit(client, cookie), visit(client, colleague)] == [200, 200]
    # It has ended, and whoever holds it still sends it.
    del doors.people[cookie]
    clock[0] += KNOWN_FOR + 1
    for _ in range(5):
        visit(client, cookie)
    assert doors.shares[-1] == STRANGERS
    assert [visit(client, colleague) for _ in range(3)] == [200] * 3


def test_a_token_is_known_like_a_cookie(client: TestClient, doors: Doors) -> None:
    doors.people["a.b.c"] = (KARLSTAD, uuid4())
    sent = {"Authorization": "Bearer a.b.c"}
    assert [visit(client, **sent) for _ in range(8)] == [200] * 5 + [429] * 3


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


def test_one_refusal_a_second_is_told_of_and_all_are_answered_alike(
    client: TestClient, doors: Doors, clock: list[float]
) -> None:
    def varying(answer: httpx2.Response) -> dict[str, str]:
        return {name: value for name, value in answer.headers.items() if name != "x-request-id"}

    for path, accepts in (("/karlstad/today", "text/html"), ("/karlstad/graphql", "*/*")):
        while visit(client) == 200:
            pass
        clock[0] += TELL_AFTER
        before = doors.came
        answers = [client.post(path, headers={"accept": accepts}) for _ in range(20)]
        assert doors.came == before + 1
        assert {answer.status_code for answer in answers} == {429}
        assert all(varying(answer) == varying(answers[0]) for answer in answers)
        assert len({answer.headers["x-request-id"] for answer in answers}) == 20
        clock[0] += TELL_AFTER
        client.post(path)
        assert doors.came == before + 2


def test_probes_and_files_of_the_portal_are_not_counted(client: TestClient) -> None:
    for _ in range(10):
        visit(client)
    assert visit(client) == 429
    assert visit(client, path="/health/live") == 200
    assert visit(client, path="/static/portal/portal.css") == 200


@pytest.mark.parametrize("slug", ["health", "static"])
def test_an_address_that_begins_like_one_of_those_is_counted(client: TestClient, slug: str) -> None:
    """The first part of an address may be any kommun's: it is let in by what it is, not by its start."""
    for _ in range(10):
        visit(client)
    assert visit(client, path=f"/{slug}/today") == 429
    assert client.post(f"/{slug}/graphql", json={}).status_code == 429


def test_of_a_long_address_the_network_counts(doors: Doors) -> None:
    from hemvist_infra.web.rations import _address

    def of(host: str | None) -> str:
        return _address({"client": (host, 1)} if host is not None else {})

    assert of("2001:db8:1:2::1") == of("2001:db8:1:2:ffff::9") != of("2001:db8:1:3::1")
    assert of("10.0.0.1") != of("10.0.0.2")
    assert of(None) == of("") == ""
    assert of("fe80::1%eth0") == of("fe80::2")
    assert of("::ffff:10.0.0.1") == of("10.0.0.1") != of("::ffff:10.0.0.2")
    # What somebody has made up is no caller more.
    assert of("not:an:address") == of("unix") == ""
