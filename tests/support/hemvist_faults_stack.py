"""A whole Hemvist of separate processes that can be hurt: servers, web, worker, beat, network, disk, clock.

PostgreSQL lies on a small file system of its own, waits for it as in production, and is reached by the
web process over a link of its own out of a network namespace. Web, worker and beat have a clock of their
own (hemvist_faults_clock.c). Start and mend everything from one thread that lives as long: servers end
with it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx2

from hemvist_databases import Template
from hemvist_infra.embedded import EmbeddedPostgres, EmbeddedValkey, ServerProblem
from hemvist_infra.embedded.account import Account
from hemvist_infra.embedded.folder import write_secret
from hemvist_login import onboard_working, port_for_later
from hemvist_processes import descendants
from hemvist_testing import forget_settings, open_folder

#: Megabytes of the database's file system: the cluster, its log, two databases and room to work in.
DISK = 700
#: Seconds a task may take; what a killed worker had comes back after twice that.
TASK_LIMIT = 10
_CLOCK = Path(__file__).with_name("hemvist_faults_clock.c")


def own_clock(folder: Path) -> Path | None:
    """The library that gives a process a clock of its own, made here; None without a C compiler."""
    made = folder / "clock.so"
    built = _ran("cc", "-shared", "-fPIC", "-O2", "-o", str(made), str(_CLOCK), "-ldl")
    return made if built else None


@dataclass(frozen=True)
class Link:
    """Two cables into a namespace of the web process's own: by one it is asked, by the other it asks
    the database."""

    name: str
    #: Addresses: our side and the namespace's, of the callers' cable and of the database's.
    ours: str
    web: str
    database: str
    web_database: str

    @classmethod
    @contextmanager
    def laid(cls) -> Iterator[Link | None]:
        """Laid, and gone at the end; None where that is not permitted."""
        number = os.getpid() % 250
        link = cls(
            f"hvf{os.getpid() % 100_000}",
            *(f"10.213.{number}.{host}" for host in (1, 2, 5, 6)),
        )
        made = _ran("ip", "netns", "add", link.name)
        try:
            yield link if made and link._lay() else None
        finally:
            if made:
                _ran("ip", "netns", "del", link.name)
                for end in ("a", "b"):
                    _ran("ip", "link", "del", link.name + end)

    def _lay(self) -> bool:
        inside = ("ip", "-n", self.name)
        works = _ran(*inside, "link", "set", "lo", "up")
        for end, ours, theirs in (
            ("a", self.ours, self.web),
            ("b", self.database, self.web_database),
        ):
            outer, inner = self.name + end, f"in{end}"
            works = works and all(
                (
                    _ran("ip", "link", "add", outer, "type", "veth", "peer", "name", inner),
                    _ran("ip", "link", "set", inner, "netns", self.name),
                    _ran("ip", "addr", "add", f"{ours}/30", "dev", outer),
                    _ran("ip", "link", "set", outer, "up"),
                    _ran(*inside, "addr", "add", f"{theirs}/30", "dev", inner),
                    _ran(*inside, "link", "set", inner, "up"),
                )
            )
        return works

    def cut(self) -> None:
        """Pull the cable between web and database: what is sent is lost, and nobody is told."""
        assert _ran("ip", "link", "set", self.name + "b", "down")

    def mend(self) -> None:
        """Put it in again."""
        assert _ran("ip", "link", "set", self.name + "b", "up")


class Database(EmbeddedPostgres):
    """PostgreSQL that listens on the web's cable too, and keeps its promises about the disk."""

    link: Link | None = None

    def prepare(self, home: Path, program: Path, account: Account) -> str:
        """Let in who comes over the cable, by password like everybody."""
        password = super().prepare(home, program, account)
        if self.link is not None:
            rules = home / self.data / "pg_hba.conf"
            if "10.213." not in rules.read_text():
                with rules.open("a") as file:
                    file.write("host all all 10.213.0.0/16 scram-sha-256\n")
        return password

    def command(
        self, home: Path, program: Path, account: Account, port: int, password: str
    ) -> list[str | Path]:
        """The ordinary command; of a setting given twice, the last counts."""
        more = ["max_wal_size=96MB", "min_wal_size=32MB"]
        if self.link is not None:
            more.append(f"listen_addresses=127.0.0.1,{self.link.database}")
        flags = [part for one in more for part in ("-c", one)]
        return [*super().command(home, program, account, port, password), *flags]


