"""Lists as Excel files: every row of a page's own selection, read page by page through the API.

Each page of rows is read by the document of the list's page, or one of its own, and logged as that
is. What a person has written is text and never a formula, whatever it begins with.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from hemvist.clock import SWEDISH_TIME
from hemvist.spreadsheets.written import FORMULAS
from hemvist_portal.visitor import Visitor

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows in one file: what a person can look through, and what is read in some seconds.
MAX_ROWS = 10_000
#: Longest text that a cell can hold.
_MAX_TEXT = 32_767
_FORMATS = {"day": "yyyy-mm-dd", "instant": "yyyy-mm-dd hh:mm", "kronor": "#,##0.00"}

#: A row of the list, and who reads it, to the value of a cell.
Value = Callable[[Mapping[str, Any], Visitor], Any]


class TooMany(Exception):
    """The selection has more rows than a file takes."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading in Swedish, its value, and how that is kept.

    ``kind``: ``text``, ``number``, ``day`` (a date), ``instant`` (Swedish time) or ``kronor`` (of öre).
    """

    heading: str
    value: Value
    kind: str = "text"
    width: int = 18


@dataclass(frozen=True, slots=True)
class ListSheet:
    """A list that can be fetched: its name, its page's document, the document's connection."""

    title: str
    document: str
    connection: str
    columns: tuple[Column, ...]
    #: The page's query string to the document's variables, as the page itself reads it.
    chosen: Callable[[Mapping[str, str]], dict[str, Any]] = lambda _query: {}
    #: Where the list's page is, by its query string; without it, the list's name and the query string.
    page: Callable[[Mapping[str, str]], str] | None = None
    #: What a row needs of the document besides itself, under keys of its own.
    beside: tuple[str, ...] = ()


def workbook(visitor: Visitor, sheet: ListSheet, query: Mapping[str, str]) -> IO[bytes]:
    """The file, at its beginning; it is gone when it is closed. Raises ``TooMany``."""
    return book_of(visitor, sheet, rows(visitor, sheet, query))


def book_of(visitor: Visitor, sheet: ListSheet, found: Iterable[Mapping[str, Any]]) -> IO[bytes]:
    """``workbook`` of rows that were read otherwise."""
    # Read to its end first: what is begun of a file would be left lying if a page were refused.
    read = [tuple(column.value(row, visitor) for column in sheet.columns) for row in found]
    book = Workbook(write_only=True)
    page = book.create_sheet(visitor.words(sheet.title)[:31])
    page.freeze_panes = "A2"
    for position, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(position)].width = column.width
    heads = []
    for column in sheet.columns:
        head = cell(page, visitor.words(column.heading), "text")
        head.font = Font(bold=True)
        heads.append(head)
    page.append(heads)
    for values in read:
        page.append(
            [
                cell(page, value, column.kind)
                for value, column in zip(values, sheet.columns, strict=True)
            ]
        )
    # Closed by whoever sends it.
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever sends it
    book.save(file)
    file.seek(0)
    return file


def rows(
    visitor: Visitor, sheet: ListSheet, query: Mapping[str, str]
) -> Iterator[Mapping[str, Any]]:
    """Every row of the selection, as the list's page reads them. Raises ``TooMany``."""
    chosen = sheet.chosen(query)
    after: str | None = None
    count = 0
    while True:
        data = visitor.read(sheet.document, **chosen, after=after)
        page = data[sheet.connection]
        beside = {key: data[key] for key in sheet.beside}
        for edge in page["edges"]:
            count += 1
            if count > MAX_ROWS:
                raise TooMany
            yield {**edge["node"], **beside}
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def cell(page: Any, value: Any, kind: str) -> Any:
    """A cell of a sheet that is being written; nothing of nothing."""
    if value is None or value == "":
        return None
    if kind == "day":
        value = date.fromisoformat(str(value)[:10])
    elif kind == "instant":
        read = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
        value = read.astimezone(SWEDISH_TIME).replace(tzinfo=None, microsecond=0)
    elif kind == "kronor":
        value = value / 100
    elif kind == "text":
        return _text(page, str(value))
    cell = WriteOnlyCell(page, value)
    if kind in _FORMATS:
        cell.number_format = _FORMATS[kind]
    return cell


def _text(page: Any, value: str) -> Any:
    clean = ILLEGAL_CHARACTERS_RE.sub("", value)[:_MAX_TEXT]
    cell = WriteOnlyCell(page, clean)
    # Whatever it begins with: openpyxl would make a formula of what begins with "=".
    cell.data_type = "s"
    if clean.startswith(FORMULAS):
        cell.quotePrefix = True
    return cell
