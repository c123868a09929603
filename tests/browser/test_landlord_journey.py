"""One agent, two kommuner, one sitting; then a home from a list in Excel to a lease of one's own.

What the landlord does is done in the browser; the kommun's own way with the household goes over its API.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from hemvist.clock import today
from hemvist.dealings import times
from hemvist.dealings.models import LandlordTime
from hemvist.policy import add_months
from hemvist.tenancy import Audience, tenant_session
from hemvist_api_office import Voice
from hemvist_browser import Desk, walked, wrong
from hemvist_karlstad import actor
from hemvist_kommun_api import Trail, at_kommun
from hemvist_landlord_desk import Opened, doors_opened, landlord_desk
from hemvist_portal.landlord.menu import MENU
from hemvist_vacancies import FAULTS, two_hundred, workbook
from hemvist_versions import on_day
from hemvist_world import HOUSING, SUPPORT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = {"caseworker": "petra.solberg", "manager": "rasmus.frykman", "officer": "sanna.tervo"}
CONTENT = {
    "household": "Ensamstående vuxen.",
    "home_needed": "Två rum och kök.",
    "reasons": "Får inte hyra på egen hand.",
}
WAIVER = {
    "own_document": True,
    "needs_approval": True,
    "approved": True,
    "approval_number": "88-25",
    "months": 36,
    "block_letting": False,
}
IN_VASTERAS = {
    "propertyDesignation": "Bäckby 7:3",
    "streetAddress": "Bäckbygatan 4",
    "apartmentNumber": "1001",
    "postalCode": "724 70",
    "city": "Västerås",
    "rooms": "1",
    "sizeM2": "34,5",
    "rentOre": "5 480",
}
#: Where the kommun's own people deal with landlords.
STAFF = ("landlords", "agreements", "quotas", "vacancies", "papers", "contacts", "units")
STREET = "Journalgatan"
FIRST = f"{STREET} 1"


@pytest.fixture(scope="module")
def opened(platform_address: str) -> Opened:
    return doors_opened()


@pytest.fixture(scope="module")
def office(platform_address: str, opened: Opened) -> Iterator[Mapping[str, Voice]]:
    with at_kommun(platform_address, "karlstad", PEOPLE) as people:
        yield people


@pytest.fixture
def vera(chromium: Browser, platform_address: str, opened: Opened) -> Iterator[Desk]:
    desk = landlord_desk(chromium, platform_address)
    yield desk
    desk.close()


@pytest.fixture
def officer(chromium: Browser, platform_address: str) -> Iterator[Desk]:
    desk = Desk(chromium, platform_address, "Sanna Tervo", slug="karlstad")
    yield desk
    desk.close()


@pytest.fixture
def caseworker(chromium: Browser, platform_address: str) -> Iterator[Desk]:
    desk = Desk(chromium, platform_address, "Petra Solberg", slug="karlstad")
    yield desk
    desk.close()


def test_from_a_list_in_excel_to_a_lease_of_ones_own(
    vera: Desk,
    officer: Desk,
    caseworker: Desk,
    office: Mapping[str, Voice],
    tmp_path: Path,
) -> None:
    both_kommuner_in_one_sitting(vera, tmp_path)
    unit = taken_in(vera, officer)
    trail = Trail(office, "ASF", "1780", "social_contract", CONTENT)
    offer = offered(trail, unit)
    alias = a_time_agreed(vera)
    signed(trail, offer)
    lease_seen(vera, alias)
    with on_day(today() + timedelta(days=60)):
        report = disturbance_reported(vera, unit)
    with on_day(today() + timedelta(days=61)):
        disturbance_answered(vera, caseworker, report)
    with on_day(add_months(today(), 13)):
        taken_over(vera, trail, alias)
        assert walked(vera, [place.path for group in MENU for place in group.places]) == []
        assert walked(officer, STAFF, below=STAFF) == []


def both_kommuner_in_one_sitting(vera: Desk, folder: Path) -> None:
    """200 rows with seven faults to Karlstad, and one home to Västerås by hand."""
    page = vera.page
    vera.open("vacancies/files")
    file = folder / "lediga hösten.xlsx"
    file.write_bytes(workbook(two_hundred(STREET)))
    page.locator('select[name="kommunId"]').select_option(label="Karlstad")
    page.locator('input[type="file"]').set_input_files(file)
    vera.press("Läs listan")
    expect(page.locator("dl.facts")).to_contain_text("193")
    faulty = page.get_by_role("region", name="Rader med fel").locator("tbody tr")
    expect(faulty).to_have_count(len(FAULTS))
    for number, (heading, given, _) in enumerate(FAULTS):
        for words in (heading, str(given), str(11 + 20 * number)):
            expect(faulty.nth(number)).to_contain_text(words)
    vera.open("start")
    vera.follow("Gå igenom listan och anmäl")
    vera.press("Anmäl de valda raderna")
    vera.told("Raderna är anmälda.")
    # The other kommun, in the same sitting.
    vera.open("vacancies/new")
    page.locator('select[name="kommunId"]').select_option(label="Västerås")
    for name, value in IN_VASTERAS.items():
        vera.fill(name, value)
    vera.press("Anmäl bostaden")
    # One request, both kommuner.
    vera.told("Bäckbygatan 4")
    vera.told("194 bostäder")
    assert wrong(page) == []


def taken_in(vera: Desk, officer: Desk) -> str:
    """The property office takes the first home in, and the landlord sees it; the unit's id."""
    officer.open("vacancies")
    row = officer.page.get_by_role("row").filter(has_text=f"{FIRST}, lgh 1101")
    row.locator('input[type="checkbox"]').check()
    officer.press("Ta emot de förbockade")
    vera.open("start")
    vera.told("Bostad mottagen")
    vera.open("units")
    vera.follow(FIRST)
    vera.told("Ledig")
    return vera.path.removeprefix("units/")


