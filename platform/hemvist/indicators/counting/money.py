"""Money: guarantees that the kommun has given, what they cost, and rent that is owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise
from uuid import UUID

from hemvist.indicators.counting.timeline import EVENTS
from hemvist.indicators.fact import Fact
from hemvist.indicators.rows import CaseRows, Needs

NEEDS: Needs = {
    "guarantees": "id starts_on ended_on cap_ore",
    "guarantee_entries": "id guarantee_id kind amount_ore booked_on",
    "case_events": EVENTS,
}


def guarantees_out(rows: CaseRows) -> Iterator[Fact]:
    """Guarantees in force, from their first day to the one on which somebody ended them."""
    for one in rows.of("guarantees"):
        if one.ended_on is None or one.ended_on > one.starts_on:
            yield Fact("guarantees_out", one.id, one.starts_on, one.ended_on)


def guarantee_exposure(rows: CaseRows) -> Iterator[Fact]:
    """What a guarantee may still cost: one fact for each stretch between payments."""
    paid: dict[UUID, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for entry in rows.of("guarantee_entries"):
        if entry.kind == "payment":
            paid[entry.guarantee_id][entry.booked_on] += entry.amount_ore
    for one in rows.of("guarantees"):
        if one.ended_on is not None and one.ended_on <= one.starts_on:
            continue
        bookings = paid[one.id]
        within = [
            day
            for day in sorted(bookings)
            if one.starts_on < day and (one.ended_on is None or day < one.ended_on)
        ]
        for begins, ends in pairwise([one.starts_on, *within, one.ended_on]):
            # A payment taken back may have left another on a day before: no less than nothing is left.
            left = one.cap_ore - sum(ore for day, ore in bookings.items() if day <= begins)
            if left > 0:
                yield Fact("guarantee_exposure", one.id, begins, ends, amount=left)


def guarantee_claims(rows: CaseRows) -> Iterator[Fact]:
    """Payments to landlords; one taken back counts the other way on its own day."""
    return _booked(rows, "payment", "guarantee_claims")


def guarantee_recourse(rows: CaseRows) -> Iterator[Fact]:
    """What the household paid back."""
    return _booked(rows, "recovery", "guarantee_recourse")


def arrears(rows: CaseRows) -> Iterator[Fact]:
    """The times in which the case's household owes rent."""
    for begins, ends in times_owing(rows):
        yield Fact("arrears", rows.case.id, begins, ends)


def times_owing(rows: CaseRows) -> list[tuple[date, date | None]]:
    """From which day to which the household owes on any of its accounts: what meets is one time.

    A closed case is told nothing more of its accounts, so that it owes no longer than it is open.
    """
    over = rows.case.closed_on or date.max
    owing: dict[UUID, date] = {}
    times: list[tuple[date, date]] = []
    # By day and id: the lines' own order would put a corrected day among the others.
    events = sorted(rows.of("case_events"), key=lambda one: (one.occurred_on, one.id))
    for event in events:
        if event.kind == "arrears_registered":
            owing.setdefault(event.subject_id, event.occurred_on)
        elif event.kind == "arrears_settled" and event.subject_id in owing:
            times.append((owing.pop(event.subject_id), min(event.occurred_on, over)))
    times += [(began, over) for began in owing.values()]
    found: list[tuple[date, date]] = []
    for began, ended in sorted(one for one in times if one[0] < one[1]):
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((began, ended))
    return [(began, None if ended == date.max else ended) for began, ended in found]


def _booked(rows: CaseRows, kind: str, indicator: str) -> Iterator[Fact]:
    for entry in rows.of("guarantee_entries"):
        if entry.kind == kind:
            yield Fact(indicator, entry.id, entry.booked_on, amount=entry.amount_ore)


COUNTS: tuple[Callable[[CaseRows], Iterable[Fact]], ...] = (
    guarantees_out,
    guarantee_exposure,
    guarantee_claims,
    guarantee_recourse,
    arrears,
)
