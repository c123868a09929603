"""What a benchmark leaves: a table for the reader, a file for whoever compares."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

FOLDER = Path("build/bench")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. ``goal`` is what it may at most be; None where none is set."""

    name: str
    value: float
    unit: str
    goal: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met, where there is one."""
        return None if self.goal is None else self.value <= self.goal


def report(name: str, figures: list[Figure]) -> None:
    """Print the table and write ``build/bench/NAME.json``."""
    table = Table(title=name)
    for heading in ("figure", "value", "unit", "goal", "met"):
        table.add_column(heading, justify="right" if heading in ("value", "goal") else "left")
    for figure in figures:
        goal = "" if figure.goal is None else f"≤ {figure.goal:g}"
        met = {None: "", True: "yes", False: "no"}[figure.met]
        table.add_row(figure.name, f"{figure.value:.3g}", figure.unit, goal, met)
    Console().print(table)
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = [{**asdict(figure), "met": figure.met} for figure in figures]
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    print(path)
