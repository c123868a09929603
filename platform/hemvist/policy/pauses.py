"""What a pause does to due dates: nobody is visited who is in hospital, and time may stand still."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hemvist.policy.programmes import Obligation


@dataclass(frozen=True, slots=True)
class Pause:
    """Days from ``start`` to ``end``, both with it, on which duties rest; without ``end`` it lasts.

    ``codes`` are the pack's ids of the duties that rest; empty means all that can.
    """

    start: date
    end: date | None = None
    codes: tuple[str, ...] = ()


def due_after(duty: Obligation, anchor: date, day: date, pauses: Iterable[Pause]) -> date | None:
    """The day on which what would be due on ``day`` is due, or None when it is not asked for.

    A duty that is left out (``skip``) is not asked for on a day of a pause. One that is put off
    (``extend``) is due later by the days of each pause between ``anchor`` and its day; while a pause
    without an end lasts, nobody knows the day.
    """
    if duty.paused == "never":
        return day
    spans = _merged(one for one in pauses if not one.codes or duty.id in one.codes)
    if duty.paused == "skip":
        over = any(start <= day and (end is None or day <= end) for start, end in spans)
        return None if over else day
    for start, end in spans:
        first = max(start, anchor)
        if first > day:
            break
        if end is None:
            return None
        if end >= first:
            day += timedelta(days=(end - first).days + 1)
    return day


def _merged(pauses: Iterable[Pause]) -> Sequence[tuple[date, date | None]]:
    """Pauses in order, those that overlap or touch as one: no day stands still twice."""
    merged: list[tuple[date, date | None]] = []
    for one in sorted(pauses, key=lambda pause: pause.start):
        if merged:
            start, end = merged[-1]
            if end is None:
                break
            if one.start <= end:
                longer = None if one.end is None else max(end, one.end)
                merged[-1] = (start, longer)
                continue
        merged.append((one.start, one.end))
    return merged
