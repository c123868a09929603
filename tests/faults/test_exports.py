"""A whole list as a stream: complete, bounded in memory, and seen to be cut when it is."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import Any

import httpx2
import psutil
import pytest

from hemvist.households.models import Person
from hemvist.identity import get_directory
from hemvist_web import SLUG, Web, locked, served_web, until
from hemvist_world import as_owner

pytestmark = pytest.mark.slow

CASES = 12_000
#: Opened on a day of its own: what is paged through by hand.
SOME = 1_500
DOCUMENT = """query Everything($f: CaseFilter, $begin: String) {
  cases(filter: $f, after: $begin) { edges { cursor node {
    id number state openedOn department
    household { alias members { role person { givenName familyName protection } } }
  } } }
}"""
PAGED = DOCUMENT.replace("after: $begin", "first: 100, after: $begin").replace(
    "{ edges {", "{ pageInfo { hasNextPage endCursor } edges {", 1
)
FILTER = {"openedFrom": "2026-03-03"}
ROWS = f"""
WITH made AS (
  SELECT n, gen_random_uuid() AS h, gen_random_uuid() AS p, gen_random_uuid() AS m,
    gen_random_uuid() AS c,
    CASE WHEN n <= {SOME} THEN date '2026-03-03' ELSE date '2025-05-05' - n %% 300 END AS day
  FROM generate_series(1, {CASES}) AS n
), households_made AS (
  INSERT INTO households (tenant_id, id, alias, department, registered_on, version)
  SELECT %(t)s, h, 'H-' || n, 'SOF-VUX', day, 1 FROM made
), persons_made AS (
  INSERT INTO persons (tenant_id, id, department, given_name_sealed, family_name_sealed, number_sealed,
    number_index, number_kind, birth_date_sealed, protection, protection_checked_on, version)
  SELECT %(t)s, p, 'SOF-VUX', %(given)s, %(family)s, '\\x00', decode(md5(n::text), 'hex'),
    'personal', %(born)s, 'none', '2026-01-01', 1 FROM made
), members_made AS (
  INSERT INTO household_members (tenant_id, id, household_id, person_id, role, since)
  SELECT %(t)s, m, h, p, 'applicant', day FROM made
)
INSERT INTO cases (tenant_id, id, number, household_id, department, pack, pack_version, state,
  opened_on, version)
SELECT %(t)s, c, 'X-' || n, h, 'SOF-VUX', 'helsingborg/sociala-hyreskontrakt', '1.0.0', 'open',
  day, 1 FROM made
"""


@pytest.fixture(scope="module")
def web(postgres: str, database: str, valkey: str) -> Iterator[Web]:
    """A kommun with many cases, and room for one export at a time."""
    with served_web(
        postgres,
        export_places="1",
        waiting_limit="1",
        read_time_limit="4",
        database_pool_size="4",
    ) as web:
        with as_owner(get_directory().tenant_id(SLUG)) as connection:
            tenant_id = get_directory().tenant_id(SLUG)
            names = {
                "given": Person.given_name.sealed(tenant_id, "Namn"),
                "family": Person.family_name.sealed(tenant_id, "Efternamn"),
                "born": Person.birth_date.sealed(tenant_id, date(1990, 1, 1)),
            }
            connection.execute(ROWS, {"t": tenant_id} | names)
        yield web


@contextmanager
def exporting(
    web: Web,
    variables: Mapping[str, Any] | None = None,
    document: str = DOCUMENT,
    **options: Any,
) -> Iterator[httpx2.Response]:
    with (
        web.client(**options) as client,
        client.stream(
            "POST",
            f"/{SLUG}/graphql/export",
            json={"query": document, "variables": dict(variables or {})},
            headers={"Accept-Encoding": "identity"},
        ) as answer,
    ):
        yield answer


def exported(web: Web, variables: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Every line of an export."""
    with exporting(web, variables) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"] == "application/x-ndjson"
        assert answer.headers["cache-control"] == "no-store"
        return [json.loads(line) for line in answer.iter_lines()]


def entries(web: Web) -> list[tuple[int, str]]:
    """Audit entries of exports: how many persons each names, and its action."""
    with as_owner(get_directory().tenant_id(SLUG)) as connection:
        return connection.execute(
            "SELECT cardinality(person_ids), action FROM audit_entries"
            " WHERE action = 'Everything' ORDER BY at"
        ).fetchall()


def test_it_gives_what_paging_by_hand_gives_and_logs_each_page(web: Web) -> None:
    by_hand: list[Any] = []
    begin = None
    while True:
        found = web.ask(PAGED, {"f": FILTER, "begin": begin}).json()["data"]["cases"]
        by_hand += found["edges"]
        if not found["pageInfo"]["hasNextPage"]:
            break
        begin = found["pageInfo"]["endCursor"]
    before = len(entries(web))
    first, *rows, last = exported(web, {"f": FILTER})
    assert first["export"]["list"] == "cases"
    assert first["export"]["kommun"] == SLUG
    assert first["export"]["operation"] == "Everything"
    assert [{"cursor": one["cursor"], "node": one["row"]} for one in rows] == by_hand
    assert last == {"complete": {"rows": SOME}}
    logged = entries(web)[before:]
    assert len(logged) == SOME / first["export"]["pageSize"] > 10
    assert sum(persons for persons, _ in logged) == SOME


