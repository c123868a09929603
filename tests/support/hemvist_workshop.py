"""Real worker, beat and relay processes on a broker of their own, and ways to hurt them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

import psycopg
import redis

from hemvist.db import Audience
from hemvist.ids import new_id
from hemvist.outbox import emit
from hemvist.tenancy import tenant_session
from hemvist_infra.embedded import EmbeddedValkey
from hemvist_processes import descendants
from hemvist_testing import owner_connection
from hemvist_workers.handlers import handled_types
from hemvist_world import as_owner, new_world

QUEUES = ("hemvist", "hemvist-ticks", "hemvist-long")
DEPARTMENT = "SOF-VUX"
#: What ``Happening`` emits, and how many handlers take it: one gives a notice, one keeps a snapshot.
HAPPENED = "referral_registered"
TAKERS = sum(HAPPENED in types for types in handled_types().values())
#: Seconds a task may take; a killed worker's task comes back after twice that.
TASK_LIMIT = 10


class Workshop:
    """Processes on one broker and the session's database."""

    def __init__(self, folder: Path, valkey: EmbeddedValkey) -> None:
        self.folder = folder
        self.valkey = valkey
        self.redis_url = valkey.start()
        self._running: list[subprocess.Popen[bytes]] = []

    def worker(self) -> subprocess.Popen[bytes]:
        """A worker with one child, ready to work."""
        log = self.folder / f"worker-{len(self._running)}.log"
        worker = self._start(log, "worker", "--concurrency", "1", "--loglevel", "INFO")
        wait_for("worker is ready", lambda: b"ready." in log.read_bytes())
        return worker

    def beat(self) -> subprocess.Popen[bytes]:
        """Beat, a process of its own."""
        number = len(self._running)
        schedule = self.folder / f"beat-schedule-{number}"
        return self._start(self.folder / f"beat-{number}.log", "beat", "-s", str(schedule))

    def relay(self) -> subprocess.Popen[bytes]:
        """One round of the relay in a process of its own, started and not waited for."""
        command = [sys.executable, "-c", "from hemvist_workers.tasks import relay; relay()"]
        return self._popen(command, self.folder / "relay.log")

    def relayed(self) -> int:
        """One round of the relay; its exit status."""
        return self.relay().wait(60)

    def chore(self, name: str) -> None:
        """Send what beat sends for a chore; a worker does it."""
        program = f"from hemvist_workers.tasks import start_chore; start_chore.delay({name!r})"
        assert self.sent(program) == 0

    def sent(self, program: str) -> int:
        """Run a line that sends a task, in a process of its own; its exit status."""
        return self._popen([sys.executable, "-c", program], self.folder / "chore.log").wait(60)

    def queued(self) -> int:
        """Messages that no worker has yet."""
        with redis.Redis.from_url(self.redis_url) as client:
            return sum(int(client.llen(queue)) for queue in QUEUES)  # type: ignore[arg-type]

    def forget_everything(self) -> None:
        """The broker loses all it has."""
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    def terminate(self) -> None:
        """Ask every process to stop, and wait until it has."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait(30)

    def close(self) -> None:
        """Stop every process and the broker."""
        for process in self._running:
            kill_all(process)
        self.valkey.stop()

    def _start(self, log: Path, *arguments: str) -> subprocess.Popen[bytes]:
        return self._popen(
            [sys.executable, "-m", "celery", "-A", "hemvist_infra.worker", *arguments], log
        )

    def _popen(self, command: list[str], log: Path) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "HEMVIST_REDIS_URL": self.redis_url,
            "HEMVIST_TASK_TIME_LIMIT": str(TASK_LIMIT),
        }
        with log.open("ab") as output:
            process = subprocess.Popen(
                command, env=environment, stdout=output, stderr=output, start_new_session=True
            )
        self._running.append(process)
        return process


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """``kill -9`` to the process and everything below it."""
    for pid in (process.pid, *descendants(process.pid)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(10)


def kill_children(process: subprocess.Popen[bytes]) -> None:
    """``kill -9`` to what is below the process, which lives on."""
    for pid in descendants(process.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


class Happening:
    """An event of a case in a fresh kommun that gives one notice; nothing else waits there."""

    def __init__(self) -> None:
        world = new_world()
        self.tenant_id = world.tenant_id
        self.case_id = world.case().id
        with as_owner(self.tenant_id) as connection:
            connection.execute("DELETE FROM outbox_events")
        self.event_id = self.again()

    def again(self) -> UUID:
        """Another event of the kind; its id."""
        with tenant_session(Audience.STAFF, self.tenant_id) as session:
            return emit(
                session,
                HAPPENED,
                {
                    "case_id": self.case_id,
                    "department": DEPARTMENT,
                    "property_departments": [],
                    "subject_type": "referral",
                    "subject_id": new_id(),
                },
            )

    def notices(self) -> int:
        """How many notices the event has given."""
        return self._count("notices", "source_id")

    def receipts(self) -> int:
        """How many handlers have put their receipt on it."""
        return self._count("inbox_receipts", "event_id")

    def is_relayed(self) -> bool:
        """Whether the event is marked as handed over."""
        with self._inside() as connection:
            found = connection.execute(
                "SELECT relayed_at IS NOT NULL FROM outbox_events WHERE id = %s", [self.event_id]
            ).fetchone()
            return bool(found and found[0])

    @contextmanager
    def half_done(self) -> Iterator[None]:
        """Let the handler get as far as its notice and no further, while this is open.

        The same notice is written here and not committed: PostgreSQL makes the handler's own insert
        wait to see how this one ends. It ends undone.
        """
        with self._inside() as connection:
            connection.execute(
                "INSERT INTO notices (tenant_id, id, created_at, kind, role, department, case_id,"
                " subject_type, subject_id, source_id) SELECT %s, gen_random_uuid(), now(), 'x',"
                " 'caseworker', %s, %s, 'x', gen_random_uuid(), %s",
                [self.tenant_id, DEPARTMENT, self.case_id, self.event_id],
            )
            yield
            connection.rollback()

    def _count(self, table: str, column: str) -> int:
        with self._inside() as connection:
            found = connection.execute(
                f"SELECT count(*) FROM {table} WHERE {column} = %s", [self.event_id]
            ).fetchone()
            assert found is not None
            return int(found[0])

    @contextmanager
    def _inside(self) -> Iterator[psycopg.Connection]:
        with owner_connection() as connection:
            connection.execute(
                "SELECT set_config('hemvist.tenant_id', %s, true)", [str(self.tenant_id)]
            )
            yield connection


def someone_waits() -> bool:
    """Whether a worker's statement waits for a lock now."""
    with owner_connection() as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE NOT l.granted AND a.usename = 'hemvist_worker'"
        ).fetchone()
        return bool(found and found[0])


def wait_for(what: str, look: Callable[[], bool], seconds: float = 120.0) -> None:
    """Until ``look`` is true; fails after ``seconds``, which only say that it never will be."""
    deadline = time.monotonic() + seconds
    while not look():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.1)
