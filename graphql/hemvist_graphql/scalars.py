"""Scalars, each with one fixed format, so that every way of reading prints the same bytes."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, NewType

import strawberry

#: Any JSON value.
Json = NewType("Json", object)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
#: Outside this span a date is a slip of the finger, and month arithmetic could run off the calendar.
EARLIEST = dt.date(1900, 1, 1)
LATEST = dt.date(2199, 12, 31)


def parse_date(value: Any) -> dt.date:
    """A day written ``YYYY-MM-DD``. Raises ``ValueError`` with a plain message."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("a date is written YYYY-MM-DD")
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value} is not a day of the calendar") from None
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"a date must lie between {EARLIEST} and {LATEST}")
    return day


def parse_instant(value: Any) -> dt.datetime:
    """An instant with its offset from UTC. Raises ``ValueError`` with a plain message."""
    if not isinstance(value, str) or len(value) > 40:
        raise ValueError("an instant is written YYYY-MM-DDTHH:MM:SSZ")
    try:
        instant = dt.datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("an instant is written YYYY-MM-DDTHH:MM:SSZ") from None
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset: end it with Z for UTC")
    if not EARLIEST.year < instant.year < LATEST.year:
        raise ValueError(f"an instant lies between {EARLIEST} and {LATEST}")
    return instant.astimezone(dt.UTC)


def print_instant(value: dt.datetime) -> str:
    """``value`` in UTC, always with six decimals: what PostgreSQL can be told to print as well."""
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


SCALARS: dict[object, Any] = {
    dt.date: strawberry.scalar(
        name="Date",
        description="A day in Europe/Stockholm, YYYY-MM-DD.",
        serialize=lambda value: value.isoformat(),
        parse_value=parse_date,
    ),
    dt.datetime: strawberry.scalar(
        name="DateTime",
        description="An instant in UTC, YYYY-MM-DDTHH:MM:SS.ffffffZ.",
        serialize=print_instant,
        parse_value=parse_instant,
    ),
    Json: strawberry.scalar(
        name="Json",
        description="Any JSON value.",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
}