def test_its_memory_does_not_grow_with_the_list(web: Web) -> None:
    exported(web, {"f": FILTER})
    process = psutil.Process(web.process.pid)
    before = most = process.memory_info().rss
    length = count = 0
    with exporting(web) as answer:
        for line in answer.iter_lines():
            length += len(line)
            count += 1
            if count % 500 == 0:
                most = max(most, process.memory_info().rss)
    assert json.loads(line) == {"complete": {"rows": CASES}}
    assert length > 3_000_000
    assert most - before < length / 3, f"{most - before} for {length}"


def test_one_that_fails_in_the_middle_says_so_and_can_be_gone_on_with(web: Web) -> None:
    seen = []
    with exporting(web) as answer:
        lines = answer.iter_lines()
        seen += [json.loads(next(lines)) for _ in range(50)]
        with locked("cases"):
            seen += [json.loads(line) for line in lines]
    _, *rows, last = seen
    assert last["error"]["extensions"]["code"] == "TIMEOUT"
    assert last["rows"] == len(rows) < CASES
    _, *rest, end = exported(web, {"begin": last["after"]})
    assert end == {"complete": {"rows": CASES - len(rows)}}
    assert len({one["row"]["id"] for one in (*rows, *rest)}) == CASES


def test_one_whose_reader_leaves_is_stopped(web: Web) -> None:
    with exporting(web) as answer:
        lines = answer.iter_lines()
        for _ in range(10):
            next(lines)
    assert until(lambda: web.running() == 0, 30)
    time.sleep(1)
    settled = len(entries(web))
    time.sleep(1)
    assert len(entries(web)) == settled
    # Its place is free again.
    assert exported(web, {"f": FILTER})[-1] == {"complete": {"rows": SOME}}


#: The same in wide rows: more than the system's own buffers between us take.
WIDE = DOCUMENT.replace(
    "household {",
    " ".join(
        f"h{n}: household {{ alias members {{ person {{ familyName }} }} }}" for n in range(12)
    )
    + " household {",
)


def test_a_reader_who_does_not_read_stops_the_reading(web: Web) -> None:
    before = len(entries(web))
    small = [(socket.SOL_SOCKET, socket.SO_RCVBUF, 32_768)]
    with exporting(web, document=WIDE, transport=httpx2.HTTPTransport(socket_options=small)) as one:
        lines = one.iter_lines()
        pages = CASES / json.loads(next(lines))["export"]["pageSize"]
        seen = -1
        while seen != (read := len(entries(web)) - before):
            seen = read
            time.sleep(1.5)
        assert 0 < read < pages / 2
        for _ in range(CASES // 4):
            next(lines)
        # It has only waited.
        assert until(lambda: len(entries(web)) - before > read)


def test_one_too_many_is_told_to_come_back_and_others_are_served(web: Web) -> None:
    with exporting(web) as answer:
        lines = answer.iter_lines()
        next(lines)
        # The first goes on to its next page, and waits there.
        with locked("cases"):
            with exporting(web) as other:
                assert other.status_code == 503
                [error] = json.loads(other.read())["errors"]
            assert error["extensions"]["code"] == "BUSY"
            with ThreadPoolExecutor(4) as threads:
                asked = list(threads.map(web.ask, ["{ me { name } }"] * 8))
            assert {one.status_code for one in asked} == {200}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{ units { edges { node { id } } } }", "NOT_ALLOWED"),
        ("{ cases(filter: {department: 5}) { edges { node { id } } } }", "INVALID_DOCUMENT"),
        ('{ cases(after: "x") { edges { node { id } } } }', "BAD_CURSOR"),
        ("{ me { name } }", "NOT_A_LIST"),
        ("{ cases(", "PARSE_FAILED"),
    ],
)
def test_what_is_refused_is_refused_before_anything_is_sent(
    web: Web, document: str, code: str
) -> None:
    with exporting(web, document=document) as answer:
        [error] = json.loads(answer.read())["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (400, code)


def test_nobody_exports_without_a_session(web: Web) -> None:
    with httpx2.Client(base_url=web.address, trust_env=False) as client:
        answer = client.post(f"/{SLUG}/graphql/export", json={"query": DOCUMENT})
    assert answer.status_code == 401


def test_it_may_take_only_so_long(postgres: str, database: str, valkey: str, web: Web) -> None:
    with served_web(postgres, export_time_limit="1", read_time_limit="60") as short:
        with exporting(short) as answer:
            lines = answer.iter_lines()
            next(lines)
            with locked("cases"):
                *_, last = [json.loads(line) for line in lines]
                assert until(lambda: short.running() == 0, 30)
        assert last["error"]["extensions"]["code"] == "TIMEOUT"
        assert last["after"]
