"""Receiving the write-ahead log as it is written, and sealing it into the folder of backups.

``pg_receivewal`` takes what the server writes within moments and puts it on the disk of the machine that
this runs on (the spool). Whole segments are sealed as they come; the one that is being written, every few
seconds, so that the folder alone is never further behind than that. A slot on the server keeps what was
not received while this stood still.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from hemvist.clock import real_now
from hemvist_infra.backups.boxes import seal_file
from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.backups.programs import connection, program
from hemvist_infra.backups.store import Received, Store
from hemvist_infra.backups.wal import HISTORY, parse_segment, write_place
from hemvist_infra.embedded.guard import guarded

#: The slot on the server that keeps the log until it was received.
SLOT = "hemvist_backup"
#: Seconds between looks at what has come.
_LOOK = 0.5
#: Seconds after which a server that went away is tried again.
_AGAIN = 2.0


class Receiver:
    """Receives into ``store`` until it is stopped. ``every`` is in seconds; ``report`` hears what happens."""

    def __init__(
        self,
        store: Store,
        spool: Path,
        url: str,
        public: X25519PublicKey,
        *,
        every: float,
        report: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._store = store
        self._spool = spool
        self._target, self._environment = connection(url)
        self._public = public
        self._every = every
        self._report = report
        self._running: subprocess.Popen[bytes] | None = None
        self._copied: tuple[str, int] | None = None
        self._noted = 0.0
        #: Whole segments that are in the folder, of those that are in the spool.
        self._entered: set[str] = set()
        self._stopping = False

    def run(self) -> None:
        """Receive until ``stop``. A server that went away is waited for.

        Raises ``BackupProblem`` when it cannot be begun at all.
        """
        self._store.make()
        self._spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._make_slot()
        try:
            while not self._stopping:
                self._begin()
                while not self._stopping and self._alive():
                    self.ship()
                    time.sleep(_LOOK)
                self.ship(ended=True)
                if not self._stopping:
                    self._report(f"the server has gone: {self._last_words()}; trying again")
                    time.sleep(_AGAIN)
        finally:
            self._end()
            self.ship(ended=True)

    def stop(self) -> None:
        """Let ``run`` come to its end."""
        self._stopping = True

    def ship(self, *, ended: bool = False) -> None:
        """Seal what has come. ``ended``: nothing more comes, so nobody knows what the server has since."""
        # Asked first: what is in the spool afterwards is all that a living receiver had by then.
        at = real_now() if not ended and self._alive() else None
        newest: Path | None = None
        for path in sorted(self._spool.iterdir()):
            name = path.name.removesuffix(".partial")
            if parse_segment(name) is None and not HISTORY.fullmatch(name):
                continue
            if path.name == name:
                self._whole(path)
            if parse_segment(name) is not None:
                newest = path
        if newest is not None and (ended or time.monotonic() - self._noted >= self._every):
            self._noted = time.monotonic()
            self._note(newest, at)

    def _whole(self, path: Path) -> None:
        box, name = self._store.box_of(path.name)
        if path.name not in self._entered and not (
            box.exists() and path.name in self._store.ledger()
        ):
            self._store.enter(path.name, seal_file(box, name, self._public, path.read_bytes()))
        self._entered.add(path.name)
        # The newest stays: by it pg_receivewal knows where to go on.
        if any(
            one.name > path.name for one in self._spool.iterdir() if parse_segment(one.name[:24])
        ):
            path.unlink()
            self._entered.discard(path.name)

    def _note(self, path: Path, at: datetime | None) -> None:
        """Seal the segment that is being written, and write down how far the log has come."""
        name = path.name.removesuffix(".partial")
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            # It has become whole, or has gone to the folder, meanwhile.
            return
        segment = parse_segment(name, len(content)) if content else None
        if segment is None:
            return
        written = len(content)
        if path.name != name:
            written = len(content.rstrip(b"\0"))
            if self._copied != (name, written):
                box, sealed_as = self._store.box_of(name, partial=True)
                seal_file(box, sealed_as, self._public, content)
                self._copied = (name, written)
        if at is None:
            before = self._store.received()
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC) if before is None else before.at
        place = write_place(segment.number * len(content) + written)
        self._store.note_received(Received(at, place, segment.timeline))

    def _begin(self) -> None:
        options = ["--synchronous", "--no-loop", "--no-password", f"--slot={SLOT}"]
        command = [program("pg_receivewal"), "-d", self._target, "-D", self._spool, *options]
        with (self._spool / "receiving.log").open("wb") as log:
            self._running = subprocess.Popen(  # noqa: S603 - PostgreSQL's program, as a list
                guarded(command, signal.SIGTERM),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=self._environment,
            )

    def _make_slot(self) -> None:
        command: list[str | Path] = [program("pg_receivewal"), "-d", self._target]
        made = subprocess.run(  # noqa: S603 - PostgreSQL's program, as a list
            [*command, "--no-password", "--create-slot", "--if-not-exists", f"--slot={SLOT}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env=self._environment,
            check=False,
        )
        if made.returncode != 0:
            lines = made.stderr.strip().splitlines()
            raise BackupProblem(f"the log cannot be received: {lines[-1] if lines else '?'}")

    def _alive(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def _last_words(self) -> str:
        text = (self._spool / "receiving.log").read_text(errors="replace")
        return (text.strip().splitlines() or ["no reason told"])[-1]

    def _end(self) -> None:
        if self._running is not None and self._running.poll() is None:
            self._running.send_signal(signal.SIGINT)
            try:
                self._running.wait(5)
            except subprocess.TimeoutExpired:
                self._running.kill()
                self._running.wait()
