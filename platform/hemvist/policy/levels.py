"""Service levels: clocks that an incident starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hemvist.policy.items import Item
from hemvist.policy.params import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevel(Item):
    """From an incident, ``within`` hours, days, working days or months; no ``programmes`` = all."""

    on: str
    within: Span
    by: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a service level is due: the instant by which it is kept (exclusive), and its day."""

    level: ServiceLevel
    due_at: datetime
    due_on: date

    def as_json(self) -> dict[str, object]:
        """The deadline as JSON data."""
        level = self.level
        return {
            "level": level.id,
            "label": level.label.as_json(),
            "cite": list(level.cite),
            "by": list(level.by),
            "due_at": self.due_at.isoformat(),
            "due_on": self.due_on.isoformat(),
        }
