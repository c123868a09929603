"""``hemvist db``: migrations."""

from __future__ import annotations

from typing import Annotated

import typer

from hemvist_infra import catalogue, database, revisions

app = typer.Typer(no_args_is_help=True, help="The database's roles and tables.")


@app.command()
def migrate() -> None:
    """Make the roles, then bring the tables of HEMVIST_DATABASE_URL up to date."""
    database.migrate()
    typer.echo("The database is up to date.")


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
