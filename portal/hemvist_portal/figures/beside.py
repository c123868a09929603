"""Two periods held against one another, cell by cell, and their picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from hemvist_portal.figures.blocks import Said, Series, said
from hemvist_portal.figures.drawing import FILL, INK, QUIET, Words, tag, text, whole, wrapped
from hemvist_portal.figures.telling import Change, Teller
from hemvist_portal.wording import mark

_WIDTH = 640
_BAR = 20
_ROW = 78
#: Of a line of a cell's name: how high it is, and how many letters have room in it.
_LINE, _LETTERS = 17, 72
#: Beside the longest bar its number stands, with its months where these are not the period's.
_LONGEST = 360


@dataclass(frozen=True, slots=True)
class Pair:
    """A cell in two periods."""

    label: str
    now: Said | None
    then: Said | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class Period:
    """From one month to another, by their first days."""

    first: date
    last: date


def pairs(
    indicator: Mapping[str, Any],
    series: Sequence[Series],
    now: Period,
    then: Period,
    teller: Teller,
) -> list[Pair]:
    """What each of the cells says of the two periods. A difference only of whole ones."""
    found = []
    for one in series:
        of_now = said(indicator, one.blocks, now.first, now.last)
        of_then = said(indicator, one.blocks, then.first, then.last)
        if of_now is None and of_then is None:
            continue
        whole_ones = not any(each is None or each.missing for each in (of_now, of_then))
        change = teller.against(indicator, of_now, of_then) if whole_ones else None
        found.append(Pair(one.label, of_now, of_then, change))
    return found


def picture(
    indicator: Mapping[str, Any],
    found: Sequence[Pair],
    names: tuple[str, str],
    teller: Teller,
    words: Words,
    identifier: str,
) -> Markup:
    """Two bars for each cell: the one period filled, the other hatched."""
    top = max(
        (one.most or 0 for pair in found for one in (pair.now, pair.then) if one is not None),
        default=0,
    )
    if not top:
        return whole(words, identifier, _WIDTH, 40, [text(8, 24, words.told)])
    fills = (FILL, f"url(#{identifier}-hatch)")
    parts: list[Markup] = []
    for number, (fill, name) in enumerate(zip(fills, names, strict=True)):
        x = 4 + 300 * number
        parts.append(tag("rect", x=x, y=6, width=22, height=14, fill=fill, stroke=INK))
        parts.append(text(x + 30, 18, name))
    y = 34
    for pair in found:
        first, *more = wrapped(pair.label, _LETTERS, 3)
        parts.append(text(4, y + 14, first, font_weight=600))
        for line in more:
            y += _LINE
            parts.append(text(4, y + 14, line, font_weight=600))
        for number, one in enumerate((pair.now, pair.then)):
            at = y + 22 + number * (_BAR + 4)
            parts += _bar(indicator, one, at, top, fills[number], teller)
        y += _ROW
    return whole(words, identifier, _WIDTH, y + 6, parts)


def _said(indicator: Mapping[str, Any], one: Said, teller: Teller) -> str:
    """The number, and of which months it is where these are not all."""
    value = teller.value(indicator, one)
    return f"{value}, {teller.period(one)}" if one.missing else value


def _bar(
    indicator: Mapping[str, Any],
    one: Said | None,
    y: float,
    top: float,
    fill: str,
    teller: Teller,
) -> list[Markup]:
    if one is None or one.most is None:
        words = teller.words(mark("inget tal")) if one is None else teller.value(indicator, one)
        return [text(8, y + 15, words, fill=QUIET, font_size=13)]
    wide = max(_LONGEST * one.most / top, 2)
    return [
        tag("rect", x=4, y=y, width=wide, height=_BAR, fill=fill, stroke=INK, stroke_width=0.75),
        text(wide + 12, y + 15, _said(indicator, one, teller), font_size=13),
    ]
