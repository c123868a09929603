"""The benchmark's page among the documents: tables of ratios, how they were made, what is spared."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy import Measured

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks" / "policy.md"
_PEERS = {"cel": "cel-expr-python", "zen": "zen-engine", "openfisca": "openfisca-core"}


def write(measured: Measured) -> Path:
    """Write the page and give its path."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    parts = (_head(), _one(measured), _many(measured), _agreement(measured), _packs(measured))
    PAGE.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return PAGE


def _head() -> str:
    peers = ", ".join(f"{name} {version(name)}" for name in _PEERS.values())
    return f"""# What judging by a guideline costs

Written by `make bench-policy` on {date.today()}, Python {platform.python_version()},
{_machine()}, beside {peers}.
[Twelve rules](../../bench/policy_pack/pack.yaml) of an invented kommun, of the kinds that the real
guidelines have, over the same invented cases; about one answer in sixteen is unknown. CPU time, the
engines in turns in one process, the best of several rounds. Ratios travel from machine to machine;
seconds are for orientation.

What the peers are spared, which makes the ratios kinder to them: none of them checks an answer,
says what to ask, or knows what a clause is called and where it is written. The month arithmetic is
done for them beforehand. zen-engine's unknowns are written out by hand; openfisca-core has none,
and takes a missing answer for no, 0 or nothing."""


def _one(measured: Measured) -> str:
    one = measured.one

    def row(what: str, name: str, base: str) -> Sequence[str]:
        return what, f"{one[name]:.1f}", _ratio(one[name] / one[base])

    rows = [
        row(
            "**Hemvist**: answers checked, every clause judged, outcome and what to ask",
            "answer",
            "answer",
        ),
        row("Hemvist, and the trace put into words (labels, sources, reasons)", "trace", "answer"),
        row("Hemvist, and the trace as JSON", "json", "answer"),
        row("cel-expr-python, every clause", "cel", "answer"),
        row("zen-engine, every rule", "zen", "answer"),
        row("openfisca-core, every rule", "openfisca", "answer"),
    ]
    ready = [
        row("**Hemvist**, facts ready", "ready", "ready"),
        row("cel-expr-python, facts ready", "cel ready", "ready"),
        row("zen-engine, facts ready", "zen ready", "ready"),
    ]
    heading = ("from a person's answers to twelve outcomes", "µs of CPU", "ratio")
    return "\n\n".join(
        [
            "## One case",
            _table(heading, rows),
            "The same without the way from answers to facts (dates read, unknown ones left out; for\n"
            "Hemvist the check of every answer too):",
            _table(("from facts to twelve outcomes", "µs of CPU", "ratio"), ready),
        ]
    )


def _many(measured: Measured) -> str:
    load, peers = measured.caseload, measured.peers_million

    def row(what: str, seconds: float) -> Sequence[str]:
        return what, f"{seconds:.2f}", _ratio(seconds / load["judged"])

    rows = [
        row("**Hemvist**, columns: every rule of every case", load["judged"]),
        row("Hemvist, and every clause's outcome", load["traced"]),
        row("Hemvist, and for every fact how many unknown cases ask for it", load["asked"]),
        row("Hemvist, two versions and who goes from which answer to which", load["diff"]),
        row("Hemvist, the stored table read back into memory", load["read"]),
        row("Hemvist, the table built from answers one by one (scaled from 20 000)", load["built"]),
        row("openfisca-core (scaled from 200 000)", peers["openfisca"]),
        row("cel-expr-python, facts ready (scaled from 4 000)", peers["cel"]),
        row("zen-engine, facts ready (scaled from 1 000)", peers["zen"]),
    ]
    return "\n\n".join(
        [
            "## A million cases",
            _table(("", "CPU seconds", "ratio"), rows),
            f"The most memory that the process had, with both versions judged: {load['peak_mb']:.0f} MB, of\n"
            f"which the table of facts is {load['table_mb']:.0f} MB ({load['stored_mb']:.0f} MB stored).",
        ]
    )


def _agreement(measured: Measured) -> str:
    names = {"closures": "Hemvist, one case at a time", **_PEERS}
    rows = [
        (names[name], f"{same:,} of {of:,}".replace(",", " "), f"{same / of:.2%}")
        for name, (same, of) in measured.agreement.items()
    ]
    heading = ("answers that agree with the columns", "", "")
    return "\n\n".join(["## Agreement", _table(heading, rows)])


def _packs(measured: Measured) -> str:
    packs = measured.packs
    return (
        "## The packs\n\n"
        f"{packs.packs} packs with {packs.rules} rules: loaded and checked for faults in\n"
        f"{packs.load:.2f} CPU s, their {packs.sentences} sentences read and judged in\n"
        f"{packs.check:.2f} CPU s."
    )


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(heading) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, rule, *rows))


def _ratio(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _machine() -> str:
    """The class of machine: its cores and what they call themselves."""
    named = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return (
        f"{os.cpu_count()} cores ({named[0] if named else platform.machine()}), {platform.system()}"
    )
