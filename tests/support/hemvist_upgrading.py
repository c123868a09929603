"""An upgrade while people work: the old version serves, the tables change, the new one takes over.

Used by ``make upgrade-drill`` and, smaller, by a slow test.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
from alembic.config import Config
from sqlalchemy import Connection

import hemvist.migrations
from hemvist.migrations.fit import code_revision
from hemvist_infra import database, upgrades
from hemvist_infra.dev_issuer.client import person_token
from hemvist_infra.embedded import EmbeddedPostgres, EmbeddedValkey
from hemvist_infra.embedded.account import Account
from hemvist_infra.embedded.database import own_database
from hemvist_infra.upgrades.released import released
from hemvist_login import port_for_later
from hemvist_processes import descendants
from hemvist_testing import forget_settings
from hemvist_upgrading_load import CASEWORKER, SLUG, Callers

HERE = Path(__file__).parent
REVISIONS, PLANTED = HERE / "upgrade_revisions", HERE / "upgrade_planted"
#: The first of the made-up migrations that belongs to the release after the next.
CONTRACTS = "9008"
FOLDERS = ("platform", "tenants", "policy_packs", "graphql", "portal", "workers", "infra")
#: Modes in which people's statements ask for a table: what waits in one of them is a person.
_PEOPLE = ("AccessShareLock", "RowShareLock", "RowExclusiveLock")
_WAITED = re.compile(r"acquired (\w+) on relation \d+ of database \d+ after ([\d.]+) ms")
#: Seconds after which a balancer knows that a process takes no more.
NOTICED = 1.0


class Telling(EmbeddedPostgres):
    """PostgreSQL that writes down who waited longer than 10 ms for a lock, and for how long."""

    def command(
        self, home: Path, program: Path, account: Account, port: int, password: str
    ) -> list[str | Path]:
        """The ordinary command, and what makes it tell."""
        more = ["-c", "log_lock_waits=on", "-c", "deadlock_timeout=10ms"]
        return [*super().command(home, program, account, port, password), *more]


@dataclass(frozen=True)
class Version:
    """Code that can run: this tree's, or that of an earlier commit laid out beside it."""

    name: str
    tree: Path | None = None
    local: Path = Path()

    def environment(self) -> dict[str, str]:
        """Where Python finds it; before what is installed."""
        if self.tree is None:
            return dict(os.environ)
        return {**os.environ, "PYTHONPATH": ":".join(str(self.tree / one) for one in FOLDERS)}

    def run(self, code: str) -> None:
        """Run some Python as this version, its tests' helpers included."""
        support = (self.tree or HERE.parents[1]) / "tests" / "support"
        environment = self.environment()
        environment["PYTHONPATH"] = f"{environment.get('PYTHONPATH', '')}:{support}"
        subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=900)

    def start(self, what: str, port: int = 0) -> subprocess.Popen[bytes]:
        """Start its web on a port, or its worker."""
        command = {
            "web": (
                *("uvicorn", "hemvist_infra.app:create_app", "--factory", "--host", "127.0.0.1"),
                *("--port", str(port), "--no-access-log"),
            ),
            "worker": (
                *("celery", "-A", "hemvist_infra.worker", "worker", "--concurrency", "1"),
                *("--without-gossip", "--without-mingle", "-n", f"{self.name}@drill"),
            ),
        }[what]
        with (self.local / f"{self.name}-{what}.log").open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )


@dataclass
class Outcome:
    """What an upgrade came to."""

    applied: list[upgrades.Applied] = field(default_factory=list)
    requests: int = 0
    failures: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    waited: float = 0.0
    waits: int = 0
    drained: dict[str, float] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def longest(self) -> float:
        """Seconds of the longest lock by which somebody was kept from a table."""
        return max((lock.seconds for one in self.applied for lock in one.locks), default=0.0)


