"""The tables behind the pictures that show more than one indicator's series, as rows of an Excel file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hemvist_portal.figures import forecast
from hemvist_portal.figures.beside import Pair
from hemvist_portal.figures.blocks import Block, Said
from hemvist_portal.figures.others import Row, Sheet
from hemvist_portal.figures.telling import Teller
from hemvist_portal.formats import ORE
from hemvist_portal.wording import mark

Cell = str | float | date | None

_FROM, _TO = mark("Från månad"), mark("Till månad")
_LEAST, _MOST, _NOTE = mark("Minst"), mark("Högst"), mark("Anmärkning")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its name, its heads, and rows of words, numbers and days."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def of_flow(found: Mapping[str, Any], teller: Teller) -> list[Table]:
    """The flow: a row for each programme and way, and for what all programmes have together."""
    indicators = found["found"]
    rest, everything = found["heads"]["rest"], teller.words(mark("Alla tillsammans"))
    rows: list[Sequence[Cell]] = [
        [row.label or rest, *_said(indicators[way.code], way.said, teller)]
        for row in found["rows"]
        for way in row.left
        if way.said
    ]
    rows += [
        [everything, *_said(indicators[code], one or found["wider"].get(code), teller)]
        for code, one in found["sums"].items()
    ]
    heads = (mark("Boendeform"), *_SAID)
    return [_table(teller, mark("Flödet"), heads, rows)]


def of_periods(found: Mapping[str, Any], teller: Teller) -> list[Table]:
    """Two periods of an indicator: a row for each cell and period."""
    pairs: Sequence[Pair] = found["pairs"]
    rows = [
        [pair.label, name, *_said(found["indicator"], one, teller)]
        for pair in pairs
        for name, one in zip(found["names"], (pair.now, pair.then), strict=True)
    ]
    heads = (mark("Gäller"), mark("Period"), *_SAID)
    return [_table(teller, mark("Jämför"), heads, rows)]


def of_forecast(found: Mapping[str, Any], teller: Teller) -> list[Table]:
    """A forecast: the year, its months, and the one that was kept beside what came."""
    made, tables = found["forecast"], []
    ways = [(mark("Som hittills"), made["goingOn"])]
    if found["asked"].any:
        ways.append((mark("Det du frågar"), made["asked"]))
    band = (mark("Mitten"), mark("Bandets nedre gräns"), mark("Bandets övre gräns"))
    if found["known"]:
        rows: list[Sequence[Cell]] = [
            [teller.words(name), teller.words(words), *_band(outlook["year"][code])]
            for code, name, _ in forecast.YEAR
            if made["asked"]["year"][code] is not None
            for words, outlook in ways
        ]
        tables.append(
            _table(teller, mark("Året"), (mark("Kommande tolv månader"), mark("Hur"), *band), rows)
        )
        whats = (("waiting", mark("Väntar")), ("homes", mark("Kommunens bostäder")))
        rows = [
            _month(month, what, teller.words(name), teller.words(words))
            for words, outlook in ways
            for month in outlook["months"]
            for what, name in whats
            if month[what] is not None
        ]
        heads = (mark("Månad"), mark("Vad"), mark("Hur"), *band)
        tables.append(_table(teller, mark("Månaderna"), heads, rows))
    if found["kept"]:
        rows = [
            [date.fromisoformat(one["month"]), *_band(one["said"]), one["came"], one["error"]]
            for one in found["kept"]["months"]
        ]
        heads = (mark("Månad"), *band, mark("Så blev det"), mark("Fel"))
        tables.append(_table(teller, mark("Förra prognosen"), heads, rows))
    return tables


def of_others(sheets: Iterable[Sheet], teller: Teller) -> list[Table]:
    """Several kommuner: a row for each kommun and indicator."""
    rows: list[Sequence[Cell]] = [
        _kommun(sheet.indicator, row, teller) for sheet in sheets for row in sheet.rows
    ]
    heads = (
        mark("Nyckeltal"),
        mark("Kommun"),
        *(_FROM, _TO, _LEAST, _MOST, mark("Enhet")),
        mark("Per 10 000 invånare"),
        mark("Invånare"),
    )
    return [_table(teller, mark("Kommuner"), heads, rows)]


def _kommun(indicator: Mapping[str, Any], row: Row, teller: Teller) -> list[Cell]:
    told = _told(indicator, row.told, teller)
    rate = as_kept(indicator, row.by_inhabitants)
    return [indicator["label"], row.name, *told, rate, row.inhabitants]


def _month(month: Mapping[str, Any], what: str, name: str, words: str) -> list[Cell]:
    return [date.fromisoformat(month["month"]), name, words, *_band(month[what])]


_SAID = (mark("Nyckeltal"), _FROM, _TO, _LEAST, _MOST, mark("Enhet"), _NOTE)


def _said(indicator: Mapping[str, Any], one: Said | None, teller: Teller) -> list[Cell]:
    """What ``_SAID`` heads: nothing but a note where there is no number."""
    label = str(indicator["label"])
    if one is None:
        return [label, None, None, None, None, "", teller.words(mark("inget tal än"))]
    note = ""
    if not one.known:
        note = teller.words(mark("för få för att visas"))
    elif one.hidden:
        note = teller.words(mark("något fler, för få för att visas"))
    elif one.missing:
        note = teller.words(mark("bara {months}"), months=teller.period(one))
    return [label, *_told(indicator, one, teller), note]


def _told(indicator: Mapping[str, Any], one: Block, teller: Teller) -> list[Cell]:
    least, most = (as_kept(indicator, value) for value in (one.least, one.most))
    return [one.first, one.last, least, most, teller.unit(indicator)]


def as_kept(indicator: Mapping[str, Any], value: float | None) -> float | None:
    """A number as a sheet keeps it: öre as kronor."""
    return value / ORE if value is not None and indicator["unit"] == "ore" else value


def _band(band: Mapping[str, int]) -> list[Cell]:
    return [band["middle"], band["low"], band["high"]]


def _table(
    teller: Teller, name: str, heads: Iterable[str], rows: Sequence[Sequence[Cell]]
) -> Table:
    return Table(teller.words(name), [teller.words(one) for one in heads], rows)
