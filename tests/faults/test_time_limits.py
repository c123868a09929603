"""A slow statement is stopped in PostgreSQL: by its limit, and when its caller has gone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from hemvist.identity import get_directory
from hemvist.tenancy.declaration import TENANT_SETTING
from hemvist_testing import owner_connection
from hemvist_web import SLUG, Web, locked, served_web, until
from hemvist_world import a_number

pytestmark = pytest.mark.slow

#: The first is planned; the second asks for what no plan holds and goes the ordinary way.
READS = {
    "planned": "query Slow { cases { edges { node { number } } } }",
    "ordinary": 'query Slow { cases { edges { node { number } } } __type(name: "Case") { name } }',
}
REGISTER = """mutation Register($input: RegisterHouseholdInput!) {
  registerHousehold(input: $input) {
    __typename ... on RegisterHouseholdDone { household { id members { role } } }
  }
}"""
MEMBER = {
    "role": "applicant",
    "givenName": "Siv",
    "familyName": "Långsam",
    "registeredKommun": "1283",
    "protection": "none",
    "protectionCheckedOn": "2026-01-02",
}


#: The same key is sent with the same number.
_numbers: dict[str, str] = {}


@pytest.fixture(scope="module")
def quick(postgres: str, database: str, valkey: str) -> Iterator[Web]:
    """Limits that a test can wait for."""
    with served_web(
        postgres, compiled_reads="true", read_time_limit="0.7", command_time_limit="1.2"
    ) as web:
        yield web


@pytest.fixture(scope="module")
def patient(postgres: str, database: str, valkey: str) -> Iterator[Web]:
    """Limits that no test waits for."""
    with served_web(
        postgres, compiled_reads="true", read_time_limit="60", command_time_limit="60"
    ) as web:
        yield web


def count(table: str) -> int:
    with owner_connection() as connection:
        tenant_id = get_directory().tenant_id(SLUG)
        connection.execute("SELECT set_config(%s, %s, true)", [TENANT_SETTING, str(tenant_id)])
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # type: ignore[arg-type]
    assert row is not None
    return int(row[0])


def error_of(response: httpx2.Response) -> dict[str, Any]:
    body = response.json()
    assert "data" not in body, body
    [error] = body["errors"]
    return {"message": error["message"], **error["extensions"]}


@pytest.mark.parametrize("path", READS)
def test_a_read_that_takes_too_long(quick: Web, path: str) -> None:
    before = count("audit_entries")
    with locked("cases"):
        started = time.monotonic()
        answer = quick.ask(READS[path])
        took = time.monotonic() - started
        assert quick.running() == 0
    assert (answer.status_code, error_of(answer)["code"]) == (503, "TIMEOUT")
    assert "retry-after" not in answer.headers
    # Without the limit it would wait for the lock for as long as we ask.
    assert 0.6 < took < 20
    assert count("audit_entries") == before
    assert quick.ask(READS[path]).status_code == 200


def given(key: str) -> dict[str, Any]:
    numbered = {**MEMBER, "personalNumber": _numbers.setdefault(key, a_number(date(1985, 3, 14)))}
    return {"input": {"idempotencyKey": key, "department": "SOF-VUX", "members": [numbered]}}


def test_a_command_that_takes_too_long_did_nothing(quick: Web) -> None:
    key = str(uuid4())
    before = count("households"), count("audit_entries"), count("command_receipts")
    with locked("household_members"):
        answer = quick.ask(REGISTER, given(key))
    error = error_of(answer)
    assert (answer.status_code, error["code"]) == (503, "TIMEOUT")
    assert "nothing was done" in error["message"]
    assert (count("households"), count("audit_entries"), count("command_receipts")) == before
    done = quick.ask(REGISTER, given(key)).json()["data"]["registerHousehold"]
    assert done["__typename"] == "RegisterHouseholdDone"
    assert count("households") == before[0] + 1


def test_a_command_done_whose_answer_took_too_long_says_that_it_was_done(quick: Web) -> None:
    before = count("households")
    key = str(uuid4())
    # The command itself has nothing to do with cases; what is asked of its household has.
    register = REGISTER.replace("members { role }", "cases { number }")
    with locked("cases"):
        answer = quick.ask(register, given(key))
    error = error_of(answer)
    assert error["code"] == "TIMEOUT"
    assert error["carriedOut"] == ["registerHousehold"]
    assert "nothing was done" not in error["message"]
    assert count("households") == before + 1
    again = quick.ask(register, given(key)).json()["data"]["registerHousehold"]
    assert again["__typename"] == "RegisterHouseholdDone"
    assert count("households") == before + 1


def test_a_page_that_takes_too_long_says_so(quick: Web) -> None:
    with quick.client() as client:
        with locked("cases"):
            page = client.get(f"/{SLUG}/cases", headers={"Accept-Language": "sv"})
        assert page.status_code == 503
        assert "Det tog för lång tid" in page.text
        assert "retry-after" not in page.headers
        assert client.get(f"/{SLUG}/cases").status_code == 200


@pytest.mark.parametrize("path", READS)
def test_a_caller_who_leaves_stops_the_statement(patient: Web, path: str) -> None:
    before = count("audit_entries")
    with locked("cases"):
        patient.leave(READS[path])
        # The limit is a minute: it is the leaving that ends it.
        assert until(lambda: patient.running() == 0, 30)
    assert count("audit_entries") == before
    for _ in range(20):
        # Its connection is not handed on with a cancellation under way.
        assert patient.ask(READS[path]).status_code == 200


def test_a_reader_of_the_portal_who_leaves_stops_the_statement(patient: Web) -> None:
    with locked("cases"):
        patient.leave_page("cases")
        assert until(lambda: patient.running() == 0, 30)
    with patient.client() as client:
        assert client.get(f"/{SLUG}/cases").status_code == 200


def test_a_command_whose_sender_leaves_is_carried_through(patient: Web) -> None:
    key = str(uuid4())
    before = count("households")
    with locked("household_members"):
        patient.leave(REGISTER, given(key))
        time.sleep(1)
        assert patient.running() == 1
    assert until(lambda: count("households") == before + 1)
    again = patient.ask(REGISTER, given(key)).json()["data"]["registerHousehold"]
    assert again["__typename"] == "RegisterHouseholdDone"
    assert count("households") == before + 1


def test_broken_connections_are_replaced(patient: Web) -> None:
    for path in READS.values():
        # Several connections, so that several are broken.
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(patient.ask, [path] * 8))
        assert [answer.status_code for answer in answers] == [200] * 8
    patient.break_connections()
    for _ in range(10):
        for path in READS.values():
            assert patient.ask(path).status_code == 200
