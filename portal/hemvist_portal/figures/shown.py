"""What pages, files and the report show of an indicator: its series, their picture, their table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from hemvist_portal.figures import drawing
from hemvist_portal.figures.blocks import (
    YEAR,
    Block,
    Said,
    Series,
    adds,
    latest,
    month_after,
    months_between,
    said,
    whole,
    year_before,
)
from hemvist_portal.figures.drawing import Chart, Line, Words
from hemvist_portal.figures.telling import Change, Teller
from hemvist_portal.formats import ORE
from hemvist_portal.wording import mark

#: The six of the first page and of the meeting, in their order.
SIX = (
    "waiting",
    "time_to_home",
    "homes_running",
    "moved_on",
    "evicted",
    "follow_ups_on_time",
)
#: What a reader of each is told first.
QUESTIONS: Mapping[str, str] = {
    "waiting": mark("Hur många väntar?"),
    "time_to_home": mark("Hur lång tid tar det?"),
    "homes_running": mark("Hur många bor i våra bostäder?"),
    "moved_on": mark("Hur många går vidare till eget kontrakt?"),
    "evicted": mark("Hur många vräks?"),
    "follow_ups_on_time": mark("Följer vi upp i tid?"),
}
MARGIN_WORDS: Mapping[str, str] = {
    "all": mark("Alla tillsammans"),
    "programme": mark("Boendeform"),
    "step": mark("Steg"),
    "area": mark("Område"),
    "sex": mark("Kön"),
    "age": mark("Ålder"),
    "children": mark("Barn i hushållet"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A figure of the first page."""

    indicator: Mapping[str, Any]
    question: str
    value: str
    when: str
    change: Change | None
    few: bool
    spark: Markup
    #: The months that the small picture reaches over.
    reach: str


def card(indicator: Mapping[str, Any], teller: Teller) -> Card:
    """A figure of the first page, of an indicator with what was told of it."""
    blocks = whole(indicator, indicator["told"])
    now = latest(indicator, blocks)
    change = teller.change(indicator, now, year_before(indicator, blocks, now))
    value = teller.value(indicator, now)
    reach = teller.span(blocks[0].first, blocks[-1].last) if blocks else ""
    told = teller.words(
        mark("{label}, {reach}. Senast {value}."),
        label=indicator["label"],
        reach=reach,
        value=value,
    )
    return Card(
        indicator,
        teller.words(QUESTIONS.get(indicator["code"], "")),
        value,
        _when(indicator, now, teller) if now else "",
        change,
        now is not None and not now.known,
        drawing.spark(
            blocks,
            Words(indicator["label"], told),
            f"s-{indicator['code']}",
            bars=adds(indicator),
            points=indicator["kind"] == "stock",
        ),
        reach,
    )


def _when(indicator: Mapping[str, Any], now: Said, teller: Teller) -> str:
    """The months, how many where they are no year, and that half lie below where it is a median."""
    found = teller.when(indicator, now)
    if adds(indicator) and now.months != YEAR:
        found = teller.words(mark("{span} ({n} månader)"), span=found, n=now.months)
    if indicator["measure"] == "median":
        found = teller.words(mark("{span}; hälften kortare, hälften längre"), span=found)
    return found


def chart(
    indicator: Mapping[str, Any],
    lines: Sequence[Line],
    teller: Teller,
    identifier: str,
    *,
    title: str = "",
    top: float = 0,
    height: int = 290,
    span: tuple[date, date] | None = None,
) -> Markup:
    """The picture of an indicator's series."""
    blocks = [block for line in lines for block in line.blocks]
    name = title or indicator["label"]
    bars = adds(indicator)
    return drawing.chart(
        Chart(
            Words(
                name,
                told_of(indicator, blocks, teller, name),
                axis=_axis(indicator, teller),
                few=teller.words(mark("för få")),
            ),
            tuple(lines),
            bars,
            indicator["kind"] == "stock",
            {block: teller.short(indicator, block) for block in blocks},
            _months(blocks, teller, span),
            top=top,
            percent=indicator["measure"] == "share",
            scale=ORE if indicator["unit"] == "ore" else 1,
            height=height,
            span=span,
        ),
        identifier,
    )


def by_cells(
    indicator: Mapping[str, Any], series: Sequence[Series], teller: Teller
) -> list[tuple[Series, Markup]]:
    """A picture for each cell, all on one scale and over the same months."""
    bars = adds(indicator)
    blocks = [block for one in series for block in one.blocks]
    if not blocks:
        return []
    span = (min(one.first for one in blocks), max(one.last for one in blocks))
    top = drawing.highest([Line(one.blocks) for one in series], bars=bars)
    return [
        (
            one,
            chart(
                indicator,
                [Line(one.blocks)],
                teller,
                f"c{number}",
                title=f"{indicator['label']}: {one.label}",
                top=top,
                height=220,
                span=span,
            ),
        )
        for number, one in enumerate(series)
    ]


def rows(
    indicator: Mapping[str, Any], series: Sequence[Series], teller: Teller
) -> list[tuple[str, list[str], str, str]]:
    """The table of series: months, newest first, what each says of them, and the months as addresses."""
    spans = sorted({(one.last, one.first) for each in series for one in each.blocks}, reverse=True)
    found = []
    for last, first in spans:
        values = [
            next(
                (
                    teller.value(indicator, one)
                    for one in each.blocks
                    if (one.first, one.last) == (first, last)
                ),
                "",
            )
            for each in series
        ]
        found.append((teller.span(first, last), values, f"{first:%Y-%m}", f"{last:%Y-%m}"))
    return found


def said_of(
    indicator: Mapping[str, Any], told: Sequence[Mapping[str, Any]], first: date, last: date
) -> Said | None:
    """What was told of a whole period."""
    return said(indicator, whole(indicator, told), first, last)


def reaching(
    indicator: Mapping[str, Any], told: Sequence[Mapping[str, Any]], first: date, last: date
) -> Block | None:
    """The newest number that is of some months of a period and of others too."""
    found = [
        one
        for one in whole(indicator, told)
        if one.known and one.first <= last and one.last >= first
    ]
    return found[-1] if found else None


def newest(indicator: Mapping[str, Any], blocks: Sequence[Block]) -> Said | None:
    """The newest that can be said of the blocks."""
    return latest(indicator, blocks)


def _axis(indicator: Mapping[str, Any], teller: Teller) -> str:
    unit = teller.unit(indicator)
    if adds(indicator):
        return teller.words(mark("{unit} per månad"), unit=unit)
    return unit


def told_of(
    indicator: Mapping[str, Any], blocks: Sequence[Block], teller: Teller, name: str = ""
) -> str:
    """What a listener is told of a picture."""
    known = [one for one in blocks if one.known]
    if not known:
        return teller.words(mark("Det finns inga tal att visa än."))
    high = max(known, key=lambda one: one.most or 0)
    low = min(known, key=lambda one: one.least or 0)
    return teller.words(
        mark("{name}. Högst {high} ({when_high}), lägst {low} ({when_low}), senast {last}."),
        name=name or indicator["label"],
        high=teller.value(indicator, high),
        when_high=teller.period(high),
        low=teller.value(indicator, low),
        when_low=teller.period(low),
        last=teller.value(indicator, known[-1]),
    )


def _months(
    blocks: Sequence[Block], teller: Teller, span: tuple[date, date] | None
) -> dict[date, str]:
    if not blocks:
        return {}
    first, last = span or (min(one.first for one in blocks), max(one.last for one in blocks))
    count = months_between(first, last) + 1
    months = [month_after(first, number) for number in range(count)]
    return {month: teller.month(month) for month in months}
