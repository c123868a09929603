"""``hemvist networks``: the networks for protected moves between kommuner."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from hemvist.db import Audience, engine
from hemvist.errors import HemvistError
from hemvist.exchange import archive
from hemvist.tenancy import Tenant
from hemvist_tenants.transfer_networks import load_networks

app = typer.Typer(
    no_args_is_help=True, help="The networks for protected moves (skyddad flytt) between kommuner."
)


@app.command("list")
def show() -> None:
    """The networks that have a file, and how many kommuner are named in each."""
    table = Table("code", "name", "members", box=None)
    for content in load_networks():
        table.add_row(content["code"], content["name"], str(len(content["members"])))
    Console().print(table)


@app.command()
def account(
    tenant: Annotated[str, typer.Option(help="Slug of the kommun that asks.")],
    proposal: Annotated[str, typer.Option(help="Id of its proposal.")],
    matter: Annotated[
        str, typer.Option(help="Number of the matter it is asked for in; stands in the log.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """How a proposal came about, made again from what was kept sealed.

    For whoever a kommun's function has asked in writing: it takes the key folder, and the kommun's log
    says that it was done. Exit status 2 when what was kept does not give the same proposal.
    """
    try:
        proposal_id = UUID(proposal)
    except ValueError:
        raise HemvistError(f"{proposal!r} is no id") from None
    found = archive.account(_tenant_id(tenant), proposal_id, matter=matter)
    holds = found.seed_as_committed and all(
        one.input_as_kept and one.same_answer and one.proven for one in found.clearings
    )
    if as_json:
        typer.echo(json.dumps(asdict(found) | {"holds": holds}, default=str, indent=2))
    else:
        _print(found)
    if not holds:
        raise typer.Exit(2)


def _print(found: archive.Account) -> None:
    typer.echo(f"{found.round_kind} round, begun {found.begun_at:%Y-%m-%d %H:%M} UTC")
    typer.echo(f"seed as committed: {_said(found.seed_as_committed)}")
    if found.by_override:
        typer.echo("beside the plan, asked for by a coordinator of the sending kommun")
    for one in found.clearings:
        typer.echo(f"clearing {one.number}, {one.cleared_at:%Y-%m-%d %H:%M} UTC")
        typer.echo(f"  input as kept: {_said(one.input_as_kept)}")
        typer.echo(f"  same answer: {_said(one.same_answer)}, proven: {_said(one.proven)}")
        typer.echo(f"  objective: {list(one.objective)}")
        for other in one.instead:
            typer.echo(f"  not {other.flat}: {other.reason} {other.level}".rstrip())


def _said(holds: bool) -> str:
    return "yes" if holds else "NO"


def _tenant_id(slug: str) -> UUID:
    with Session(engine(Audience.WORKER)) as session:
        found = session.scalar(select(Tenant.id).where(Tenant.slug == slug))
    if found is None:
        raise HemvistError(f"no kommun {slug!r} in the register")
    return found
