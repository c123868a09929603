"""``hemvist switches``: what some kommuner have turned on or off, and until when. See docs/switches.md."""

from __future__ import annotations

import os
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from hemvist.clock import today
from hemvist.db import Audience, engine
from hemvist.errors import HemvistError
from hemvist.settings import get_settings
from hemvist.tenancy import Tenant
from hemvist.tenancy.platform import PLATFORM_SLUG
from hemvist_infra.onboarding import record_act
from hemvist_tenants import SWITCHES, load_tenant, load_tenants
from hemvist_tenants.switches import past
from hemvist_tenants.switching import with_choice

app = typer.Typer(no_args_is_help=True, help="Feature switches (funktionsväljare) of kommuner.")


class Way(StrEnum):
    """Which way a switch is set."""

    ON = "on"
    OFF = "off"


@app.command("list")
def show() -> None:
    """Every switch, its owner and last day, and the kommuner that have chosen; status 1 if one is past."""
    tenants = load_tenants()
    for switch in SWITCHES.values():
        way = "on" if switch.default else "off"
        typer.echo(f"{switch.name}: {way} unless chosen; {switch.owner}, until {switch.ends}")
        typer.echo(f"  {switch.description}")
        table = Table("kommun", "is", "since", "by", "why", box=None)
        for slug, tenant in tenants.items():
            for one in tenant.switches:
                if one.name == switch.name:
                    table.add_row(slug, "on" if one.on else "off", str(one.since), one.by, one.why)
        if table.row_count:
            Console().print(table)
    gone = past(today())
    for switch in gone:
        typer.echo(f"{switch.name} should have ended on {switch.ends}: {switch.owner} removes it")
    if gone:
        raise typer.Exit(1)


@app.command("set")
def choose(
    kommun: Annotated[str, typer.Argument(help="The kommun's slug.")],
    name: Annotated[str, typer.Argument(help="The switch.")],
    way: Annotated[Way, typer.Argument(help="on or off.")],
    by: Annotated[str, typer.Option(help="Who has decided it, in the kommun.")],
    why: Annotated[str, typer.Option(help="Why, in a sentence.")],
) -> None:
    """Write a kommun's choice into its file and its log. Processes read it when they start next."""
    if name not in SWITCHES:
        raise HemvistError(f"there is no switch {name!r}: there are {', '.join(SWITCHES)}")
    folder = get_settings().tenants_dir
    if folder is None:
        raise HemvistError("set HEMVIST_TENANTS_DIR: the files that come along are not changed")
    files = [file for file in sorted(folder.glob("*.toml")) if file.stem != PLATFORM_SLUG]
    found = [file for file in files if load_tenant(file).slug == kommun]
    if not found:
        raise HemvistError(f"{folder} has no file of {kommun!r}")
    (file,) = found
    made = _written(file, with_choice(file.read_text(), name, way is Way.ON, by, today(), why))
    # The log first: what is not in it is not done.
    try:
        _log(kommun, name, way)
        made.replace(file)
    finally:
        made.unlink(missing_ok=True)
    typer.echo(f"{kommun}: {name} is {way} in {file}. Start web processes anew, one by one.")


def _written(file: Path, text: str) -> Path:
    """The new text beside the file, read as a kommun's file would be: the old stands until it holds."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem}-", suffix=".new")
    made = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        made.chmod(file.stat().st_mode & 0o777)
        load_tenant(made)
    except BaseException:
        made.unlink()
        raise
    return made


def _log(slug: str, name: str, way: Way) -> None:
    with engine(Audience.WORKER).connect() as connection:
        tenant_id = connection.scalar(
            select(Tenant.id).where(Tenant.slug == slug, Tenant.kind == "kommun")
        )
    if tenant_id is None:
        raise HemvistError(f"there is no kommun {slug!r} in the register")
    # Who and why are a person's name and words: they stand in the file, codes in the log.
    record_act(tenant_id, "switch.set", {"switch": name, "way": str(way)})
