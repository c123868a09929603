"""A protected household lives through a case; whatever leaves the circle is searched for a trace of it.

Its names, numbers, address, telephone and what is written of it are words that stand nowhere else. It
applies, is granted a home, is offered one, signs, is followed up and written to. What is searched is what
others get: pages and Excel files of everybody who logs in, mails, calendars, webhooks, what a
landlord reads, messages on the broker, logs and traces.
"""

from __future__ import annotations

import io
import re
import signal
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import redis
from sqlalchemy import text

from hemvist.calendar_feeds import service as feeds
from hemvist.calendar_feeds.publishing import published
from hemvist.cases.models import Case
from hemvist.circles import service as circles
from hemvist.clock import real_now, today
from hemvist.db import Audience
from hemvist.digests import service as digests
from hemvist.households.models import Household, Person
from hemvist.identity import get_directory
from hemvist.identity.models import Principal
from hemvist.settings import get_settings
from hemvist.tenancy import tenant_session
from hemvist.webhooks import service as webhook_service
from hemvist_collector import Collector, collecting
from hemvist_dump import dumped, forms
from hemvist_graphql.ids import global_id
from hemvist_infra.dev_issuer.client import log_in
from hemvist_infra.embedded import EmbeddedValkey
from hemvist_landlords import Member, administrator, opened, organisation_number
from hemvist_login import base_url, browser, onboard_demo, port_for_later
from hemvist_marked import BORN, DEPARTMENT, EVERY, FAMILY, ME, NUMBER, STREET, life, traces
from hemvist_receiver import Receiver, receiver
from hemvist_served import adopt_once, is_ready, serve
from hemvist_smtp import MailServer, mail_server
from hemvist_testing import open_folder
from hemvist_told_landlords import deliveries, platform_session
from hemvist_workers import webhooks
from hemvist_workers.digests import send_digests
from hemvist_workers.landlord_mails import send_landlord_mails
from hemvist_workshop import Workshop, wait_for
from hemvist_world import World, as_owner, peopled

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SLUG = "helsingborg"
#: Everybody who logs in to the kommun, with what they may be in the case.
CASEWORKER, ELSEWHERE = "aida.lindqvist", "cecilia.moreno"
#: The household's own department: its caseworkers, its manager and those who give support at home.
OWN_DEPARTMENT = (CASEWORKER, "bengt.sandell", "jonas.wikander")
PEOPLE = (
    *OWN_DEPARTMENT,
    ELSEWHERE,
    "gunilla.petrovic",
    "ingrid.falk",
    "lars.nyholm",
    "maria.engstrom",
)
#: What stays in clear although it tells of the case: ids, codes and days.
EVENTS = ("case_events", "outbox_events")
PAGES = ("", "households", "cases", "referrals", "units", "notices")
SHEETS = (
    "cases.xlsx",
    "households.xlsx",
    "referrals.xlsx",
    "units.xlsx?state=all",
    "notices.xlsx",
    "arrears.xlsx",
    "unexecuted.xlsx",
)


@dataclass
class Lived:
    """Everything that has left the circle, by what it is."""

    case: Case
    alias: str
    world: World
    left: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def found(self, what: str, kinds: frozenset[str] = EVERY) -> dict[str, set[str]]:
        """Which of them hold which marks."""
        searched = {name: traces(said, kinds) for name, said in self.left[what].items()}
        return {name: marks for name, marks in searched.items() if marks}


