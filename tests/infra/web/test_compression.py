"""What is compressed, for whom, and what is not because its length could tell a secret."""

from __future__ import annotations

import gzip

import pytest
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from hemvist_infra.web.compression import LEAST, Compression

WORDS = "Hushållet bor hos en släkting sedan i våras. " * 200
ACCEPTS = {"Accept-Encoding": "gzip, deflate, br, zstd"}
LOGGED_IN = {**ACCEPTS, "Cookie": "hemvist_session=x"}


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/stream":

        async def lines():  # type: ignore[no-untyped-def]
            for number in range(50):
                yield f"{number} {WORDS}\n"

        await StreamingResponse(lines(), media_type="text/plain")(scope, receive, send)
        return
    words = WORDS.encode()[: LEAST - 1] if scope["path"] == "/short" else WORDS.encode()
    await PlainTextResponse(words)(scope, receive, send)


@pytest.fixture
def client() -> TestClient:
    return TestClient(Compression(page))


def compressed(client: TestClient, path: str = "/", **headers: str) -> bool:
    answer = client.get(path, headers={name.replace("_", "-"): v for name, v in headers.items()})
    assert answer.text.startswith("Hush")
    return answer.headers.get("content-encoding") == "gzip"


def test_a_large_answer_is_a_fraction_on_the_wire(client: TestClient) -> None:
    with client.stream("GET", "/", headers=ACCEPTS) as answer:
        sent = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in answer.headers["vary"].lower()
        assert int(answer.headers["content-length"]) == len(sent) < len(WORDS) / 10
    assert gzip.decompress(sent).decode() == WORDS


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "br, gzip; q=0"])
def test_nobody_gets_what_they_do_not_accept(client: TestClient, accepted: str) -> None:
    assert not compressed(client, Accept_Encoding=accepted)


def test_a_short_answer_is_sent_as_it_is(client: TestClient) -> None:
    assert not compressed(client, "/short", Accept_Encoding="gzip")


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ("same-origin", True),
        ("none", True),
        ("same-site", False),
        ("cross-site", False),
        ("", False),
    ],
)
def test_a_page_for_a_person_is_compressed_when_no_other_site_asked_for_it(
    client: TestClient, site: str, expected: bool
) -> None:
    headers = {"Accept_Encoding": "gzip", "Cookie": "hemvist_session=x"}
    if site:
        headers["Sec_Fetch_Site"] = site
    assert compressed(client, "/helsingborg/cases", **headers) is expected


def test_the_api_and_the_portals_files_are_always_compressed(client: TestClient) -> None:
    own = {"Accept_Encoding": "gzip", "Cookie": "x=y", "Sec_Fetch_Site": "cross-site"}
    assert compressed(client, "/helsingborg/graphql", **own, X_CSRF_Token="t")
    assert compressed(
        client, "/helsingborg/graphql", Accept_Encoding="gzip", Authorization="Bearer t"
    )
    assert compressed(client, "/static/portal/portal.css", **own)
    assert not compressed(client, "/helsingborg/cases", **own)


def test_a_stream_is_compressed_as_it_goes(client: TestClient) -> None:
    with client.stream("GET", "/stream", headers=ACCEPTS) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        pieces = list(answer.iter_raw())
    # Each line comes when it is ready, and not at the end.
    assert len(pieces) >= 50
    assert gzip.decompress(b"".join(pieces)).decode().count("\n") == 50
