"""From a file to rows of cells: CSV and Excel, within limits that no file gets past."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from hemvist.errors import ValidationFailed

MAX_BYTES = 6 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 300
#: A workbook unpacked, and parts in it: what says more is no such list.
MAX_UNPACKED = 80 * 1024 * 1024
MAX_PARTS = 300
#: A part that is packed tighter than this holds the same thing over and over.
MAX_RATIO = 400
#: Among so many rows at the front the headings are looked for; reports have a title above them.
_TITLES = 15
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = (";", "\t", ",", "|")
#: A document type in a workbook's part could make it grow without end; Excel writes none.
_DECLARATIONS = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)

Cell = str | int | float | bool | date | None
#: Field → heading, of the headings that are known.
Guess = Callable[[Sequence[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's table. ``first_row`` is the number of the row below the headings, as Excel counts."""

    format: str
    headings: tuple[str, ...]
    first_row: int
    rows: tuple[tuple[Cell, ...], ...]


def read_sheet(content: bytes, guess: Guess) -> Sheet:
    """The table in ``content``; its headings are the row of which ``guess`` knows most.

    Raises ``ValidationFailed`` on ``content`` with what is wrong.
    """
    if not content:
        raise _wrong("required", "choose a file")
    if len(content) > MAX_BYTES:
        raise _wrong("too_large", f"at most {MAX_BYTES} bytes", limit=MAX_BYTES)
    if content.startswith(_OLD_EXCEL):
        raise _wrong("old_excel", "an Excel file of the old kind; save it as .xlsx or CSV")
    if content.startswith(_ZIP):
        return _table("xlsx", _workbook(content), guess)
    return _table("csv", _text(content), guess)


def _wrong(rule: str, message: str, **params: Any) -> ValidationFailed:
    return ValidationFailed.one("content", rule, message, **params)


def _table(format: str, rows: Iterable[Sequence[Cell]], guess: Guess) -> Sheet:
    kept: list[tuple[Cell, ...]] = []
    for row in rows:
        if len(kept) > MAX_ROWS + _TITLES:
            raise _wrong("too_many_rows", f"at most {MAX_ROWS} rows", limit=MAX_ROWS)
        kept.append(tuple(row))
    place = _heading_row(kept, guess)
    headings = _headings(kept[place])
    body = kept[place + 1 :]
    if len(body) > MAX_ROWS:
        raise _wrong("too_many_rows", f"at most {MAX_ROWS} rows", limit=MAX_ROWS)
    return Sheet(format, headings, place + 2, tuple(body))


def _heading_row(rows: Sequence[Sequence[Cell]], guess: Guess) -> int:
    """The row that knows most headings; of several the first."""
    best, place = 0, 0
    for number, row in enumerate(rows[:_TITLES]):
        known = len(guess([cell for cell in row if isinstance(cell, str)]))
        if known > best:
            best, place = known, number
    if best == 0:
        # Headings of the sender's own: the first row with more than one cell.
        several = (n for n, row in enumerate(rows[:_TITLES]) if sum(map(_filled, row)) > 1)
        place = next(several, -1)
    if place < 0:
        raise _wrong("no_headings", "no row of headings was found")
    return place


def _filled(cell: Cell) -> bool:
    return cell is not None and str(cell).strip() != ""


def _headings(row: Sequence[Cell]) -> tuple[str, ...]:
    """The headings, each its own: a second "Belopp" becomes "Belopp 2"."""
    found: list[str] = []
    for number, cell in enumerate(row, 1):
        text = "" if cell is None else " ".join(str(cell).split())[:MAX_CELL]
        name = text or f"#{number}"
        seen = 2
        while name in found:
            name, seen = f"{text} {seen}", seen + 1
        found.append(name)
    return tuple(found)


def _text(content: bytes) -> Iterator[list[Cell]]:
    text = _decoded(content)
    if "\0" in text:
        raise _wrong("media_type", "neither CSV nor Excel")
    delimiter = _delimiter(text)
    # A field that is never closed would swallow the rest of the file: bounded by the csv module.
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [cell[:MAX_CELL] for cell in row[:MAX_COLUMNS]]
    except csv.Error as error:
        raise _wrong("csv", "the file cannot be read as CSV") from error


def _decoded(content: bytes) -> str:
    """As UTF-8 or UTF-16 where it says so, else as Windows writes Swedish (cp1252)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _wrong("media_type", "neither CSV nor Excel") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    """What most of the first lines have equally many of, outside of quotes."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:_TITLES]
    best = (0, 0, -len(_DELIMITERS))
    found = ";"
    for place, mark in enumerate(_DELIMITERS):
        counts = [len(next(csv.reader([line], delimiter=mark))) - 1 for line in lines]
        common = max(counts, default=0, key=lambda count: (counts.count(count), count))
        score = (counts.count(common) if common else 0, common, -place)
        if score > best:
            best, found = score, mark
    return found


def _workbook(content: bytes) -> Iterator[list[Cell]]:
    _inspect(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise _wrong("excel", "the Excel file cannot be read") from error
    try:
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise _wrong("excel", "the Excel file has no sheet")
        yield from _cells(sheet)
    finally:
        book.close()


def _cells(sheet: Any) -> Iterator[list[Cell]]:
    # What the sheet claims of its own size is not believed: a claim of a million columns is a bomb.
    sheet.reset_dimensions()
    empty = 0
    try:
        for row in sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS):
            cells = [_cell(value) for value in row]
            if any(map(_filled, cells)):
                yield from [[]] * empty
                empty = 0
                yield cells
            else:
                # Rows that are only formatted at the end are no rows.
                empty += 1
                if empty > MAX_ROWS:
                    return
    except ValidationFailed:
        raise
    except Exception as error:
        raise _wrong("excel", "the Excel file cannot be read") from error


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return str(value)[:MAX_CELL]


def _inspect(content: bytes) -> None:
    """Refuse a workbook that would unpack to far more than it is, or that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MAX_PARTS:
                raise _wrong("zip_bomb", "too many parts")
            # Python unpacks no more of a part than its entry says, so the entries can be believed.
            if sum(part.file_size for part in parts) > MAX_UNPACKED or any(
                part.file_size > 1_000_000 and part.file_size > MAX_RATIO * part.compress_size
                for part in parts
            ):
                raise _wrong("zip_bomb", "unpacks to far more than such a list")
            for part in parts:
                _inspect_part(packed.read(part), part.filename.endswith((".xml", ".rels")))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _wrong("excel", "the Excel file cannot be read") from error


def _inspect_part(part: bytes, named_xml: bool) -> None:
    """Refuse what declares something, whatever the part is called: its name is the sender's word."""
    start = part[:4].lstrip(b"\xef\xbb\xbf \r\n\t")
    if named_xml and start and not start.startswith(b"<"):
        # Excel writes UTF-8.
        raise _wrong("excel", "the Excel file cannot be read")
    if any(mark in part for mark in _DECLARATIONS):
        raise _wrong("zip_bomb", "the Excel file declares entities")
