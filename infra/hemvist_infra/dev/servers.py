"""The database and the broker of a run: those the environment names, or embedded ones."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack

from hemvist_infra.dev.local import LocalFolder
from hemvist_infra.embedded import EmbeddedPostgres, EmbeddedValkey, ServerProblem
from hemvist_infra.embedded.database import own_database
from hemvist_infra.embedded.server import EmbeddedServer


class Servers:
    """Starts what is not named in the environment, and stops that again."""

    def __init__(self, folder: LocalFolder, report: Callable[[str], None]) -> None:
        self._folder = folder
        self._report = report
        self._running: list[EmbeddedServer] = []
        self._stack = ExitStack()

    def start(self) -> dict[str, str]:
        """The settings ``HEMVIST_DATABASE_URL`` and ``HEMVIST_REDIS_URL``.

        Raises ``ServerProblem``; what had started by then is stopped by ``stop``.
        """
        database = os.environ.get("HEMVIST_DATABASE_URL") or own_database(
            self._run(EmbeddedPostgres(self._folder.postgres, *self._asked("POSTGRES")))
        )
        broker = os.environ.get("HEMVIST_REDIS_URL") or self._run(
            EmbeddedValkey(self._folder.valkey, *self._asked("VALKEY"))
        )
        return {"HEMVIST_DATABASE_URL": database, "HEMVIST_REDIS_URL": broker}

    def problem(self) -> ServerProblem | None:
        """Why a server has ended by itself, if one has."""
        dead = next((server for server in self._running if server.pid is None), None)
        return dead.failure() if dead else None

    def stop(self) -> None:
        """Stop what was started, the last first."""
        self._running.clear()
        self._stack.close()

    def _run(self, server: EmbeddedServer) -> str:
        self._stack.callback(server.stop)
        url = server.start()
        self._running.append(server)
        return url

    def _asked(self, name: str) -> tuple[int | None, Callable[[str], None]]:
        return port_setting(f"HEMVIST_{name}_PORT"), self._report


def port_setting(name: str) -> int | None:
    """The port that the environment variable ``name`` gives, or ``None``."""
    value = os.environ.get(name, "").strip()
    if not value:
        return None
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise ServerProblem(f"{name} must be a port from 1 to 65535, not {value!r}.")
    return int(value)
