"""The database and the broker of a run: those the environment names, or embedded ones."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from hemvist.settings import read_settings
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
        given = read_settings()
        database = given.database_url or own_database(
            self._run(EmbeddedPostgres(self._folder.postgres, given.postgres_port, self._report))
        )
        broker = given.redis_url or self._run(
            EmbeddedValkey(self._folder.valkey, given.valkey_port, self._report)
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
