"""A quota as a bar: delivered and in hand against what was agreed. Drawn on the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hemvist_portal.wording import mark

#: Width of the drawing, in its own units.
WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """Lengths in the drawing, and how it goes: a tone and words for it."""

    delivered: int
    in_hand: int
    agreed: int
    by_now: int
    tone: str
    words: str


def bar(line: Mapping[str, Any]) -> Bar:
    """The bar of a quota's line, as the API gives it."""
    agreed, delivered, in_hand = (int(line[key]) for key in ("agreed", "delivered", "inHand"))
    longest = max(agreed, delivered + in_hand, 1)

    def length(homes: int) -> int:
        return int(WIDTH * homes // longest)

    return Bar(
        delivered=length(delivered),
        in_hand=length(delivered + in_hand) - length(delivered),
        agreed=length(agreed),
        by_now=length(min(line["agreedByNow"], longest)),
        tone=_tone(line)[0],
        words=_tone(line)[1],
    )


def _tone(line: Mapping[str, Any]) -> tuple[str, str]:
    delivered, by_now, agreed = line["delivered"], line["agreedByNow"], line["agreed"]
    if line["unknownDays"] and not agreed:
        return "ask", mark("Underlag saknas")
    if delivered >= agreed:
        return "go", mark("Uppnådd")
    if delivered >= by_now:
        return "go", mark("I takt")
    if delivered + line["inHand"] >= by_now:
        return "wait", mark("I takt med det som är på väg")
    return "stop", mark("Efter")
