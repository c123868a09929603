"""Files of rents as landlords have them, and short ways from one to its import."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

from hemvist.arrears import files, importing
from hemvist.arrears.file_models import ArrearsFile
from hemvist.arrears.models import RentAccount
from hemvist.clock import today
from hemvist.policy import add_months
from hemvist_infra.demo.numbers import organisation_number
from hemvist_kommun import Kommun

HEADINGS = (
    *("Avtalsnr", "Hyresgäst", "Personnummer", "Adress", "Lgh nr", "Område", "Hyresmånad"),
    *("Hyra", "Restbelopp", "Förfallodatum", "Betaldatum", "Inkasso", "KFM", "Har ringt"),
)
OWNER = organisation_number(931)
#: Heading → what a row says where a test says nothing.
USUAL: Mapping[str, str] = {
    "Hyresgäst": "Åsa Öberg",
    "Adress": "Storgatan 1",
    "Lgh nr": "1101",
    "Område": "Ösmo",
    "Hyra": "7 450,50",
    "Restbelopp": "7 450,50",
}


def month(back: int = 0) -> date:
    """The first day of this month, or of one that many months ago."""
    return add_months(today().replace(day=1), -back)


def row(reference: str, back: int = 0, **said: str) -> dict[str, str]:
    """A row of a tenancy for a month that lies ``back``; headings in ``said`` have _ for a blank."""
    told = {name.replace("_", " "): value for name, value in said.items()}
    return {"Avtalsnr": reference, "Hyresmånad": f"{month(back):%Y-%m}", **USUAL, **told}


def as_csv(
    rows: Iterable[Mapping[str, str]],
    *,
    headings: Sequence[str] = HEADINGS,
    delimiter: str = ";",
    encoding: str = "cp1252",
    title: str = "",
) -> bytes:
    """The rows as a landlord's system writes them."""
    lines = [delimiter.join(headings)]
    lines += [delimiter.join(one.get(name, "") for name in headings) for one in rows]
    return ((f"{title}\n\n" if title else "") + "\r\n".join(lines) + "\r\n").encode(encoding)


def as_excel(rows: Iterable[Mapping[str, Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    """The rows as a workbook, values as they are given."""
    book = Workbook()
    sheet = book.active
    sheet.append(list(headings))
    for one in rows:
        sheet.append([one.get(name) for name in headings])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def read(world: Kommun, who: str, department: str, content: bytes, **changes: Any) -> ArrearsFile:
    """A file that was read, not imported yet."""
    values: dict[str, Any] = {
        "department": department,
        "organisation_number": OWNER,
        "landlord_name": "Balder",
        "name": "hyror.csv",
        "content": content,
    }
    return world.act(who, files.read_file, **(values | changes))  # type: ignore[no-any-return]


def imported(
    world: Kommun, who: str, department: str, rows: Iterable[Mapping[str, str]], **changes: Any
) -> ArrearsFile:
    """A file of these rows, imported."""
    file = read(world, who, department, as_csv(rows), **changes)
    return world.act(  # type: ignore[no-any-return]
        who, importing.import_file, file_id=file.id, expected_version=file.version
    )


def account(world: Kommun, reference: str) -> RentAccount:
    """The tenancy with this number."""
    (found,) = world.rows(RentAccount, reference=reference)
    return found  # type: ignore[no-any-return]
