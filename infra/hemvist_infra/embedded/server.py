"""What an embedded server is, whichever it is: one folder, one lock, one process."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from signal import Signals
from typing import ClassVar

from hemvist_infra.embedded import ports
from hemvist_infra.embedded.account import Account
from hemvist_infra.embedded.folder import FolderLock, settle
from hemvist_infra.embedded.problem import ServerProblem, clear_sentences
from hemvist_infra.embedded.process import ServerProcess


class EmbeddedServer(ABC):
    """A server on 127.0.0.1 whose data live below ``data_dir``.

    ``port`` is any free one unless given, and then kept from run to run while it stays free.
    ``report`` hears what takes time. Start it from a thread that lives as long as the server is
    needed (the main thread, say): on Linux it ends with the thread that started it.
    """

    name: ClassVar[str]
    #: The setting that gives the port.
    port_setting: ClassVar[str]
    #: Where the data are, below the server's folder.
    data: ClassVar[str]
    #: How to stop it: signals in turn, each with the seconds it gets.
    stop_steps: ClassVar[Sequence[tuple[Signals, float]]]
    #: What the server prints when its port is taken.
    port_taken: ClassVar[str]

    def __init__(
        self,
        data_dir: Path,
        port: int | None = None,
        report: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._asked = data_dir.absolute()
        self._port = port
        self._report = report
        self._lock: FolderLock | None = None
        self._server: ServerProcess | None = None

    @property
    def pid(self) -> int | None:
        """The process id, or ``None`` when it is not running."""
        return self._server.pid if self._server else None

    def start(self) -> str:
        """Start, making the data first where there are none; returns the URL with its password.

        Raises ``ServerProblem``.
        """
        try:
            with clear_sentences(self._asked):
                return self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop in good order; harmless when it is not running."""
        if self._server is not None:
            self._server.end(self.stop_steps)
            self._server = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def failure(self) -> ServerProblem:
        """Why the server ended by itself."""
        if self._server is None:
            return ServerProblem(f"{self.name} is not running.")
        return self._server.failure()

    def _start(self) -> str:
        account = Account.for_servers(self._asked / self.data)
        home = settle(self._asked, account, self._report)
        if home != self._asked:
            account = Account.for_servers(home / self.data)
        self._lock = FolderLock(home)
        self._lock.take()
        program = self.program(home, account)
        password = self.prepare(home, program, account)
        self._server = ServerProcess(self.name, home / f"{self.name.lower()}.log")
        kept = home / "port"
        for port in ports.to_try(self._port, self.port_setting, kept):
            command = self.command(home, program, account, port, password)
            self._server.launch(account, command, self.stop_steps[0][0])
            if not self._answering(port, password):
                continue
            kept.write_text(str(port))
            return self.url(port, password)
        raise ServerProblem(f"No free port on {ports.LOOPBACK} for {self.name}.")

    def _answering(self, port: int, password: str) -> bool:
        assert self._server is not None
        try:
            self._server.wait_until(lambda: self.answers(port, password))
        except ServerProblem:
            if self._port is None and self.port_taken in self._server.output():
                return False
            raise
        return True

    @abstractmethod
    def program(self, home: Path, account: Account) -> Path:
        """The server's program, runnable by ``account``."""

    @abstractmethod
    def prepare(self, home: Path, program: Path, account: Account) -> str:
        """See that there are good data and nobody at work on them; returns the password."""

    @abstractmethod
    def command(
        self, home: Path, program: Path, account: Account, port: int, password: str
    ) -> list[str | Path]:
        """The command that serves on ``port``."""

    @abstractmethod
    def url(self, port: int, password: str) -> str:
        """How clients reach it."""

    @abstractmethod
    def answers(self, port: int, password: str) -> bool:
        """Whether it serves now. Raises ``ServerProblem`` when it never will."""
