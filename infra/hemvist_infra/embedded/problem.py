"""What can go wrong when a server is started, as one sentence a person can act on."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FULL = (errno.ENOSPC, errno.EDQUOT)
#: Below this a server cannot even write its lock file and log, so a failure is put down to it.
_NOTHING_LEFT = 1024 * 1024


class ServerProblem(Exception):
    """A server cannot be started or used. The message says what is wrong and what to do."""


def disk_full(folder: Path) -> ServerProblem:
    """The problem of having no room for ``folder``."""
    return ServerProblem(
        f"The disk is full: no room left for {folder}. Free some space there and start again;"
        " nothing that was saved is lost."
    )


def looks_full(folder: Path, output: str) -> bool:
    """Whether a failure is due to a full disk, by what was printed or by what is free.

    A server on a full disk often cannot write its own log, hence the look at the disk itself.
    """
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return True
    place = next(p for p in (folder, *folder.parents) if p.exists())
    space = os.statvfs(place)
    return space.f_bavail * space.f_frsize < _NOTHING_LEFT


@contextmanager
def clear_sentences(folder: Path) -> Iterator[None]:
    """Turn the operating system's errors about ``folder`` into a ``ServerProblem``."""
    try:
        yield
    except PermissionError as error:
        raise ServerProblem(
            f"No permission for {error.filename or folder}. Run as the user who made {folder},"
            " or remove that folder to start afresh."
        ) from error
    except OSError as error:
        if error.errno in _FULL or looks_full(folder, str(error)):
            raise disk_full(folder) from error
        raise ServerProblem(f"{error.strerror}: {error.filename or folder}.") from error
