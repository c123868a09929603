"""PostgreSQL killed under load: clear errors meanwhile, recovery without a restart of ours, no answer
that is another kommun's, and no command done twice or lost after it was answered."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import httpx2
import psycopg
import pytest

from hemvist.households.models import Person
from hemvist.identity import get_directory
from hemvist_databases import Template
from hemvist_infra.embedded import EmbeddedPostgres
from hemvist_login import port_for_later, session_cookie
from hemvist_testing import open_folder
from hemvist_web import Web, served_web, until
from hemvist_world import a_number, as_owner

pytestmark = pytest.mark.slow

#: Each kommun's caseworker, department and the name that all its people have.
KOMMUNER = {
    "helsingborg": ("aida.lindqvist", "SOF-VUX", "Alva"),
    "karlstad": ("petra.solberg", "ASF", "Bertil"),
}
#: Codes that a caller may be told while the database is away.
CLEAR = {"UNAVAILABLE", "BUSY", "TIMEOUT"}
READERS, WRITERS = 4, 1
#: Seconds within which it answers again.
RECOVERY = 40
BY_PLAN = """{ me { tenant { slug } } households(first: 20) { totalCount edges { cursor node { alias
  members { person { givenName } } } } } }"""
BY_THE_OTHER = BY_PLAN.replace("{ me {", '{ __type(name: "Case") { name } me {', 1)
REGISTER = """mutation Register($input: RegisterHouseholdInput!) { registerHousehold(input: $input) {
  __typename ... on RegisterHouseholdDone { household { id members { person { givenName } } } } } }"""


class Abrupt(EmbeddedPostgres):
    """A server that can be stopped as by a power cut, and started again at the same address."""

    stop_steps = ((signal.SIGQUIT, 5.0),)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Abrupt, str]]:
    with open_folder() as folder:
        server = Abrupt(folder / "postgres", port=port_for_later())
        yield server, server.start()
        server.stop()


@pytest.fixture(scope="module")
def web(server: tuple[Abrupt, str], valkey: str) -> Iterator[Web]:
    """The web process on a database of its own on that server."""
    _, url = server
    with (
        Template.on(url, own_server=True) as template,
        template.copy(),
        served_web(url, compiled_reads="true", waiting_limit="2") as web,
    ):
        yield web


@dataclass
class Load:
    """Readers and writers of both kommuner, and what they were told."""

    web: Web
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    #: Keys of commands that were answered as done, by kommun, and the households that they made.
    done: dict[str, dict[str, str]] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)
    finishing: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def running(self) -> Iterator[None]:
        """The load, for as long as the block lasts; then every command is brought to an end."""
        cookies = {slug: session_cookie(slug, one[0]) for slug, one in KOMMUNER.items()}
        with ThreadPoolExecutor(2 * (READERS + WRITERS)) as threads:
            for slug, (name, cookie, session) in cookies.items():
                headers = {"Cookie": f"{name}={cookie}", "X-CSRF-Token": session.csrf_token}
                self.done[slug] = {}
                for at in range(READERS):
                    threads.submit(self._guarded, self._read, slug, headers, at)
                for _ in range(WRITERS):
                    threads.submit(self._guarded, self._write, slug, headers)
            try:
                yield
            finally:
                self.stopping.set()

    def _guarded(self, work: Any, slug: str, *more: Any) -> None:
        try:
            work(slug, *more)
        except Exception as error:
            self.wrong.append(f"{slug}: {type(error).__name__}: {error}")

    def _client(self, headers: dict[str, str]) -> httpx2.Client:
        return httpx2.Client(
            base_url=self.web.address, headers=headers, trust_env=False, timeout=40
        )

    def _read(self, slug: str, headers: dict[str, str], at: int) -> None:
        with self._client(headers) as client:
            while not self.stopping.is_set():
                document = BY_THE_OTHER if at == 0 else BY_PLAN
                data = self._asked(client, slug, document, {})
                if data is None:
                    time.sleep(0.02)
                    continue
                names = {
                    member["person"]["givenName"]
                    for edge in data["households"]["edges"]
                    for member in edge["node"]["members"]
                }
                if data["me"]["tenant"]["slug"] != slug or not names <= {KOMMUNER[slug][2]}:
                    self.wrong.append(f"{slug} was told {data}")

    def _write(self, slug: str, headers: dict[str, str]) -> None:
        _, department, name = KOMMUNER[slug]
        with self._client(headers) as client:
            while not self.stopping.is_set():
                given = _household(department, name)
                key = given["idempotencyKey"]
                # As a caller does who does not know whether it was done: the same again.
                while key not in self.done[slug]:
                    data = self._asked(client, slug, REGISTER, {"input": given})
                    if data is None:
                        time.sleep(0.05)
                        continue
                    told = data["registerHousehold"]
                    if told["__typename"] != "RegisterHouseholdDone":
                        self.wrong.append(f"{slug}: {told}")
                    self.done[slug][key] = told.get("household", {}).get("id", "")
                time.sleep(0.02)

    def _asked(
        self, client: httpx2.Client, slug: str, document: str, variables: dict[str, Any]
    ) -> Any:
        """The data, or None for a clear error; anything else is noted as wrong."""
        response = client.post(f"/{slug}/graphql", json={"query": document, "variables": variables})
        body = response.text
        if response.status_code == 200 and "errors" not in response.json():
            with self._lock:
                self.statuses["answered"] += 1
            return response.json()["data"]
        code = _code(response)
        with self._lock:
            self.statuses[f"{response.status_code} {code}"] += 1
        if response.status_code != 503 or code not in CLEAR or "Traceback" in body:
            self.wrong.append(f"{response.status_code} {body[:300]}")
        return None

    def answers_now(self) -> bool:
        """Whether each kommun has had an answer since the last look."""
        with self._lock:
            before = self.statuses["answered"]
        time.sleep(0.3)
        with self._lock:
            return self.statuses["answered"] > before + 4


def _code(response: httpx2.Response) -> str:
    with suppress(ValueError, KeyError, IndexError, TypeError):
        body = response.json()
        code = body["errors"][0]["extensions"]["code"] if "errors" in body else body.get("code")
        return str(code)
    return ""


def _household(department: str, name: str) -> dict[str, Any]:
    member = {
        "role": "applicant",
        "givenName": name,
        "familyName": "Prövad",
        "personalNumber": a_number(date(1985, 3, 14)),
        "registeredKommun": "1283",
        "protection": "none",
        "protectionCheckedOn": "2026-01-02",
    }
    return {"idempotencyKey": str(uuid4()), "department": department, "members": [member]}


def _backends(url: str) -> list[int]:
    """Process ids that serve the web process."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'hemvist_staff'"
        ).fetchall()
    return [row[0] for row in rows]


