"""``hemvist citus``: whether the database could be spread over many machines, and what does it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from hemvist.settings import get_settings
from hemvist_infra import database
from hemvist_infra.revisions import server_url

app = typer.Typer(no_args_is_help=True, help="Growing beyond one database, with Citus.")


@app.command()
def check(
    statements: Annotated[
        Path | None,
        typer.Option(help="Statements to look at too: lines of JSON with role, place and text."),
    ] = None,
) -> None:
    """Hold tables, policies and functions (and statements) against what Citus asks; status 1 if not.

    Without HEMVIST_DATABASE_URL the tables are made on a server of its own.
    """
    # What reads statements is loaded only where it is wanted.
    from hemvist_infra import distribution

    with server_url() as url, _migrated(url) as connection:
        found = [str(one) for one in distribution.problems(connection)]
    read = 0
    if statements is not None:
        from hemvist_infra.distribution import sent

        lines = [json.loads(line) for line in statements.read_text(encoding="utf-8").splitlines()]
        read = len(lines)
        found += [str(one) for one in sent.problems(sent.Sent(**line) for line in lines)]
    for one in found:
        typer.echo(one)
    if found:
        raise typer.Exit(1)
    typer.echo(f"Nothing that Citus would refuse: every table, and {read} statements.")


@contextmanager
def _migrated(url: str) -> Iterator[Connection]:
    """The owner's connection; a server of our own, where none is set, has its tables made first."""
    if get_settings().database_url is None:
        database.migrate(url)
    with database.migrating_connection(url) as connection:
        yield connection


@app.command()
def script(
    back: Annotated[
        bool, typer.Option("--back", help="The way back to one database; keep it before you begin.")
    ] = False,
    shards: Annotated[int, typer.Option(help="Shards of each table.", min=1)] = 0,
) -> None:
    """Write the SQL that spreads the tables of HEMVIST_DATABASE_URL; nothing is changed."""
    from hemvist_infra.distribution.script import SHARDS, backward, forward

    with database.migrating_connection(database.administrator_url()) as connection:
        parts = backward(connection) if back else forward(connection, shards or SHARDS)
    typer.echo("\\set ON_ERROR_STOP on\n")
    typer.echo("\n".join(str(part) for part in parts))


@app.command()
def plan() -> None:
    """What 290 kommuner, and ten countries like Sweden, would need: the arithmetic of docs/growing.md."""
    from hemvist_infra.distribution.sizing import written

    typer.echo(written())
