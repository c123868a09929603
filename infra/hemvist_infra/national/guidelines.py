"""What the generated kommuner work by: one guideline today, another before it was in force."""

from __future__ import annotations

from datetime import date, timedelta

from hemvist.policy import Registry, add_months

PACK = "helsingborg/bostadssociala-lagenheter"
#: What they worked by until then, and its departments, whose cases go on by it.
EARLIER = "karlstad/sociala-kontrakt"
EARLIER_DEPARTMENT, EARLIER_OFFICE = "ASF", "BG"
#: The history reaches back so far.
HISTORY_YEARS = 10
#: The first case was opened a few days after the history began.
_BEGINNING = timedelta(days=7)


def in_force_since() -> date:
    """The first day of the guideline of today."""
    return Registry.discover().get(PACK).in_force.start


def first_day(today: date) -> date:
    """The day on which the first case of the history was opened."""
    return add_months(today, -12 * HISTORY_YEARS) + _BEGINNING
