"""``hemvist graphql``: the API's schema, and a token to try it with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import httpx2
import typer

from hemvist.errors import HemvistError
from hemvist.settings import get_settings
from hemvist_graphql.export import write, write_landlords
from hemvist_graphql.limits import MAX_COST
from hemvist_graphql.persisted import persist
from hemvist_infra.dev_issuer.client import person_token

app = typer.Typer(help="The GraphQL API.", no_args_is_help=True)


@app.command("schema")
def schema() -> None:
    """Write the schemas to graphql/schema.graphql and graphql/landlord.graphql."""
    print(write())
    print(write_landlords())


@app.command("persist")
def persist_documents(
    files: Annotated[list[Path], typer.Argument(help="Files with one document each.")],
    into: Annotated[
        Path | None, typer.Option(help="Put them there: the folder HEMVIST_DOCUMENTS_DIR names.")
    ] = None,
) -> None:
    """Check documents of your own programs, and print the documentId of each.

    Nothing is sent anywhere: a running Hemvist reads its folder of documents when it starts.
    """
    for path in files:
        id_, cost = persist(path, into)
        print(f"{id_}  {path}  (costs at most {cost} of {MAX_COST})")


@app.command("token")
def token(
    slug: Annotated[str, typer.Argument(help="The kommun, for example helsingborg.")],
    username: Annotated[str, typer.Argument(help="A demo person, as make run lists them.")],
    url: Annotated[str, typer.Option(help="Where Hemvist runs; default HEMVIST_BASE_URL.")] = "",
) -> None:
    """Print a bearer token of a demo person from the development issuer of a running Hemvist."""
    try:
        print(person_token(url or get_settings().base_url, slug, username))
    except (LookupError, httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise HemvistError(f"no token: {error}") from error