def offered(trail: Trail, unit: str) -> dict[str, Any]:
    """A household's way to an offer of that home."""
    day = today()
    trail.open(day - timedelta(days=60), barred_from_market=True)
    trail.decided(SUPPORT, day - timedelta(days=40))
    referral = trail.referred(day - timedelta(days=36))
    made: dict[str, Any] = trail.office["officer"].do(
        "makeOffer",
        "offer { id state version }",
        referralId=referral["id"],
        unitId=unit,
        on=str(day),
    )
    trail.worked()
    return made


def a_time_agreed(vera: Desk) -> str:
    """The landlord proposes a viewing, the kommun agrees; what the household is called."""
    vera.open("start")
    vera.follow("Nytt erbjudande")
    alias = re.search(r"Hushåll (\w{4,8})", vera.page.get_by_role("main").inner_text())
    assert alias and "Testsson" not in vera.page.content()
    page = vera.page
    page.get_by_text("Föreslå en tid").click()
    vera.choose("kind", "viewing")
    vera.fill("on", (today() + timedelta(days=2)).isoformat())
    vera.fill("at", "10:30")
    vera.choose("place", "home")
    vera.press("Skicka förslaget")
    time = page.locator("section", has_text="Tider").get_by_role("listitem").first
    expect(time).to_contain_text("Föreslagen")
    officer = actor("sanna.tervo")
    with tenant_session(Audience.STAFF, officer.tenant_id, officer.principal_id) as session:
        [row] = session.scalars(select(LandlordTime).where(LandlordTime.state == "proposed")).all()
        times.answer(session, officer, time_id=row.id, agrees=True, expected_version=row.version)
    vera.open(vera.path)
    expect(time).to_contain_text("Bestämd")
    with page.expect_download() as download:
        time.get_by_role("link", name="Till kalendern").click()
    entry = Path(download.value.path()).read_text("utf-8")
    assert "BEGIN:VEVENT" in entry and alias[1] not in entry and FIRST not in entry
    assert wrong(page) == []
    return alias[1]


def signed(trail: Trail, offer: dict[str, Any]) -> None:
    """The department accepts, the decision on the home is made, and the lease is signed."""
    day = today()
    trail.office["caseworker"].do(
        "acceptOffer",
        "offer { id }",
        offerId=offer["id"],
        # The viewing that was agreed is on the offer.
        expectedVersion=trail.read("offers { version }")["offers"][0]["version"],
        on=str(day),
    )
    trail.decided(HOUSING, day)
    given = trail.contract(offer, day, toldOfLinkOn=str(day), ownerNotifiedOn=str(day))
    trail.signed({**given, "waiver": WAIVER})
    trail.worked()


def lease_seen(vera: Desk, alias: str) -> None:
    """The landlord sees the lease under the same alias, and that it was signed."""
    vera.open("start")
    vera.told("Kontrakt skrivet")
    vera.open("tenancies")
    row = vera.page.get_by_role("row").filter(has_text=FIRST)
    expect(row).to_contain_text(alias)
    vera.open("units")
    expect(vera.page.get_by_role("row").filter(has_text=f"{FIRST}, lgh 1101")).to_contain_text(
        "Uthyrd"
    )


