"""Every metric there is: what it says, in what unit, by which attributes. Nothing else is exported.

Attributes are words of ours, numbers and ids of kommuner, few of each: every combination is a series that
is kept for months. Dashboards, alerts, the collector's list and docs/telemetry.md are held against this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from opentelemetry.sdk.metrics.view import (
    DropAggregation,
    ExplicitBucketHistogramAggregation,
    View,
)

Kind = Literal["histogram", "counter", "gauge"]
#: Who measures it: a web process, a worker, ``hemvist watch``.
Where = Literal["web", "worker", "web, worker", "watch"]

TENANT = "hemvist.tenant_id"
#: Libraries that measure by themselves, by their own idea of what may be told.
_FOREIGN_METERS = ("fastapi", "starlette")
_REQUEST = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_STATEMENT = (0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0)
_TASK = (0.05, 0.25, 1.0, 5.0, 15.0, 60.0)
#: Of each kommun: enough to see whose requests take long, and little for hundreds of them.
_COARSE = (0.1, 1.0, 5.0)
_SIZES = (10.0, 50.0, 100.0, 500.0, 1000.0, 5000.0)


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric. ``of`` names the instrument that it is a second view of."""

    name: str
    kind: Kind
    unit: str
    where: Where
    told: str
    attributes: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()
    of: str = ""

    @property
    def in_prometheus(self) -> str:
        """Its name as the collector gives it to Prometheus."""
        return prometheus_name(self.name, self.unit, self.kind)

    @property
    def series(self) -> tuple[str, ...]:
        """The names that a query may use."""
        if self.kind != "histogram":
            return (self.in_prometheus,)
        return tuple(f"{self.in_prometheus}_{part}" for part in ("bucket", "count", "sum"))


_UNITS = {"s": "seconds", "By": "bytes"}


def prometheus_name(name: str, unit: str, kind: Kind) -> str:
    """A metric's name by the rules of OpenTelemetry's exporter for Prometheus."""
    parts = [re.sub(r"[^a-zA-Z0-9_:]", "_", name)]
    if unit in _UNITS and not parts[0].endswith(_UNITS[unit]):
        parts.append(_UNITS[unit])
    if kind == "counter":
        parts.append("total")
    return "_".join(parts)


def label(attribute: str) -> str:
    """An attribute's name in Prometheus."""
    return re.sub(r"[^a-zA-Z0-9_]", "_", attribute)


def _gauge(name: str, unit: str, told: str, *attributes: str) -> Measure:
    return Measure(name, "gauge", unit, "watch", told, attributes)


