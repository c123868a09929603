"""What one look found. None is what could not be seen, which is never the same as nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait, and the oldest for how many seconds: None where it does not say."""

    length: int
    oldest: float | None


@dataclass(frozen=True, slots=True)
class Broker:
    """All queues together, and signs of life. Ages in seconds: 0 where nothing waits, None where nobody
    knows."""

    length: int
    oldest: float | None
    given: int
    given_oldest: float
    beat: float | None
    worker: float | None
    relay: float | None
    audit: float | None = None
    audit_finds: int | None = None
    check: float | None = None
    check_finds: int | None = None
    queues: Mapping[str, Queue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kommun:
    """One tenant, by counts and ages in seconds. ``acts``: entries of its log in a quarter of an hour."""

    tenant_id: UUID
    slug: str
    kind: str
    status: str
    acts: int = 0
    outbox: int = 0
    outbox_oldest: float = 0.0
    parked: int = 0
    parked_oldest: float = 0.0
    unhandled: int = 0
    deadline_lag: float = 0.0
    unlinked: float = 0.0
    anchor_lag: float = 0.0


@dataclass(frozen=True, slots=True)
class Clearing:
    """Protected moves: since when the oldest round waits, and since the last clearing; of all networks."""

    waiting: float
    last: float | None


@dataclass(frozen=True, slots=True)
class Server:
    """The database's own figures. What only a role with ``pg_monitor`` sees is None without it."""

    version: str
    connections: Mapping[str, int]
    most: int
    size: int
    deadlocks: int
    locks: int
    oldest: float | None
    replica_lag: float | None
    kept: float | None
    revision: str | None


@dataclass(frozen=True, slots=True)
class Backups:
    """Ages in seconds; None where there is none yet."""

    base: float | None
    log: float | None


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything. A part that could not be looked at is None, and its name stands in ``failed``."""

    at: datetime
    took: float = 0.0
    broker: Broker | None = None
    kommuner: tuple[Kommun, ...] | None = None
    clearing: Clearing | None = None
    server: Server | None = None
    #: None also where no folder of backups can be seen from here.
    backups: Backups | None = None
    #: Whether the web says that it is ready, at the address that people use.
    web: bool | None = None
    #: Whether the database answers at all.
    database: bool = False
    #: Whether workers do nothing since a restore.
    held: bool | None = None
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def counted(self) -> tuple[Kommun, ...]:
        """The kommuner alone: neither networks nor the landlords' own tenant."""
        return tuple(one for one in self.kommuner or () if one.kind == "kommun")
