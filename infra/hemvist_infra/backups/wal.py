"""Names and places in PostgreSQL's write-ahead log: segments of equal size, numbered through."""

from __future__ import annotations

import re
from typing import NamedTuple

_SEGMENT = re.compile(r"([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})")
HISTORY = re.compile(r"[0-9A-F]{8}\.history")
#: As initdb makes it unless told otherwise.
USUAL_BYTES = 16 << 20


class Segment(NamedTuple):
    """One file of the log. ``number`` counts from the beginning of all time, over the timelines."""

    timeline: int
    number: int

    def name(self, size: int = USUAL_BYTES) -> str:
        """The file's name, where a segment has ``size`` bytes."""
        high, low = divmod(self.number, (1 << 32) // size)
        return f"{self.timeline:08X}{high:08X}{low:08X}"


def parse_segment(name: str, size: int = USUAL_BYTES) -> Segment | None:
    """The segment of this name, or None when it is none's."""
    found = _SEGMENT.fullmatch(name)
    if found is None:
        return None
    timeline, high, low = (int(part, 16) for part in found.groups())
    return Segment(timeline, high * ((1 << 32) // size) + low)


def parse_place(text: str) -> int:
    """A place in the log as a number of bytes, from PostgreSQL's ``0/3000028``."""
    high, low = text.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def write_place(place: int) -> str:
    """``place`` as PostgreSQL writes it."""
    return f"{place >> 32:X}/{place & 0xFFFFFFFF:X}"
