"""``hemvist demo``: synthetic kommuner to try the platform with, or to measure it with."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hemvist_infra import demo
from hemvist_infra.dev.progress import Step, Steps
from hemvist_infra.national import Report, Size, generate

app = typer.Typer(no_args_is_help=True, help="Synthetic data for development, never production.")

_WHOLE = Size()


@app.command()
def seed() -> None:
    """Fill HEMVIST_DATABASE_URL with demo kommuner and 2 000 invented households."""
    with Steps(Console()).step("demo kommuner and households") as step:
        demo.seed(step.advance)


@app.command()
def national(
    kommuner: Annotated[int, typer.Option(help="How many of the 290.")] = _WHOLE.kommuner,
    households: Annotated[int, typer.Option(help="Households in all.")] = _WHOLE.households,
    seed: Annotated[int, typer.Option(help="The same seed makes the same rows.")] = _WHOLE.seed,
    audit_rows: Annotated[
        int | None, typer.Option(help="Audit rows in all; by the households where not given.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(help="Kommuner filled at a time.")] = None,
    folder: Annotated[
        Path, typer.Option(help="Where the kommuner's files go, for HEMVIST_TENANTS_DIR.")
    ] = Path(".local/national"),
) -> None:
    """Fill HEMVIST_DATABASE_URL with a country: 290 kommuner, ten years, 20 million audit rows."""
    console = Console()
    with ExitStack() as stack:
        shown = _Shown(Steps(console), stack)
        report = generate(Size(kommuner, households, seed, audit_rows), folder, shown.advance, jobs)
    _tell(console, report, folder)


class _Shown:
    """One line of progress for each step, the next when the one before is over."""

    def __init__(self, steps: Steps, stack: ExitStack) -> None:
        self._steps = steps
        self._stack = stack
        self._title = ""
        self._step = Step()

    def advance(self, title: str, done: int, total: int) -> None:
        """``done`` of ``total`` of the step ``title``."""
        if title != self._title:
            self._stack.close()
            self._title = title
            self._step = self._stack.enter_context(self._steps.step(title))
        if total:
            self._step.advance(done, total)


def _tell(console: Console, report: Report, folder: Path) -> None:
    table = Table("table", box=None)
    table.add_column("rows", justify="right")
    table.add_column("MB", justify="right")
    for name, count in report.rows.items():
        table.add_row(name, f"{count:,}", f"{report.bytes.get(name, 0) / 1e6:,.1f}")
    table.add_row(
        "all", f"{sum(report.rows.values()):,}", f"{sum(report.bytes.values()) / 1e6:,.1f}"
    )
    console.print(table)
    parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report.seconds.items())
    console.print(f"{sum(report.seconds.values()):.1f} s in all: {parts}", highlight=False)
    console.print(f"To serve them: HEMVIST_TENANTS_DIR={folder}", highlight=False, soft_wrap=True)
