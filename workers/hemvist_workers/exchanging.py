"""The networks' business: at once when a letter has been written, and each minute in any case."""

from __future__ import annotations

from uuid import UUID

from opentelemetry.propagate import inject

from hemvist.exchange import running
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import TenantSession
from hemvist_workers.app import app

EXCHANGE = "hemvist.exchange"
STATE = "hemvist.state"


def send(network_id: UUID) -> None:
    """Let a worker do what there is to do in a network."""
    carrier: dict[str, str] = {}
    inject(carrier)
    app.send_task(EXCHANGE, (str(network_id), carrier))


def on_letter(_session: TenantSession, event: OutboxEvent) -> None:
    """A kommun has written: an acute request, an answer or a withdrawal waits for no minute."""
    send(UUID(event.payload["network_id"]))


def every_network() -> None:
    """What time itself brings about in each network: answers that did not come, a round's day."""
    for network_id in running.every_network():
        send(network_id)
        running.prune(network_id)


def every_statement() -> None:
    """Let each network tell its members how they stand, as a task of its own."""
    for network_id in running.every_network():
        app.send_task(STATE, (str(network_id),))
