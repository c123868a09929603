"""``hemvist figures``: count a kommun's figures now, as its worker does by itself."""

from __future__ import annotations

import time
from datetime import date
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from hemvist.clock import today
from hemvist.db import Audience, engine
from hemvist.tenancy import Tenant
from hemvist_infra.cli_input import day_of, fail
from hemvist_workers import figures

app = typer.Typer(no_args_is_help=True, help="Figures to steer by (nyckeltal).")


@app.callback()
def _group() -> None:
    """Figures to steer by (nyckeltal)."""


@app.command()
def count(
    tenant: Annotated[str, typer.Option(help="The kommun's slug; without one, all.")] = "",
    on: Annotated[
        str, typer.Option(help="Months before this day are told; today if not given.")
    ] = "",
) -> None:
    """Count from nothing, keep what the months that are over showed, and tell it. Safe to repeat."""
    day: date = day_of(on, "on") if on else today()
    with Session(engine(Audience.WORKER)) as session:
        asked = select(Tenant.id, Tenant.slug).where(Tenant.kind == "kommun").order_by(Tenant.slug)
        found = session.execute(asked.where(Tenant.slug == tenant) if tenant else asked).all()
    if not found:
        fail(f"tenant: there is no kommun {tenant!r}" if tenant else "there is no kommun")
    for tenant_id, slug in found:
        began = time.monotonic()
        differed, told = figures.everything(tenant_id, day)
        typer.echo(
            f"{slug}: {differed} facts were otherwise, {told} numbers told,"
            f" {time.monotonic() - began:.1f} s"
        )