@dataclass
class Drill:
    """One upgrade of one platform in ``folder``; ``limit`` is the longest lock allowed, in seconds."""

    folder: Path
    old: Version
    new: Version
    revisions: Path = REVISIONS
    seconds: float = 5.0
    callers: int = 3
    limit: float = 0.1
    households: int = 40
    #: Whether the new version takes over, or only the tables change.
    replacing: bool = True
    say: Callable[[str], None] = lambda _: None

    def run(self) -> Outcome:
        """Fill, load, upgrade, replace, finish; what it came to."""
        outcome = Outcome()
        with self._servers():
            self.say(f"old version {self.old.name}: tables, kommuner, {self.households} households")
            half = self.households // 2
            self.old.run(
                "from hemvist_infra.database import migrate; migrate()\n"
                "from hemvist_login import onboard_demo, onboard_working\n"
                "onboard_demo(); onboard_working()\n"
                "from hemvist_infra import demo\n"
                f"demo.seed(lambda *_: None, {{'helsingborg': {half}, 'karlstad': {half}}})\n"
            )
            self._upgrade(outcome)
            outcome.waited, outcome.waits = self._waits()
        if outcome.failures:
            outcome.findings.append(f"failed requests: {'; '.join(outcome.failures)[:2000]}")
            for log in sorted(self.folder.glob("*.log")):
                words = log.read_text(errors="replace").splitlines()[-20:]
                outcome.findings += [f"{log.stem} says: {line[:1500]}" for line in words]
        if outcome.longest > self.limit:
            outcome.findings.append(f"longest lock {outcome.longest * 1000:.0f} ms")
        return outcome

    def _upgrade(self, outcome: Outcome) -> None:
        with ExitStack() as after:
            first, second = port_for_later(), port_for_later()
            os.environ["HEMVIST_BASE_URL"] = f"http://127.0.0.1:{first}"
            forget_settings()
            web = self._started(after, self.old, "web", first)
            worker = self._started(after, self.old, "worker")
            _until_ready(first, web)
            callers = Callers.of(os.environ["HEMVIST_BASE_URL"], self.folder, self.callers)
            callers.rotation.join(first)
            began = time.monotonic()
            with callers.at_work():
                time.sleep(self.seconds)
                self.say("the tables are upgraded; the old version serves")
                outcome.applied += self._migrated(CONTRACTS)
                time.sleep(self.seconds)
                if self.replacing:
                    self._replace(after, callers, (web, first), worker, second, outcome)
                time.sleep(self.seconds)
            outcome.seconds = time.monotonic() - began
            outcome.requests, outcome.failures = callers.requests, callers.failures
            outcome.times = callers.times

    def _replace(
        self,
        after: ExitStack,
        callers: Callers,
        old: tuple[subprocess.Popen[bytes], int],
        old_worker: subprocess.Popen[bytes],
        port: int,
        outcome: Outcome,
    ) -> None:
        """New beside old, then new alone, then what the release after does to the tables."""
        self.say("the new version takes its share")
        web = self._started(after, self.new, "web", port)
        worker = self._started(after, self.new, "worker")
        _until_ready(port, web)
        callers.rotation.join(port)
        time.sleep(self.seconds)
        self.say("the old version is told to end")
        callers.rotation.leave(old[1])
        outcome.drained["web"] = self._drain(*old, outcome)
        outcome.drained["worker"] = self._ended(old_worker, "worker", outcome)
        time.sleep(self.seconds)
        self.say("the release after: what nothing names goes")
        outcome.applied += self._migrated(None)
        for name, one in (("web", web), ("worker", worker)):
            if one.poll() is not None:
                outcome.findings.append(f"the new {name} ended by itself")

    def _migrated(self, before: str | None) -> list[upgrades.Applied]:
        """By this tree's runner, as ``hemvist db upgrade`` does; up to what comes before ``before``."""
        numbers = sorted(path.name[:4] for path in self.revisions.glob("9*.py"))
        first = [one for one in numbers if before is None or one < before]
        manner = upgrades.Manner(tidy=before is None)
        return upgrades.run(
            os.environ["HEMVIST_DATABASE_URL"],
            first[-1],
            manner=manner,
            say=self.say,
            configured=configured_with(self.revisions),
        )

    def _drain(self, web: subprocess.Popen[bytes], port: int, outcome: Outcome) -> float:
        """With a request that is half sent when the process is told to end: it is answered."""
        time.sleep(NOTICED)
        began = time.monotonic()
        with _half_sent(port) as finish:
            web.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            answer = finish()
        if not answer.startswith("HTTP/1.1 200"):
            outcome.failures.append(f"what was half sent when the old one ended: {answer[:80]!r}")
        self._ended(web, "web", outcome)
        return time.monotonic() - began

    def _ended(self, process: subprocess.Popen[bytes], name: str, outcome: Outcome) -> float:
        began = time.monotonic()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(60)
        except subprocess.TimeoutExpired:
            outcome.findings.append(f"the old {name} did not end within 60 s")
            return 60.0
        # A server that was told to end by a signal may say so by its status.
        if code not in (0, -signal.SIGTERM):
            outcome.findings.append(f"the old {name} ended with status {code}")
        return time.monotonic() - began

    def _started(
        self, after: ExitStack, version: Version, what: str, port: int = 0
    ) -> subprocess.Popen[bytes]:
        process = version.start(what, port)
        after.callback(_killed, process)
        return process

    def _waits(self) -> tuple[float, int]:
        """The longest that somebody's statement waited for a table, in seconds, and how many waited."""
        log = next((self.folder / "postgres").rglob("postgresql.log"))
        found = [
            float(ms) / 1000
            for mode, ms in _WAITED.findall(log.read_text(errors="replace"))
            if mode in _PEOPLE
        ]
        return max(found, default=0.0), len(found)

    @contextmanager
    def _servers(self) -> Iterator[None]:
        given = dict(os.environ)
        postgres, valkey = Telling(self.folder / "postgres"), EmbeddedValkey(self.folder / "valkey")
        try:
            os.environ["HEMVIST_DATABASE_URL"] = own_database(postgres.start())
            os.environ["HEMVIST_REDIS_URL"] = valkey.start()
            os.environ["HEMVIST_LOCAL_DIR"] = str(self.folder)
            os.environ["HEMVIST_AUDIT_ANCHOR_FILE"] = str(self.folder / "anchors.jsonl")
            forget_settings()
            yield
        finally:
            os.environ.clear()
            os.environ.update(given)
            forget_settings()
            valkey.stop()
            postgres.stop()


