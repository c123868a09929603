"""A served kommun in which there is something of everything, for cases to be aimed at.

The journeys of the API tests are walked in it, so that an id of every type is known and every command
that they give has an input that was taken once: a case that is like it but for one field comes
further than one that is made up whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.identity import Membership, Role, get_directory
from hemvist.identity.principals import known_principal, refresh_memberships
from hemvist.identity.sessions import cookie_name, open_session
from hemvist.tenancy import tenant_session
from hemvist_api_further import further
from hemvist_api_inputs import commands
from hemvist_api_journeys import (
    completed,
    drafting,
    guaranteed,
    let_the_worker_tell,
    moved,
    municipal,
    read_everything,
    simulated,
)
from hemvist_api_landlords import agreed
from hemvist_api_office import Office, Voice, ids_in, open_office
from hemvist_api_ways import opened as opened_way
from hemvist_api_ways import register_unit
from hemvist_fuzz import Names
from hemvist_fuzz_watch import Errors, Watch, listening, watching
from hemvist_graphql.ids import parse_global_id
from hemvist_landlord_attack import crawled
from hemvist_landlords import administrator, opened
from hemvist_login import browser, session_cookie
from hemvist_tenants import load_tenants
from hemvist_world import SUPPORT

KOMMUN = "helsingborg"
LANDLORDS = "hyresvard"
#: Who sends cases, by the name that they have here.
PEOPLE: Mapping[str, str] = {
    "caseworker": "aida.lindqvist",
    "manager": "bengt.sandell",
    "officer": "ingrid.falk",
    "policy officer": "karin.dahlgren",
    "administrator": "maria.engstrom",
    "log reviewer": "lars.nyholm",
    "coordinator": "pernilla.sjogren",
}


@dataclass(frozen=True)
class Sender:
    """Somebody with a session: a client that has its cookie, and the token of its forms."""

    http: httpx2.Client
    csrf: str


@dataclass
class Town:
    """The kommun, its people, and what is known of it."""

    address: str
    app: Any
    office: Office
    names: Names
    landlord_names: Names
    senders: dict[str, Sender]
    watch: Watch
    errors: Errors
    #: Inputs that were taken once, by command.
    taken: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    #: Forms that stand on its pages, by route, once they have been looked for.
    forms: dict[str, list[Any]] | None = None
    #: How many of its pages are looked at for forms.
    pages: int = 400

    def words(self) -> dict[str, list[str]]:
        """Texts that were taken once, by the name of their field."""
        found: dict[str, set[str]] = defaultdict(set)
        for inputs in self.taken.values():
            for one in inputs:
                _collect(one, found)
        return {name: sorted(texts)[:25] for name, texts in found.items()}


def _collect(value: Any, found: dict[str, set[str]], name: str = "") -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _collect(inner, found, key)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, found, name)
    elif isinstance(value, str) and len(value) < 200 and name != "idempotencyKey":
        found[name].add(value)


@contextmanager
def _serving(kept: list[Any]) -> Iterator[None]:
    """Keeps the application that is served meanwhile."""
    from hemvist_infra import app as serving

    make = serving.create_app

    def kept_app() -> Any:
        kept.append(make())
        return kept[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "create_app", kept_app)
        yield


@contextmanager
def _noting(taken: dict[str, list[dict[str, Any]]]) -> Iterator[None]:
    """Keeps every input that is sent meanwhile."""
    command = Voice.command

    def noted(self: Voice, name: str, selection: str, /, **given: Any) -> dict[str, Any]:
        result = command(self, name, selection, **given)
        if str(result["__typename"]).endswith("Done"):
            taken.setdefault(name, []).append(given)
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Voice, "command", noted)
        yield


@contextmanager
def fuzz_town(server_url: str, database_url: str, *, whole: bool = True) -> Iterator[Town]:
    """The kommun, served and walked. Needs the fixtures ``database`` and ``valkey``.

    Not ``whole``, it has only one household on its way and what the property office has.
    """
    apps: list[Any] = []
    taken: dict[str, list[dict[str, Any]]] = {}
    with ExitStack() as stack:
        with _serving(apps):
            office = stack.enter_context(open_office())
        with _noting(taken):
            ids = _walked(office, whole=whole)
        names = Names(ids)
        senders = {
            who: Sender(stack.enter_context(_client(office.address, cookie)), csrf)
            for who, cookie, csrf in _sessions()
        }
        landlord_ids = _landlord(office)
        senders["landlord"] = Sender(
            stack.enter_context(_client(office.address, landlord_ids[0])), landlord_ids[1]
        )
        watch = stack.enter_context(watching(server_url, database_url))
        errors = stack.enter_context(listening())
        yield Town(
            office.address,
            apps[0],
            office,
            names,
            Names(landlord_ids[2]),
            senders,
            watch,
            errors,
            {
                name: [names.labelled(one) for one in inputs[:6]]
                for name, inputs in taken.items()
                if name in commands()
            },
            pages=400 if whole else 120,
        )


def _walked(office: Office, *, whole: bool) -> dict[str, list[str]]:
    ways = []
    if whole:
        ways = [municipal(office), guaranteed(office), completed(office)]
        moved(office, ways[2])
        ways.append(drafting(office))
        let_the_worker_tell(office)
        further(office, *ways[:2])
        simulated(office)
    # Something that still waits at every turn of the way, for commands that come next.
    way = opened_way(office)
    referral = way.register(way.referred(), 32)
    way.offer(referral, register_unit(office, way.day(30)), 40)
    register_unit(office, way.day(30))
    opened_way(office).propose(SUPPORT, 20)
    if not whole:
        agreed(office)
    read_everything(office, *ways, way)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for told in office.told:
        for one in sorted(ids_in(told.answer)):
            parsed = parse_global_id(one)
            assert parsed is not None
            found[parsed[0]][one] = None
    return {kind: list(ids) for kind, ids in sorted(found.items())}


def _sessions() -> Iterator[tuple[str, str, str]]:
    for who, username in PEOPLE.items():
        _, cookie, session = session_cookie(KOMMUN, username)
        yield who, cookie, session.csrf_token
    with tenant_session(Audience.STAFF, get_directory().tenant_id(KOMMUN)) as opening:
        principal = known_principal(
            opening,
            issuer=get_directory().issuer(KOMMUN).issuer,
            subject=f"everything-{uuid4()}",
            kind="person",
            name="Alla Roller",
        )
        departments = ("", *(one.code for one in load_tenants()[KOMMUN].departments))
        everything = [Membership(role, one) for role in Role for one in departments]
        refresh_memberships(opening, principal, everything, real_now())
        done = open_session(opening, KOMMUN, principal)
    yield "everything", done.cookie, done.session.csrf_token


def _landlord(office: Office) -> tuple[str, str, dict[str, list[str]]]:
    """Somebody of the landlords that the kommun's homes are of; what they can see, by type."""
    _, cookie, session = session_cookie(LANDLORDS, "vera.nystrom")
    tenant_id = office.ledger.tenant_id
    numbers = office.ledger.rows(
        "SELECT DISTINCT l.organisation_number, l.name FROM landlords l"
        " JOIN units u ON u.landlord_id = l.id"
    )
    for number, name in numbers:
        landlord_id = opened(tenant_id, number, name)
        administrator(tenant_id, landlord_id, who=session.actor)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for one in sorted(_ids(crawled(session.actor))):
        parsed = parse_global_id(one)
        if parsed is not None:
            found[parsed[0]][one] = None
    return cookie, session.csrf_token, {kind: list(ids) for kind, ids in sorted(found.items())}


def _ids(answer: Any) -> set[str]:
    return ids_in(answer)


def _client(address: str, cookie: str) -> httpx2.Client:
    client = browser(address)
    client.cookies.set(cookie_name(), cookie)
    return client
