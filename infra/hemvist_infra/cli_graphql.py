"""``hemvist graphql``: the API's schema."""

from __future__ import annotations

import typer

from hemvist_graphql.export import write

app = typer.Typer(help="The GraphQL API.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The GraphQL API."""


@app.command("schema")
def schema() -> None:
    """Write the schema to graphql/schema.graphql."""
    print(write())
