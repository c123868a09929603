"""What a landlord's file may be: its encodings and signs, and what no file gets past."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from hemvist.arrears.columns import fitting, guess
from hemvist.arrears.rows import read_rows
from hemvist.errors import ValidationFailed
from hemvist.spreadsheets.sheets import MAX_ROWS, read_sheet
from hemvist.spreadsheets.values import Unreadable, day, month, ore
from hemvist_arrears import as_csv, as_excel, row

DAY = date(2026, 11, 20)


def rule(content: bytes) -> str:
    with pytest.raises(ValidationFailed) as wrong:
        read_sheet(content, guess)
    return wrong.value.problems[0].rule


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_files_are_read_as_landlords_write_them(encoding: str, delimiter: str) -> None:
    content = as_csv([row("Å-1")], encoding=encoding, delimiter=delimiter, title="Lista")
    sheet = read_sheet(content, guess)
    assert sheet.rows[0][:2] == ("Å-1", "Åsa Öberg")
    assert sheet.first_row == 4


def test_excel_says_the_same_as_text_and_its_formulas_say_nothing() -> None:
    said = {
        **row("=1+1"),
        "Hyra": 7450.5,
        "Restbelopp": 7450.5,
        "Förfallodatum": date(2026, 10, 30),
    }
    sheet = read_sheet(as_excel([row("A-1"), said]), guess)
    assert sheet.format == "xlsx"
    found = read_rows(
        sheet, guess(sheet.headings), day_first=None, position_on=DAY, indexed=lambda _: b""
    )
    # A formula that nothing has reckoned has no value: the row has no number, and says so.
    assert [[one["rule"] for one in row.problems] for row in found] == [[], ["required"]]
    assert found[1].values["due_on"] == "2026-10-30"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("7 450,50", 745_050),
        ("7\u00a0450,50 kr", 745_050),
        ("7.450,50", 745_050),
        ("7,450.50", 745_050),
        ("1.250", 125_000),
        ("12,5", 1_250),
        ("450:-", 45_000),
        ("100-", -10_000),
        (7450.1, 745_010),
        ("-", None),
    ],
)
def test_amounts(written: str | float, expected: int | None) -> None:
    assert ore(written) == expected


@pytest.mark.parametrize("written", ["sju", "1 2 3,4,5", "12,345,6", "1e3"])
def test_what_is_no_amount(written: str) -> None:
    with pytest.raises(Unreadable):
        ore(written)


@pytest.mark.parametrize(
    "written", ["2026-11-03", "20261103", "2026/11/3", "3 november 2026", "3.11.2026", "3/11-26"]
)
def test_days_with_the_day_first(written: str) -> None:
    assert day(written, True) == date(2026, 11, 3)


def test_a_day_that_can_be_read_two_ways_is_not() -> None:
    with pytest.raises(Unreadable, match="date_order"):
        day("03/04/2026", None)
    assert day("30/04/2026", None) == date(2026, 4, 30)
    assert day("03/04/2026", False) == date(2026, 3, 4)


@pytest.mark.parametrize("written", ["2026-11", "202611", "nov 2026", "November -26", "11/2026"])
def test_months(written: str) -> None:
    assert month(written, None) == date(2026, 11, 1)


def test_a_bomb_is_not_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"<a>" + b"0" * 90_000_000)
    assert rule(packed.getvalue()) == "zip_bomb"
    entities = io.BytesIO()
    with zipfile.ZipFile(entities, "w") as bomb:
        bomb.writestr("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a/>')
    assert rule(entities.getvalue()) == "zip_bomb"


def test_what_is_no_list_of_rents() -> None:
    assert rule(b"") == "required"
    assert rule(b"\xd0\xcf\x11\xe0 and more") == "old_excel"
    assert rule(b"PK\x03\x04 no archive") == "excel"
    assert rule(b"\0\1\2\3") == "media_type"
    assert rule(b"one\ntwo\n") == "no_headings"
    many = "Avtalsnr;Restbelopp\n" + "A;1\n" * (MAX_ROWS + 1)
    assert rule(many.encode()) == "too_many_rows"
    assert rule(b"x" * (7 * 1024 * 1024)) == "too_large"


def test_headings_saved_of_a_landlord_go_before_guesses() -> None:
    headings = ("Avtal", "Belopp", "Skuld nu", "Period")
    assert guess(headings) == {"reference": "Avtal", "rent": "Belopp", "month": "Period"}
    assert fitting({"owed": "skuld NU:"}, headings) == {
        "owed": "Skuld nu",
        "reference": "Avtal",
        "rent": "Belopp",
        "month": "Period",
    }
