"""Making a data folder of a base backup and the log since, up to the last there is or to a moment."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import RawIOBase
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hemvist.clock import real_now
from hemvist_infra.backups.boxes import fingerprint, opened
from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.backups.store import Base, Store

#: The setting by which a server says that it was restored and that nothing is to be sent from it.
RESTORED = "hemvist.restored"
#: Bytes read at a time.
_READ = 1 << 18


class Laid(NamedTuple):
    """A data folder that a server can be started on: it recovers first, then it is open."""

    base: Base
    data: Path
    #: The last segment of the log that it was given.
    last: str


def lay_out(
    store: Store,
    private: X25519PrivateKey,
    folder: Path,
    *,
    to: datetime | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> Laid:
    """Make ``folder/data`` and, beside it, ``folder/wal`` with the log opened. No server is started.

    ``to`` is the moment up to which is recovered; without one, the last there is. Raises
    ``BackupProblem`` where the folder is not empty, where there is no base backup for that moment, or where
    a file is not as it was sealed. A segment that is missing is not seen here: see ``Store.findings``.
    """
    base = store.base_before(to)
    if base.key != fingerprint(private.public_key()):
        raise BackupProblem(
            f"base backup {base.id} was sealed to the pair {base.key}: not to this one"
        )
    if folder.exists() and any(folder.iterdir()):
        raise BackupProblem(f"{folder} is not empty: choose another folder")
    folder.mkdir(parents=True, exist_ok=True)
    data, wal = folder / "data", folder / "wal"
    for made in (data, wal):
        made.mkdir(mode=0o700)
    report(f"base backup {base.id}")
    _unpack(store, base, private, data)
    last = _log(store, base, private, wal, report)
    _tell_server(data, wal, base, to)
    return Laid(base, data, last)


def _unpack(store: Store, base: Base, private: X25519PrivateKey, data: Path) -> None:
    path, name = store.data_of(base.id)
    source = _Pieces(opened(path, name, private))
    try:
        with tarfile.open(fileobj=source, mode="r|", bufsize=_READ) as tar:
            tar.extractall(data, filter=_as_server)  # noqa: S202 - nothing outside of the folder: data_filter
    except tarfile.TarError as wrong:
        raise BackupProblem(f"base backup {base.id} cannot be unpacked: {wrong}") from None
    # To the end: the last piece says that nothing was cut off.
    source.drain()
    data.chmod(0o700)


def _as_server(member: tarfile.TarInfo, path: str) -> tarfile.TarInfo:
    return tarfile.data_filter(member, path).replace(mode=0o700 if member.isdir() else 0o600)


def _log(
    store: Store,
    base: Base,
    private: X25519PrivateKey,
    wal: Path,
    report: Callable[[str], None],
) -> str:
    for name in store.histories():
        path, sealed_as = store.box_of(name)
        _write(wal / name, opened(path, sealed_as, private))
    there = store.since(base)
    report(f"{len(there)} segments of the log")
    last = ""
    for segment, whole in there.items():
        last = segment.name(base.segment_bytes)
        path, sealed_as = store.box_of(last, partial=not whole)
        _write(wal / last, opened(path, sealed_as, private))
    return last


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)


def _tell_server(data: Path, wal: Path, base: Base, to: datetime | None) -> None:
    if any(sign in str(wal) for sign in "'\"\\%$`\n"):
        raise BackupProblem(f"{wal}: choose a folder without quotes and signs of the shell")
    settings = {
        "restore_command": f'cp "{wal}/%f" "%p"',
        # What came after an earlier restore stands on a timeline, and in base backups, of its own.
        "recovery_target_timeline": "current",
        "recovery_target_time": "" if to is None else to.astimezone(UTC).isoformat(" "),
        "recovery_target_action": "promote",
        RESTORED: f"{base.id} {real_now():%Y%m%dT%H%M%SZ}",
    }
    with (data / "postgresql.auto.conf").open("a") as file:
        file.write("\n# Written by hemvist backup restore.\n")
        file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    (data / "recovery.signal").touch(0o600)


class _Pieces(RawIOBase):
    """Pieces read as a file, once and forwards."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` with what comes next; 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)

    def drain(self) -> None:
        """Read to the end."""
        for _ in self._pieces:
            pass
