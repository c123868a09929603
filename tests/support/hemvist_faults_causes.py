"""The faults: each is really caused, and mended again. All run on the stack's own thread."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import psycopg
import redis
from kombu import Connection

from hemvist.clock import SWEDISH_TIME, now
from hemvist.db import Audience
from hemvist.outbox import emit
from hemvist.tenancy import tenant_session
from hemvist_faults_load import Town
from hemvist_faults_stack import Stack
from hemvist_processes import descendants
from hemvist_world import as_owner

QUEUE = "hemvist"
#: What the poisoned events say they tell of: a handler looks into their payload for what is not there.
POISON = "referral_registered"


@dataclass
class Causes:
    """Ways to hurt a stack, by name."""

    stack: Stack
    town: Town
    chance: random.Random
    fills: bool
    caused: Counter[str] = field(default_factory=Counter)
    left_out: dict[str, str] = field(default_factory=dict)
    poisoned: list[UUID] = field(default_factory=list)

    def kinds(self) -> dict[str, Callable[[], None]]:
        """Every fault that can be caused here."""
        found: dict[str, Callable[[], None]] = {
            "worker killed": lambda: self._kill("worker"),
            "relay killed": self._relay,
            "beat killed": lambda: self._kill("beat"),
            "api killed": lambda: self._kill("web"),
            "broker killed": lambda: self._kill("valkey"),
            "database killed": lambda: self._kill("postgres"),
            "backend killed": self._backend,
            "events duplicated": self._duplicate,
            "events reordered": self._reorder,
            "broker emptied": self._empty,
            "poisoned events": self._poison,
        }
        for name, act, why in (
            ("disk full", self._disk if self.fills else None, "no file system may be mounted"),
            ("network cut", self._cut if self.stack.link else None, "no namespace may be made"),
            ("clock set", self._clock if self.stack.has_clock else None, "there is no C compiler"),
        ):
            if act is None:
                self.left_out[name] = why
            else:
                found[name] = act
        return found

    def cause(self, name: str) -> None:
        """Cause it, and see that everything runs again."""
        self.kinds()[name]()
        self.caused[name] += 1
        self.stack.wait_until_ready()

    def _kill(self, name: str) -> None:
        self.stack.kill(name)
        # A moment in which nothing is there: callers notice.
        time.sleep(self.chance.uniform(0.1, 1.0))
        self.stack.keep()

    def _relay(self) -> None:
        """The processes in which the relay runs, and the handlers; the worker above them lives on."""
        limit = time.monotonic() + 60
        while not self.stack.kill_below("worker"):
            # It is only just starting.
            assert time.monotonic() < limit
            self.stack.keep()
            time.sleep(0.2)

    def _backend(self) -> None:
        """One process of the database, at work for the web: all others end and recover."""
        found = self._backends()
        if found:
            with suppress(ProcessLookupError):
                os.kill(self.chance.choice(found), signal.SIGKILL)

    def _backends(self) -> list[int]:
        with psycopg.connect(self.stack.server_url, autocommit=True) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'hemvist_staff'"
            ).fetchall()
        assert self.stack.postgres.pid is not None
        return [pid for (pid,) in rows if pid in descendants(self.stack.postgres.pid)]

    def _cut(self) -> None:
        link = self.stack.link
        assert link is not None
        link.cut()
        # Shorter than a connection is waited for, and longer than one is kept that does not answer.
        time.sleep(self.chance.choice((2.0, 8.0, 24.0)))
        link.mend()

    def _disk(self) -> None:
        """The database's file system is full to the last byte, for some seconds."""
        filler = self.stack.disk / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            block = bytes(1 << 20)
            while True:
                file.write(block)
        try:
            with filler.open("ab", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(bytes(512))
            limit = time.monotonic() + 20
            while time.monotonic() < limit and not self._felt():
                time.sleep(0.2)
            time.sleep(self.chance.uniform(0.5, 3.0))
        finally:
            filler.unlink()
        self.stack.keep()

    def _felt(self) -> bool:
        """Whether the database has come upon the full disk: told, or ended."""
        log = self.stack.disk / "postgres" / "postgresql.log"
        with suppress(OSError):
            return "No space left" in log.read_text(errors="replace")
        return False

    def _clock(self) -> None:
        """The clock of web, worker and beat jumps ahead, or back, and is right again some time after."""
        # Within the day: what is dated tomorrow is refused today, and rightly so.
        here = now().astimezone(SWEDISH_TIME)
        jumps = [
            seconds
            for seconds in (5400, 3600, -3600, -1200, 60, -60)
            if (here + timedelta(seconds=seconds * 1.1)).date() == here.date()
        ]
        self.stack.set_clock(self.chance.choice(jumps))
        time.sleep(6)
        self.stack.set_clock(0)
        time.sleep(2)

    def _duplicate(self) -> None:
        """Events that were sent, and are handled perhaps, are sent twice more, in any order."""
        with as_owner(self.town.tenant_id) as connection:
            rows = connection.execute("SELECT id FROM outbox_events ORDER BY id DESC LIMIT 40")
            ids = [str(row_id) for (row_id,) in rows.fetchall()]
        messages = ids * 2
        self.chance.shuffle(messages)
        self._send(messages)

    def _send(self, ids: Iterable[str]) -> None:
        """Straight to the broker, as a relay does that knows of no mark."""
        from hemvist_workers.tasks import handle_event

        # Not by the app's own: another test of this process may have had another broker.
        with Connection(self.stack.redis_url) as broker:
            for event_id in ids:
                given = (str(self.town.tenant_id), event_id, {})
                handle_event.apply_async(given, connection=broker)

    def _reorder(self) -> None:
        """What waits in the broker is put into another order."""
        with (
            redis.Redis.from_url(self.stack.redis_url) as client,
            client.pipeline() as pipe,
            suppress(redis.WatchError),
        ):
            pipe.watch(QUEUE)
            waiting: list[bytes] = pipe.lrange(QUEUE, 0, -1)  # type: ignore[assignment]
            self.chance.shuffle(waiting)
            pipe.multi()
            pipe.delete(QUEUE)
            if waiting:
                pipe.rpush(QUEUE, *waiting)
            pipe.execute()

    def _empty(self) -> None:
        """The broker loses everything that it holds."""
        with redis.Redis.from_url(self.stack.redis_url) as client:
            client.flushall()

    def _poison(self) -> None:
        """An event that its handlers choke on, among the others."""
        with tenant_session(Audience.STAFF, self.town.tenant_id) as session:
            self.poisoned.append(emit(session, POISON, {}))


def alarms(stack: Stack, event_ids: Iterable[UUID]) -> set[UUID]:
    """Of these events, those whose parking the worker has told of."""
    wanted = {str(one): one for one in event_ids}
    found = set()
    for line in stack.log("worker").splitlines():
        with suppress(ValueError, TypeError):
            said = json.loads(line[line.index("{") :])
            if said.get("event") == "event_parked" and said.get("event_id") in wanted:
                found.add(wanted[said["event_id"]])
    return found