def disturbance_reported(vera: Desk, unit: str) -> str:
    """Reported by the login, with the kommun's 48 hours shown counting; the report's page."""
    page = vera.page
    vera.open(f"reports/new?unit={unit}")
    vera.choose("kind", "disturbance")
    vera.fill("happenedOn", today().isoformat())
    vera.fill("what", "Hög musik till klockan tre, grannar har ringt.")
    vera.press("Skicka anmälan")
    vera.told("1 dygn 23 timmar kvar")
    report = vera.path
    vera.open("start")
    expect(page.get_by_role("region", name="Kommunen ska svara")).to_contain_text(
        "1 dygn 23 timmar"
    )
    assert wrong(page) == []
    return report


def disturbance_answered(vera: Desk, caseworker: Desk, report: str) -> None:
    """The next day somebody has been there, and the landlord is told so in the portal."""
    page = vera.page
    staff = caseworker.page
    caseworker.open("incidents")
    staff.get_by_role("row").filter(has_text=FIRST).get_by_role("link").first.click()
    form = staff.locator('form[action$="/act"]')
    form.locator('[name="kind"]').select_option("called_out")
    form.locator('[name="notes"]').fill("Åkte dit. Lugnt efter samtal.")
    form.locator('[name="serviceClockIds"]').check()
    form.get_by_role("button").click()
    expect(staff.locator(".clock--go .clock__left")).to_contain_text("Hållen")
    # Unfolded by itself: the landlord waits for it in the portal.
    form = staff.locator('form[action$="/tell"]')
    for word in ("received", "been_there"):
        form.locator(f'[name="words"][value="{word}"]').check()
    form.locator('[name="ground"][value="consent"]').check()
    form.locator('[name="consentedOn"]').fill(today().isoformat())
    form.locator('[name="toldHow"]').select_option("portal")
    form.get_by_role("button").click()
    caseworker.told("Vi har varit på plats.")
    vera.open("start")
    expect(page.get_by_role("region", name="Kommunen ska svara")).to_have_count(0)
    vera.told("Återkoppling på en anmälan")
    vera.open(report)
    vera.told("Besvarad i tid")
    vera.told("Vi har varit på plats.")
    assert wrong(page) == []


def taken_over(vera: Desk, trail: Trail, alias: str) -> None:
    """After the year: the kommun asks, the landlord says yes, and the lease is the tenant's own."""
    day = today()
    trail.reached("reconciliation", day, ["referring", "resident"])
    trail.answer(reconciliation_favours_takeover=True)
    takeover = takeover_of(trail)
    trail.office["officer"].do(
        "requestTakeover",
        "takeover { id }",
        takeoverId=takeover["id"],
        expectedVersion=takeover["version"],
        on=str(day),
    )
    trail.worked()
    vera.open("start")
    vera.follow("Svara om hyresgästen får ta över")
    vera.told(alias)
    vera.choose("reply", "no")
    vera.press("Skicka svaret")
    vera.told("Skäl")
    assert wrong(vera.page) == []
    vera.choose("reply", "yes")
    vera.press("Skicka svaret")
    vera.told("Vad ni har svarat")
    vera.open("start")
    expect(vera.page.get_by_role("main")).not_to_contain_text("Svara om hyresgästen får ta över")
    trail.worked()
    takeover = takeover_of(trail)
    if takeover["state"] == "asked":
        trail.office["officer"].do(
            "answerTakeover",
            "takeover { id }",
            takeoverId=takeover["id"],
            agrees=True,
            expectedVersion=takeover["version"],
            on=str(day),
        )
        takeover = takeover_of(trail)
    trail.office["officer"].do(
        "carryOutTakeover",
        "takeover { id }",
        takeoverId=takeover["id"],
        expectedVersion=takeover["version"],
        on=str(day),
        parties=["resident", "property"],
    )
    trail.worked()
    vera.open("takeovers?state=done")
    expect(vera.page.get_by_role("row").filter(has_text=FIRST)).to_contain_text(alias)
    vera.open("tenancies")
    vera.told("Förstahand")


def takeover_of(trail: Trail) -> dict[str, Any]:
    """What the property office watches."""
    [found] = trail.read("takeovers { id state version }", "officer")["takeovers"]
    return found  # type: ignore[no-any-return]