@pytest.fixture(scope="module")
def lived(database: str, postgres: str) -> Iterator[Lived]:
    """The household's life, and what everybody else got of it."""
    address = f"http://127.0.0.1:{port_for_later()}"
    with (
        open_folder() as folder,
        pytest.MonkeyPatch.context() as patch,
        collecting() as collector,
        receiver() as hooks,
        base_url(address),
    ):
        (folder / "mails").mkdir()
        with mail_server(folder / "mails") as server:
            onboard_demo()
            tenant_id = get_directory().tenant_id(SLUG)
            adopt_once(tenant_id)
            for name, value in server.settings.items():
                patch.setenv(name, value)
            patch.setenv("HEMVIST_OTLP_ENDPOINT", collector.address)
            patch.setenv("HEMVIST_LOCAL_DIR", str(folder))
            patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
            get_settings.cache_clear()
            lived = _lived(tenant_id, address, folder, collector, hooks, server)
            lived.left["dump"] = {
                ".".join(place): stood.encode()
                for place, stood in dumped(postgres, database).items()
            }
            yield lived
    get_settings.cache_clear()


def _lived(
    tenant_id: UUID,
    address: str,
    folder: Path,
    collector: Collector,
    hooks: Receiver,
    server: MailServer,
) -> Lived:
    world = peopled(tenant_id)
    number = organisation_number()
    landlord_id = opened(tenant_id, number)
    vera = administrator(tenant_id, landlord_id, "Vera Nyström")
    administrator(tenant_id, landlord_id, "Adam Ek")
    with platform_session() as session:
        endpoint = webhook_service.add(
            session,
            vera.actor,
            landlord_id,
            name="Fastighetssystemet",
            url=hooks.url(),
            types=("offer.made",),
        ).id
    case, letters = life(world, number)
    (household,) = world.rows(Household, id=case.household_id)
    people = " ".join(f"{one.given_name} {one.family_name}" for one in world.rows(Person))
    inside = {"persons": people.encode()}
    lived = Lived(case, household.alias, world, {"inside": inside, "letters": letters})
    lived.left["calendars"] = dict(_calendars(world))
    workshop = Workshop(folder, EmbeddedValkey(folder / "valkey"))
    web = serve(address, folder, workshop.redis_url)
    try:
        assert workshop.relayed() == 0
        lived.left["broker"] = {"messages": _on_the_broker(workshop.redis_url)}
        workshop.worker()
        wait_for("the web process is ready", lambda: is_ready(address))
        lived.left |= _read_by_everybody(address, case)
        _closed_to(world, case, CASEWORKER)
        lived.left |= {
            f"closed {what}": read
            for what, read in _read_by_everybody(address, case, OWN_DEPARTMENT).items()
        }
        wait_for(
            "the worker has taken every event",
            lambda: workshop.queued() == 0 and bool(deliveries(endpoint)),
        )
        workshop.terminate()
        web.send_signal(signal.SIGTERM)
        web.wait(20)
    finally:
        web.kill()
        web.wait(10)
        workshop.close()
    assert webhooks.deliver(endpoint) >= 1
    lived.left["webhooks"] = {
        f"{place}": repr(headers).encode() + body
        for place, (headers, body) in enumerate(hooks.received)
    }
    lived.left["mails"] = _mails(world, server)
    lived.left["landlord"] = _read_by_landlord(vera)
    lived.left["logs"] = {log.name: log.read_bytes() for log in folder.glob("*.log")}
    lived.left["traces"] = {"exported": collector.everything()}
    lived.left["kept"] = dict(_kept_beside_the_case(tenant_id))
    return lived


def _on_the_broker(url: str) -> bytes:
    """Every message that waits, whatever it is kept in."""
    client: Any = redis.Redis.from_url(url)
    found: list[bytes] = []
    with client:
        for key in client.scan_iter():
            kind = client.type(key)
            if kind == b"list":
                found += client.lrange(key, 0, -1)
            elif kind == b"hash":
                found += client.hvals(key)
    return b"\n".join(found)


def _closed_to(world: World, case: Case, who: str) -> None:
    """The case is closed to one of those who log in, and to the manager who closes it."""
    with as_owner(world.tenant_id) as connection:
        found = connection.execute(
            "SELECT id FROM principals WHERE display_name = %s",
            [" ".join(who.split(".")).title()],
        ).fetchone()
    assert found is not None
    world.act(
        f"manager {DEPARTMENT}",
        circles.close,
        case_id=case.id,
        members=[found[0], world[ME].principal_id],
        reason="Hot mot henne.",
        expected_version=world.again(case).version,
    )


