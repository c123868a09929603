"""``hemvist tenant import``: a kommun comes with its data. See docs/leaving.md."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hemvist_infra.backups import boxes
from hemvist_infra.leaving.checking import checked
from hemvist_infra.leaving.importing import import_
from hemvist_infra.leaving.showing import shown

app = typer.Typer()


@app.command("import")
def take_in(
    folder: Annotated[Path, typer.Argument(help="Folder of an export.")],
    key: Annotated[
        Path, typer.Option("--key", help="File with the private half that it was sealed to.")
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Only look through the export; no database is needed.")
    ] = False,
) -> None:
    """Import a kommun from an export, and prove that it is the same; status 1 where it is not.

    Stopped, the same command goes on. The kommun is suspended at the end: hemvist tenant resume takes it up.
    """
    private = boxes.read_private(key)
    with shown() as progress:
        if check:
            said, _ = checked(folder, private, progress)
            typer.echo(
                f"{said.slug} of {said.said['made_at'][:16]}: every byte is as it was written."
            )
            return
        found = import_(folder, private, progress)
    if found.already:
        typer.echo(f"{found.slug} was imported from this export already: nothing was done.")
        return
    judged = ", ".join(f"{number} {what}" for what, number in found.replays.items()) or "none"
    typer.echo(f"{found.slug}: {found.rows} rows, {found.put} of them put in by this run.")
    if found.findings:
        for line in found.findings:
            typer.echo(line, err=True)
        typer.echo(f"{found.slug} stays closed: it is not as it was exported.", err=True)
        raise typer.Exit(1)
    typer.echo(
        f"As exported to the last byte, its log too; {found.deadlines} deadlines run; judged anew: {judged}."
    )
    typer.echo(f"It is suspended: look at it, then hemvist tenant resume {found.slug}")
