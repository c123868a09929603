"""Who a server runs as. PostgreSQL refuses root, and neither server has any need of it."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hemvist_infra.embedded.guard import guarded
from hemvist_infra.embedded.problem import ServerProblem


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the operating system; ``switch`` is false when we are that user already."""

    name: str
    uid: int
    gid: int
    switch: bool

    @classmethod
    def for_servers(cls, data: Path) -> Account:
        """Ourselves, or for root the owner of ``data``, or ``nobody`` when there are no data yet.

        Raises ``ServerProblem`` when we are root and there is no user to become.
        """
        if os.geteuid() != 0:
            uid = os.geteuid()
            return cls(name=_name_of(uid), uid=uid, gid=os.getegid(), switch=False)
        owner = data.stat() if data.exists() else None
        if owner is not None and owner.st_uid != 0:
            return cls(_name_of(owner.st_uid), owner.st_uid, owner.st_gid, switch=True)
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            raise ServerProblem(
                "The embedded servers do not run as root and this machine has no user 'nobody'."
                " Run as an ordinary user, or set HEMVIST_DATABASE_URL and HEMVIST_REDIS_URL."
            ) from None
        return cls(nobody.pw_name, nobody.pw_uid, nobody.pw_gid, switch=True)

    def command(self, command: Sequence[str | Path], stop: signal.Signals) -> list[str]:
        """``command`` so that it runs as this user and gets ``stop`` when this process dies."""
        return guarded(command, stop, (self.uid, self.gid) if self.switch else None)

    def can_enter(self, folder: Path) -> bool:
        """Whether this user gets into ``folder``, which may be a question of any parent of it."""
        return self._works(["/bin/sh", "-c", 'cd "$0"', str(folder)])

    def can_run(self, program: Path) -> bool:
        """Whether this user may execute ``program`` and read the libraries beside it."""
        return self._works([str(program), "--version"])

    def own(self, path: Path) -> None:
        """Give ``path`` to this user."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def _works(self, command: Sequence[str]) -> bool:
        ran = subprocess.run(  # noqa: S603 - our own commands, as a list
            self.command(command, signal.SIGKILL),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            cwd="/",
        )
        return ran.returncode == 0


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
