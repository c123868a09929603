"""Webhooks from an act in a kommun to a landlord's system: once in effect, whatever happens on the way."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from hemvist.clock import now, real_now
from hemvist.errors import Conflict
from hemvist.landlords.models import LandlordAccess
from hemvist.tenancy import Audience, tenant_session
from hemvist.webhooks import backing_off, queue, service
from hemvist.webhooks.models import WebhookDelivery, WebhookEndpoint
from hemvist_examples import example
from hemvist_receiver import receiver
from hemvist_told_landlords import (
    Told,
    deliveries,
    endpoint_row,
    platform_session,
    slug_of,
    told_landlord,
)
from hemvist_workers import webhooks
from hemvist_workers.telling import landlords_session

VERIFY = example("webhook_receiver").verify


@pytest.fixture
def told(database: str) -> Told:
    return told_landlord()


def later(endpoint_id: UUID, past: timedelta) -> None:
    """Let ``past`` go by for the endpoint and what waits for it."""
    with landlords_session() as session:
        for column in ("next_at", "made_at", "occurred_at"):
            session.execute(
                update(WebhookDelivery)
                .where(WebhookDelivery.endpoint_id == endpoint_id)
                .values({column: getattr(WebhookDelivery, column) - past})
            )
        for column in ("rests_until", "failing_since"):
            session.execute(
                update(WebhookEndpoint)
                .where(WebhookEndpoint.id == endpoint_id)
                .values({column: getattr(WebhookEndpoint, column) - past})
            )


def close(kommun: UUID, landlord_id: UUID) -> None:
    """The kommun shuts its door."""
    with tenant_session(Audience.STAFF, kommun) as session:
        session.execute(
            update(LandlordAccess)
            .where(LandlordAccess.landlord_id == landlord_id)
            .values(status="closed")
        )


def test_what_happens_in_a_kommun_arrives_signed_and_once(told: Told) -> None:
    with receiver() as there:
        endpoint = told.endpoint(there.url(), "offer.made", "quota.changed")
        event = told.happen("offer.made")
        told.happen("report.late")
        told.happen("quota.changed", kommun=told.two, designation=None)
        # A second delivery of the same event by the broker.
        told.fan_out(told.one)
        assert webhooks.due() == [endpoint] or endpoint in webhooks.due()
        assert webhooks.deliver(endpoint) == 2
        assert webhooks.deliver(endpoint) == 0
        assert endpoint not in webhooks.due()
    (first, body), (second, _) = there.received
    with platform_session() as session:
        (secret,) = service.secrets_of(session.find(WebhookEndpoint, endpoint), real_now())
    assert VERIFY(secret, first, body, time.time()) == f"evt_{event.hex}"
    said = json.loads(body)
    assert first["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert said["type"] == "se.hemvist.offer.made" and said["id"] == f"evt_{event.hex}"
    assert said["data"] == {
        "landlord": told.number,
        "kommun": slug_of(told.one),
        "subjectId": said["subject"],
    }
    assert said["subject"].startswith("Offer_")
    assert second["webhook-id"] != first["webhook-id"]
    assert [row.state for row in deliveries(endpoint)] == ["delivered", "delivered"]
    assert [row.outcome for row in deliveries(endpoint)] == ["204", "204"]


def test_other_landlords_and_shut_doors_are_told_nothing(told: Told) -> None:
    stranger = told_landlord()
    with receiver() as there:
        theirs = stranger.endpoint(there.url(), "offer.made", "access.closed")
        own = told.endpoint(there.url(), "offer.made", "access.closed")
        told.happen()
        assert deliveries(theirs) == []
        # One waits when the door is shut; another thing happens afterwards.
        close(told.one, told.landlord_id)
        told.happen()
        assert webhooks.deliver(own) == 1
        assert there.received == []
        # That it was shut is the last that they are told.
        told.happen("access.closed", designation=None)
        assert webhooks.deliver(own) == 1
    assert [row.state for row in deliveries(own)] == ["dropped", "delivered"]
    assert json.loads(there.received[0][1])["type"] == "se.hemvist.access.closed"


def test_a_receiver_that_fails_is_asked_again_under_the_same_id(told: Told) -> None:
    with receiver() as there:
        endpoint = told.endpoint(there.url())
        told.happen()
        there.answers = [(500, {}), (503, {"Retry-After": "60"})]
        assert webhooks.deliver(endpoint) == 1
        (row,) = deliveries(endpoint)
        assert (row.state, row.outcome, row.attempts) == ("waiting", "500", 1)
        assert row.next_at is not None
        assert timedelta(seconds=4) < row.next_at - real_now() < timedelta(seconds=7)
        assert webhooks.deliver(endpoint) == 0
        later(endpoint, timedelta(seconds=10))
        assert webhooks.deliver(endpoint) == 1
        # Nobody there: the whole endpoint rests for as long as it asked.
        told.happen()
        assert webhooks.deliver(endpoint) == 0 and endpoint not in webhooks.due()
        later(endpoint, timedelta(minutes=10))
        assert webhooks.deliver(endpoint) == 2
    ids = [headers["webhook-id"] for headers, _ in there.received]
    assert len(ids) == 4 and len(set(ids)) == 2 and ids[0] == ids[1]
    assert {row.state for row in deliveries(endpoint)} == {"delivered"}
    assert endpoint_row(endpoint).failing_since is None


def test_one_message_that_is_not_taken_does_not_hold_up_the_others(told: Told) -> None:
    with receiver() as there:
        endpoint = told.endpoint(there.url())
        told.happen()
        told.happen()
        there.answers = [(400, {})]
        assert webhooks.deliver(endpoint) == 2
    assert sorted(row.state for row in deliveries(endpoint)) == ["delivered", "waiting"]


def test_it_is_given_up_after_ten_attempts(told: Told) -> None:
    with receiver() as there:
        endpoint = told.endpoint(there.url())
        told.happen()
        there.answers = [(500, {})] * 20
        for _ in range(backing_off.MOST_ATTEMPTS):
            assert webhooks.deliver(endpoint) == 1
            # Only what waits: the endpoint has not failed for days.
            with landlords_session() as session:
                session.execute(
                    update(WebhookDelivery)
                    .where(WebhookDelivery.endpoint_id == endpoint)
                    .where(WebhookDelivery.state == "waiting")
                    .values(next_at=real_now())
                )
        assert webhooks.deliver(endpoint) == 0
        (row,) = deliveries(endpoint)
        assert (row.state, row.attempts, row.next_at) == ("failed", 10, None)
        there.answers = []
        with platform_session() as session:
            service.send_again(session, told.vera.actor, row.id)
        assert webhooks.deliver(endpoint) == 1
    assert deliveries(endpoint)[0].state == "delivered"
    assert len({headers["webhook-id"] for headers, _ in there.received}) == 1


@pytest.mark.parametrize("gone", [True, False])
def test_one_that_is_gone_or_silent_for_days_is_switched_off_and_told_of(
    told: Told, gone: bool
) -> None:
    with receiver() as there:
        endpoint = told.endpoint(there.url())
        told.happen()
        there.answers = [(410, {})] if gone else [(500, {}), (500, {})]
        webhooks.deliver(endpoint)
        if not gone:
            assert endpoint_row(endpoint).state == "on"
            later(endpoint, timedelta(days=5, minutes=1))
            webhooks.deliver(endpoint)
        row = endpoint_row(endpoint)
        assert row.state == "disabled" and row.disabled_at is not None
        # What happens meanwhile is held, and sent when somebody switches it on and asks for it.
        told.happen()
        assert [one.state for one in deliveries(endpoint)] == ["held", "held"]
        assert webhooks.deliver(endpoint) == 0
        with platform_session() as session, pytest.raises(Conflict):
            service.send_since(session, told.vera.actor, endpoint, since=now() - timedelta(days=1))
        with platform_session() as session:
            service.change(
                session,
                told.vera.actor,
                endpoint,
                name="Fastighetssystemet",
                url=there.url(),
                types=["offer.made"],
                on=True,
                expected_version=row.version,
            )
        with platform_session() as session:
            _, number = service.send_since(
                session, told.vera.actor, endpoint, since=now() - timedelta(days=10)
            )
        assert number == 2
        assert webhooks.deliver(endpoint) == 2
    assert {one.state for one in deliveries(endpoint)} == {"delivered"}


def test_since_a_time_is_since_that_time(told: Told) -> None:
    with receiver() as there:
        endpoint = told.endpoint(there.url())
        told.happen()
        webhooks.deliver(endpoint)
        later(endpoint, timedelta(hours=2))
        told.happen()
        webhooks.deliver(endpoint)
        with platform_session() as session:
            _, number = service.send_since(
                session, told.vera.actor, endpoint, since=now() - timedelta(hours=1)
            )
        assert number == 1 and webhooks.deliver(endpoint) == 1
    ids = [headers["webhook-id"] for headers, _ in there.received]
    assert ids[1] == ids[2] != ids[0]


def test_a_new_secret_and_the_one_before_sign_together(told: Told) -> None:
    with receiver() as there:
        endpoint = told.endpoint(there.url())
        with platform_session() as session:
            old = service.secret(session.find(WebhookEndpoint, endpoint))
        with platform_session() as session:
            made = service.renew_secret(session, told.vera.actor, endpoint, expected_version=1)
            new = service.secret(made)
        assert new != old
        with platform_session() as session, pytest.raises(Conflict):
            service.renew_secret(session, told.vera.actor, endpoint, expected_version=2)
        told.happen()
        webhooks.deliver(endpoint)
        headers, body = there.received[0]
        for secret in (new, old):
            assert VERIFY(secret, headers, body, time.time())
        with landlords_session() as session:
            session.execute(
                update(WebhookEndpoint)
                .where(WebhookEndpoint.id == endpoint)
                .values(old_secret_until=real_now() - timedelta(seconds=1))
            )
        told.happen()
        webhooks.deliver(endpoint)
    headers, body = there.received[1]
    assert VERIFY(new, headers, body, time.time())
    assert len(headers["webhook-signature"].split()) == 1


def test_two_workers_at_once_send_each_message_once(told: Told) -> None:
    with receiver() as there:
        endpoint = told.endpoint(there.url())
        for _ in range(6):
            told.record()
        told.fan_out(told.one)
        attempted: list[int] = []
        workers = [
            threading.Thread(target=lambda: attempted.append(webhooks.deliver(endpoint)))
            for _ in range(3)
        ]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
    assert sum(attempted) == 6
    assert len({headers["webhook-id"] for headers, _ in there.received}) == 6
    assert len(there.received) == 6


def test_old_messages_are_forgotten_but_none_that_waits(told: Told) -> None:
    with receiver() as there:
        endpoint = told.endpoint(there.url())
        told.happen()
        webhooks.deliver(endpoint)
        told.happen()
        later(endpoint, queue.KEPT + timedelta(days=1))
        assert webhooks.prune() == 1
    assert [row.state for row in deliveries(endpoint)] == ["waiting"]