MEASURES: tuple[Measure, ...] = (
    Measure(
        "http.server.request.duration", "histogram", "s", "web",
        "Time of one HTTP request.",
        ("http.request.method", "http.route", "http.response.status_code"), _REQUEST,
    ),
    Measure(
        "hemvist.tenant.request.duration", "histogram", "s", "web",
        "The same by kommun.",
        (TENANT, "http.response.status_code"), _COARSE, of="http.server.request.duration",
    ),
    Measure(
        "graphql.operation.duration", "histogram", "s", "web",
        "Time of one GraphQL operation; several root fields together are `several`.",
        ("graphql.fields", "graphql.path"), _REQUEST,
    ),
    Measure(
        "db.client.operation.duration", "histogram", "s", "web, worker",
        "Time of one SQL statement, by verb and first table.",
        ("db.operation.name", "db.collection.name", "error.type"), _STATEMENT,
    ),
    Measure(
        "hemvist.tenant.statement.duration", "histogram", "s", "web, worker",
        "The same by kommun; statements on protected moves name none.",
        (TENANT,), _COARSE, of="db.client.operation.duration",
    ),
    Measure(
        "hemvist.task.duration", "histogram", "s", "worker",
        "Time of one background task; with `error.type` where it failed.",
        ("hemvist.operation", "error.type"), _TASK,
    ),
    Measure(
        "hemvist.tenant.task.duration", "histogram", "s", "worker",
        "The same by kommun.", (TENANT, "error.type"), _COARSE, of="hemvist.task.duration",
    ),
    Measure(
        "http.server.refused", "counter", "", "web",
        "Requests that found no place (503), by what they were for.", ("gate",),
    ),
    Measure(
        "http.server.rationed", "counter", "", "web",
        "Requests beyond what their caller may send (429), by whose it was.", ("of",),
    ),
    Measure("http.server.places", "gauge", "", "web", "Requests that may be worked on at once.", ("gate",)),
    Measure("http.server.places.taken", "gauge", "", "web", "Requests that are worked on now.", ("gate",)),
    Measure("http.server.places.waiting", "gauge", "", "web", "Requests that wait for a place.", ("gate",)),
    Measure(
        "graphql.outages", "counter", "", "web",
        "Operations that time, a full house or a lost database ended.", ("why",),
    ),
    Measure(
        "graphql.reads", "counter", "", "web",
        "Operations by the path that answered, and why not by a plan.", ("path", "why"),
    ),
    Measure(
        "graphql.answers.length", "counter", "", "web",
        "Characters that plans answered with.", ("path",),
    ),
    Measure(
        "graphql.fields.finished", "counter", "", "web",
        "Fields of planned reads that were computed in Python.", ("path",),
    ),
    Measure(
        "graphql.kept.hits", "counter", "", "web", "Times that something kept was found.", ("hemvist.store",),
    ),
    Measure(
        "graphql.kept.misses", "counter", "", "web", "Times that it had to be made.", ("hemvist.store",),
    ),
    Measure(
        "graphql.kept.evictions", "counter", "", "web",
        "Times that newer ones pushed it out.", ("hemvist.store",),
    ),
    Measure(
        "db.client.connection.wait_time", "histogram", "s", "web, worker",
        "Time that somebody waited for a connection, where they had to.", (), _STATEMENT,
    ),
    Measure(
        "db.client.connection.count", "gauge", "", "web, worker",
        "Connections of a process by pool: used, idle, and the most there may be.",
        ("pool", "state"),
    ),
    Measure(
        "hemvist.events.parked", "counter", "", "worker",
        "Events that were parked, which somebody has to look at.", (TENANT,),
    ),
    Measure(
        "hemvist.figures.differed", "counter", "", "worker",
        "Facts of figures that the nightly count from nothing found other than they stood.", (TENANT,),
    ),
    Measure("hemvist.clearing.duration", "histogram", "s", "worker", "Time of one clearing.", (), _TASK),
    Measure(
        "hemvist.clearing.size", "histogram", "{request}", "worker",
        "Requests of one clearing, rounded up to tens.", (), _SIZES,
    ),
    _gauge("hemvist.watch.look", "s", "Time that the last look at everything took."),
    _gauge("hemvist.database.up", "", "1 where the database answered the last look, else 0."),
    _gauge("hemvist.broker.up", "", "1 where the broker answered the last look, else 0."),
    _gauge("hemvist.restored.held", "", "1 where workers do nothing since a restore, else 0."),
    _gauge("hemvist.queue.length", "", "Tasks that no worker has yet.", "hemvist.queue"),
    _gauge("hemvist.queue.oldest", "s", "Since when the oldest of them waits.", "hemvist.queue"),
    _gauge("hemvist.queue.given", "", "Tasks that a worker has and has not ended."),
    _gauge("hemvist.queue.given.oldest", "s", "Since when it has the oldest of them."),
    _gauge("hemvist.beat.silent", "s", "Since beat last ticked."),
    _gauge("hemvist.worker.silent", "s", "Since any worker last ended a task."),
    _gauge("hemvist.relay.silent", "s", "Since the outboxes were last relayed without an error."),
    _gauge("hemvist.outbox.waiting", "", "Events not sent yet.", TENANT),
    _gauge("hemvist.outbox.oldest", "s", "Since when the oldest of them waits.", TENANT),
    _gauge("hemvist.events.waiting_parked", "", "Events that are parked now.", TENANT),
    _gauge("hemvist.events.parked.oldest", "s", "Since when the first of them is.", TENANT),
    _gauge("hemvist.deadlines.unhandled", "", "Deadlines and clocks that passed, unmarked.", TENANT),
    _gauge("hemvist.deadlines.lag", "s", "Since when the oldest of them has passed.", TENANT),
    _gauge("hemvist.audit.unlinked.oldest", "s", "Since when the oldest entry waits for its link.", TENANT),
    _gauge("hemvist.audit.anchor.lag", "s", "Since when links wait for their anchor.", TENANT),
    _gauge("hemvist.audit.verified", "s", "Since `hemvist audit verify` last looked at every log."),
    _gauge("hemvist.audit.finds", "", "What it found."),
    _gauge("hemvist.check.done", "s", "Since `hemvist check` last looked through everything."),
    _gauge("hemvist.check.finds", "", "What it found."),
    _gauge("hemvist.clearing.waiting", "s", "Since when the oldest round waits to be cleared."),
    _gauge("hemvist.clearing.last", "s", "Since a clearing last ended well, in any network."),
    _gauge("hemvist.backup.base", "s", "Age of the newest base backup."),
    _gauge("hemvist.backup.log", "s", "How far the backups' log is behind."),
    _gauge("hemvist.tenants", "", "Kommuner on this instance, by status.", "status"),
    _gauge("hemvist.database.connections", "", "Connections to the database, by state.", "state"),
    _gauge("hemvist.database.connections.most", "", "As many as the server takes."),
    _gauge("hemvist.database.transaction.oldest", "s", "How long the oldest transaction is open."),
    _gauge("hemvist.database.locks.waiting", "", "Statements that wait for a lock."),
    _gauge("hemvist.database.deadlocks", "", "Deadlocks since its figures were last reset."),
    _gauge("hemvist.database.size", "By", "Size of the database."),
    _gauge("hemvist.database.replication.lag", "By", "How far the farthest replica is behind."),
    _gauge("hemvist.database.slots.kept", "By", "Log that is kept for whoever receives it."),
)  # fmt: skip

BY_NAME = {one.name: one for one in MEASURES}
#: Attributes that metrics may have.
ATTRIBUTES = frozenset(name for one in MEASURES for name in one.attributes)


def views() -> Iterator[View]:
    """What the SDK makes of each instrument: its attributes and no others, its bounds in its unit.

    Its own bounds are milliseconds: of seconds they would say that everything takes under five.
    """
    for one in MEASURES:
        yield View(
            instrument_name=one.of or one.name,
            name=one.name if one.of else None,
            description=one.told,
            attribute_keys=set(one.attributes),
            aggregation=ExplicitBucketHistogramAggregation(list(one.bounds))
            if one.bounds
            else None,
        )
    for name in _FOREIGN_METERS:
        yield View(instrument_name="*", meter_name=name, aggregation=DropAggregation())
