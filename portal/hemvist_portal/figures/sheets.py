"""Figures as Excel: a sheet for each indicator, and one of definitions."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from hemvist_portal.excel import cell
from hemvist_portal.figures.blocks import Block, Series, in_steps, series_of
from hemvist_portal.figures.tables import Table, as_kept
from hemvist_portal.figures.telling import Teller
from hemvist_portal.wording import mark

#: What a sheet's name cannot have.
_FORBIDDEN = re.compile(r"[\\/*?:\[\]]")
_LONGEST = 31


def workbook(
    indicators: Iterable[tuple[Mapping[str, Any], Iterable[Series]]], teller: Teller
) -> IO[bytes]:
    """The file, at its beginning; it is gone when it is closed."""
    book = Workbook(write_only=True)
    definitions: list[Mapping[str, Any]] = []
    names: set[str] = set()
    for indicator, series in indicators:
        definitions.append(indicator)
        _sheet(book, _name(indicator["label"], names), indicator, series, teller)
    return _with_definitions(book, names, definitions, teller)


def tables(
    found: Iterable[Table], definitions: Sequence[Mapping[str, Any]], teller: Teller
) -> IO[bytes]:
    """As ``workbook``, of tables that are of several indicators or none."""
    book = Workbook(write_only=True)
    names: set[str] = set()
    for one in found:
        page = book.create_sheet(_name(one.name, names))
        page.freeze_panes = "A2"
        _widths(page, [max(13, min(len(head) + 4, 40)) for head in one.heads])
        page.append(_heads(page, one.heads))
        for row in one.rows:
            page.append([_cell(page, value) for value in row])
    return _with_definitions(book, names, definitions, teller)


def _cell(page: Any, value: str | float | date | None) -> Any:
    if isinstance(value, date):
        return cell(page, value.isoformat(), "day")
    return cell(page, value, "text" if isinstance(value, str) else "number")


def _with_definitions(
    book: Workbook, names: set[str], definitions: Sequence[Mapping[str, Any]], teller: Teller
) -> IO[bytes]:
    if definitions:
        _definitions(book, _name(teller.words(mark("Definitioner")), names), definitions, teller)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever sends it
    book.save(file)
    file.seek(0)
    return file


def told_series(indicator: Mapping[str, Any]) -> list[Series]:
    """The series of an indicator with its ``told``."""
    return series_of(indicator, indicator["told"])


def _sheet(
    book: Workbook,
    name: str,
    indicator: Mapping[str, Any],
    series: Iterable[Series],
    teller: Teller,
) -> None:
    page = book.create_sheet(name)
    page.freeze_panes = "A2"
    span = indicator["measure"] == "share" or in_steps(indicator)
    unit = teller.unit(indicator)
    least = mark("Minst ({unit})") if span else mark("Tal ({unit})")
    heads = [mark("Gäller"), mark("Från månad"), mark("Till månad"), least]
    if span:
        heads.append(mark("Högst ({unit})"))
    heads += [mark("Antal som talet bygger på"), mark("Anmärkning")]
    _widths(page, [36, 13, 13, 18, *([18] if span else []), 18, 28])
    page.append(_heads(page, [teller.words(one).format(unit=unit) for one in heads]))
    for one in series:
        for block in one.blocks:
            page.append(_row(page, indicator, one.label, block, teller, span=span))


def _row(
    page: Any,
    indicator: Mapping[str, Any],
    label: str,
    block: Block,
    teller: Teller,
    *,
    span: bool,
) -> list[Any]:
    note = "" if block.known else teller.words(mark("för få för att visas"))
    values = [
        cell(page, label or teller.words(mark("Alla tillsammans")), "text"),
        cell(page, block.first.isoformat(), "day"),
        cell(page, block.last.isoformat(), "day"),
        cell(page, as_kept(indicator, block.least), "number"),
    ]
    if span:
        values.append(cell(page, as_kept(indicator, block.most), "number"))
    return [*values, cell(page, block.facts, "number"), cell(page, note, "text")]


def _definitions(
    book: Workbook, name: str, indicators: Iterable[Mapping[str, Any]], teller: Teller
) -> None:
    page = book.create_sheet(name)
    page.freeze_panes = "A2"
    _widths(page, [36, 10, 60, 80, 60, 40])
    heads = (
        mark("Nyckeltal"),
        mark("Version"),
        mark("Vad det är"),
        mark("När det räknas"),
        mark("Vad det inte säger"),
        mark("Bygger på"),
    )
    page.append(_heads(page, [teller.words(one) for one in heads]))
    for one in indicators:
        page.append(
            [
                cell(page, one["label"], "text"),
                cell(page, one["version"], "number"),
                *(cell(page, one[key], "text") for key in ("definition", "counts", "limits")),
                cell(page, "; ".join(one["source"]), "text"),
            ]
        )


def _heads(page: Any, words: Iterable[str]) -> list[Any]:
    found = [cell(page, one, "text") for one in words]
    for one in found:
        one.font = Font(bold=True)
    return found


def _widths(page: Any, widths: Iterable[int]) -> None:
    for position, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(position)].width = width


def _name(label: str, taken: set[str]) -> str:
    """A sheet's name: short, of signs that Excel takes, and not there yet."""
    whole = _FORBIDDEN.sub(" ", label)[:_LONGEST]
    number = 2
    while whole.lower() in taken:
        ending = f" {number}"
        whole = _FORBIDDEN.sub(" ", label)[: _LONGEST - len(ending)] + ending
        number += 1
    taken.add(whole.lower())
    return whole