def _read_by_everybody(
    address: str, case: Case, people: tuple[str, ...] = PEOPLE
) -> dict[str, dict[str, bytes]]:
    """Pages and Excel files of whoever logs in, and what a search by the number gives elsewhere."""
    pages: dict[str, bytes] = {}
    sheets: dict[str, bytes] = {}
    searches: dict[str, bytes] = {}
    for who in people:
        with browser(address) as client:
            log_in(client, address, SLUG, who)
            for name in PAGES:
                answer = client.get(f"/{SLUG}/{name}")
                if answer.status_code == 200:
                    pages[f"{who} {name}"] = answer.content
            for name in SHEETS:
                answer = client.get(f"/{SLUG}/excel/{name}")
                if answer.status_code == 200:
                    sheets[f"{who} {name}"] = _unpacked(answer.content)
            if who == ELSEWHERE:
                page = f"/{SLUG}/cases/{global_id('Case', case.id)}"
                assert client.get(page).status_code == 404
                form = client.get(f"/{SLUG}/households/new").text
                hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
                found = client.post(
                    f"/{SLUG}/households/search", data={**hidden, "personalNumber": NUMBER}
                )
                assert found.status_code == 200, found.status_code
                searches[who] = found.content
    return {"pages": pages, "sheets": sheets, "searches": searches}


def _unpacked(workbook: bytes) -> bytes:
    """Every part of an Excel file, hidden ones too."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return b"\n".join(parts.read(name) for name in parts.namelist())


def _mails(world: World, server: MailServer) -> dict[str, bytes]:
    """The weekly mail to colleagues, and the landlord's."""
    for who in (ME, "property"):
        with tenant_session(Audience.STAFF, world.tenant_id) as session:
            principal = session.find(Principal, world[who].principal_id)
            principal.memberships_refreshed_at = real_now()
            digests.subscribe(
                session,
                world[who],
                address=f"{who.split()[0]}@helsingborg.se",
                domains=("helsingborg.se",),
                language="sv",
            )
    ahead = today() + timedelta(days=-today().weekday() + 7)
    assert send_digests(
        world.tenant_id, datetime(ahead.year, ahead.month, ahead.day, 9, tzinfo=UTC)
    )
    assert send_landlord_mails(real_now() + timedelta(minutes=1)) >= 1
    found = {}
    for place, mail in enumerate(server.mails()):
        parts = [part.get_payload(decode=True) or b"" for part in mail.walk()]
        found[f"{place} {mail['To']}"] = mail.as_bytes() + b"".join(map(_raw, parts))
    return found


def _raw(part: Any) -> bytes:
    return part if isinstance(part, bytes) else str(part).encode()


def _calendars(world: World) -> Iterator[tuple[str, bytes]]:
    """The feeds of those who work in the case, which are read without a login."""
    for who in (ME, f"manager {DEPARTMENT}", "property"):
        feed = world.act(who, feeds.make)
        secret = feeds.secret_of(world.tenant_id, feed.id)

        def reading(session: Any, feed: Any = feed, secret: Any = secret) -> bytes | None:
            return published(session, feed.id, secret, f"https://hemvist.test/{SLUG}")

        yield who, (world.read(reading) or b"").replace(b"\r\n ", b"")


def _read_by_landlord(member: Member) -> dict[str, bytes]:
    """Every view that a landlord's people have, row by row."""
    found = {}
    with member.reading() as session:
        views = session.scalars(
            text("SELECT viewname FROM pg_views WHERE viewname LIKE 'lv\\_%' ORDER BY viewname")
        ).all()
        for view in views:
            rows = session.execute(text(f'SELECT v::text FROM "{view}" v')).all()
            found[view] = "\n".join(str(row[0]) for row in rows).encode()
    return found


