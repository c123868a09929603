"""An event that cannot be handled is parked with an alarm; everything else goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select, text, update
from structlog.testing import capture_logs

from hemvist.audit.models import AuditEntry
from hemvist.clock import now
from hemvist.errors import NotFound, ValidationFailed
from hemvist.outbox import EventTrouble, InboxReceipt, OutboxEvent, emit, parking
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist_testing import new_tenant
from hemvist_workers import chores, handlers, parked, relay
from hemvist_workers.handlers import Handler, Unhandled, handle

TYPE = "referral_registered"


class Poison(Exception):
    """What a handler chokes on."""


class Bench:
    """Two handlers of one event: the first does what the test wants, the second notes that it came."""

    def __init__(self) -> None:
        self.tenant_id = new_tenant()
        self.act: Callable[[TenantSession, OutboxEvent], None] = self.choke
        self.taken: list[UUID] = []
        with tenant_session(Audience.STAFF, self.tenant_id) as session:
            self.event_id = emit(session, TYPE, {})
        with tenant_session(Audience.WORKER, self.tenant_id) as session:
            session.execute(update(OutboxEvent).values(relayed_at=now()))

    def choke(self, session: TenantSession, event: OutboxEvent) -> None:
        """Choke."""
        raise Poison("somebody's name")

    def handlers(self) -> tuple[Handler, ...]:
        """As the worker has them."""
        types = frozenset({TYPE})
        return (
            Handler("first", types, lambda session, event: self.act(session, event)),
            Handler("second", types, lambda session, event: self.taken.append(event.id)),
        )

    def tried(self, times: int = 1, *, again: bool = False) -> None:
        """A delivery after the other, each of which the first handler fails with."""
        for _ in range(times):
            with pytest.raises(Unhandled):
                handle(self.tenant_id, self.event_id, again=again)

    def troubles(self) -> list[EventTrouble]:
        """Open troubles."""
        with tenant_session(Audience.WORKER, self.tenant_id) as session:
            return list(session.scalars(select(EventTrouble)))

    def receipts(self) -> set[str]:
        """Handlers that have taken it."""
        with tenant_session(Audience.WORKER, self.tenant_id) as session:
            return set(session.scalars(select(InboxReceipt.handler)))

    def park(self) -> None:
        """Fail until it is parked."""
        self.tried(parking.STRIKES - 1)
        assert handle(self.tenant_id, self.event_id) == []


@pytest.fixture
def bench(database: str, monkeypatch: pytest.MonkeyPatch) -> Bench:
    made = Bench()
    monkeypatch.setattr(handlers, "HANDLERS", made.handlers())
    return made


def events_of(logs: list[Any], name: str) -> list[Any]:
    return [one for one in logs if one["event"] == name]


def test_the_fifth_failure_parks_with_one_alarm_and_the_other_handler_is_done_at_once(
    bench: Bench,
) -> None:
    with capture_logs() as logs:
        bench.tried()
        assert bench.taken == [bench.event_id]
        bench.tried(parking.STRIKES - 2)
        assert not events_of(logs, "event_parked")
        # The last attempt raises nothing: there is nothing to try again.
        assert handle(bench.tenant_id, bench.event_id) == []
        assert handle(bench.tenant_id, bench.event_id) == []
    (alarm,) = events_of(logs, "event_parked")
    assert alarm["log_level"] == "error"
    assert (alarm["handler"], alarm["event_type"], alarm["attempts"]) == ("first", TYPE, 5)
    assert alarm["error_type"] == "Poison"
    (trouble,) = bench.troubles()
    assert trouble.parked_at is not None
    assert (trouble.attempts, trouble.error) == (5, "Poison")
    assert bench.taken == [bench.event_id]
    assert bench.receipts() == {"second"}


def test_what_succeeds_in_time_leaves_no_trace(bench: Bench) -> None:
    bench.tried(parking.STRIKES - 1)
    bench.act = lambda session, event: None
    assert handle(bench.tenant_id, bench.event_id) == ["first"]
    assert bench.troubles() == []
    assert bench.receipts() == {"first", "second"}


def test_what_kills_its_worker_is_noted_before_it_is_begun(bench: Bench) -> None:
    class Killed(BaseException):
        """As when the process is gone: nobody catches it."""

    def die(session: TenantSession, event: OutboxEvent) -> None:
        raise Killed

    bench.act = die
    # The first time nobody knows; then the broker says that it gives it out again.
    with pytest.raises(Killed):
        handle(bench.tenant_id, bench.event_id)
    assert bench.troubles() == []
    for _ in range(parking.STRIKES):
        with pytest.raises(Killed):
            handle(bench.tenant_id, bench.event_id, again=True)
    with capture_logs() as logs:
        assert handle(bench.tenant_id, bench.event_id, again=True) == ["second"]
    (alarm,) = events_of(logs, "event_parked")
    assert alarm["error_type"] == parking.LOST
    assert bench.receipts() == {"second"}


def test_a_delivery_that_comes_again_and_succeeds_leaves_no_trace(bench: Bench) -> None:
    bench.act = lambda session, event: None
    assert handle(bench.tenant_id, bench.event_id, again=True) == ["first", "second"]
    assert bench.troubles() == []
    assert handle(bench.tenant_id, bench.event_id, again=True) == []
    assert bench.troubles() == []


@pytest.mark.parametrize("state", ["08006", "57P01", "53100", "40P01", "40001"])
def test_a_database_that_is_away_or_full_is_no_fault_of_the_event(bench: Bench, state: str) -> None:
    error = type("Away", (psycopg.OperationalError,), {"sqlstate": state})

    def away(session: TenantSession, event: OutboxEvent) -> None:
        raise error

    bench.act = away
    for _ in range(parking.STRIKES + 1):
        with pytest.raises(psycopg.OperationalError):
            handle(bench.tenant_id, bench.event_id)
    assert bench.troubles() == []


def test_what_stops_a_handler_that_the_event_is_not_for_is_no_trouble_of_its(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late(Exception):
        """As when the task's time is over before the last handlers were asked."""

    class Types(frozenset[str]):
        """The time is over while it is asked."""

        def __contains__(self, wanted: object) -> bool:
            raise Late

    bench.act = lambda session, event: None
    late = Handler("late", Types(), lambda session, event: None)
    monkeypatch.setattr(handlers, "HANDLERS", (*bench.handlers(), late))
    with pytest.raises(Late):
        handle(bench.tenant_id, bench.event_id)
    assert bench.troubles() == []
    assert bench.receipts() == {"first", "second"}


