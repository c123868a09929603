"""A kommun's people at the served API, each with nothing but a token from their login.

Every operation goes out under a name of its own and is kept with its answer and with the audit
entries that it left, so that a test can afterwards ask of all of them at once what holds.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx2
import psycopg
from graphql import get_named_type

from hemvist.identity import get_directory
from hemvist_api import fields_of
from hemvist_browser import serve_platform
from hemvist_graphql.ids import parse_global_id
from hemvist_graphql.schema import executable_schema
from hemvist_infra.dev_issuer.client import person_token
from hemvist_login import browser
from hemvist_milestones import milestones_installed
from hemvist_rows import owned_tables

#: Every refusal of a command, in both languages.
REFUSALS = """ __typename
  ... on ValidationFailed { sv: message en: message(lang: "en")
      problems { field rule params sv: message en: message(lang: "en") } }
  ... on PolicyRefused { rule cite items trace sv: message en: message(lang: "en") }
  ... on Conflict { rule params sv: message en: message(lang: "en") }
  ... on NotAllowed { action sv: message en: message(lang: "en") }
  ... on NotFound { kind sv: message en: message(lang: "en") } """
#: Who logs in, by the name that tests call them.
HELSINGBORG = {
    "caseworker": "aida.lindqvist",
    "manager": "bengt.sandell",
    "officer": "ingrid.falk",
    "other caseworker": "elin.karimi",
    "other manager": "fredrik.ostlund",
    "policy officer": "karin.dahlgren",
    "administrator": "maria.engstrom",
    "log reviewer": "lars.nyholm",
    "coordinator": "pernilla.sjogren",
    "other coordinator": "ragnar.holst",
}
KARLSTAD = {
    "caseworker": "petra.solberg",
    "manager": "rasmus.frykman",
    "officer": "sanna.tervo",
}
#: Operations by which a whole case is read.
PARTS = 4
_HEAD = re.compile(r"\b(query|mutation)\b\s*\w*")
#: What the platform itself notes of whoever comes with a token.
_KNOWN_PEOPLE = frozenset({"principals", "memberships"})


def command_document(name: str, selection: str) -> str:
    """A document for one command; ``selection`` is read of what it gives."""
    mutations = executable_schema().mutation_type
    assert mutations is not None
    given = mutations.fields[name].args["input"].type
    done = f"{name[0].upper()}{name[1:]}Done"
    return (
        f"mutation Do($input: {given}) {{ {name}(input: $input) "
        f"{{ {REFUSALS} ... on {done} {{ {selection} }} }} }}"
    )


def strings_in(value: Any) -> Iterator[str]:
    """Every text anywhere in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_in(inner)


def ids_in(value: Any) -> set[str]:
    """Every global id anywhere in a JSON value, whatever its field is called."""
    return {one for one in strings_in(value) if parse_global_id(one) is not None}


def rows_shown(value: Any, type_name: str) -> set[UUID]:
    """The rows of ``type_name`` that an answer holds as objects (those with an ``id``)."""
    found: set[UUID] = set()
    if isinstance(value, dict):
        parsed = parse_global_id(str(value.get("id", "")))
        if parsed is not None and parsed[0] == type_name:
            found.add(parsed[1])
        value = list(value.values())
    if isinstance(value, list):
        found.update(*(rows_shown(inner, type_name) for inner in value))
    return found


@dataclass(frozen=True)
class Entry:
    """One entry of the audit log."""

    kind: str
    action: str
    principal_id: UUID | None
    person_ids: frozenset[UUID]
    cases: frozenset[UUID]


class Ledger:
    """What a kommun's tables hold, read as the owner: for looking, never for the act."""

    def __init__(self, tenant_id: UUID) -> None:
        self.tenant_id = tenant_id
        self.url = os.environ["HEMVIST_DATABASE_URL"]
        self._connection = psycopg.connect(self.url, autocommit=True)
        # Row security holds for the owner too; this connection sees one kommun.
        self._connection.execute(
            "SELECT set_config('hemvist.tenant_id', %s, false)", (str(tenant_id),)
        )
        self._seen: set[UUID] = set()
        self.fresh_entries()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def rows(self, query: str) -> list[Any]:
        """What ``query`` gives in this kommun."""
        return self._connection.execute(query).fetchall()  # type: ignore[arg-type]

    def fresh_entries(self) -> list[Entry]:
        """The audit entries of what was done, written since the last call."""
        rows = self.rows(
            "SELECT id, kind, action, principal_id, person_ids, case_id, details"
            " FROM audit_entries WHERE kind <> 'refused' ORDER BY at"
        )
        fresh = [row for row in rows if row[0] not in self._seen]
        self._seen |= {row[0] for row in fresh}
        return [_entry(*row[1:]) for row in fresh]

    def contents(self) -> dict[str, tuple[int, str]]:
        """Row count and digest of every table of the kommun: equal when nothing was changed.

        That something was refused is told in the log, and is no change.
        """
        names = [table.name for table in owned_tables() if table.name not in _KNOWN_PEOPLE]
        digest = "md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
        parts = (
            f"SELECT '{name}', count(*), {digest} FROM {name} t {_done(name)}" for name in names
        )
        return {name: (rows, made) for name, rows, made in self.rows(" UNION ALL ".join(parts))}


def _done(table: str) -> str:
    return "WHERE kind <> 'refused'" if table == "audit_entries" else ""


def _entry(kind: str, action: str, who: Any, persons: Any, case_id: Any, details: Any) -> Entry:
    cases = {UUID(str(case)) for case in details.get("cases", ())} | ({case_id} - {None})
    return Entry(kind, action, who, frozenset(persons), frozenset(cases))


