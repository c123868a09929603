"""Become another user, promise to end with the parent, then become the command.

Run as ``python -I -S guard.py PARENT SIGNAL UID GID COMMAND…`` (``-`` for UID and GID: stay). It
is a program and not a ``preexec_fn``, since Python code between fork and exec may hang in a
process that has threads.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from signal import Signals

_PR_SET_PDEATHSIG = 1


def guarded(
    command: Iterable[object], stop: Signals, user: tuple[int, int] | None = None
) -> list[str]:
    """``command`` so that it gets ``stop`` when this process dies, and runs as ``user``.

    ``user`` is a uid and a gid. On systems other than Linux nothing is sent on our death.
    """
    who = map(str, user) if user else ("-", "-")
    guard = (sys.executable, "-I", "-S", __file__, os.getpid(), int(stop), *who)
    return [*map(str, guard), *map(str, command)]


def main(arguments: list[str]) -> None:
    """Replace this process by the command; exits 127 when that is impossible."""
    parent, signal_number, uid, gid, *command = arguments
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    if sys.platform == "linux":
        # After the change of user, which clears it.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
        if os.getppid() != int(parent):
            sys.exit(127)
    try:
        os.execv(command[0], command)  # noqa: S606 - the server that it guards, as a list
    except OSError as error:
        print(f"cannot run {command[0]}: {error.strerror}", file=sys.stderr)
        sys.exit(127)


if __name__ == "__main__":
    main(sys.argv[1:])
