"""The folder of one server: where it is, who may use it, and that only one run does."""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hemvist_infra.embedded.account import Account
from hemvist_infra.embedded.problem import ServerProblem

Report = Callable[[str], None]

#: Where data go when the server's user cannot enter the folder asked for.
_ELSEWHERE = Path("/var/lib")


class FolderLock:
    """Held by one run at a time; the operating system gives it back even after ``kill -9``."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._handle: int | None = None

    def take(self) -> None:
        """Take the lock. Raises ``ServerProblem`` naming the process that has it."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())
        except BlockingIOError:
            holder = os.read(handle, 20).decode() or "unknown"
            os.close(handle)
            raise ServerProblem(
                f"{self._path.parent} is in use by process {holder}. Stop that run first, or"
                " choose another folder with HEMVIST_LOCAL_DIR."
            ) from None
        except OSError:
            os.close(handle)
            raise
        self._handle = handle

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def make_folder(folder: Path) -> None:
    """Make ``folder`` and its parents so that another user may pass through, but not list them."""
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(0o711)


def settle(folder: Path, account: Account, report: Report) -> Path:
    """The folder to use: ``folder`` itself, or one elsewhere that the server's user can enter.

    A clone below ``/root`` is closed to ``nobody``. Opening a parent folder is not ours to do, so
    the data go to a folder of their own and a link here shows the way, also on the next run.
    """
    make_folder(folder)
    link = folder / "elsewhere"
    if link.is_symlink():
        place = link.resolve()
        if not place.is_dir():
            raise ServerProblem(
                f"The data of {folder} were kept in {place}, which is gone. Bring it back, or"
                f" remove {link} to start with no data."
            )
        return place
    if account.can_enter(folder):
        return folder
    place = Path(tempfile.mkdtemp(prefix="hemvist-", dir=_ELSEWHERE))
    place.chmod(0o711)
    link.symlink_to(place)
    report(f"user {account.name} cannot enter {folder}: data are kept in {place}")
    return place


def write_secret(path: Path, value: str) -> None:
    """Write ``value`` so that only we can read it, and either whole or not at all."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        with suppress(FileNotFoundError):
            draft.unlink()
        raise
