"""The relay: oldest first, at least once, each kommun for itself, no two relays in each other's way."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from hemvist.clock import now
from hemvist.db import Audience
from hemvist.outbox import OutboxEvent, emit, take
from hemvist.tenancy import tenant_session
from hemvist_testing import new_tenant
from hemvist_workers import relay
from hemvist_workers.relay import HORIZON, PATIENCE, relay_again, relay_tenant

Published = list[tuple[UUID, UUID]]


def events(tenant_id: UUID, number: int, type_: str = "referral_submitted") -> list[UUID]:
    """``number`` events, oldest first."""
    with tenant_session(Audience.STAFF, tenant_id) as session:
        return [emit(session, type_, {}) for _ in range(number)]


def into(published: Published) -> relay.Publish:
    """Publishing that keeps what it is given."""

    def publish(tenant_id: UUID, event_id: UUID, trace_context: Mapping[str, Any]) -> None:
        published.append((tenant_id, event_id))

    return publish


def waiting(tenant_id: UUID) -> int:
    """Events not yet handed over."""
    published: Published = []
    return relay_tenant(tenant_id, into(published))


def test_oldest_first_and_once(tenant: UUID) -> None:
    made = events(tenant, 3)
    published: Published = []
    assert relay_tenant(tenant, into(published)) == 3
    assert published == [(tenant, event_id) for event_id in made]
    assert relay_tenant(tenant, into(published)) == 0


def test_a_batch_at_a_time(tenant: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "BATCH", 2)
    made = events(tenant, 5)
    published: Published = []
    assert [relay_tenant(tenant, into(published)) for _ in range(4)] == [2, 2, 1, 0]
    assert [event_id for _, event_id in published] == made


def test_each_kommun_for_itself(tenant: UUID) -> None:
    other = new_tenant()
    events(other, 2)
    assert waiting(tenant) == 0
    assert waiting(other) == 2


def test_a_broker_that_fails_leaves_everything_to_be_done(tenant: UUID) -> None:
    made = events(tenant, 3)
    published: Published = []

    def fails_at_the_third(tenant_id: UUID, event_id: UUID, context: Mapping[str, Any]) -> None:
        if len(published) == 2:
            raise ConnectionError
        published.append((tenant_id, event_id))

    with pytest.raises(ConnectionError):
        relay_tenant(tenant, fails_at_the_third)
    again: Published = []
    assert relay_tenant(tenant, into(again)) == 3
    # At least once: two went out twice. The handlers' receipts see to the rest.
    assert [event_id for _, event_id in again] == made


def test_two_relays_at_once_share_the_work(tenant: UUID) -> None:
    made = events(tenant, 4)
    first, second = [], []
    holding, done = threading.Event(), threading.Event()

    def slowly(tenant_id: UUID, event_id: UUID, context: Mapping[str, Any]) -> None:
        first.append(event_id)
        holding.set()
        done.wait(10)

    thread = threading.Thread(target=relay_tenant, args=(tenant, slowly))
    thread.start()
    assert holding.wait(10)
    more = events(tenant, 1)
    relay_tenant(tenant, lambda tenant_id, event_id, context: second.append(event_id))
    done.set()
    thread.join(10)
    assert first == made
    assert second == more


HANDLERS = {"notices": ["referral_submitted"], "letters": ["contract_signed"]}


def test_only_what_was_never_handled_goes_out_again(tenant: UUID) -> None:
    handled, lost = events(tenant, 2)
    (nobodys,) = events(tenant, 1, "case_opened")
    assert waiting(tenant) == 3
    with tenant_session(Audience.WORKER, tenant) as session:
        assert take(session, "notices", handled)
    assert relay_again(tenant, HANDLERS, now()) == 0
    later = now() + PATIENCE + timedelta(seconds=1)
    assert relay_again(tenant, HANDLERS, later) == 1
    published: Published = []
    relay_tenant(tenant, into(published))
    assert published == [(tenant, lost)]
    assert nobodys != lost


def test_a_receipt_of_another_handler_does_not_count(tenant: UUID) -> None:
    (event_id,) = events(tenant, 1)
    waiting(tenant)
    with tenant_session(Audience.WORKER, tenant) as session:
        assert take(session, "letters", event_id)
    assert relay_again(tenant, HANDLERS, now() + 2 * PATIENCE) == 1


def test_it_is_not_tried_for_ever(tenant: UUID) -> None:
    events(tenant, 1)
    waiting(tenant)
    assert relay_again(tenant, HANDLERS, now() + HORIZON + timedelta(hours=1)) == 0
    with tenant_session(Audience.WORKER, tenant) as session:
        assert session.query(OutboxEvent).filter(OutboxEvent.relayed_at.is_(None)).count() == 0
