"""A server on what was restored, apart from everything: its own port, its own passwords, nothing sent.

It takes connections from this machine only, with a superuser that exists nowhere else, and none of the
source's settings that reach out: no archive, no standby, no libraries.
"""

from __future__ import annotations

import os
import secrets
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql

from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.backups.programs import program
from hemvist_infra.backups.restoring import Laid
from hemvist_infra.embedded import ports
from hemvist_infra.embedded.account import Account
from hemvist_infra.embedded.postgres import EmbeddedPostgres
from hemvist_infra.embedded.process import ServerProcess

_DRILL = "hemvist_drill"


class Recovered(NamedTuple):
    """How far recovery came. ``last_commit`` is an ISO moment, "" where nothing was replayed."""

    place: str
    last_commit: str


class Instance:
    """The server of a restored data folder. ``patience`` is how many seconds it may recover."""

    def __init__(
        self,
        laid: Laid,
        *,
        patience: float = 4 * 3600,
        report: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._laid = laid
        self._folder = laid.data.parent
        self._patience = patience
        self._report = report
        self._server = ServerProcess("PostgreSQL", self._folder / "postgresql.log")
        self._port = ports.any_free()
        self._password = secrets.token_urlsafe(32)

    @property
    def url(self) -> str:
        """The superuser's URL of the restored database, good until ``stop``."""
        place = f"{ports.LOOPBACK}:{self._port}"
        return f"postgresql://{_DRILL}:{self._password}@{place}/{self._laid.base.database}"

    def start(self) -> Recovered:
        """Start it, and wait until it has recovered and takes connections. Raises ``BackupProblem``."""
        account = Account.for_servers(self._laid.data)
        program_ = self._program(account)
        sockets = self._folder / "sockets"
        sockets.mkdir(mode=0o700, exist_ok=True)
        hba = self._folder / "pg_hba.conf"
        # By the socket nobody comes but who may enter its folder.
        hba.write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        ident = self._folder / "pg_ident.conf"
        ident.write_text("")
        self._hand_over(account, sockets, hba, ident)
        if not account.can_enter(self._folder):
            raise BackupProblem(
                f"user {account.name}, whom PostgreSQL runs as, cannot enter {self._folder}: choose another"
            )
        options = {
            "listen_addresses": ports.LOOPBACK,
            "port": str(self._port),
            "unix_socket_directories": str(sockets),
            "hba_file": str(hba),
            "ident_file": str(ident),
            "archive_mode": "off",
            # Nobody is let in before all is recovered, so the source's sizes need not be known.
            "hot_standby": "off",
            "primary_conninfo": "",
            "primary_slot_name": "",
            "synchronous_standby_names": "",
            "shared_preload_libraries": "",
            "ssl": "off",
            "logging_collector": "off",
            "log_destination": "stderr",
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        config = self._laid.data / "postgresql.conf"
        if not config.exists():
            config.touch(0o600)
            account.own(config)
        self._server.launch(account, [program_, "-D", self._laid.data, *flags], signal.SIGINT)
        self._wait()
        return self._take_over(sockets)

    def stop(self) -> None:
        """Stop it; harmless when it does not run."""
        self._server.end(((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0)))

    def _program(self, account: Account) -> Path:
        place = program("postgres")
        made_by = (self._laid.data / "PG_VERSION").read_text().strip()
        if str(self._laid.base.server_version // 10_000) != made_by:
            raise BackupProblem(f"the data are of PostgreSQL {made_by}, which the manifest denies")
        if not account.can_run(place):
            # The embedded wheel below a folder that the server's user cannot enter: its copy.
            return EmbeddedPostgres(self._folder).program(self._folder, account)
        return place

    def _hand_over(self, account: Account, *more: Path) -> None:
        if account.switch:
            for root in (self._laid.data, self._folder / "wal", *more):
                account.own(root)
                if root.is_dir():
                    for path, folders, files in os.walk(root):
                        for name in (*folders, *files):
                            account.own(Path(path, name))
        self._folder.chmod(0o711)

    def _wait(self) -> None:
        limit, told = time.monotonic() + self._patience, time.monotonic()
        while True:
            if self._server.pid is None:
                raise BackupProblem(f"the restored server does not start: {self._why()}")
            with suppress(psycopg.OperationalError):
                self._by_socket().close()
                return
            if time.monotonic() > limit:
                raise BackupProblem(
                    f"the restored server has not recovered in {self._patience:.0f} s"
                )
            if time.monotonic() - told > 30:
                told = time.monotonic()
                self._report("recovering …")
            time.sleep(0.1)

    def _why(self) -> str:
        lines = [one for one in self._server.output().splitlines() if "FATAL" in one]
        return lines[-1].strip() if lines else str(self._server.failure())

    def _by_socket(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self._folder / "sockets"),
            port=self._port,
            user=self._laid.base.superuser,
            dbname=self._laid.base.database,
            autocommit=True,
            connect_timeout=5,
        )

    def _take_over(self, sockets: Path) -> Recovered:
        limit = time.monotonic() + self._patience
        with self._by_socket() as connection:
            asked = "SELECT pg_is_in_recovery()"
            while connection.execute(asked).fetchone() == (True,):
                if time.monotonic() > limit:
                    raise BackupProblem("the restored server does not end its recovery")
                time.sleep(0.1)
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN SUPERUSER PASSWORD {}").format(
                    sql.Identifier(_DRILL), sql.Literal(self._password)
                )
            )
            row = connection.execute(
                "SELECT pg_last_wal_replay_lsn()::text, pg_last_xact_replay_timestamp()"
            ).fetchone()
        assert row is not None
        place, commit = row
        return Recovered(place or "", "" if commit is None else commit.isoformat())
