"""Placeholder."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hemvist.indicators.fact import Fact
from hemvist.indicators.rows import CaseRows, Needs

NEEDS: Needs = {}
COUNTS: tuple[Callable[[CaseRows], Iterable[Fact]], ...] = ()
