"""``hemvist tenant new|check|create|invite``: a kommun from an empty file to its first administrator.

See docs/new-kommun.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hemvist.errors import HemvistError
from hemvist_infra.tenant_life import inviting
from hemvist_infra.tenant_life.checking import Checked, check_kommun
from hemvist_infra.tenant_life.creating import Creation, folder_of_files, kommun_of
from hemvist_infra.tenant_life.figures import figure_lines
from hemvist_infra.tenant_life.findings import Weight
from hemvist_infra.tenant_life.starting import people_file, starting_file

app = typer.Typer()

_FILE = Annotated[
    Path, typer.Argument(metavar="FILE.toml", help="The kommun's file.", dir_okay=False)
]
_LIVE = Annotated[bool, typer.Option("--live/--no-live", help="Try the kommun's issuers.")]
_MAIL = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Mail the letter there; without it, it is printed.")
]


@app.command("new")
def new(
    slug: Annotated[str, typer.Argument(help="The name in addresses: a-z, 0-9 and '-'.")],
    development: Annotated[
        bool, typer.Option("--development", help="With the development issuer and invented people.")
    ] = False,
) -> None:
    """Write SLUG.toml to begin with, every key with its reason; what is in "" is to be filled in."""
    file = Path(f"{slug}.toml")
    text = starting_file(slug, development=development)
    if file.exists():
        raise HemvistError(f"{file} is there already, and stays as it is")
    file.write_text(text, encoding="utf-8")
    typer.echo(f"{file} is written. Fill it in, then: hemvist tenant check {file}")
    if development:
        people = folder_of_files() / "people" / f"{slug}.toml"
        people.parent.mkdir(parents=True, exist_ok=True)
        people.write_text(people_file(), encoding="utf-8")
        typer.echo(f"{people} has its invented people.")


@app.command("check")
def check(
    file: _FILE,
    live: _LIVE = True,
    claims: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.json", help="What the issuer sends of somebody: says what they would be."
        ),
    ] = None,
) -> None:
    """Look at a kommun's file, its guidelines, roles and issuers; change nothing. Status 1 if it fails."""
    checked = check_kommun(file, live=live, claims=claims)
    if not _told(checked):
        raise typer.Exit(1)


@app.command("create")
def create(
    file: _FILE,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be made, with figures.")
    ] = False,
    live: _LIVE = True,
    mail: _MAIL = "",
) -> None:
    """Take a kommun on: check, then file, register, keys, guidelines, opening and the invitation.

    Run again after any stop, it goes on where it was.
    """
    checked = check_kommun(file, live=live)
    if not _told(checked) or checked.tenant is None:
        raise typer.Exit(1)
    if mail:
        inviting.require_own_address(checked.tenant, mail)
    creation = Creation(file, checked.tenant)
    typer.echo("")
    for line in figure_lines(checked.tenant, checked.packs):
        typer.echo(line)
    typer.echo("")
    if dry_run:
        creation.foresee(_step)
        typer.echo("\nNothing was changed.")
        return
    creation.run(_step)
    typer.echo(
        f"\n{checked.tenant.name} is taken on. Start web and worker anew, so that they know it.\n"
    )
    _invite(creation, mail)


@app.command("invite")
def invite(slug: str, mail: _MAIL = "") -> None:
    """Write the first administrator's letter anew: printed, or mailed. Earlier links stay good."""
    tenant = kommun_of(slug)
    if mail:
        inviting.require_own_address(tenant, mail)
    creation = Creation(folder_of_files() / f"{slug}.toml", tenant)
    if creation.is_new:
        raise HemvistError(f"{slug} is not in the register: hemvist tenant create {slug}.toml")
    _invite(creation, mail)


def _invite(creation: Creation, mail: str) -> None:
    tenant, tenant_id = creation.tenant, creation.tenant_id
    if mail:
        inviting.send(tenant, tenant_id, mail)
        typer.echo(f"The invitation went to {mail}.")
        return
    typer.echo("For the first administrator, by hand or by a mail of your own:\n")
    typer.echo(inviting.letter(tenant, tenant_id))


def _step(number: int, steps: int, name: str, told: str) -> None:
    # Seen at once also through a pipe: who is stopped has said how far it came.
    print(f"{number}/{steps} {name}: {told}", flush=True)


def _told(checked: Checked) -> bool:
    """Say what was found; whether nothing needs mending."""
    for finding in checked.report.findings:
        for line in finding.lines():
            typer.echo(line)
    faults = sum(one.weight is Weight.FAULT for one in checked.report.findings)
    notes = sum(one.weight is Weight.NOTE for one in checked.report.findings)
    ending = "" if faults else " The kommun can be taken on."
    typer.echo(f"{faults} faults, {notes} notes.{ending}")
    return not faults
