"""``hemvist settings``: what can be set, and whether what is set holds. See docs/settings.md."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hemvist.settings import Process, begin
from hemvist_infra.settings_page import page

app = typer.Typer(no_args_is_help=True, help="What can be set, and whether what is set holds.")


@app.command()
def check(
    process: Annotated[Process, typer.Option(help="The process that shall start with them.")] = (
        Process.WEB
    ),
) -> None:
    """Whether a process would start with these settings; status 2 and a line for each fault if not."""
    settings = begin(process)
    typer.echo(f"{process}, {settings.environment}: the settings hold.")


@app.command("page")
def write_page(
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("docs/settings.md"),
) -> None:
    """Write the page of every setting (docs/settings.md)."""
    out.write_text(page())
    typer.echo(f"{out} is written.")
