"""The calendar as a calendar program reads it: by its own small reader of RFC 5545."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from hemvist.audit import AuditEntry
from hemvist.calendar_feeds import service
from hemvist.calendar_feeds.icalendar import Event, calendar
from hemvist.calendar_feeds.models import CalendarFeed
from hemvist.calendar_feeds.publishing import published
from hemvist.cases.models import Case
from hemvist.clock import real_now, today
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, NotFound
from hemvist.follow_ups.planning import plan_obligation
from hemvist.households.models import Person
from hemvist.identity.models import Principal
from hemvist_world import World, caseworker_of, manager_of, new_world

WHO, MANAGER, ELSEWHERE = caseworker_of("SOF-VUX"), manager_of("SOF-VUX"), caseworker_of("VOF")
PLACE = "https://hemvist.test/kommun"
_LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^:;]+)*):(.*)")


def parsed(text: bytes) -> list[dict[str, str]]:
    """The events of a calendar, each line checked against RFC 5545: its end, its length, its form."""
    assert text.endswith(b"\r\n") and b"\n" not in text.replace(b"\r\n", b"")
    for line in text.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()
    events: list[dict[str, str]] = []
    stack: list[str] = []
    for line in text.decode().replace("\r\n ", "").split("\r\n")[:-1]:
        found = _LINE.fullmatch(line)
        assert found, line
        name, parameters, value = found.groups()
        if name == "BEGIN":
            stack.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert stack.pop() == value
        elif stack == ["VCALENDAR", "VEVENT"]:
            assert name + parameters not in events[-1]
            plain = re.sub(r"\\([\\;,n])", lambda m: "\n" if m[1] == "n" else m[1], value)
            events[-1][name + parameters] = plain
    assert stack == []
    for event in events:
        assert {"UID", "DTSTAMP", "SUMMARY"} <= event.keys()
    assert len({event["UID"] for event in events}) == len(events)
    return events


@pytest.fixture
def world(database: str) -> World:
    """A household with a home, and what follows from it."""
    world = new_world()
    world.housed(world.case())
    return world


def _read(world: World, feed: CalendarFeed) -> list[dict[str, str]]:
    secret = service.secret_of(world.tenant_id, feed.id)
    found = world.read(lambda session: published(session, feed.id, secret, PLACE))
    assert found is not None
    return parsed(found)


def test_it_says_what_and_when_and_of_nobody(world: World) -> None:
    feed = world.act(WHO, service.make)
    events = _read(world, feed)
    open_ = [row for row in world.rows(Obligation, state="open") if "SOF-VUX" in row.departments]
    shown = {event["DTSTART;VALUE=DATE"] for event in events}
    assert shown == {
        f"{row.due_on:%Y%m%d}"
        for row in open_
        if today() - timedelta(days=31) <= row.due_on <= today() + timedelta(days=366)
    }
    whole = repr(events)
    for row in (*world.rows(Case), *open_):
        assert row.id.hex not in whole and str(row.id) not in whole
    for case in world.rows(Case):
        assert case.number not in whole
    for person in world.rows(Person):
        assert person.given_name not in whole and person.family_name not in whole
    # The same question again is the same events; another person's feed has others.
    assert [one["UID"] for one in _read(world, feed)] == [one["UID"] for one in events]
    other = _read(world, world.act(MANAGER, service.make))
    assert not {one["UID"] for one in other} & {one["UID"] for one in events}
    assert _read(world, world.act(ELSEWHERE, service.make)) == []


def test_a_planned_day_is_shown_in_its_place(world: World) -> None:
    row = next(
        one
        for one in world.rows(Obligation, state="open")
        if one.due_on > today() and "SOF-VUX" in one.departments
    )
    world.act(
        WHO, plan_obligation, obligation_id=row.id, planned_on=today(), expected_version=row.version
    )
    events = _read(world, world.act(WHO, service.make))
    (planned,) = [one for one in events if one["DTSTART;VALUE=DATE"] == f"{today():%Y%m%d}"]
    assert "(planerat)" in planned["SUMMARY"]
    assert planned["URL"] == f"{PLACE}/work?due={today()}"


def test_an_address_is_one_persons_and_can_be_taken_back(world: World) -> None:
    first = world.act(WHO, service.make)
    second = world.act(WHO, service.make)
    assert world.again(first).revoked_at is not None
    secrets = {feed.id: service.secret_of(world.tenant_id, feed.id) for feed in (first, second)}

    def read(feed_id: object, secret: str) -> bytes | None:
        return world.read(lambda session: published(session, feed_id, secret, PLACE))

    assert read(first.id, secrets[first.id]) is None
    assert read(second.id, secrets[first.id]) is None
    assert read(second.id, secrets[second.id][:-1] + "å") is None
    assert read(second.id, secrets[second.id]) is not None
    with pytest.raises(NotFound):
        world.act(MANAGER, service.revoke, feed_id=second.id)
    world.act(WHO, service.revoke, feed_id=second.id)
    assert read(second.id, secrets[second.id]) is None
    with pytest.raises(Conflict):
        world.act(WHO, service.revoke, feed_id=second.id)


def test_who_is_blocked_reads_nothing_and_who_is_long_gone_a_reminder(world: World) -> None:
    feed = world.act(WHO, service.make)
    secret = service.secret_of(world.tenant_id, feed.id)
    with world.session() as session:
        principal = session.find(Principal, feed.principal_id)
        principal.memberships_refreshed_at = real_now() - timedelta(days=46)
    (only,) = _read(world, feed)
    assert only["SUMMARY"].startswith("Logga in")
    with world.session() as session:
        session.find(Principal, feed.principal_id).status = "blocked"
    assert world.read(lambda session: published(session, feed.id, secret, PLACE)) is None


def test_each_reading_is_logged(world: World) -> None:
    feed = world.act(WHO, service.make)
    _read(world, feed)
    _read(world, feed)
    logged = world.rows(AuditEntry, action="calendar_feed.read")
    assert [one.principal_id for one in logged] == [feed.principal_id] * 2
    assert world.again(feed).read_at is not None


@pytest.fixture
def caller(world: World) -> Iterator[TestClient]:
    """Somebody who has an address and nothing else."""
    from fastapi import FastAPI

    from hemvist.identity import use_directory
    from hemvist_graphql.http_calendar import router
    from hemvist_tenants import directory_of, load_tenants

    use_directory(directory_of(load_tenants()))
    app = FastAPI()
    app.include_router(router)
    with TestClient(app) as client:
        yield client


def test_what_is_no_address_is_not_there(caller: TestClient, world: World) -> None:
    feed = world.act(WHO, service.make)
    secret = service.secret_of(world.tenant_id, feed.id)
    for path in (
        f"/nowhere/calendar/{feed.id.hex}/{secret}.ics",
        f"/helsingborg/calendar/x/{secret}.ics",
        f"/helsingborg/calendar/{feed.id.hex}/{'a' * 400}.ics",
        # A feed of another kommun than the address says.
        f"/karlstad/calendar/{feed.id.hex}/{secret}.ics",
    ):
        assert caller.get(path).status_code == 404, path


def test_days_instants_and_signs_are_written_as_the_standard_says() -> None:
    """Whole days have no time zone; instants are UTC on both sides of both clock changes."""
    instants = [
        datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]
    name = "Möte; med, bakåt\\ och\nrad " + "ö" * 200
    events = [Event(str(at), at, name, "https://x.test/") for at in (*instants, date(2026, 12, 31))]
    read = parsed(calendar("Å", "feed", events, instants[0]))
    assert [one["SUMMARY"] for one in read] == [name] * 5
    assert [one.get("DTSTART") for one in read[:4]] == [
        "20260329T005900Z",
        "20260329T010000Z",
        "20261025T003000Z",
        "20261025T013000Z",
    ]
    assert read[4]["DTSTART;VALUE=DATE"] == "20261231"
    assert read[4]["DTEND;VALUE=DATE"] == "20270101"
