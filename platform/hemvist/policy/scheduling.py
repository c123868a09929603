"""Obligations to due dates: counted from the anchor, clamped at the month's end, never chained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hemvist.policy.errors import PolicyError
from hemvist.policy.events import EVENTS
from hemvist.policy.items import Item
from hemvist.policy.labels import Label
from hemvist.policy.months import FIRST_DAY, LAST_DAY, add_days, add_months
from hemvist.policy.pack import Pack
from hemvist.policy.params import Span
from hemvist.policy.pauses import Pause, due_after
from hemvist.policy.programmes import Obligation

#: More due dates than this in one question is a mistake in the dates.
MAX_DUE = 10_000


@dataclass(frozen=True, slots=True)
class Due:
    """One obligation on one date. ``ordinal`` counts from 1 within the obligation.

    ``departments`` are those whose cases it binds in; empty means all.
    """

    obligation: str
    ordinal: int
    due_on: date
    by: tuple[str, ...]
    participants: tuple[str, ...]
    cite: tuple[str, ...]
    label: Label
    anchor: str
    anchor_on: date
    agenda: tuple[Item, ...]
    creates: str | None
    departments: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The due date as JSON data."""
        return {
            "obligation": self.obligation,
            "ordinal": self.ordinal,
            "due_on": self.due_on.isoformat(),
            "by": list(self.by),
            "participants": list(self.participants),
            "cite": list(self.cite),
            "label": self.label.as_json(),
            "anchor": self.anchor,
            "anchor_on": self.anchor_on.isoformat(),
            "agenda": [
                {"id": item.id, "label": item.label.as_json(), "cite": list(item.cite)}
                for item in self.agenda
            ],
            "creates": self.creates,
            "departments": list(self.departments),
        }


def schedule(
    pack: Pack,
    programme: str,
    anchors: Mapping[str, date],
    until: date,
    *,
    on: date | None = None,
    department: str | None = None,
    pauses: Sequence[Pause] = (),
    order: Sequence[str] = (),
) -> tuple[Due, ...]:
    """Every dated obligation due on or before ``until``, by date.

    An obligation without its anchor in ``anchors`` gives nothing. Parameters have their values of
    ``on``, or of the anchor's date when not given. What binds certain departments only is left out
    for another ``department``, and listed when none is given. What falls into one of ``pauses`` is left
    out or put off, as the obligation says; the others keep their ordinals. ``order`` names events as
    they happened, for those of one day: what came before a series does not end it. Raises ``PolicyError`` on
    an unknown programme, event or department, a date outside the calendar, or too many due dates.
    """
    for name, day in anchors.items():
        if name not in EVENTS:
            raise PolicyError(f"no event {name[:60]!r}", rule="unknown_event")
        _check_day(name, day)
    _check_day("until", until)
    if department is not None:
        pack.department(department)
    found: list[Due] = []
    for obligation in pack.programme(programme).obligations:
        anchor = anchors.get(obligation.anchor)
        if anchor is None or not _binds(obligation, department):
            continue
        # What ended an earlier series does not end the one that begins after it.
        ends = (
            anchors[event]
            for event in obligation.ends
            if event in anchors and comes_after(event, obligation.anchor, anchors, order)
        )
        last = min([until, *ends])
        days = _days(pack, obligation, anchor, last, on or anchor)
        for ordinal, planned in enumerate(days, 1):
            moved = due_after(obligation, anchor, planned, pauses) if pauses else planned
            if moved is None or moved > last:
                continue
            if len(found) >= MAX_DUE:
                raise PolicyError(f"more than {MAX_DUE} due dates", rule="too_many")
            found.append(_due(obligation, ordinal, moved, anchor))
    # Stable: on the same day, the order of the pack.
    return tuple(sorted(found, key=lambda due: due.due_on))


def comes_after(
    event: str, anchor: str, days: Mapping[str, date], order: Sequence[str] = ()
) -> bool:
    """Whether ``event`` happened on the day of ``anchor`` or later, and not before it on that day."""
    if days[event] == days[anchor] and event in order and anchor in order:
        return order.index(event) >= order.index(anchor)
    return days[event] >= days[anchor]


def _binds(obligation: Obligation, department: str | None) -> bool:
    return not obligation.departments or department in (None, *obligation.departments)


def _check_day(name: str, day: date) -> None:
    # A datetime is a date to Python, but its day depends on a time zone.
    if type(day) is not date or not FIRST_DAY <= day <= LAST_DAY:
        raise PolicyError(f"{name} is {day}, outside the calendar", rule="date_range")


def _days(pack: Pack, obligation: Obligation, anchor: date, last: date, on: date) -> Iterator[date]:
    if obligation.within is not None:
        day = _shift(anchor, obligation.within.unit, _count(pack, obligation.within, on))
        if day <= last:
            yield day
        return
    if obligation.every is None:
        return
    unit, step = obligation.every.unit, _count(pack, obligation.every, on)
    first = step if obligation.first_after is None else _count(pack, obligation.first_after, on)
    times = None if obligation.times is None else pack.number(obligation.times, on)
    number = 0
    while times is None or number < times:
        day = _shift(anchor, unit, first + number * step)
        if day > last:
            return
        yield day
        number += 1


def _count(pack: Pack, span: Span, on: date) -> int:
    return pack.number(span.count, on)


def _shift(day: date, unit: str, count: int) -> date:
    return add_months(day, count) if unit == "months" else add_days(day, count)


def _due(obligation: Obligation, ordinal: int, day: date, anchor: date) -> Due:
    return Due(
        obligation.id,
        ordinal,
        day,
        obligation.by,
        obligation.participants,
        obligation.cite,
        obligation.label,
        obligation.anchor,
        anchor,
        obligation.agenda,
        obligation.creates,
        obligation.departments,
    )
