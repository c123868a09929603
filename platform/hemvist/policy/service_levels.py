"""Service levels: clocks that an incident starts."""

from __future__ import annotations

from dataclasses import dataclass

from hemvist.policy.items import Item
from hemvist.policy.params import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevel(Item):
    """From an incident, ``within`` hours, days, working days or months; no ``programmes`` = all."""

    on: str
    within: Span
    by: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