def test_a_backend_and_then_the_server_are_killed_under_load(
    server: tuple[Abrupt, str], web: Web
) -> None:
    postgres, url = server
    load = Load(web)
    with load.running():
        assert until(load.answers_now), load.wrong[:3]
        # One process of the server: it ends all others and recovers by itself.
        os.kill(_backends(url)[0], signal.SIGKILL)
        assert until(load.answers_now, RECOVERY), load.statuses
        after_backend = dict(load.statuses)
        # All of it, as by a power cut; some seconds of darkness; and again.
        postgres.stop()
        assert until(lambda: _refused(load) > _refused_of(after_backend) + 10), load.statuses
        time.sleep(2)
        assert web.process.poll() is None
        postgres.start()
        started = time.monotonic()
        assert until(load.answers_now, RECOVERY), load.statuses
        recovered = time.monotonic() - started
        time.sleep(1)
    assert not load.wrong, load.wrong[:5]
    assert load.statuses["503 UNAVAILABLE"] > 0, load.statuses
    _commands_were_done_once(load)
    assert "Traceback" not in web.log.read_text(errors="replace")
    print({"recovered after": round(recovered, 1), **load.statuses})


def _refused(load: Load) -> int:
    return _refused_of(load.statuses)


def _refused_of(statuses: Any) -> int:
    return sum(count for status, count in statuses.items() if status.startswith("503"))


def _commands_were_done_once(load: Load) -> None:
    for slug, done in load.done.items():
        # Different households, each there, and no others.
        assert len(done) == len(set(done.values())) > 0, slug
        tenant_id = get_directory().tenant_id(slug)
        with as_owner(tenant_id) as connection:
            rows = connection.execute(
                "SELECT family_name_sealed, number_index FROM persons"
            ).fetchall()
        made = [
            number
            for name, number in rows
            if Person.family_name.opened(tenant_id, name) == "Prövad"
        ]
        assert len(made) == len(set(made)) == len(done), slug
