"""Identifiers that follow from the seed: UUIDv7 like any other, the same ones every time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import shake_128

#: Hexadecimal digits taken for each id: 12 random bits and 60 more; two bits of the variant are 0.
DIGITS = 18


def ids(key: str, count: int, milliseconds: int) -> list[str]:
    """``count`` ids of ``key``, rising, the first of the instant ``milliseconds`` (Unix time)."""
    return spelled(
        range(milliseconds, milliseconds + count),
        shake_128(key.encode()).hexdigest(count * DIGITS // 2),
    )


def spelled(instants: range | list[int], digits: str) -> list[str]:
    """One id for each instant (Unix time in milliseconds), with ``digits`` for the random part."""
    found = []
    at = 0
    for instant in instants:
        time = f"{instant:012x}"
        found.append(
            f"{time[:8]}-{time[8:]}-7{digits[at : at + 3]}"
            f"-8{digits[at + 3 : at + 6]}-{digits[at + 6 : at + 18]}"
        )
        at += DIGITS
    return found


def morning(day: date) -> int:
    """Seven in the morning (UTC) of a day, as Unix time in milliseconds."""
    return int(datetime(day.year, day.month, day.day, 7, tzinfo=UTC).timestamp()) * 1000
