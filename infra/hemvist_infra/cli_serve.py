"""``hemvist web``, ``worker``, ``beat`` and ``migrate``: what a container runs, and ``secrets`` for it.

The first three become the program that serves (``exec``), so that a platform's signals reach it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from hemvist.settings import get_settings
from hemvist.tenancy.key_folder import require_keys
from hemvist_infra import database, deployment, onboarding, upgrades

#: Seconds for requests at hand to end; the platform's own patience must be longer.
_GRACE = 25


def web(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "0.0.0.0",  # noqa: S104 - inside a container
    port: Annotated[int, typer.Option(help="The port to listen at.")] = 8000,
) -> None:
    """Serve pages, both APIs and health, in one process, until told to stop."""
    get_settings()
    require_keys()
    _become(
        *("uvicorn", "hemvist_infra.app:create_app", "--factory"),
        *("--host", host, "--port", str(port)),
        # Addresses may hold what a person typed into a search field.
        *("--no-access-log", "--no-server-header"),
        *("--timeout-graceful-shutdown", str(_GRACE)),
    )


def worker(
    queues: Annotated[str, typer.Option(help="The queues to take from; without it, all.")] = "",
    concurrency: Annotated[int, typer.Option(min=1, help="Tasks at once, a process each.")] = 2,
) -> None:
    """Do background work until told to stop; the task at hand is done first."""
    get_settings()
    require_keys()
    _become(
        *("celery", "--quiet", "-A", "hemvist_infra.worker", "worker", "--loglevel", "INFO"),
        *("--concurrency", str(concurrency)),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        *(("--queues", queues) if queues else ()),
    )


def beat() -> None:
    """Start what time brings about. Of several beats one leads; another follows within seconds."""
    folder = get_settings().run_dir or Path(tempfile.gettempdir())
    _become(
        *("celery", "--quiet", "-A", "hemvist_infra.worker", "beat", "--loglevel", "INFO"),
        *("--schedule", str(folder / "hemvist-beat-schedule")),
    )


def migrate() -> None:
    """Bring the database up to this version, beside the one that serves, and enter the kommuner that have
    a file: before each start."""
    upgrades.run(database.administrator_url(), manner=upgrades.Manner(), say=typer.echo)
    typer.echo("The database is up to date.")
    typer.echo(f"In the register: {', '.join(onboarding.onboard_all())}.")


def secrets(
    folder: Annotated[Path, typer.Argument(help="Where the files go; what is there stays.")],
    pooler: Annotated[str, typer.Option(help="HOST:PORT of PgBouncer.")],
    name: Annotated[str, typer.Option("--database", help="The database's name.")] = "hemvist",
    own_servers: Annotated[
        bool,
        typer.Option("--own-servers", help="Also for the compose file's PostgreSQL and Valkey."),
    ] = False,
) -> None:
    """Write the secrets of a deployment, a file each: the secret key, the master key, who connects how."""
    written = list(deployment.write_secrets(folder, pooler, name))
    if own_servers:
        written += deployment.write_own_servers(folder, name)
    for path in written:
        typer.echo(f"written: {path}")


#: In the order of ``hemvist --help``.
COMMANDS: tuple[Callable[..., None], ...] = (web, worker, beat, migrate, secrets)


def _become(module: str, *arguments: str) -> None:
    """Go on as ``python -m module``, under the same process number."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - our own command, as a list
