"""The day from which a closed case is thinned, or why it is kept: computed, never typed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hemvist.policy import add_months
from hemvist.retention.terms import OWN_KEEPS_ALL, Terms


class Fate(StrEnum):
    """What becomes of a closed case."""

    #: It is due.
    THIN = "thin"
    #: It will be due.
    WAIT = "wait"
    #: It would be due, and somebody needs it.
    HELD = "held"
    #: It is kept for good, and goes to the archive.
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as the date needs it: its kind, a hold's last day, a child's day of birth."""

    kind: str
    until: date | None = None
    child_born: date | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a closed case: the day of the last note in it, everybody's day of birth (also of
    who has left the household), and the marks that nobody has lifted."""

    last_note: date
    births: tuple[date, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a case on a day, by which rule and source.

    ``due`` is the first day on which it may be thinned, ``done_by`` the last by which it is to be done;
    neither where it is kept for good.
    """

    fate: Fate
    rule: str
    cite: tuple[str, ...]
    due: date | None = None
    done_by: date | None = None


def judge(terms: Terms, kommun_code: str, kept: Kept, on: date) -> Verdict:
    """What becomes of a closed case of the kommun on the day ``on``.

    Source: SoL (2001:453) 12:1-2, SoL (2025:400) 16:1-4.
    """
    keeping = _kept_for_good(terms, kommun_code, kept)
    if keeping is not None:
        return keeping
    rule, due = "after_last_note", add_months(kept.last_note, terms.months)
    cite = terms.cite["thinning_months"]
    for born in _children(kept.marks):
        grown = add_months(born, 12 * terms.child_age_years)
        if grown > due:
            rule, due, cite = "child_inquiry", grown, terms.cite["child_inquiry_years"]
    done_by = date(due.year + terms.done_years, 12, 31)
    if due > on:
        fate = Fate.WAIT
    elif any(holds(mark, on) for mark in kept.marks):
        fate, rule = Fate.HELD, "hold"
    else:
        fate = Fate.THIN
    return Verdict(fate, rule, cite, due, done_by)


def holds(mark: Mark, on: date) -> bool:
    """Whether a hold that nobody has lifted holds on a day; its last day is included."""
    return mark.kind == "hold" and (mark.until is None or on <= mark.until)


def books_until(terms: Terms, booked: Iterable[date]) -> date | None:
    """The last day on which bookkeeping keeps what was booked; None where nothing was.

    Counted from the end of the year of the latest entry: a kommun's financial year is the calendar's.
    """
    last = max(booked, default=None)
    return None if last is None else date(last.year + terms.books_years, 12, 31)


def _kept_for_good(terms: Terms, kommun_code: str, kept: Kept) -> Verdict | None:
    if terms.keeps_all:
        return _keep("kommun_keeps", terms.cite[OWN_KEEPS_ALL])
    if any(mark.kind == "child_placement" for mark in kept.marks):
        return _keep("child_placement", terms.cite["child_placement"])
    if kommun_code in terms.keeping_kommuner:
        return _keep("research_kommun", terms.cite["research_kommuner"])
    if kommun_code[:2] in terms.keeping_counties:
        return _keep("research_county", terms.cite["research_counties"])
    if any(born.day in terms.keeping_birth_days for born in kept.births):
        return _keep("research_birth_day", terms.cite["research_birth_days"])
    return None


def _keep(rule: str, cite: tuple[str, ...]) -> Verdict:
    return Verdict(Fate.KEEP, rule, cite)


def _children(marks: Iterable[Mark]) -> Iterable[date]:
    return (
        mark.child_born
        for mark in marks
        if mark.kind == "child_inquiry" and mark.child_born is not None
    )