def _kept_beside_the_case(tenant_id: UUID) -> Iterator[tuple[str, bytes]]:
    """What is told of the case to those who run and review the platform."""
    with as_owner(tenant_id) as connection:
        for table in (*EVENTS, "audit_entries", "notices", "command_receipts"):
            rows = connection.execute(f"SELECT t::text FROM {table} t").fetchall()
            yield table, "\n".join(str(row[0]) for row in rows).encode()


def test_the_household_has_lived_and_the_search_finds_it_where_it_belongs(lived: Lived) -> None:
    """Without this, the searches below would prove nothing."""
    assert lived.found("inside") == {"persons": {"name"}}
    assert traces(lived.left["letters"]["referral"]) & {"words", "phone"}
    assert traces(f"{STREET} {NUMBER[2:8]}-{NUMBER[8:]}".encode()) == {"address", "number"}
    for form in forms([FAMILY]):
        assert traces(b"x" + form.encode()) == {"name"}, form
    alias = lived.alias.encode()
    assert f"{CASEWORKER} cases" in lived.left["pages"]
    assert alias in lived.left["sheets"][f"{CASEWORKER} cases.xlsx"]
    assert alias not in lived.left["sheets"][f"{ELSEWHERE} cases.xlsx"]
    for what, least in (("broker", 2_000), ("logs", 2_000), ("traces", 10_000), ("kept", 2_000)):
        assert sum(map(len, lived.left[what].values())) > least, what
    assert len(lived.left["webhooks"]) >= 1 and len(lived.left["mails"]) >= 2
    assert any(b"BEGIN:VEVENT" in said for said in lived.left["calendars"].values())
    assert any(lived.left["landlord"].values())


def test_pages_have_the_name_in_its_own_department_alone_and_nothing_else(lived: Lived) -> None:
    found = lived.found("pages")
    assert {page.split()[0] for page in found} == set(OWN_DEPARTMENT)
    assert set.union(*found.values()) == {"name"}


def test_closed_to_a_circle_not_even_the_alias_is_seen_outside_it(lived: Lived) -> None:
    """By nobody else in the department, its other managers included."""
    alias = lived.alias.encode()
    said = lived.left["closed pages"] | lived.left["closed sheets"]
    known = {name.split()[0] for name, read in said.items() if alias in read or traces(read)}
    assert known == {CASEWORKER}
    assert {name.split()[0] for name in said} == set(OWN_DEPARTMENT)
    assert lived.found("closed sheets") == {}


def test_a_stolen_dump_has_none_of_it_but_the_flat(lived: Lived) -> None:
    """Nor what was written of it, nor its telephone."""
    assert lived.found("dump", EVERY - {"address"}) == {}
    # A day of birth leads whoever knows it to the household, and from there to the flat.
    for born in BORN:
        told = [name for name, said in lived.left["dump"].items() if str(born).encode() in said]
        assert told == [], born
    for said in ("case_events.data", "outbox_events.payload"):
        assert len(lived.left["dump"][said]) > 500, said
        assert traces(lived.left["dump"][said]) == set(), said
    # The flat is the kommun's and in clear: the whole dump was searched.
    assert "units.street_address" in lived.found("dump", frozenset({"address"}))


@pytest.mark.parametrize(
    "what",
    ["sheets", "webhooks", "mails", "calendars", "broker", "logs", "traces", "kept"],
)
def test_nothing_of_it_is_in(lived: Lived, what: str) -> None:
    assert lived.found(what) == {}


def test_letters_have_no_name_number_or_address(lived: Lived) -> None:
    """What is written to the household itself is in them; who and where it is, not."""
    assert lived.found("letters", frozenset({"name", "number", "address"})) == {}


def test_the_landlord_knows_the_flat_and_nobody_in_it(lived: Lived) -> None:
    assert lived.found("landlord", EVERY - {"address"}) == {}


def test_another_department_finds_nobody_by_the_number(lived: Lived) -> None:
    """The number is there, since it was just typed."""
    assert lived.found("searches", EVERY - {"number"}) == {}
