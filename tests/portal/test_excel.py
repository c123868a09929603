"""Lists as Excel files: the rows of the page, dates and kronor as such, no formula from anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from hemvist.audit.models import AuditEntry
from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist_portal import excel
from hemvist_portal.routes.excel import SHEETS
from hemvist_visits import Visit, fetched, table
from hemvist_world import World, adult, peopled

Log = Callable[..., Visit]
OFFICER, CASEWORKER = "ingrid.falk", "aida.lindqvist"
NASTY = [
    "=1+1",
    '=HYPERLINK("http://x.example","y")',
    "+46",
    "-1",
    "@SUM(A1)",
    "\tx",
    "=cmd|'x'!A0",
]


@pytest.fixture(scope="module")
def world(portal: Any) -> World:
    made = peopled(get_directory().tenant_id("helsingborg"))
    for number, text in enumerate(NASTY):
        made.unit(area=text, rooms=1 + number % 3, rent_ore=550_050 + number)
    # More than the page shows at once.
    for _ in range(55):
        made.unit()
    made.case()
    made.case(
        adult(
            given_name="Bo",
            family_name="Hemlingsson",
            protection="unknown",
            protection_checked_on=None,
        )
    )
    return made


def test_every_row_of_the_selection_is_there(world: World, visit: Log) -> None:
    officer = visit(OFFICER)
    every = table(fetched(officer, "units.xlsx?state=all"))
    assert len(every) == len(NASTY) + 55
    two = table(fetched(officer, "units.xlsx?state=vacant&rooms=3"))
    assert {row["Rum"] for row in two} == {3} and 0 < len(two) < len(NASTY)
    assert fetched(officer, "units.xlsx?state=let").max_row == 1
    status, page = officer.get("/helsingborg/units?state=all")
    assert status == 200
    for row in every[:50]:
        assert row["Adress"] in page
    assert "/helsingborg/excel/units.xlsx?state=all" in page


def test_values_are_what_they_are(world: World, visit: Log) -> None:
    sheet = fetched(visit(OFFICER), "units.xlsx?state=all")
    row = next(one for one in table(sheet) if one["Område"] == "=1+1")
    assert row["Hyra (kr per månad)"] == 5500.5
    assert row["Ledig från"] == datetime.combine(today() - timedelta(days=30), datetime.min.time())
    assert (row["Rum"], row["m²"], row["Hiss"], row["Läge"]) == (1, 34.5, "Nej", "Ledig")
    assert sheet.freeze_panes == "A2"
    head = [cell.value for cell in sheet[1]]
    rent = sheet.cell(2, head.index("Hyra (kr per månad)") + 1)
    assert rent.data_type == "n" and rent.number_format == "#,##0.00"


def test_nothing_that_was_written_is_a_formula(world: World, visit: Log) -> None:
    sheet = fetched(visit(OFFICER), "units.xlsx?state=all")
    cells = [cell for line in sheet.iter_rows(min_row=2) for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    nasty = {cell.value: cell for cell in cells if cell.value in {one.strip() for one in NASTY}}
    assert len(nasty) >= len(NASTY) - 1
    for value, cell in nasty.items():
        if value.startswith(("=", "+", "-", "@")):
            assert cell.quotePrefix, value


def test_a_protected_household_has_no_name(world: World, visit: Log) -> None:
    every = table(fetched(visit(CASEWORKER), "cases.xlsx?state=open"))
    assert {row["Skyddade personuppgifter"] for row in every} == {"Ja", "Nej"}
    for row in every:
        assert (row["Sökande"] is None) == (row["Skyddade personuppgifter"] == "Ja")
    assert "Hemlingsson" not in str(every)
    assert "Hemlingsson" not in str(table(fetched(visit(CASEWORKER), "households.xlsx")))


def test_it_speaks_the_readers_language(world: World, visit: Log) -> None:
    officer = visit(OFFICER)
    officer.client.cookies.set("hemvist_lang", "en")
    officer.headers["Accept-Language"] = "en"
    head = [cell.value for cell in fetched(officer, "units.xlsx")[1]]
    assert "Rent (SEK a month)" in head and "Hyra (kr per månad)" not in head


def test_what_was_read_is_logged_as_any_reading(world: World, visit: Log) -> None:
    before = len(world.rows(AuditEntry, kind="read"))
    fetched(visit(CASEWORKER), "cases.xlsx")
    entries = world.rows(AuditEntry, kind="read")[before:]
    persons = {person for entry in entries for person in entry.person_ids}
    assert len(persons) >= 2


def test_too_many_rows_are_told(world: World, visit: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MAX_ROWS", 60)
    status, page = visit(OFFICER).get("/helsingborg/excel/units.xlsx?state=all")
    assert status == 413 and "fler än 60 rader" in page and "units?state=all" in page
    monkeypatch.setattr(excel, "MAX_ROWS", len(NASTY) + 55)
    assert fetched(visit(OFFICER), "units.xlsx?state=all").max_row == len(NASTY) + 56


def test_rights_are_those_of_the_list(world: World, visit: Log) -> None:
    assert visit(CASEWORKER).get("/helsingborg/excel/units.xlsx")[0] == 403
    assert visit(OFFICER).get("/helsingborg/excel/persons.xlsx")[0] == 404
    assert visit(OFFICER).get("/helsingborg/excel/notices.xlsx")[0] == 200
    assert table(fetched(visit(OFFICER), "referrals.xlsx")) == []


def test_every_list_can_be_fetched(world: World, visit: Log) -> None:
    for name in SHEETS:
        who = OFFICER if name == "units" else CASEWORKER
        if name in ("matching", "simulation", "takeovers", "guarantees"):
            # Of one matching or simulation, of another kommun, of other people: test_excel_later.
            continue
        head = [cell.value for cell in fetched(visit(who), f"{name}.xlsx")[1]]
        assert head == [column.heading for column in SHEETS[name].columns]
