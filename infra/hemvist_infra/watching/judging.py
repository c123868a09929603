"""What a look comes to, line by line: well, look out, wrong, or not known.

The limits are those of the alerts (infra/prometheus/alerts.yaml); a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from hemvist_infra.watching.seen import Kommun, Seen

State = Literal["ok", "watch", "wrong", "unknown"]
Unit = Literal["seconds", "count", "share", "bytes", "yes"]
#: What somebody has to look at first.
ORDER: tuple[State, ...] = ("wrong", "unknown", "watch", "ok")


class Limit(NamedTuple):
    """Beyond the first one is to look out, beyond the second it is wrong."""

    watch: float
    wrong: float


#: By line. Seconds where the line is one of seconds.
LIMITS = {
    "queue": Limit(30, 60),
    "given": Limit(60, 180),
    "beat": Limit(20, 60),
    "worker": Limit(30, 120),
    "relay": Limit(30, 120),
    "outbox": Limit(60, 120),
    "parked": Limit(0, 0),
    "deadlines": Limit(3600, 7200),
    "unlinked": Limit(300, 900),
    "anchors": Limit(1200, 3600),
    "audit_verified": Limit(90_000, 180_000),
    "audit_finds": Limit(0, 0),
    "checked": Limit(90_000, 180_000),
    "check_finds": Limit(0, 0),
    "clearing": Limit(1800, 7200),
    "backup_base": Limit(93_600, 180_000),
    "backup_log": Limit(60, 300),
    "connections": Limit(0.7, 0.85),
    "transaction": Limit(120, 300),
    "locks": Limit(5, 20),
    "replica": Limit(64e6, 1e9),
    "slots": Limit(1e9, 10e9),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at: its name, how it is, and its figure."""

    name: str
    state: State
    value: float | None
    unit: Unit
    #: A second figure that belongs to it: how many wait, of how many.
    count: int | None = None


def lines(seen: Seen) -> Iterator[Line]:
    """All lines of a look, in the order that they are read in."""
    yield _up("web", seen.web)
    yield _up("database", seen.database)
    yield _up("broker", seen.broker is not None)
    held = seen.held
    yield Line("held", "unknown" if held is None else "wrong" if held else "ok", held, "yes")
    one = seen.broker
    yield _limited("beat", _read(one, "beat"))
    yield _limited("worker", _read(one, "worker"))
    yield _limited("relay", _read(one, "relay"))
    yield _limited("queue", _read(one, "oldest"), count=one.length if one else None)
    yield _limited("given", _read(one, "given_oldest"), count=one.given if one else None)
    yield from _of_kommuner(seen)
    yield _limited("audit_verified", _read(one, "audit"))
    yield _limited("audit_finds", _read(one, "audit_finds"), "count")
    yield _limited("checked", _read(one, "check"))
    yield _limited("check_finds", _read(one, "check_finds"), "count")
    yield _limited("clearing", _read(seen.clearing, "waiting"))
    if seen.backups is not None:
        yield _limited("backup_base", seen.backups.base)
        yield _limited("backup_log", seen.backups.log)
    server = seen.server
    used = sum(server.connections.values()) + 1 if server else None
    yield _limited(
        "connections", used / server.most if server and used else None, "share", count=used
    )
    yield _limited("transaction", _read(server, "oldest"))
    yield _limited("locks", _read(server, "locks"), "count")
    yield _limited("replica", _read(server, "replica_lag"), "bytes")
    yield _limited("slots", _read(server, "kept"), "bytes")


def _of_kommuner(seen: Seen) -> Iterator[Line]:
    every = seen.kommuner

    def most(what: str) -> float | None:
        return None if every is None else max((getattr(one, what) for one in every), default=0.0)

    def total(what: str) -> int | None:
        return None if every is None else sum(getattr(one, what) for one in every)

    yield _limited("outbox", most("outbox_oldest"), count=total("outbox"))
    yield _limited("parked", total("parked"), "count")
    yield _limited("deadlines", most("deadline_lag"), count=total("unhandled"))
    yield _limited("unlinked", most("unlinked"))
    yield _limited("anchors", most("anchor_lag"))


def of_kommun(one: Kommun) -> State:
    """How it is with one kommun."""
    states = (
        judged("outbox", one.outbox_oldest),
        judged("parked", one.parked),
        judged("deadlines", one.deadline_lag),
        judged("unlinked", one.unlinked),
        judged("anchors", one.anchor_lag),
    )
    return worst(states)


def worst(states: tuple[State, ...]) -> State:
    """The one that somebody has to look at first."""
    return next((state for state in ORDER if state in states), "ok")


def judged(name: str, value: float | None) -> State:
    """How it is with a figure. What is not known is neither well nor wrong."""
    if value is None:
        return "unknown"
    limit = LIMITS[name]
    return "wrong" if value > limit.wrong else "watch" if value > limit.watch else "ok"


def _read(part: object | None, what: str) -> float | None:
    found: float | None = None if part is None else getattr(part, what)
    return found


def _limited(
    name: str, value: float | None, unit: Unit = "seconds", *, count: int | None = None
) -> Line:
    return Line(name, judged(name, value), value, unit, count)


def _up(name: str, up: bool | None) -> Line:
    return Line(name, "unknown" if up is None else "ok" if up else "wrong", up, "yes")
