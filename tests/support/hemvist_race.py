"""Two people at the served API who do something at the same moment.

The platform is served by uvicorn; everybody has a token of the kommun's own issuer and a connection
of their own. So that nobody is early, the row that they both are after is held by the test until
each of them stands before it, having read how it was: only then may they go on.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg

from hemvist.identity import get_directory
from hemvist_api_office import Ledger, command_document
from hemvist_graphql.http import router
from hemvist_infra.dev_issuer.tenant_issuer import TenantIssuer
from hemvist_login import browser, onboard_working, serve_login
from hemvist_world import as_owner

#: How long the second may take to come as far as the first, seconds.
_PATIENCE = 8.0


@dataclass(frozen=True)
class Sent:
    """Who sends which command with which words."""

    who: str
    command: str
    given: dict[str, Any]
    key: str = field(default_factory=lambda: str(uuid4()))

    @property
    def body(self) -> dict[str, Any]:
        """What is sent: the same however often."""
        return {"idempotencyKey": self.key, **self.given}


@dataclass
class People:
    """A kommun's people at the API; anyone who is named gets a login."""

    address: str
    slug: str
    issuer: TenantIssuer
    ledger: Ledger

    @property
    def tenant_id(self) -> UUID:
        """The kommun's id."""
        return self.ledger.tenant_id

    def token(self, who: str) -> str:
        """A token of ``who``: "anna hv-property-ff" is Anna, of that group of the kommun's."""
        name, *groups = who.split()
        now = int(time.time())
        claims = {
            "iss": self.issuer.address,
            "aud": self.issuer.api_audience,
            "sub": f"race-{name}",
            "name": name,
            "scope": self.issuer.api_scope,
            "groups": groups,
            "iat": now,
            "exp": now + 600,
        }
        return self.issuer.sign(claims, typ="at+jwt")

    def send(self, sent: Sent, start: threading.Event | None = None) -> dict[str, Any]:
        """What the command answers, read as far as who it is of."""
        document = command_document(sent.command, "__typename")
        headers = {"Authorization": f"Bearer {self.token(sent.who)}"}
        with browser(self.address) as http:
            http.post("/health/live")
            if start is not None:
                start.set()
            body = {"query": document, "variables": {"input": sent.body}}
            answer = http.post(f"/{self.slug}/graphql", json=body, headers=headers).json()
        assert "errors" not in answer, answer["errors"]
        told: dict[str, Any] = answer["data"][sent.command]
        return told

    def together(self, table: str, row_id: UUID, *sendings: Sent) -> list[dict[str, Any]]:
        """What each is answered when all stand before one row at once, in the order of coming."""
        answers: list[dict[str, Any]] = [{} for _ in sendings]

        def go(place: int, start: threading.Event) -> None:
            answers[place] = self.send(sendings[place], start)

        threads = []
        with as_owner(self.tenant_id) as holder:
            holder.execute(f"SELECT FROM {table} WHERE id = %s FOR UPDATE", (row_id,))  # type: ignore[arg-type]
            for place in range(len(sendings)):
                start = threading.Event()
                thread = threading.Thread(target=go, args=(place, start), daemon=True)
                threads.append(thread)
                thread.start()
                assert start.wait(_PATIENCE)
                self._waiting(place + 1)
        for thread in threads:
            thread.join(30)
        assert all(answers), answers
        return answers

    def _waiting(self, people: int) -> None:
        """Wait until so many transactions are held up by a lock."""
        limit = time.monotonic() + _PATIENCE
        with psycopg.connect(self.ledger.url, autocommit=True) as looking:
            while True:
                row = looking.execute(
                    "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                    " WHERE NOT granted AND datname = current_database()"
                ).fetchone()
                assert row is not None
                if row[0] >= people:
                    return
                assert time.monotonic() < limit, f"{row[0]} of {people} stand before the row"
                time.sleep(0.02)

    def left_by(self, who: str) -> Counter[str]:
        """What somebody has left: lines of the audit log that tell of a change, and receipts."""
        subject = f"race-{who.split()[0]}"
        found = self.ledger.rows(
            f"""SELECT 'audit' FROM audit_entries a JOIN principals p ON p.id = a.principal_id
                 WHERE p.subject = '{subject}' AND a.kind = 'write'
                UNION ALL
                SELECT 'receipt' FROM command_receipts r JOIN principals p ON p.id = r.principal_id
                 WHERE p.subject = '{subject}'"""
        )
        return Counter(kind for (kind,) in found)

    def lines(self) -> Counter[str]:
        """Lines of the cases' journals, by what they tell."""
        return Counter(kind for (kind,) in self.ledger.rows("SELECT kind FROM case_events"))

    def events(self) -> int:
        """Events that are to be told to others."""
        return len(
            self.ledger.rows("SELECT id FROM outbox_events WHERE type <> 'landlord_event_recorded'")
        )

    def one_wins(
        self, held: tuple[str, UUID], first: Sent, second: Sent, lines: list[str], rule: str
    ) -> None:
        """``first`` is carried out and ``second`` is told that it came too late, and why.

        Afterwards there is exactly one of it: the journal has ``lines`` more, with an event and an
        entry of the audit log for each; of the second there is no trace, not even its key.
        """
        was, events = self.lines(), self.events()
        before = {one.who: self.left_by(one.who) for one in (first, second)}
        won, lost = self.together(*held, first, second)
        assert won["__typename"] == f"{first.command[0].upper()}{first.command[1:]}Done", won
        assert (lost["__typename"], lost["rule"]) == ("Conflict", rule), lost
        assert lost["sv"] and lost["en"] and lost["sv"] != lost["en"]
        new = self.lines() - was
        assert new == Counter(lines), new
        told = self.events() - events
        assert told == len(lines), told
        grown = self.left_by(first.who) - before[first.who]
        assert grown["receipt"] == 1 and grown["audit"] == len(lines), grown
        assert self.left_by(second.who) == before[second.who]
        # What the second wrote is as good as it was: sent again it is heard anew and refused anew.
        contents = self.ledger.contents()
        again = self.send(second)
        assert again["__typename"] == "Conflict" and again["rule"] != "idempotency_key_reused"
        assert self.ledger.contents() == contents


@contextmanager
def open_race(*slugs: str) -> Iterator[dict[str, People]]:
    """People of some demo kommuner, by slug. Needs the fixture ``database``."""
    with ExitStack() as stack:
        served = stack.enter_context(serve_login(router))
        # The login knows the kommuner; by which guidelines they work is told here.
        onboard_working()
        people = {}
        for slug in slugs:
            ledger = Ledger(get_directory().tenant_id(slug))
            stack.callback(ledger.close)
            people[slug] = People(served.address, slug, served.issuers[slug], ledger)
        yield people
