"""``hemvist db``: migrations."""

from __future__ import annotations

from typing import Annotated

import typer

from hemvist_infra import catalogue, database, revisions, upgrades
from hemvist_infra.upgrades import checking
from hemvist_infra.upgrades import released as released_names

app = typer.Typer(no_args_is_help=True, help="The database's roles and tables.")


@app.command()
def migrate() -> None:
    """Make the roles, then bring the tables up to date; where no other version serves."""
    database.migrate()
    typer.echo("The database is up to date.")


@app.command()
def upgrade(
    to: Annotated[str, typer.Option(help="Only to this migration.")] = "head",
    lock_ms: Annotated[
        int, typer.Option(help="Milliseconds for which a lock is waited for, others behind it.")
    ] = 30,
    patience: Annotated[
        float, typer.Option(help="Seconds for which a migration is tried again.")
    ] = 900.0,
    finish: Annotated[
        bool, typer.Option(help="The version before has ended: what only it needed goes too.")
    ] = False,
) -> None:
    """Bring the tables up to date while the version before serves; stopped, it goes on the next time."""
    manner = upgrades.Manner(lock_wait=lock_ms / 1000, patience=patience, tidy=finish)
    done = upgrades.run(database.administrator_url(), to, manner=manner, say=typer.echo)
    longest = max((lock.seconds for one in done for lock in one.locks), default=0.0)
    typer.echo(f"{len(done)} steps; longest lock {longest * 1000:.0f} ms.")


@app.command()
def status() -> None:
    """Which migration the database has, what is to be done, and whether this version can work with it."""
    with database.migrating_connection(database.administrator_url()) as connection:
        for line in upgrades.told(connection):
            typer.echo(line)


@app.command()
def lint() -> None:
    """Hold the migrations against the rules for changing tables in use; needs no database."""
    found = checking.findings()
    for one in found:
        typer.echo(str(one))
    if found:
        raise typer.Exit(1)
    typer.echo("Every migration keeps the rules.")


@app.command()
def released() -> None:
    """Write down, at a release, which tables and columns its code names: the next may not remove them."""
    typer.echo(released_names.write())


@app.command()
def check() -> None:
    """Hold the database against the code: keys, row security, grants, owners and roles."""
    with database.migrating_connection(database.administrator_url()) as connection:
        found = catalogue.problems(connection)
    for line in found:
        typer.echo(line)
    if found:
        raise typer.Exit(1)
    typer.echo("Every table is as declared.")


@app.command()
def revision(
    message: Annotated[str, typer.Option("--message", "-m", help="What changes, in a few words.")],
    replace_base: Annotated[
        bool,
        typer.Option(
            help="Remove every migration and write 0001 anew. Only before the first release."
        ),
    ] = False,
) -> None:
    """Write the next migration from the tables in the code, policies and grants included."""
    typer.echo(revisions.write_revision(message, replace_base=replace_base))