def test_a_handler_that_always_takes_too_long_is_parked(bench: Bench) -> None:
    def slow(session: TenantSession, event: OutboxEvent) -> None:
        session.execute(text("SET LOCAL statement_timeout = 10"))
        session.execute(text("SELECT pg_sleep(5)"))

    bench.act = slow
    bench.park()
    assert bench.troubles()[0].error == "OperationalError"


def test_what_is_parked_is_neither_sent_again_nor_removed_nor_forgotten(bench: Bench) -> None:
    bench.park()
    names = {one.name: one.types for one in handlers.HANDLERS}
    assert relay.relay_again(bench.tenant_id, names, now() + timedelta(days=1)) == 0
    with tenant_session(Audience.WORKER, bench.tenant_id) as session:
        session.execute(update(OutboxEvent).values(relayed_at=now() - timedelta(days=400)))
        assert parking.parked(session)[0].handler == "first"
    chores.prune(bench.tenant_id)
    with tenant_session(Audience.WORKER, bench.tenant_id) as session:
        assert session.scalar(select(OutboxEvent.id)) == bench.event_id
    with capture_logs() as logs:
        assert parked.tell(bench.tenant_id) == 1
    (told,) = events_of(logs, "events_parked")
    assert (told["log_level"], told["events"]) == ("error", 1)


def test_released_after_repair_it_goes_out_again_to_the_one_handler(bench: Bench) -> None:
    bench.park()
    with tenant_session(Audience.WORKER, bench.tenant_id) as session:
        assert parked.release(session, bench.event_id) == ["first"]
    with capture_logs() as logs:
        assert parked.tell(bench.tenant_id) == 0
    assert not logs
    went: list[UUID] = []
    relay.relay_tenant(bench.tenant_id, lambda tenant_id, event_id, trace: went.append(event_id))
    assert went == [bench.event_id]
    bench.act = lambda session, event: None
    assert handle(bench.tenant_id, bench.event_id) == ["first"]
    assert bench.taken == [bench.event_id]
    assert logged(bench) == [("event.released", {"handlers": ["first"]})]


def test_discarded_it_is_never_taken_and_the_log_says_so(bench: Bench) -> None:
    bench.park()
    with tenant_session(Audience.WORKER, bench.tenant_id) as session:
        assert parked.discard(session, bench.event_id, "HV-17") == ["first"]
    bench.act = lambda session, event: None
    assert handle(bench.tenant_id, bench.event_id) == []
    names = {one.name: one.types for one in handlers.HANDLERS}
    assert relay.relay_again(bench.tenant_id, names, now() + timedelta(days=1)) == 0
    assert logged(bench) == [("event.discarded", {"handlers": ["first"], "reason": "HV-17"})]


def test_only_what_is_parked_is_decided_on(bench: Bench) -> None:
    bench.tried()
    with tenant_session(Audience.WORKER, bench.tenant_id) as session, pytest.raises(NotFound):
        parked.release(session, bench.event_id)
    bench.tried(parking.STRIKES - 2)
    assert handle(bench.tenant_id, bench.event_id) == []
    for reason in ("", "a name in words", "x" * 61):
        with (
            tenant_session(Audience.WORKER, bench.tenant_id) as session,
            pytest.raises(ValidationFailed),
        ):
            parked.discard(session, bench.event_id, reason)
    assert len(bench.troubles()) == 1


def logged(bench: Bench) -> list[tuple[str, Any]]:
    with tenant_session(Audience.WORKER, bench.tenant_id) as session:
        rows = session.execute(select(AuditEntry.action, AuditEntry.details))
        return [(action, details) for action, details in rows]
