"""``hemvist tenant erase``: a kommun's data go, with proof. See docs/leaving.md."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from hemvist.errors import HemvistError
from hemvist_infra.leaving import certificate, erasing, files
from hemvist_infra.leaving.showing import shown

app = typer.Typer()


@app.command()
def erase(
    slug: str,
    by: Annotated[str, typer.Option(help="Who asks or agrees; stands in the certificate.")] = "",
    because: Annotated[str, typer.Option(help="Why: asks for the erasure.")] = "",
    wait: Annotated[
        int, typer.Option(min=0, max=365, help="Days until another person may agree.")
    ] = erasing.WAIT,
    confirm: Annotated[
        str, typer.Option(help="The slug once more: agrees, and there is no way back.")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="File for the certificate.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the request back.")] = False,
) -> None:
    """Erase a closed kommun: one person asks (--because), another agrees (--confirm) after the wait.

    Its keys go first, then every row; the certificate says what went and what stays elsewhere. Stopped, the
    same command goes on; given once more, it tells the same certificate again.
    """
    if withdraw:
        erasing.withdraw(slug)
        typer.echo(f"The request to erase {slug} is withdrawn.")
        return
    if not confirm:
        day = erasing.request(slug, by, because, timedelta(days=wait))
        typer.echo(f"Asked for. From {day} UTC on another person may agree:")
        typer.echo(f"hemvist tenant erase {slug} --confirm {slug} --by NAME --out FILE")
        return
    if confirm != slug:
        raise HemvistError(f"this cannot be undone: say it with --confirm {slug}")
    if not by.strip():
        raise HemvistError("say who agrees: --by NAME")
    with shown() as progress:
        said = erasing.erase(slug, by, progress)
    text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    if out is not None:
        with files.full_disk_told(out.parent):
            files.put(out, text.encode())
    rows = sum(said["rows_before"].values())
    typer.echo(f"{rows} rows in {len(said['rows_before'])} tables are gone, and the keys.")
    typer.echo(
        f"Copies in backups go by {said['backups_until']}; they open nothing that was sealed."
    )
    typer.echo(f"Certificate {certificate.digest(said)}{'' if out is None else f' in {out}'}")
