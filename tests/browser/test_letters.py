"""A letter in a real browser: drafted, refused for what is protected, mended, released, fetched."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from hemvist.documents.traces import text_of
from hemvist.identity import get_directory
from hemvist.units.models import Unit
from hemvist_browser import OFFICER, Desk, wrong
from hemvist_graphql.ids import global_id
from hemvist_pdf import faults
from hemvist_world import World, adult, peopled

pytestmark = pytest.mark.browser


def test_a_letter_leaves_without_what_is_protected(
    chromium: Browser, platform_address: str, tmp_path: Path
) -> None:
    world: World = peopled(get_directory().tenant_id("helsingborg"))
    case = world.case(
        adult(
            given_name="Bo",
            family_name="Hemlingsson",
            protection="protected_registration",
            protection_checked_on=date(2026, 1, 2),
        )
    )
    contract = world.contract(world.accepted(case, world.registered(case)))
    [unit] = world.rows(Unit, id=contract.unit_id)
    street = unit.street_address
    desk = Desk(chromium, platform_address, OFFICER)
    desk.open(f"cases/{global_id('Case', case.id)}")
    desk.follow("Skriv och läs brev")
    assert wrong(desk.page) == []
    desk.choose("subject", f"demand/{global_id('Contract', contract.id)}")
    desk.fill("ownWords", f"Grannarna på {street.upper()} hör hög musik.")
    desk.press("Gör ett utkast")
    desk.told("Utkastet är sparat.")
    desk.told("Skyddade uppgifter står i: egna ord till mottagaren.")
    desk.told("Adressen lämnas muntligen")
    assert wrong(desk.page) == []

    desk.press("Släpp brevet")
    desk.told("Här står en skyddad adress. Ta bort den innan brevet släpps.")
    box = desk.page.locator(".message-box--error, .error-list, [role=alert]").first
    assert street not in box.inner_text()
    desk.fill("ownWords", "Grannarna hör hög musik efter klockan 22.")
    desk.press("Spara orden")
    desk.told("Orden är sparade.")
    expect(desk.page.get_by_text("Kan inte släppas än")).to_have_count(0)
    desk.press("Släpp brevet")
    desk.told("Brevet är släppt och bevarat.")
    assert wrong(desk.page) == []

    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Hämta som PDF").click()
    kept = tmp_path / "brev.pdf"
    download.value.save_as(kept)
    assert download.value.suggested_filename == f"rattelseanmaning-{case.number}.pdf"
    pdf = kept.read_bytes()
    assert faults(pdf) == []
    said = text_of(pdf)
    assert "Helsingborg" in said and "hög musik efter klockan 22" in said
    assert street not in said and "Hemlingsson" not in said
    desk.close()


def test_a_list_in_a_file_is_the_list_on_the_page(
    chromium: Browser, platform_address: str, tmp_path: Path
) -> None:
    world = peopled(get_directory().tenant_id("helsingborg"))
    for rooms in (1, 2, 3):
        world.unit(rooms=rooms, area="=1+1")
    desk = Desk(chromium, platform_address, OFFICER)
    desk.open("units?state=vacant")
    shown = desk.page.locator("table.list tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].slice(0, 3).map(cell => cell.innerText.trim()))"
    )
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Hämta som Excel").click()
    kept = tmp_path / "lista.xlsx"
    download.value.save_as(kept)
    head, *rows = load_workbook(kept).worksheets[0].iter_rows(values_only=True)
    at = {name: head.index(name) for name in ("Adress", "Lägenhet", "Område", "Rum")}
    in_file = [
        [
            f"{row[at['Adress']]}, lgh {row[at['Lägenhet']]}",
            row[at["Område"]],
            str(row[at["Rum"]]),
        ]
        for row in rows
    ]
    assert len(shown) >= 3 and in_file[: len(shown)] == shown
    desk.close()
