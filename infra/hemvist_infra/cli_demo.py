"""``hemvist demo``: synthetic kommuner to try the platform with."""

from __future__ import annotations

import typer
from rich.console import Console

from hemvist_infra import demo
from hemvist_infra.dev.progress import Steps

app = typer.Typer(no_args_is_help=True, help="Synthetic data for development, never production.")


@app.callback()
def _group() -> None:
    """Keeps ``seed`` a subcommand while it is the only one."""


@app.command()
def seed() -> None:
    """Fill HEMVIST_DATABASE_URL with demo kommuner and 2 000 invented households."""
    with Steps(Console()).step("demo kommuner and households") as step:
        demo.seed(step.advance)
