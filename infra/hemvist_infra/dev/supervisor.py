"""One run: servers, migrations, demo data, then web, worker and beat until it is told to stop."""

from __future__ import annotations

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from rich.console import Console
from sqlalchemy.exc import OperationalError

from hemvist.settings import Process, begin, get_settings
from hemvist.settings.files import SUFFIX
from hemvist_infra.dev import preparation
from hemvist_infra.dev.children import ProcessGroup, Spec
from hemvist_infra.dev.local import LocalFolder, project_root
from hemvist_infra.dev.progress import Steps
from hemvist_infra.dev.servers import Servers
from hemvist_infra.embedded import ServerProblem, ports
from hemvist_infra.embedded.problem import disk_full, looks_full

#: Seconds for the processes to stop by themselves; the servers' own stop comes after it, and the
#: whole stays below ten.
_GRACE = 4.0
#: A process that ends is told of at once; one that a busy machine is slow to start is waited for.
_PATIENCE = 300.0


class Supervisor:
    """``make run``."""

    def __init__(self, console: Console | None = None) -> None:
        self._steps = Steps(console or Console())

    def run(self, today: str = "") -> None:
        """Run until told to stop, on the calendar day ``today`` (ISO) if given.

        Raises ``ServerProblem`` when it cannot start or something in it ends by itself.
        """
        if os.environ.get("HEMVIST_ENVIRONMENT") == "production":
            raise ServerProblem("This starts a development run. Unset HEMVIST_ENVIRONMENT first.")
        if today:
            os.environ["HEMVIST_TODAY"] = today
        get_settings.cache_clear()
        settings = begin(Process.DEV)  # A wrong one is told before anything has started.
        host = settings.host
        port = ports.require_free(settings.port, "HEMVIST_PORT", host)
        with session(self._steps) as (folder, servers):
            group = ProcessGroup(folder.logs, project_root(), self._steps.show)
            try:
                self._run(folder, servers, group, host, port)
            finally:
                _ignore_signals()
                self._steps.say("stopping …")
                group.stop(_GRACE)

    def _run(
        self, folder: LocalFolder, servers: Servers, group: ProcessGroup, host: str, port: int
    ) -> None:
        address = f"http://{ports.LOOPBACK if host in ('0.0.0.0', '::') else host}:{port}"
        with _causes(folder, servers):
            with self._steps.step("starting PostgreSQL and Valkey"):
                given = folder.keys() | servers.start()
                os.environ.update(given)
                for name in given:
                    # Read by now; who is started next would find the same setting twice.
                    os.environ.pop(name + SUFFIX, None)
            os.environ.setdefault("HEMVIST_ENVIRONMENT", "development")
            os.environ.setdefault("HEMVIST_BASE_URL", address)
            get_settings.cache_clear()
            preparation.prepare(self._steps)
            group.start(commands(folder.path, host, port))
        with self._steps.step("starting web, worker and beat"):
            self._wait_until_ready(address, servers, group)
        self._steps.say(preparation.welcome(os.environ["HEMVIST_BASE_URL"]))
        while not self._steps.closed:
            self._look(servers, group)
            time.sleep(0.2)

    def _wait_until_ready(self, address: str, servers: Servers, group: ProcessGroup) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not _answers(f"{address}/health/ready"):
            self._look(servers, group)
            if time.monotonic() > deadline:
                raise ServerProblem(
                    f"{address}/health/ready does not answer after {_PATIENCE:.0f} s."
                    f" See {group.children[0].log}."
                )
            time.sleep(0.2)

    def _look(self, servers: Servers, group: ProcessGroup) -> None:
        problem = servers.problem()
        if problem is not None:
            raise problem
        dead = group.first_dead()
        if dead is not None:
            dead.drain()
            last = "\n".join(f"  {line}" for line in dead.last_lines)
            raise ServerProblem(
                f"The process {dead.name} ended with status {dead.process.returncode}; its last"
                f" lines (more in {dead.log}):\n{last}"
            )


@contextmanager
def session(steps: Steps) -> Iterator[tuple[LocalFolder, Servers]]:
    """The locked folder and its servers, not started yet; stopped at the end, also by a signal.

    Being told to stop is no error: the block ends and the caller goes on after it.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    folder = LocalFolder.open()
    servers = Servers(folder, steps.say)
    try:
        yield folder, servers
    except KeyboardInterrupt:
        pass
    finally:
        _ignore_signals()
        servers.stop()
        folder.lock.release()


@contextmanager
def _causes(folder: LocalFolder, servers: Servers) -> Iterator[None]:
    """Tell the cause, a server that died or a disk that filled up, and not what failed of it."""
    try:
        yield
    except (OSError, psycopg.OperationalError, OperationalError) as error:
        if problem := servers.problem():
            raise problem from error
        if looks_full(folder.path, str(error)):
            raise disk_full(folder.path) from error
        raise


def run_servers() -> None:
    """Only PostgreSQL and Valkey, until told to stop. Raises ``ServerProblem``."""
    steps = Steps(Console())
    with session(steps) as (folder, servers):
        with _causes(folder, servers), steps.step("starting PostgreSQL and Valkey"):
            settings = {**folder.keys(), **servers.start()}
        for name, value in settings.items():
            print(f"export {name}={value}", flush=True)
        while (problem := servers.problem()) is None:
            time.sleep(0.2)
        raise problem


def commands(local: Path, host: str, port: int) -> Sequence[Spec]:
    """What runs: web (API, portal, development issuer), worker and beat."""
    # Celery warns at length of being root, which in a development run is the machine's own choice.
    calm = ("-W", "ignore::UserWarning") if os.geteuid() == 0 else ()
    celery = (sys.executable, *calm, "-m", "celery", "--quiet", "-A", "hemvist_infra.worker")
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    return (
        Spec(
            "web",
            (
                *(sys.executable, "-m", "uvicorn", "hemvist_infra.app:create_app", "--factory"),
                *("--host", host, "--port", str(port)),
                # Addresses may hold what a person typed into a search field.
                "--no-access-log",
                *("--timeout-graceful-shutdown", "3"),
            ),
        ),
        Spec("worker", (*celery, "worker", "--loglevel", "INFO", "--concurrency", "2", *alone)),
        Spec("beat", (*celery, "beat", "--loglevel", "INFO", "-s", str(local / "beat-schedule"))),
    )


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    # Impatience must not leave half of it running; stopping takes less than ten seconds anyhow.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
