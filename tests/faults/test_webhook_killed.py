"""Whatever dies on the way, a landlord's system is told, and told once in effect."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.landlord_events import EVENT_RECORDED
from hemvist.landlord_mails.models import LandlordMailItem
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import tenant_session
from hemvist.webhooks import service
from hemvist.webhooks.models import WebhookDelivery, WebhookEndpoint
from hemvist_examples import FOLDER, example
from hemvist_infra.embedded import EmbeddedValkey
from hemvist_receiver import Receiver, receiver
from hemvist_testing import open_folder
from hemvist_told_landlords import (
    Told,
    deliveries,
    endpoint_row,
    platform_session,
    told_landlord,
)
from hemvist_workers import webhooks
from hemvist_workers.telling import landlords_session, tell
from hemvist_workshop import Workshop, kill_all, wait_for


@pytest.fixture
def told(database: str) -> Told:
    return told_landlord()


def the_lease_runs_out(endpoint_id: UUID) -> None:
    """As if the time had passed for which a dead worker held the endpoint."""
    with landlords_session() as session:
        session.execute(
            update(WebhookEndpoint)
            .where(WebhookEndpoint.id == endpoint_id)
            .values(rests_until=real_now())
        )
        session.execute(
            update(WebhookDelivery)
            .where(WebhookDelivery.endpoint_id == endpoint_id)
            .where(WebhookDelivery.state == "waiting")
            .values(next_at=real_now())
        )


def taken(there: Receiver, endpoint_id: UUID, folder: Path) -> list[bool]:
    """What the documented receiver makes of each message: whether it was new."""
    module = example("webhook_receiver")
    inbox = module.Inbox(str(folder / "inbox.sqlite"))
    with platform_session() as session:
        secret = service.secret(session.find(WebhookEndpoint, endpoint_id))
    return [
        inbox.take(module.verify(secret, headers, body, time.time()), json.loads(body))
        for headers, body in there.received
    ]


def test_a_sender_killed_before_it_knows_sends_again_under_the_same_id(
    told: Told, tmp_path: Path
) -> None:
    with receiver() as there:
        endpoint = told.endpoint(there.url())
        told.happen()
        there.meanwhile = threading.Event()
        program = (
            "from uuid import UUID; from hemvist_workers.webhooks import deliver;"
            f"deliver(UUID('{endpoint}'))"
        )
        sender = subprocess.Popen([sys.executable, "-c", program], env=dict(os.environ))
        wait_for("the message has come", lambda: len(there.received) == 1)
        sender.send_signal(signal.SIGKILL)
        sender.wait()
        there.meanwhile.set()
        there.meanwhile = None
        (row,) = deliveries(endpoint)
        assert (row.state, row.attempts) == ("waiting", 1)
        # It still holds the endpoint: nobody else sends meanwhile.
        assert webhooks.deliver(endpoint) == 0
        the_lease_runs_out(endpoint)
        assert webhooks.deliver(endpoint) == 1
        assert webhooks.deliver(endpoint) == 0
    (row,) = deliveries(endpoint)
    assert (row.state, row.attempts) == ("delivered", 2)
    assert taken(there, endpoint, tmp_path) == [True, False]


def test_a_fan_out_that_dies_before_its_receipt_is_done_again_without_doubles(told: Told) -> None:
    with receiver() as there:
        endpoint = told.endpoint(there.url())
        told.record()
        with pytest.raises(ZeroDivisionError), tenant_session(Audience.WORKER, told.one) as session:
            event = session.scalars(
                select(OutboxEvent).where(OutboxEvent.type == EVENT_RECORDED)
            ).first()
            assert event is not None
            tell(session, event)
            raise ZeroDivisionError
        assert len(deliveries(endpoint)) == 1
        told.fan_out(told.one)
    # The access event of the fixture's own set-up is none of this endpoint's.
    assert len(deliveries(endpoint)) == 1
    with landlords_session() as session:
        items = session.scalars(
            select(LandlordMailItem.id).where(LandlordMailItem.landlord_id == told.landlord_id)
        ).all()
    assert len(items) == 2


def test_the_documented_receiver_as_it_stands(told: Told, tmp_path: Path) -> None:
    """Started from ``docs/examples``: it does an event once, however often it is sent."""
    with receiver() as spare:
        endpoint = told.endpoint(spare.url())
    with platform_session() as session:
        secret = service.secret(session.find(WebhookEndpoint, endpoint))
    with subprocess.Popen(
        [sys.executable, FOLDER / "webhook_receiver.py", "0", tmp_path / "inbox.sqlite"],
        env={**os.environ, "WEBHOOK_SECRET": secret},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().split()[-1]
            with platform_session() as session:
                service.change(
                    session,
                    told.vera.actor,
                    endpoint,
                    name="Systemet",
                    url=f"http://127.0.0.1:{port}/",
                    types=["offer.made"],
                    on=True,
                    expected_version=1,
                )
            told.happen()
            told.happen()
            assert webhooks.deliver(endpoint) == 2
            with platform_session() as session:
                service.send_again(session, told.vera.actor, deliveries(endpoint)[0].id)
            assert webhooks.deliver(endpoint) == 1
            # Another's secret: refused, and it does nothing.
            with platform_session() as session:
                service.renew_secret(
                    session,
                    told.vera.actor,
                    endpoint,
                    expected_version=endpoint_row(endpoint).version,
                )
            with landlords_session() as session:
                session.execute(update(WebhookEndpoint).values(old_secret_until=None))
            told.happen()
            assert webhooks.deliver(endpoint) == 1
        finally:
            process.terminate()
        lines = [json.loads(line) for line in process.stdout]
    assert [line["type"] for line in lines] == ["se.hemvist.offer.made"] * 2
    assert sorted(row.outcome or "" for row in deliveries(endpoint)) == ["204", "204", "400"]


@pytest.mark.slow
def test_real_workers_killed_in_the_middle_of_a_delivery(told: Told, tmp_path: Path) -> None:
    """Beat, relay and worker as in a run; ``kill -9`` when the receiver has it and has not answered."""
    with receiver() as there, open_folder() as folder:
        workshop = Workshop(folder, EmbeddedValkey(folder / "valkey"))
        try:
            endpoint = told.endpoint(there.url())
            there.meanwhile = threading.Event()
            worker = workshop.worker()
            workshop.beat()
            told.record()
            wait_for("the message has come", arrived(there, 1))
            kill_all(worker)
            there.meanwhile.set()
            there.meanwhile = None
            assert deliveries(endpoint)[0].state == "waiting"
            workshop.worker()
            wait_for("it comes again", arrived(there, 2))
            wait_for("it is taken", lambda: deliveries(endpoint)[0].state == "delivered")
        finally:
            workshop.close()
    assert taken(there, endpoint, tmp_path) == [True, False]


def arrived(there: Receiver, number: int) -> Callable[[], bool]:
    """Whether so many messages have come."""
    return lambda: len(there.received) >= number
