"""The only source of now.

A deadline is a day in Europe/Stockholm; an instant is UTC. ``HEMVIST_TODAY`` moves the calendar in
development so that a life of three years can be shown in an afternoon.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hemvist.settings import get_settings

SWEDISH_TIME = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """This instant, in UTC; on the shifted calendar day when one is set."""
    real = datetime.now(UTC)
    shifted = get_settings().today
    if shifted is None:
        return real
    local = real.astimezone(SWEDISH_TIME)
    return local.replace(year=shifted.year, month=shifted.month, day=shifted.day).astimezone(UTC)


def today() -> date:
    """The day it is in Sweden."""
    return now().astimezone(SWEDISH_TIME).date()


def real_now() -> datetime:
    """This instant in UTC, never shifted: what tokens, sessions and certificates are measured by."""
    return datetime.now(UTC)
