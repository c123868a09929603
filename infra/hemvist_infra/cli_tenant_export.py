"""``hemvist tenant export`` and ``open``: a kommun's data as files. See docs/leaving.md."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hemvist_infra.backups import boxes
from hemvist_infra.leaving.exporting import export as export_kommun
from hemvist_infra.leaving.opening import open_
from hemvist_infra.leaving.showing import shown

app = typer.Typer()

Key = Annotated[
    Path, typer.Option("--key", help="File with the private half that the export was sealed to.")
]


@app.command()
def export(
    slug: str,
    out: Annotated[Path, typer.Option(help="New folder, or that of an export that was stopped.")],
    to: Annotated[Path, typer.Option(help="File with the receiver's public half.")],
) -> None:
    """Export a suspended kommun: checksummed NDJSON and files, its keys sealed to the receiver.

    Stopped, the same command goes on. The kommun's log says that it was exported, and to which key.
    """
    with shown() as progress:
        manifest = export_kommun(slug, out, boxes.read_public(to), progress)
    typer.echo(f"{slug} is exported: {manifest}")


@app.command("open")
def read(
    folder: Annotated[Path, typer.Argument(help="Folder of an export.")],
    key: Key,
    out: Annotated[Path, typer.Option(help="Empty folder. All of it will be in clear there.")],
) -> None:
    """Open an export to be read: every sealed value in clear. Needs no database."""
    with shown() as progress:
        rows = open_(folder, boxes.read_private(key), out, progress)
    typer.echo(f"{rows} rows in clear in {out}: it holds everything, keep it as such.")
