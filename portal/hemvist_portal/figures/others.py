"""Figures of several kommuner beside each other: a row for each in words, and a picture of bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from hemvist.indicators.suppression.rules import ORE_STEP, STEP
from hemvist_portal.figures.blocks import Block, in_steps
from hemvist_portal.figures.drawing import FILL, INK, PALE, QUIET, Words, tag, text, whole
from hemvist_portal.figures.telling import Teller, plain
from hemvist_portal.formats import ORE
from hemvist_portal.wording import mark

_WIDTH, _BAR, _ROW, _LEFT = 640, 22, 50, 4
_LONGEST = 430


@dataclass(frozen=True, slots=True)
class Row:
    """A kommun: what it told, of which months, and the number by inhabitants where there is one."""

    name: str
    own: bool
    value: str
    when: str
    rate: str
    #: How long its bar is, from and to; None where there is nothing to draw.
    least: float | None
    most: float | None
    #: What it told, and the number by inhabitants and these themselves where they are known.
    told: Block
    by_inhabitants: float | None
    inhabitants: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """An indicator of a year: its rows, and what its picture measures."""

    indicator: Mapping[str, Any]
    rows: tuple[Row, ...]
    by_inhabitants: bool


def sheet(compared: Mapping[str, Any], teller: Teller) -> Sheet:
    """An indicator as the API gives it. Drawn by inhabitants where any kommun's are known."""
    indicator, figures = compared["indicator"], compared["figures"]
    by_inhabitants = any(one["rate"] is not None for one in figures)
    return Sheet(
        indicator,
        tuple(_row(indicator, one, teller, by_inhabitants=by_inhabitants) for one in figures),
        by_inhabitants,
    )


def _row(
    indicator: Mapping[str, Any], one: Mapping[str, Any], teller: Teller, *, by_inhabitants: bool
) -> Row:
    least, most = _ends(indicator, one)
    first, last = (date.fromisoformat(one[key]) for key in ("fromMonth", "toMonth"))
    # What is compared is of households.
    stepped = in_steps({**indicator, "about": "households"})
    if stepped and most is not None:
        most += ORE_STEP if indicator["unit"] == "ore" else STEP - 1
    block = Block(first, last, least, most, stepped=stepped)
    rate = one["rate"]
    return Row(
        one["name"],
        one["own"],
        teller.value(indicator, block),
        teller.when(indicator, block),
        "" if rate is None else _rate(indicator, rate, teller),
        rate if by_inhabitants else least,
        rate if by_inhabitants else most,
        block,
        rate,
        one["inhabitants"],
    )


def _ends(
    indicator: Mapping[str, Any], one: Mapping[str, Any]
) -> tuple[float | None, float | None]:
    match indicator["measure"]:
        case "share":
            return one["shareLeast"], one["shareMost"]
        case "sum":
            return one["amount"], one["amount"]
        case "median":
            return one["middleLeast"], one["middleMost"]
        case _:
            return one["facts"], one["facts"]


def _rate(indicator: Mapping[str, Any], rate: float, teller: Teller) -> str:
    return plain(round(rate / ORE) if indicator["unit"] == "ore" else rate, teller.lang)


def identified(found: Sheet) -> str:
    """What its picture is called in the page."""
    return f"others-{found.indicator['code']}"


def picture(found: Sheet, teller: Teller) -> Markup:
    """A bar for each kommun; the reader's own is filled and its name bold."""
    indicator, identifier = found.indicator, identified(found)
    axis = (
        teller.words(mark("per 10 000 invånare och år"))
        if found.by_inhabitants and indicator["kind"] == "flow"
        else teller.words(mark("per 10 000 invånare"))
        if found.by_inhabitants
        else teller.unit(indicator)
    )
    if found.by_inhabitants and indicator["unit"] == "ore":
        axis = f"{teller.unit(indicator)} {axis}"
    told = "; ".join(f"{one.name} {_said(found, one, teller)}" for one in found.rows)
    words = Words(f"{indicator['label']}, {axis}", told)
    top = max((one.most or 0 for one in found.rows), default=0) or 1.0
    parts: list[Markup] = [text(_LEFT, 16, axis, fill=QUIET, font_size=13)]
    y = 26.0
    for row in found.rows:
        parts += _bar(found, row, y, top, teller, identifier)
        y += _ROW
    return whole(words, identifier, _WIDTH, y + 4, parts)


def _bar(
    found: Sheet, row: Row, y: float, top: float, teller: Teller, identifier: str
) -> Sequence[Markup]:
    own = teller.words(mark("(er kommun)")) if row.own else ""
    name = text(_LEFT, y + 14, f"{row.name} {own}".strip(), font_weight=700 if row.own else 400)
    said = _said(found, row, teller)
    if row.least is None or row.most is None:
        return [name, text(_LEFT, y + 34, said, fill=QUIET, font_size=13)]
    exact, wide = max(_LONGEST * row.least / top, 2.0), max(_LONGEST * row.most / top, 2.0)
    fill = FILL if row.own else PALE
    shape = {"x": _LEFT, "y": y + 20, "height": _BAR, "stroke": INK}
    parts = [name]
    if wide > exact:
        # Somewhere in the hatched part: the year was told in several stretches, or too few to say.
        parts.append(
            tag("rect", **shape, width=wide, fill=f"url(#{identifier}-hatch)", stroke_width=0.75)
        )
    parts.append(tag("rect", **shape, width=exact, fill=fill, stroke_width=2 if row.own else 0.75))
    parts.append(text(wide + 12, y + 36, said, font_size=13, font_weight=700 if row.own else 400))
    return parts


def _said(found: Sheet, row: Row, teller: Teller) -> str:
    if not found.by_inhabitants:
        return row.value
    return row.rate or teller.words(mark("{value}; invånarantal saknas"), value=row.value)
