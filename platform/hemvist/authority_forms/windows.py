"""The periods of a form: which days each is about, and when it is handed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from hemvist.authority_forms.definitions import Form, FormError, Window

_DAY = re.compile(r"(?:(prev|next) )?(?:([0-9]{2})-([0-9]{2})|W([0-9]{2})-([1-7]))")
_OTHER = {None: 0, "prev": -1, "next": 1}
#: How many years back a period can still be prepared.
BACK = 3


@dataclass(frozen=True, slots=True)
class Period:
    """What a form is about once: ``2026``, ``2026-Q4``, ``2029-W14``."""

    code: str
    first: date
    last: date
    opens: date
    closes: date
    source: str
    confirmed: bool

    def due(self, on: date) -> str:
        """``later`` until it opens, ``open`` until it closes, then ``closed``."""
        if on < self.opens:
            return "later"
        return "open" if on <= self.closes else "closed"


def periods(form: Form, on: date) -> list[Period]:
    """The form's periods that have begun by a day, and the next one; newest first."""
    found = [
        _period(window, year)
        for window in form.windows
        for year in range(on.year - BACK, on.year + 2)
    ]
    known = [
        period
        for period, window in found
        if window.valid_from <= period.last
        and (window.valid_to is None or period.last < window.valid_to)
    ]
    known.sort(key=lambda one: one.first, reverse=True)
    begun = [one for one in known if one.first <= on]
    coming = [one for one in known if one.first > on]
    return coming[-1:] + begun


def period_of(form: Form, code: str, on: date) -> Period | None:
    """The period with this code, of those that can be prepared on a day."""
    return next((one for one in periods(form, on) if one.code == code and one.first <= on), None)


def _period(window: Window, year: int) -> tuple[Period, Window]:
    first, last, opens, closes = (
        day_of(text, year) for text in (window.first, window.last, window.opens, window.closes)
    )
    if not first <= last or not opens <= closes:
        raise FormError(f"{window.period} {year}: it ends before it begins")
    code = window.period.format(year=year)
    return Period(code, first, last, opens, closes, window.source, window.confirmed), window


def day_of(text: str, year: int) -> date:
    """The day that ``12-10``, ``prev 12-11`` or ``W14-1`` is of a year's period."""
    told = _DAY.fullmatch(text)
    if told is None:
        raise FormError(f"{text!r} is no day of a window")
    other, month, day, week, weekday = told.groups()
    year += _OTHER[other]
    if week is not None:
        # The fourth of January lies in the first week of a year.
        begins = date.fromisocalendar(year, 1, 1)
        return begins + timedelta(weeks=int(week) - 1, days=int(weekday) - 1)
    return date(year, int(month), int(day))
