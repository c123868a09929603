"""The meeting's report as PDF: the six figures, their trends, the flow, and how each is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hemvist.documents.reports import Head, Part, Picture, Report, Table, Text
from hemvist_portal.figures import shown
from hemvist_portal.figures.blocks import series_of
from hemvist_portal.figures.drawing import Line
from hemvist_portal.figures.telling import Teller
from hemvist_portal.formats import instant
from hemvist_portal.wording import mark

#: Rows of a figure's table in the report: what a meeting looks at. The Excel file has all.
_ROWS = 5


def report_of(
    six: Sequence[Mapping[str, Any]],
    flowing: Mapping[str, Any],
    state: Mapping[str, Any] | None,
    day: date,
    teller: Teller,
) -> Report:
    """The report, of the six figures and the flow as the pages show them."""
    words = teller.words
    cards = [shown.card(one, teller) for one in six]
    parts: list[Part] = [
        Text(words(mark("Underlag till styrgruppens möte.")), strong=True),
        Text(words(_READING)),
        Table(
            (words(mark("Nyckeltal")), words(mark("Nu")), words(mark("Mot året före"))),
            tuple(
                (
                    one.indicator["label"],
                    f"{one.value} ({one.when})" if one.when else words(mark("inget tal än")),
                    one.change.words if one.change else words(mark("går inte att säga")),
                )
                for one in cards
            ),
        ),
    ]
    for number, one in enumerate(cards):
        parts += _figure(one, number, teller)
    parts += _flow(flowing, teller)
    parts.append(Head(words(mark("Så räknas talen")), new_page=True))
    for one in cards:
        parts += _definition(one.indicator, teller)
    foot = words(mark("Nyckeltal ur Hemvist"))
    if state and state["countedTo"]:
        foot += " · " + words(mark("räknat {when}"), when=instant(state["countedTo"]))
    return Report(words(mark("Nyckeltal till mötet")), day, foot, teller.lang, tuple(parts))


_READING = mark(
    "Talen gäller hela kommunen och visas när en månad är slut. Ett tal gäller minst fem "
    "hushåll; har det hänt mer sällan slås flera månader ihop. Tal som visats ändras inte i efterhand."
)


def _figure(card: shown.Card, number: int, teller: Teller) -> list[Part]:
    indicator = card.indicator
    series = series_of(indicator, indicator["told"])
    parts: list[Part] = [
        Head(indicator["label"], new_page=number % 2 == 0),
        Text(f"{card.value} · {card.when}" if card.when else card.value, strong=True),
    ]
    if card.change:
        sign = {"go": mark("Åt rätt håll"), "wait": mark("Åt fel håll")}.get(card.change.tone)
        said = f"{teller.words(sign)}: {card.change.words}" if sign else card.change.words
        parts.append(Text(said[:1].upper() + said[1:] + "."))
    if not series:
        return parts
    drawn = shown.chart(indicator, [Line(series[0].blocks)], teller, f"r{number}", height=210)
    parts.append(Picture(str(drawn), shown.told_of(indicator, series[0].blocks, teller)))
    every = shown.rows(indicator, series[:1], teller)
    rows = every[:_ROWS]
    parts.append(
        Table(
            (teller.words(mark("Månader")), indicator["label"]),
            tuple((span, values[0]) for span, values, _, _ in rows),
        )
    )
    if len(every) > len(rows):
        parts.append(Text(teller.words(mark("De senaste talen; alla finns i Excel.")), small=True))
    return parts


def _flow(flowing: Mapping[str, Any], teller: Teller) -> list[Part]:
    words = teller.words
    title = words(mark("Flödet genom boendeformerna, {span}"), span=flowing["span"])
    if not flowing["picture"]:
        return []
    found, sums, wider = flowing["found"], flowing["sums"], flowing["wider"]
    none = words(mark("inget tal för perioden"))
    heads = (words(mark("Boendeform")), *(found[code]["label"] for code in flowing["ways"]))
    divided = tuple(
        (
            row.label or flowing["heads"]["rest"],
            *(teller.value(found[way.code], way.said) if way.said else "–" for way in row.left),
        )
        for row in flowing["rows"]
    )
    whole = tuple(
        (
            one["label"],
            f"{teller.value(one, sums[code])} ({teller.period(sums[code])})"
            if sums[code]
            else f"{teller.value(one, wider[code])} ({teller.period(wider[code])})"
            if wider.get(code)
            else none,
        )
        for code, one in found.items()
    )
    return [
        Head(title, new_page=True),
        Picture(str(flowing["picture"]), flowing["told"]),
        Table((words(mark("Alla boendeformer")), words(mark("Tal"))), whole),
        Table(heads, divided),
    ]


def _definition(indicator: Mapping[str, Any], teller: Teller) -> list[Part]:
    words = teller.words
    return [
        Head(indicator["label"], level=3),
        Text(indicator["definition"]),
        Text(f"{words(mark('När det räknas'))}: {indicator['counts']}", small=True),
        Text(f"{words(mark('Vad det inte säger'))}: {indicator['limits']}", small=True),
        Text(
            words(
                mark("Bygger på {source}. Definition, version {version}."),
                source="; ".join(indicator["source"]),
                version=indicator["version"],
            ),
            small=True,
        ),
    ]
