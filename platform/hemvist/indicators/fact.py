"""A fact: something of a case that an indicator counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Fact:
    """What a case gives an indicator.

    ``of``: the row that it stems from. ``begins``: the day it happens, or the first on which it holds;
    ``ends``: the first on which it no longer holds. ``amount``: days, öre or persons. ``met``: whether
    what was to be done was done.
    """

    indicator: str
    of: UUID
    begins: date
    ends: date | None = None
    programme: str = ""
    step: str = ""
    area: str = ""
    groups: tuple[str, ...] = ()
    amount: int | None = None
    met: bool | None = None