class Broker(EmbeddedValkey):
    """Valkey that listens on the callers' cable too."""

    link: Link | None = None

    def command(
        self, home: Path, program: Path, account: Account, port: int, password: str
    ) -> list[str | Path]:
        """The ordinary command, on one address more."""
        made = super().command(home, program, account, port, password)
        if self.link is not None:
            config = Path(made[-1])
            text = config.read_text().replace("bind 127.0.0.1", f"bind 127.0.0.1 {self.link.ours}")
            config.unlink()
            write_secret(config, text)
            account.own(config)
        return made


class Door(socketserver.ThreadingTCPServer):
    """Hands connections to 127.0.0.1 on to the same port in the web's namespace, byte by byte."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, host: str) -> None:
        super().__init__(("127.0.0.1", port), _Caller)
        self.behind = (host, port)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """One that breaks off is no news here."""


class _Caller(socketserver.BaseRequestHandler):
    server: Door

    def handle(self) -> None:
        """Until one of the two is gone; then the other is told."""
        with suppress(OSError), socket.create_connection(self.server.behind, 5) as there:
            there.settimeout(None)
            back = threading.Thread(target=self._carry, args=(there, self.request), daemon=True)
            back.start()
            self._carry(self.request, there)
            back.join()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


class Stack:
    """Everything that runs. ``keep`` starts again what has ended, as an operator's supervisor does."""

    def __init__(self, folder: Path, disk: Path, link: Link | None, clock: Path | None) -> None:
        self.folder, self.disk, self.link = folder, disk, link
        self._clock = clock
        self._shift = folder / "clock"
        self.set_clock(0)
        self.postgres = Database(disk / "postgres", port=port_for_later())
        self.valkey = Broker(folder / "valkey", port=port_for_later())
        self.postgres.link = self.valkey.link = link
        self.server_url = self.postgres.start()
        self.redis_url = self.valkey.start()
        self.port = port_for_later()
        self.address = f"http://127.0.0.1:{self.port}"
        # An issuer without TLS is believed at this address only, in the namespace as here.
        self._door = None if link is None else Door(self.port, link.web)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.restarts = 0

    @property
    def has_clock(self) -> bool:
        """Whether the clock of our processes can be set."""
        return self._clock is not None

    def set_clock(self, seconds: int) -> None:
        """Let the clock of web, worker and beat be so far ahead of the real one."""
        draft = self._shift.with_suffix(".new")
        draft.write_text(f"{seconds}\n")
        draft.replace(self._shift)

    def start(self) -> None:
        """Start web, worker and beat, and wait until the web is ready."""
        self.keep()
        self.wait_until_ready()

    def keep(self) -> None:
        """Start again what has ended."""
        for server in (self.postgres, self.valkey):
            if server.pid is None:
                server.stop()
                with suppress(ServerProblem):
                    server.start()
                    self.restarts += 1
        for name in ("web", "worker", "beat"):
            process = self.running.get(name)
            if process is None or process.poll() is not None:
                self.restarts += process is not None
                self.running[name] = self._started(name)

    def wait_until_ready(self, seconds: float = 240) -> None:
        """Until the web says that it can serve; meanwhile what ended is started again."""
        limit = time.monotonic() + seconds
        while not self.is_ready():
            if time.monotonic() > limit:
                raise AssertionError(f"not ready within {seconds:.0f} s: {self.last_words()}")
            self.keep()
            time.sleep(0.2)

    def is_ready(self) -> bool:
        """Whether the web says that it can serve."""
        with suppress(httpx2.HTTPError):
            answer = httpx2.get(f"{self.address}/health/ready", trust_env=False, timeout=3)
            return answer.status_code == 200
        return False

    def kill(self, name: str) -> None:
        """``kill -9`` to a process of ours or a server, and to everything below it."""
        if name in self.running:
            root = self.running[name].pid
        else:
            found = getattr(self, name).pid
            if found is None:
                return
            root = found
        for pid in (root, *descendants(root)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if name in self.running:
            self.running[name].wait(10)

    def kill_below(self, name: str) -> int:
        """``kill -9`` to what is below a process that lives on; how many."""
        found = descendants(self.running[name].pid)
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(found)

    def log(self, name: str) -> str:
        """What a process has said so far."""
        file = self.folder / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def last_words(self) -> str:
        """The ends of all logs."""
        return "\n".join(f"{name}: {self.log(name)[-1500:]}" for name in self.running)

    def close(self) -> None:
        """Stop everything."""
        for name in self.running:
            self.kill(name)
        if self._door is not None:
            self._door.shutdown()
            self._door.server_close()
        self.valkey.stop()
        self.postgres.stop()

    def _started(self, name: str) -> subprocess.Popen[bytes]:
        celery = (sys.executable, "-m", "celery", "-A", "hemvist_infra.worker")
        calm = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        commands = {
            "web": (
                *(("ip", "netns", "exec", self.link.name) if self.link else ()),
                *(sys.executable, "-m", "uvicorn", "hemvist_infra.app:create_app", "--factory"),
                *("--host", "0.0.0.0" if self.link else "127.0.0.1"),
                *("--port", str(self.port), "--no-access-log"),
            ),
            "worker": (*celery, "worker", "--loglevel", "INFO", "--concurrency", "2", *calm),
            "beat": (*celery, "beat", "--loglevel", "INFO", "-s", str(self.folder / "schedule")),
        }
        with (self.folder / f"{name}.log").open("ab") as output:
            return subprocess.Popen(
                commands[name],
                env=self._environment(name),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def _environment(self, name: str) -> dict[str, str]:
        found = {
            **os.environ,
            "HEMVIST_REDIS_URL": self.redis_url,
            "HEMVIST_BASE_URL": self.address,
            "HEMVIST_LOCAL_DIR": str(self.folder),
            "HEMVIST_TASK_TIME_LIMIT": str(TASK_LIMIT),
            "HEMVIST_AUDIT_ANCHOR_FILE": str(self.disk / "anchors.jsonl"),
        }
        if name == "web" and self.link is not None:
            found["HEMVIST_DATABASE_URL"] = at_host(
                os.environ["HEMVIST_DATABASE_URL"], self.link.database
            )
            found["HEMVIST_REDIS_URL"] = at_host(self.redis_url, self.link.ours)
        if self._clock is not None:
            found |= {"LD_PRELOAD": str(self._clock), "HEMVIST_CLOCK_FILE": str(self._shift)}
        return found


def at_host(url: str, host: str) -> str:
    """The same address at another host."""
    parts = urlsplit(url)
    login = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{login}@{host}:{parts.port}"))


@contextmanager
def small_disk(megabytes: int) -> Iterator[tuple[Path, bool]]:
    """A folder for the database, and whether it is a file system of its own that can be filled."""
    with open_folder() as folder:
        options = f"size={megabytes}m,mode=711"
        mounted = _ran("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder))
        try:
            yield folder, mounted
        finally:
            if mounted:
                _ran("umount", "--lazy", str(folder))


@contextmanager
def running() -> Iterator[tuple[Stack, bool]]:
    """A stack with the demo kommuner and their guidelines, and whether its disk can be filled.

    This process uses the same database and broker, by the real clock.
    """
    with ExitStack() as after:
        disk, full = after.enter_context(small_disk(DISK))
        folder = after.enter_context(open_folder())
        link = after.enter_context(Link.laid())
        stack = Stack(folder, disk, link, own_clock(folder))
        after.callback(stack.close)
        template = after.enter_context(Template.on(stack.server_url, own_server=True))
        template_url = after.enter_context(template.copy())
        given = os.environ.get("HEMVIST_REDIS_URL")
        os.environ["HEMVIST_REDIS_URL"] = stack.redis_url
        os.environ["HEMVIST_BASE_URL"] = stack.address
        os.environ["HEMVIST_AUDIT_ANCHOR_FILE"] = str(disk / "anchors.jsonl")
        after.callback(_restore_environment, given)
        assert template_url == os.environ["HEMVIST_DATABASE_URL"]
        forget_settings()
        onboard_working()
        stack.start()
        yield stack, full


def _restore_environment(redis_url: str | None) -> None:
    for name in ("HEMVIST_REDIS_URL", "HEMVIST_BASE_URL", "HEMVIST_AUDIT_ANCHOR_FILE"):
        os.environ.pop(name, None)
    if redis_url is not None:
        os.environ["HEMVIST_REDIS_URL"] = redis_url
    forget_settings()


def _ran(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
