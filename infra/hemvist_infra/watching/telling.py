"""The last look as metrics: read when they are collected, so that what has gone is not told for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation

from hemvist.clock import real_now
from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.telemetry.measures import MEASURES, TENANT
from hemvist_infra.watching.seen import Backups, Kommun, Seen

Point = tuple[float | None, Mapping[str, str]]
_NOTHING: Mapping[str, str] = {}
_OF_QUEUE = {"hemvist.queue.length": "length", "hemvist.queue.oldest": "oldest"}
#: Of each tenant: what is told, and whether of its log, which networks and landlords have too.
_OF_TENANT: Mapping[str, tuple[str, bool]] = {
    "hemvist.outbox.waiting": ("outbox", False),
    "hemvist.outbox.oldest": ("outbox_oldest", False),
    "hemvist.events.waiting_parked": ("parked", False),
    "hemvist.events.parked.oldest": ("parked_oldest", False),
    "hemvist.deadlines.unhandled": ("unhandled", False),
    "hemvist.deadlines.lag": ("deadline_lag", False),
    "hemvist.audit.unlinked.oldest": ("unlinked", True),
    "hemvist.audit.anchor.lag": ("anchor_lag", True),
}


def observe(
    last: Callable[[], Seen | None], chosen: Callable[[str], bool] = lambda _name: True
) -> None:
    """Let the ``chosen`` metrics tell of what ``last`` gives; nothing while it gives None."""
    meter = metrics.get_meter("hemvist.watch")
    for one in MEASURES:
        if one.where == "watch" and chosen(one.name):
            meter.create_observable_gauge(
                one.name, [_reading(one.name, last)], unit=one.unit, description=one.told
            )


def observe_backups(look: Callable[[], Backups]) -> None:
    """Let metrics tell of the backups alone, from the machine that they lie on."""

    def last() -> Seen | None:
        try:
            return Seen(at=real_now(), backups=look())
        except (BackupProblem, OSError):
            return None

    observe(last, lambda name: name.startswith("hemvist.backup."))


def _reading(
    name: str, last: Callable[[], Seen | None]
) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def read(_: CallbackOptions) -> Iterator[Observation]:
        seen = last()
        if seen is None:
            return
        for value, attributes in points(name, seen):
            if value is not None:
                yield Observation(value, attributes)

    return read


def points(name: str, seen: Seen) -> Iterator[Point]:
    """What a metric says of a look; None where it could not be seen."""
    if name in _OF_TENANT:
        what, of_log = _OF_TENANT[name]
        chosen: Iterable[Kommun] = (seen.kommuner or ()) if of_log else seen.counted
        for one in chosen:
            yield getattr(one, what), {TENANT: str(one.tenant_id)}
    elif name == "hemvist.database.connections":
        if seen.server is not None:
            yield from ((count, {"state": to}) for to, count in seen.server.connections.items())
    elif name == "hemvist.tenants":
        statuses = [one.status for one in seen.counted]
        yield from ((statuses.count(one), {"status": one}) for one in sorted(set(statuses)))
    elif name in _OF_QUEUE:
        queues = seen.broker.queues if seen.broker is not None else {}
        yield from (
            (getattr(one, _OF_QUEUE[name]), {"hemvist.queue": to}) for to, one in queues.items()
        )
    else:
        yield _PLAIN[name](seen), _NOTHING


def _of(part: str, what: str) -> Callable[[Seen], float | None]:
    def read(seen: Seen) -> float | None:
        found = getattr(seen, part)
        value: float | None = None if found is None else getattr(found, what)
        return value

    return read


#: What has one figure.
_PLAIN: Mapping[str, Callable[[Seen], float | None]] = {
    "hemvist.watch.look": lambda seen: seen.took,
    "hemvist.database.up": lambda seen: int(seen.database),
    "hemvist.broker.up": lambda seen: int(seen.broker is not None),
    "hemvist.restored.held": lambda seen: None if seen.held is None else int(seen.held),
    "hemvist.queue.given": _of("broker", "given"),
    "hemvist.queue.given.oldest": _of("broker", "given_oldest"),
    "hemvist.beat.silent": _of("broker", "beat"),
    "hemvist.worker.silent": _of("broker", "worker"),
    "hemvist.relay.silent": _of("broker", "relay"),
    "hemvist.audit.verified": _of("broker", "audit"),
    "hemvist.audit.finds": _of("broker", "audit_finds"),
    "hemvist.check.done": _of("broker", "check"),
    "hemvist.check.finds": _of("broker", "check_finds"),
    "hemvist.clearing.waiting": _of("clearing", "waiting"),
    "hemvist.clearing.last": _of("clearing", "last"),
    "hemvist.backup.base": _of("backups", "base"),
    "hemvist.backup.log": _of("backups", "log"),
    "hemvist.database.connections.most": _of("server", "most"),
    "hemvist.database.transaction.oldest": _of("server", "oldest"),
    "hemvist.database.locks.waiting": _of("server", "locks"),
    "hemvist.database.deadlocks": _of("server", "deadlocks"),
    "hemvist.database.size": _of("server", "size"),
    "hemvist.database.replication.lag": _of("server", "replica_lag"),
    "hemvist.database.slots.kept": _of("server", "kept"),
}
