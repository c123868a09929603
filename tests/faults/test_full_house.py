"""More callers than connections: some are answered, the rest are told at once to come back."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx2
import psycopg
import pytest
from psycopg import sql

from hemvist_web import SLUG, Web, database_name, locked, served_web, until

pytestmark = pytest.mark.slow

CASES = "{ cases { edges { node { number } } } }"
POOL, WAITING, PATIENCE = 2, 10, 3


@pytest.fixture(scope="module")
def web(postgres: str, database: str, valkey: str) -> Iterator[Web]:
    """Two connections, and little patience."""
    with served_web(
        postgres,
        compiled_reads="true",
        database_pool_size=str(POOL),
        waiting_requests=str(WAITING),
        waiting_limit=str(PATIENCE),
        read_time_limit="60",
    ) as web:
        yield web


def timed(web: Web, document: str) -> tuple[httpx2.Response, float]:
    started = time.monotonic()
    answer = web.ask(document)
    return answer, time.monotonic() - started


def test_forty_slow_requests_at_two_connections(web: Web) -> None:
    # One client: to make forty takes longer than the waiting that is measured.
    with web.client() as client, ThreadPoolExecutor(40) as threads:

        def timed_at_once() -> tuple[httpx2.Response, float]:
            started = time.monotonic()
            answer = client.post(f"/{SLUG}/graphql", json={"query": CASES})
            return answer, time.monotonic() - started

        with locked("cases"):
            sent = [threads.submit(timed_at_once) for _ in range(40)]
            assert until(lambda: web.running() == POOL)
            # Everybody but the two who were let in is told while those still wait.
            assert until(lambda: sum(one.done() for one in sent) == 40 - POOL)
            assert web.running() == POOL
        answers = [one.result() for one in sent]
    codes = Counter(answer.status_code for answer, _ in answers)
    assert codes == {200: POOL, 503: 40 - POOL}
    at_once = 0
    for answer, took in answers:
        if answer.status_code == 503:
            [error] = answer.json()["errors"]
            assert error["extensions"]["code"] == "BUSY"
            assert answer.headers["retry-after"] == "1"
            assert took < PATIENCE + 3
            at_once += took < PATIENCE
    # Only as many wait as may; the others do not even wait, but this machine may be slow.
    assert at_once >= (40 - POOL - WAITING) / 2
    with ThreadPoolExecutor(8) as threads:
        after = list(threads.map(web.ask, [CASES] * 40))
    assert Counter(answer.status_code for answer in after) == {200: 40}


def test_a_short_queue_is_served_in_its_turn(web: Web) -> None:
    with ThreadPoolExecutor(10) as threads:
        with locked("cases"):
            sent = [threads.submit(timed, web, CASES) for _ in range(POOL + 6)]
            assert until(lambda: web.running() == POOL)
            time.sleep(0.3)
        assert [one.result()[0].status_code for one in sent] == [200] * (POOL + 6)


@pytest.fixture
def full(web: Web) -> Iterator[ThreadPoolExecutor]:
    """Every place is taken by a request that waits for a lock."""
    with ThreadPoolExecutor(POOL) as threads:
        with locked("cases"):
            held: list[Future[Any]] = [threads.submit(web.ask, CASES) for _ in range(POOL)]
            assert until(lambda: web.running() == POOL)
            yield threads
        assert [one.result().status_code for one in held] == [200] * POOL


def test_login_and_probes_answer_while_reads_are_saturated(
    web: Web, full: ThreadPoolExecutor
) -> None:
    with web.client() as client:
        for path, status in (
            ("/health/live", 200),
            ("/health/ready", 200),
            ("/", 200),
            (f"/{SLUG}/login", 303),
            ("/static/portal/portal.css", 200),
        ):
            started = time.monotonic()
            assert client.get(path).status_code == status, path
            assert time.monotonic() - started < PATIENCE, path


@pytest.mark.parametrize(
    ("lang", "words", "unchanged"),
    [("sv", "Många använder Hemvist", "Inget har ändrats"), ("en", "Many people", "Nothing was")],
)
def test_the_portal_says_to_try_again(
    web: Web, full: ThreadPoolExecutor, lang: str, words: str, unchanged: str
) -> None:
    headers = {"Accept-Language": lang, "Accept": "text/html"}
    with web.client() as client:
        page = client.get(f"/{SLUG}/cases", headers=headers)
        assert (page.status_code, page.headers["retry-after"]) == (503, "5")
        assert words in page.text
        assert f'href="/{SLUG}/cases"' in page.text
        sent = client.post(f"/{SLUG}/households/new", data={"csrf": "x"}, headers=headers)
    assert sent.status_code == 503
    assert unchanged in sent.text


def test_a_slow_sender_takes_no_place(web: Web) -> None:
    answered = threading.Event()

    def trickle() -> Iterator[bytes]:
        yield b'{"query": "'
        answered.wait(30)
        yield b'{ me { name } }"}'

    def slowly() -> httpx2.Response:
        with web.client() as client:
            kind = {"Content-Type": "application/json"}
            return client.post(f"/{SLUG}/graphql", content=trickle(), headers=kind)

    with ThreadPoolExecutor(3 * POOL) as threads:
        slow = [threads.submit(slowly) for _ in range(3 * POOL)]
        time.sleep(0.5)
        # While all of them are still at it: none of them has come to its end.
        answer = web.ask(CASES)
        assert not any(one.done() for one in slow)
        answered.set()
        assert answer.status_code == 200
        assert {one.result().status_code for one in slow} == {200}


def test_a_database_that_is_away_and_comes_back(web: Web) -> None:
    def allow(yes: bool) -> None:
        with psycopg.connect(web.server_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
                    sql.Identifier(database_name()), sql.SQL("true" if yes else "false")
                )
            )

    assert web.ask(CASES).status_code == 200
    allow(False)
    try:
        web.break_connections()
        for _ in range(5):
            answer, took = timed(web, CASES)
            assert answer.status_code == 503
            assert answer.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
            assert answer.headers["retry-after"] == "5"
            assert took < 5
        with web.client() as client:
            assert client.get("/health/live").status_code == 200
            assert client.get("/health/ready").status_code == 503
            page = client.get(f"/{SLUG}/cases", headers={"Accept-Language": "en"})
            assert page.status_code == 503
            assert "cannot reach its database" in page.text
            login = client.get(f"/{SLUG}/login", headers={"Accept": "text/html"})
            assert (login.status_code, login.headers["retry-after"]) == (503, "5")
            assert "databas" in login.text
    finally:
        allow(True)
    with ThreadPoolExecutor(8) as threads:
        after = list(threads.map(web.ask, [CASES] * 20))
    assert {answer.status_code for answer in after} == {200}
