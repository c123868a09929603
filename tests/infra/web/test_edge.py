"""What every request passes: hosts, size, headers, request ids, and no word of our insides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Form, Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient
from starlette.types import Message

from hemvist_infra.web.edge import BODY_LIMIT, Edge

SECRET = "Anna Andersson 19900101-2385"


def application(**options: Any) -> FastAPI:
    """Routes that answer, read, fail before and fail after they have begun to answer."""
    app = FastAPI(
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
    )

    @app.get("/health/live")
    @app.get("/plain")
    def plain() -> str:
        return "ok"

    @app.get("/static/file.css")
    def static() -> Response:
        return PlainTextResponse("", headers={"Cache-Control": "public, max-age=60"})

    @app.post("/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    @app.get("/fails")
    def fails() -> None:
        raise ValueError(SECRET)

    @app.post("/form")
    def form(name: Annotated[str, Form()] = "") -> int:
        return len(name)

    given = {"hosts": {"hemvist.example"}, "https": True, **options}
    app.add_middleware(Edge, **given)
    return app


@pytest.fixture
def client() -> Iterator[TestClient]:
    """A client of the application at its own name."""
    with TestClient(application(), base_url="https://hemvist.example") as client:
        yield client


def test_every_answer_has_the_headers(client: TestClient) -> None:
    for path in ("/plain", "/nowhere", "/fails"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert headers["strict-transport-security"].startswith("max-age=31536000")
        assert headers["x-request-id"]


def test_a_files_own_cache_rule_stays(client: TestClient) -> None:
    assert client.get("/static/file.css").headers["cache-control"] == "public, max-age=60"


def test_without_https_nothing_is_promised_of_it() -> None:
    with TestClient(application(https=False), base_url="http://hemvist.example") as client:
        assert "strict-transport-security" not in client.get("/plain").headers


def test_a_login_may_lead_to_the_kommuns_issuer() -> None:
    edge = application(form_targets={"https://login.kommun.example"})
    with TestClient(edge, base_url="https://hemvist.example") as client:
        policy = client.get("/plain").headers["content-security-policy"]
    assert "form-action 'self' https://login.kommun.example;" in policy


@pytest.mark.parametrize("host", ["evil.example", "", "hemvist.example.evil", "hemvist.example@x"])
def test_another_host_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/plain", headers={"host": host})
    assert (answer.status_code, answer.json()["error"]) == (400, "unknown_host")


def test_our_host_with_a_port_is_ours(client: TestClient) -> None:
    assert client.get("/plain", headers={"host": "hemvist.example:8443"}).status_code == 200


def test_probes_come_by_any_name(client: TestClient) -> None:
    assert client.get("/health/live", headers={"host": "10.0.0.7:8000"}).status_code == 200


def test_a_body_at_the_limit_is_taken_and_one_byte_more_is_not(client: TestClient) -> None:
    assert client.post("/echo", content=b"x" * BODY_LIMIT).json() == BODY_LIMIT
    answer = client.post("/echo", content=b"x" * (BODY_LIMIT + 1))
    assert (answer.status_code, answer.json()["error"]) == (413, "body_too_large")


def test_a_body_that_does_not_say_its_length_is_cut_off(client: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(BODY_LIMIT // 1000 + 2):
            yield b"x" * 1000

    answer = client.post("/echo", content=endless())
    assert (answer.status_code, answer.json()["error"]) == (413, "body_too_large")


def test_also_where_a_form_is_read(client: TestClient) -> None:
    content = b"name=" + b"x" * BODY_LIMIT
    for headers in ({"content-length": "7"}, {}):
        kind = {"content-type": "application/x-www-form-urlencoded", **headers}
        answer = client.post("/form", content=iter([content[:5000], content[5000:]]), headers=kind)
        assert (answer.status_code, answer.json()["error"]) == (413, "body_too_large")


def test_a_false_length_gains_nothing(client: TestClient) -> None:
    for length in ("-1", "1e9", "9" * 30, "abc"):
        answer = client.post(
            "/echo", content=b"x" * (BODY_LIMIT + 1), headers={"content-length": length}
        )
        assert answer.status_code == 413, length


def test_a_body_that_comes_too_slowly_is_not_waited_for() -> None:
    taken: list[int] = []

    async def reads(scope: Any, receive: Any, send: Callable[[Message], Any]) -> None:
        while (message := await receive()).get("more_body"):
            taken.append(len(message["body"]))

    async def trickle() -> Message:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "path": "/",
        "method": "POST",
        "headers": [(b"host", b"hemvist.example")],
    }
    edge = Edge(reads, hosts={"hemvist.example"}, https=True, body_time_limit=0.2)
    asyncio.run(edge(scope, trickle, send))
    assert 0 < len(taken) < 11
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    assert b"body_too_slow" in sent[1]["body"]


def test_a_caller_may_wait_for_its_answer_as_long_as_it_takes() -> None:
    """Once a body is there, what is received next is the caller's going: that has no limit."""
    gone = asyncio.Event()

    async def waits(scope: Any, receive: Any, send: Callable[[Message], Any]) -> None:
        assert (await receive())["type"] == "http.request"
        assert (await receive())["type"] == "http.disconnect"
        gone.set()

    async def receive() -> Message:
        if not asked:
            asked.append(1)
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.sleep(0.2)
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        raise AssertionError("nothing is answered")

    asked: list[int] = []
    scope = {
        "type": "http",
        "path": "/",
        "method": "GET",
        "headers": [(b"host", b"hemvist.example")],
    }
    edge = Edge(waits, hosts={"hemvist.example"}, https=True, body_time_limit=0.05)
    asyncio.run(edge(scope, receive, send))
    assert gone.is_set()


def test_a_failure_says_nothing_of_itself(client: TestClient) -> None:
    answer = client.get("/fails")
    assert answer.status_code == 500
    assert set(answer.json()) == {"error", "message", "messageSv", "requestId"}
    for inside in (SECRET, "ValueError", "Traceback", ".py"):
        assert inside not in answer.text


@pytest.mark.parametrize(
    ("language", "words"), [("sv-SE", "Något gick fel"), ("en", "Something went wrong")]
)
def test_a_browser_gets_a_page_in_its_language(
    client: TestClient, language: str, words: str
) -> None:
    headers = {"accept": "text/html", "accept-language": language, "x-request-id": "abc-12345"}
    answer = client.get("/fails", headers=headers)
    assert answer.headers["content-type"].startswith("text/html")
    assert words in answer.text
    assert "abc-12345" in answer.text
    assert SECRET not in answer.text


@pytest.mark.parametrize("sent", ["<script>", "x", "a" * 65, "åäö-åäö-åäö", "abc def ghi"])
def test_a_strange_request_id_is_not_taken_over(client: TestClient, sent: str) -> None:
    answer = client.get("/plain", headers={"x-request-id": sent.encode()})
    assert answer.headers["x-request-id"] != sent
    assert len(answer.headers["x-request-id"]) == 32


def test_a_failure_after_the_answer_began_ends_it_quietly() -> None:
    async def half(scope: Any, receive: Any, send: Callable[[Message], Any]) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError(SECRET)

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "path": "/",
        "method": "GET",
        "headers": [(b"host", b"hemvist.example")],
    }
    asyncio.run(Edge(half, hosts={"hemvist.example"}, https=True)(scope, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start"]
