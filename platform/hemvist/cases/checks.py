"""Checks that many commands share."""

from __future__ import annotations

from datetime import date

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.errors import Conflict, Problem, ValidationFailed, too_long


def require_open(case: Case) -> None:
    """Raise ``Conflict`` when the case is closed."""
    if case.state != "open":
        raise Conflict("case_closed", "the case is closed")


def effective_day(on: date | None, *, field: str = "on", not_before: date | None = None) -> date:
    """The day an act takes effect: today, or an earlier day when it is registered afterwards.

    Raises ``ValidationFailed`` for a day to come, or one before what the act rests on.
    """
    day = on or today()
    if day > today():
        raise ValidationFailed.one(field, "future", "may not lie in the future", day=str(day))
    if not_before is not None and day < not_before:
        raise ValidationFailed.one(
            field, "too_early", f"may not lie before {not_before}", earliest=str(not_before)
        )
    return day


def required_text(field: str, value: str | None, limit: int = 10_000) -> list[Problem]:
    """Problems of a compulsory free text."""
    text = (value or "").strip()
    if not text:
        return [Problem(field, "required", "must be filled in")]
    return too_long(field, text, limit)


def raise_if(problems: list[Problem]) -> None:
    """Raise ``ValidationFailed`` when there is any problem."""
    if problems:
        raise ValidationFailed(problems)
