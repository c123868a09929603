"""Comparisons of kommuner: carried when one has joined or left, and each night for new years."""

from __future__ import annotations

from opentelemetry.propagate import inject

from hemvist.comparisons.definitions import comparisons
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import TenantSession
from hemvist_workers.app import app

COMPARE = "hemvist.compare"


def send(comparison: str) -> None:
    """Let a worker carry a comparison's figures."""
    carrier: dict[str, str] = {}
    inject(carrier)
    app.send_task(COMPARE, (comparison, carrier))


def on_change(_session: TenantSession, event: OutboxEvent) -> None:
    """A kommun has joined, or has left and is to be seen no more: that waits for no night."""
    send(event.payload["comparison"])


def every_comparison() -> None:
    """Each comparison as a task of its own."""
    for code in comparisons():
        send(code)