def configured_with(revisions: Path) -> Callable[[Connection], Config]:
    """Alembic's configuration with made-up migrations after the real ones."""

    def configured(connection: Connection) -> Config:
        config = database.alembic_config(connection)
        own = Path(hemvist.migrations.__file__).parent / "versions"
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", f"{own}{os.pathsep}{revisions}")
        return config

    return configured


def earlier(root: Path, folder: Path, commit: str) -> Version:
    """The code of a commit, laid out in ``folder``."""
    tree = folder / "old"
    tree.mkdir()
    packed = subprocess.run(
        ["git", "-C", str(root), "archive", commit], capture_output=True, check=True
    )
    subprocess.run(["tar", "-x", "-C", str(tree)], input=packed.stdout, check=True)
    for catalogue in tree.glob("portal/hemvist_portal/locale/*/LC_MESSAGES/*.po"):
        subprocess.run(
            [
                sys.executable,
                "-m",
                "babel.messages.frontend",
                "--quiet",
                "compile",
                "-i",
                str(catalogue),
                "-o",
                str(catalogue.with_suffix(".mo")),
            ],
            check=True,
            capture_output=True,
        )
    return Version(commit[:8], tree, folder)


def last_release(root: Path) -> str:
    """The last commit whose code ended where the last release's did, or before this one's last migration."""
    first_since = min(released().revision + 1, code_revision())
    added = subprocess.run(
        [
            *("git", "-C", str(root), "log", "--diff-filter=A", "--format=%H", "-1", "--"),
            f"platform/hemvist/migrations/versions/{first_since:04d}_*.py",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    return f"{added}~1"


def _until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + 240
    while time.monotonic() < limit and process.poll() is None:
        with suppress(httpx2.HTTPError):
            answer = httpx2.get(f"http://127.0.0.1:{port}/health/ready", trust_env=False, timeout=5)
            if answer.status_code == 200:
                return
        time.sleep(0.2)
    raise AssertionError("the web process is not ready")


@contextmanager
def _half_sent(port: int) -> Iterator[Callable[[], str]]:
    """A request of which the headers and half the body are sent; what is given sends the rest."""
    token = person_token(f"http://127.0.0.1:{port}", SLUG, CASEWORKER)
    body = b'{"query": "{ __typename }"}'
    host = urlsplit(os.environ["HEMVIST_BASE_URL"]).netloc
    head = (
        f"POST /{SLUG}/graphql HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        connection.sendall(head + body[:10])
        time.sleep(0.2)

        def finish() -> str:
            connection.sendall(body[10:])
            return connection.recv(65_536).decode(errors="replace")

        yield finish


def _killed(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        for pid in (process.pid, *descendants(process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(10)
