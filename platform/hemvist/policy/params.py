"""Dated parameters: a value holds from its date until the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hemvist.policy.errors import PolicyError
from hemvist.policy.labels import Label

#: A parameter's value on one day.
ParamValue = bool | int | str | date | tuple[str, ...] | tuple[int, ...]


class ParamType(StrEnum):
    """What a parameter holds. Money is whole öre."""

    MONTHS = "months"
    DAYS = "days"
    INT = "int"
    MONEY = "money_ore"
    BOOL = "bool"
    TEXT = "text"
    DATE = "date"
    TEXT_LIST = "text_list"
    INT_LIST = "int_list"
    MONTHS_LIST = "months_list"


@dataclass(frozen=True, slots=True)
class Setting:
    """The sources pull apart, or leave something open: ``why`` says how.

    ``tension`` is the number in the rule catalogue, where it has one. The kommun chooses;
    ``choices`` are the values it can choose among, any when empty.
    """

    tension: int | None
    why: Label
    choices: tuple[ParamValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Param:
    """One figure or word of the guideline, with its values over time (``None``: none from then)."""

    name: str
    type: ParamType
    values: tuple[tuple[date, ParamValue | None], ...]
    cite: tuple[str, ...]
    label: Label | None = None
    covers: tuple[str, ...] = ()
    setting: Setting | None = None

    def on(self, day: date) -> ParamValue:
        """The value on ``day``. Raises ``PolicyError`` where the guideline gives none."""
        found: ParamValue | None = None
        for start, value in self.values:
            if start > day:
                break
            found = value
        if found is None:
            raise PolicyError(f"the parameter {self.name} has no value on {day}", rule="param_gap")
        return found


@dataclass(frozen=True, slots=True)
class Num:
    """A whole number in a pack: written out, or the name of a parameter."""

    value: int | None = None
    param: str | None = None

    def __str__(self) -> str:
        return f"p.{self.param}" if self.param else str(self.value)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: ``months`` of the calendar or ``days``; ``hours`` and ``working_days`` in
    service levels only."""

    unit: str
    count: Num
