"""An arrears file of 5 000 rows with 50 faulty ones in a real browser, and the month's round made of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from hemvist.arrears.rows import last_weekday_before
from hemvist.clock import today
from hemvist_arrears import OWNER, as_csv, month, row
from hemvist_browser import Desk, wrong

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROWS, FAULTY, LATE = 5_000, 50, 60
#: What is wrong in turn: heading → what stands there, and what the page says of it.
FAULTS = (
    ("Restbelopp", "sju tusen", "Beloppet går inte att läsa"),
    ("Hyresmånad", "2026-13", "Månaden går inte att läsa"),
    ("Restbelopp", "-7450,50", "Beloppet är negativt"),
    ("Avtalsnr", "", "Fyll i fältet"),
    ("Förfallodatum", "03/04/2026", "Datumet kan läsas på två sätt"),
)


@pytest.fixture
def officer(chromium: Browser, platform_address: str) -> Iterator[Desk]:
    """The housing consultant of Nynäshamn."""
    desk = Desk(chromium, platform_address, "Carin Vestin", slug="nynashamn")
    yield desk
    desk.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """5 000 rows as a landlord's system writes them: cp1252, semicolons, a title, a sum below."""
    paid = {"Restbelopp": "0,00", "Betaldatum": str(last_weekday_before(month()))}
    rows = []
    for number in range(ROWS):
        said = row(f"B-{number:05}", Hyresgäst=f"Åke Öst {number}", Adress=f"Ösmogatan {number}")
        if number % 100 == 7:
            heading, given, _ = FAULTS[(number // 100) % len(FAULTS)]
            said[heading] = given
        elif number % 80 != 3:
            said |= paid
        rows.append(said)
    rows.append({"Avtalsnr": "Summa", "Restbelopp": "447 030,00"})
    place = tmp_path / "restlista-ösmo.csv"
    place.write_bytes(as_csv(rows, title=f"Restlista {today()}"))
    return place


def test_five_thousand_rows_are_looked_through_and_imported_once(officer: Desk, file: Path) -> None:
    desk, page = officer, officer.page
    desk.open("arrears/files")
    assert wrong(page) == []

    def send() -> None:
        page.locator('input[type="file"]').set_input_files(file)
        desk.fill("organisationNumber", f"{OWNER[:6]}-{OWNER[6:]}")
        desk.fill("landlordName", "Balder")
        desk.press("Läs filen")

    began = time.monotonic()
    send()
    desk.told("Filen är läst. Inget räknas förrän du importerar raderna.")
    took = time.monotonic() - began
    # A person who waits longer than this thinks that nothing happens; it takes a fraction of it.
    assert took < 20, took
    expect(page.locator("dl.facts")).to_contain_text("5000")
    expect(page.locator("dl.facts")).to_contain_text("4950")
    # Every faulty row is told by its number, its cell and what is wrong. The first is in row 11:
    # three rows to the headings, and seven before it.
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("11")
    expect(first).to_contain_text("I11")
    expect(first).to_contain_text("sju tusen")
    for _, _, words in FAULTS:
        desk.told(words)
    assert page.locator("tbody tr").count() == FAULTY
    assert wrong(page) == []

    desk.press("Importera 4950 rader")
    desk.told("Raderna är importerade.")
    assert wrong(page) == []
    desk.follow("Filer")
    send()
    expect(page.locator("#problems")).to_contain_text("Samma fil är redan importerad")
    # What was typed stands there still.
    expect(page.locator('[name="landlordName"]')).to_have_value("Balder")

    late = sum(1 for number in range(ROWS) if number % 80 == 3 and number % 100 != 7)
    desk.open("arrears")
    desk.told(f"{late} hyresavtal")
    assert wrong(page) == []
    desk.open("prevention")
    page.locator('select[name="landlordOrganisationNumber"]').select_option(label="Balder")
    expect(page.locator('[name="area"]')).to_have_value("Ösmo")
    assert wrong(page) == []
    page.get_by_role("button", name="Gör listan för").click()
    desk.told("Listan är gjord.")
    desk.told(f"{late} av {late} hyresavtal med tecken kom med på listan.")
    assert wrong(page) == []

    # The first door: nobody is done with before it is known whether children live there.
    page.locator("tbody a").first.click()
    desk.note()
    assert wrong(page) == []
    desk.choose("kind", "visit")
    desk.choose("reached", "yes")
    desk.choose("cannotPay", "yes")
    desk.fill("notes", "Öppnade själv, vill lösa det.")
    desk.press("Spara")
    expect(page.locator("#problems")).to_contain_text("Ta reda på om det bor barn i hemmet.")
    page.locator("#h-contact").locator("..").locator('input[name="children"][value="yes"]').check()
    desk.press("Spara")
    desk.told("Det är noterat.")
    desk.told("Hyresgästen kan inte betala. Lämna en skriftlig hänvisning med telefonnumret.")
    desk.choose("kind", "reference")
    desk.press("Spara")
    desk.told("Skriftlig hänvisning")
    desk.choose("outcome", "consultant")
    desk.press("Klar")
    expect(page.locator("#problems")).to_contain_text("Vad det betyder för barnen")
    page.locator("#h-finish").locator("..").locator('[name="childrenNote"]').fill("Två skolbarn.")
    desk.press("Klar")
    desk.told("Klar. Fortsätt med nästa på listan.")
    desk.told("Hänvisad till konsulenten")
    assert wrong(page) == []

    # On a phone the list is still one page wide.
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
