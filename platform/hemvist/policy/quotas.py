"""Quotas, indicators, meetings and measures: what a guideline counts and arranges outside a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hemvist.policy.items import Item
from hemvist.policy.labels import Label
from hemvist.policy.params import Num, Span
from hemvist.policy.rules import LegalFlag

MEASURES = ("units", "contracts", "places", "persons", "guarantees")
KINDS = ("binding", "target", "observed")
PERIODS = ("year", "half_year", "agreement", "standing")
UNITS = ("count", "percent", "money_ore", "months", "per_10000")
GOALS = ("increase", "decrease")


@dataclass(frozen=True, slots=True)
class Amount:
    """How many, from ``low`` to ``high`` (the same when exact), as a number or as a share."""

    low: Num
    high: Num
    percent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota(Item):
    """So many homes, contracts or places per period; ``by`` says how it is set without a figure.

    ``of`` is what the share is taken of, ``groups`` whom it is for; no ``programmes`` means all.
    """

    measure: str
    kind: str
    per: str
    amount: Amount | None = None
    by: Label | None = None
    of: Label | None = None
    landlord: Label | None = None
    groups: Label | None = None
    programmes: tuple[str, ...] = ()
    legal: LegalFlag | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What the source reports for a year: one value (``low`` equals ``high``) or a range."""

    year: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Item):
    """Something to be counted, with what the source reports of it."""

    unit: str
    goal: str | None = None
    per: str | None = None
    observed: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True)
class Frequency:
    """So many times per period."""

    low: Num
    high: Num
    per: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting(Item):
    """A recurrence outside a single case: every span, so many times per period, or as needed."""

    who: Label
    every: Span | None = None
    times: Frequency | None = None
    agenda: tuple[Item, ...] = ()

    @property
    def as_needed(self) -> bool:
        """Whether it is held when needed, without an interval."""
        return self.every is None and self.times is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Item):
    """A measure of an action plan: who owns it, when it is due (a day or words), who follows up.

    ``history``: its time is past; kept as an example of the record.
    """

    owners: Label
    due: date | None = None
    when: Label | None = None
    followed_up_by: Label | None = None
    history: bool = False
