"""Stations of a way, as the guideline's programme gives them and the record has reached them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hemvist.policy import Label

#: done: it has its day; now: next, and nothing stands in the way; missing: something does; later.
STATES = ("done", "now", "missing", "later")


@dataclass(frozen=True, slots=True)
class Reason:
    """What is missing: a code of ours, or a condition of the guideline with its words and outcome.

    ``outcome`` is unknown (nobody has answered) or false (it is not met).
    """

    code: str
    outcome: str = "unknown"
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Station:
    """One station. ``on`` the day it was reached; ``expected_on`` its day as far as is known.

    ``label`` is the guideline's words where it has any of its own; ``subject`` what it is about.
    """

    code: str
    state: str = "later"
    on: date | None = None
    expected_on: date | None = None
    because: tuple[Reason, ...] = ()
    label: Label | None = None
    subject: tuple[str, UUID] | None = None
