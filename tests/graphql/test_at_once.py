"""Requests like one before are answered from the event loop: the same bytes, and no thread."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from hemvist.db import Audience, _reading
from hemvist.settings import get_settings
from hemvist_api import served_api
from hemvist_graphql import http
from hemvist_login import Served, serve_login, session_cookie
from hemvist_testing import owner_connection

SLUG = "helsingborg"
CASES = "query Mine($after: String) { cases(first: 5, after: $after) { totalCount } __typename }"


@pytest.fixture(scope="module")
def platform(database: str) -> Iterator[Served]:
    with serve_login() as served:
        yield served


@pytest.fixture(scope="module")
def client(platform: Served) -> Iterator[TestClient]:
    with served_api() as client:
        yield client


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An entry for each request that went to a thread."""
    seen: list[str] = []
    real = http._answered

    def answered(slug: str, *rest: Any) -> Any:
        seen.append(slug)
        return real(slug, *rest)

    monkeypatch.setattr(http, "_answered", answered)
    return seen


class Portal:
    """A person's browser."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self.name, self.cookie, self.session = session_cookie(SLUG, "aida.lindqvist")

    def post(self, document: str = CASES, **asked: Any) -> Any:
        """The response to an operation."""
        return self._client.post(
            f"/{SLUG}/graphql",
            json={"query": document, **asked},
            headers={
                "Cookie": f"{self.name}={self.cookie}",
                "X-CSRF-Token": self.session.csrf_token,
            },
        )


@pytest.fixture
def portal(client: TestClient) -> Portal:
    return Portal(client)


def test_the_second_needs_no_thread_and_says_the_same(portal: Portal, threads: list[str]) -> None:
    first, second = portal.post(), portal.post()
    assert threads == [SLUG]
    assert first.content == second.content
    assert first.json() == {"data": {"cases": {"totalCount": 0}, "__typename": "Query"}}
    of_each = [
        {name: value for name, value in one.headers.items() if name != "x-request-id"}
        for one in (first, second)
    ]
    assert of_each[0] == of_each[1]
    assert second.headers["cache-control"] == "no-store"


def test_what_is_computed_or_refused_or_new_goes_to_a_thread(
    portal: Portal, threads: list[str]
) -> None:
    for document in ("{ me { name } __schema { description } }", "{ nonsense }", "{ __typename }"):
        for _ in range(2):
            portal.post(document)
    assert len(threads) == 6
    portal.post(CASES, operationName="Other")
    portal.post(CASES, variables={"after": "no cursor of ours"})
    assert len(threads) == 8


def test_a_pooler_that_follows_no_prepared_statements_is_a_threads(
    portal: Portal, threads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.post()
    threads.clear()
    monkeypatch.setattr(get_settings(), "database_prepared", False)
    assert portal.post().status_code == 200
    assert threads == [SLUG]


def test_without_a_connection_at_hand_a_thread_makes_one(
    portal: Portal, threads: list[str]
) -> None:
    portal.post()
    threads.clear()
    _reading.of(Audience.STAFF)._drop()
    assert portal.post().status_code == 200
    assert threads == [SLUG]
    portal.post()
    assert threads == [SLUG]


def test_a_connection_that_died_is_nobodys_fault(portal: Portal, threads: list[str]) -> None:
    portal.post()
    threads.clear()
    with owner_connection() as connection:
        connection.execute("GRANT hemvist_staff TO CURRENT_USER")
        connection.execute(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
            " WHERE usename = 'hemvist_staff' AND pid <> pg_backend_pid()"
        )
        # The policies on staff would bind the owner in every test after this one.
        connection.execute("REVOKE hemvist_staff FROM CURRENT_USER")
    assert json.loads(portal.post().content)["data"]["cases"] == {"totalCount": 0}
    assert threads == [SLUG]
    portal.post()
    assert threads == [SLUG]
