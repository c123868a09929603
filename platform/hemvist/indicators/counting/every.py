"""All that is counted of a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType

from hemvist.indicators.counting import homes, law, loss, money, moving, work
from hemvist.indicators.fact import Fact
from hemvist.indicators.rows import CaseRows

Count = Callable[[CaseRows], Iterable[Fact]]
MODULES: tuple[ModuleType, ...] = (homes, moving, money, work, loss, law)


def _needs() -> dict[str, str]:
    """The columns of each table that some module asks for."""
    asked: dict[str, list[str]] = {}
    for module in MODULES:
        for table, columns in module.NEEDS.items():
            known = asked.setdefault(table, [])
            known += [name for name in columns.split() if name not in known]
    return {table: " ".join(columns) for table, columns in sorted(asked.items())}


NEEDS = _needs()


def facts_of(rows: CaseRows) -> list[Fact]:
    """What a case gives all indicators."""
    return [fact for module in MODULES for count in module.COUNTS for fact in count(rows)]