@dataclass(frozen=True)
class Told:
    """An operation, what it answered, and what it left in the audit log."""

    who: str
    slug: str
    operation: str
    command: str | None
    answer: dict[str, Any]
    entries: list[Entry]

    @property
    def done(self) -> bool:
        """Whether it was a command that was carried out."""
        kind = self.command and self.answer["data"][self.command]["__typename"]
        return bool(kind) and str(kind).endswith("Done")


@dataclass
class Voice:
    """Somebody at the API of a kommun."""

    who: str
    slug: str
    http: httpx2.Client
    login: Callable[[], str]
    ledger: Ledger
    told: list[Told] = field(repr=False)
    numbers: Iterator[int] = field(repr=False)
    _token: str = field(default="", repr=False)
    _fresh_until: float = field(default=0.0, repr=False)

    def __post_init__(self) -> None:
        self._log_in()

    def _log_in(self) -> None:
        self._token, self._fresh_until = self.login(), time.monotonic() + 300

    def post(self, document: str, **variables: Any) -> httpx2.Response:
        """The plain response to an operation; not kept."""
        return self.raw({"query": document, "variables": variables})

    def raw(self, body: Any) -> httpx2.Response:
        """The plain response to a JSON body; not kept."""
        # Escaped, so that half of a surrogate pair can be sent as well.
        sent = json.dumps(body).encode()
        headers = {**self.headers, "Content-Type": "application/json"}
        return self.http.post(f"/{self.slug}/graphql", content=sent, headers=headers)

    @property
    def headers(self) -> dict[str, str]:
        """What lets the caller in."""
        if time.monotonic() > self._fresh_until:
            # A token is good for ten minutes, and on a busy machine a journey is longer.
            self._log_in()
        return {"Authorization": f"Bearer {self._token}"}

    def ask(self, document: str, *, command: str | None = None, **variables: Any) -> dict[str, Any]:
        """The data of an operation that must succeed; kept under a name of its own."""
        operation = f"Op{next(self.numbers):05}"
        named, heads = _HEAD.subn(rf"\1 {operation}", document, count=1)
        assert heads == 1, document
        self.ledger.fresh_entries()
        response = self.post(named, **variables)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        assert "errors" not in answer, answer["errors"]
        entries = self.ledger.fresh_entries()
        self.told.append(Told(self.who, self.slug, operation, command, answer, entries))
        data: dict[str, Any] = answer["data"]
        return data

    def command(self, name: str, selection: str, /, **given: Any) -> dict[str, Any]:
        """What a command answered, done or refused; a fresh idempotency key unless one is given."""
        body = {"idempotencyKey": str(uuid4()), **given}
        answer = self.ask(command_document(name, selection), command=name, input=body)
        result: dict[str, Any] = answer[name]
        return result

    def do(self, name: str, selection: str, /, **given: Any) -> dict[str, Any]:
        """What a command that must be carried out gave."""
        result = self.command(name, selection, **given)
        assert str(result["__typename"]).endswith("Done"), result
        [made] = [value for key, value in result.items() if key != "__typename"]
        found: dict[str, Any] = made
        return found

    def refused(self, name: str, /, **given: Any) -> dict[str, Any]:
        """The refusal of a command that must be refused, with its words in both languages."""
        result = self.command(name, "__typename", **given)
        assert not str(result["__typename"]).endswith("Done"), result
        assert result["sv"] and result["en"] and result["sv"] != result["en"], result
        return result

    def case(self, case_id: str) -> dict[str, Any] | None:
        """Everything that the caller may read of a case, in parts: whole it costs more than one
        operation may."""
        whole: dict[str, Any] = {}
        for part in _parts_of_case():
            document = f"query Q($id: ID!) {{ case(id: $id) {{ {part} }} }}"
            found: dict[str, Any] | None = self.ask(document, id=case_id)["case"]
            if found is None:
                return None
            whole |= found
        return whole


@cache
def _parts_of_case() -> tuple[str, ...]:
    """Every field of a case that can be had without an argument, and of what it points at, a few in
    each part."""
    case = executable_schema().type_map["Case"]
    fields = fields_of(get_named_type(case), 2)  # type: ignore[arg-type]
    return tuple(" ".join(["__typename id", *fields[part::PARTS]]) for part in range(PARTS))


@dataclass
class Office:
    """Everybody at one served platform, and all that they were told."""

    address: str
    helsingborg: dict[str, Voice]
    karlstad: dict[str, Voice]
    told: list[Told] = field(default_factory=list, repr=False)

    def __getitem__(self, who: str) -> Voice:
        return self.helsingborg[who]

    @property
    def ledger(self) -> Ledger:
        """Helsingborg's tables."""
        return self["caseworker"].ledger


@contextmanager
def open_office() -> Iterator[Office]:
    """The platform served by uvicorn, and everybody logged in. Needs the fixture ``database``."""
    with ExitStack() as stack:
        # A programme in which something can be recorded that has no form of its own.
        stack.enter_context(milestones_installed())
        address = stack.enter_context(serve_platform())
        told: list[Told] = []
        numbers = count(1)

        def voices(slug: str, people: dict[str, str]) -> dict[str, Voice]:
            ledger = Ledger(get_directory().tenant_id(slug))
            stack.callback(ledger.close)
            return {
                who: Voice(
                    who,
                    slug,
                    stack.enter_context(browser(address)),
                    partial(person_token, address, slug, username),
                    ledger,
                    told,
                    numbers,
                )
                for who, username in people.items()
            }

        yield Office(
            address, voices("helsingborg", HELSINGBORG), voices("karlstad", KARLSTAD), told
        )
