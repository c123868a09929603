"""Norrköping in a real browser: three parties sign for three months, and for three months more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from hemvist.clock import today
from hemvist.policy import add_days, add_months
from hemvist_browser import Desk, wrong
from hemvist_kommun_api import Trail, at_kommun

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = {"caseworker": "rana.holm", "manager": "stellan.frid", "officer": "tuva.ahlgren"}
CONTENT = {
    "household": "En ung vuxen.",
    "home_needed": "Ett rum och kök.",
    "reasons": "Måste lämna mottagandet.",
}
BECAUSE = "Kommunen går i borgen enligt modellen."
#: The three months are out within a fortnight.
STARTS = add_days(add_months(today(), -3), 10)
SIGNED = STARTS - timedelta(days=7)
SIGNERS = ("signed_by_landlord", "signed_by_tenant", "signed_by_kommun")


@pytest.fixture
def offer(platform_address: str) -> Iterator[tuple[Trail, str]]:
    """A young person without income, granted the home and with a flat accepted."""
    with at_kommun(platform_address, "norrkoping", PEOPLE) as office:
        way = Trail(office, "SOC", "0581", "three_month_agreement", CONTENT)
        way.open(
            SIGNED - timedelta(days=60), target_groups=["unaccompanied_young"], has_income=False
        )
        yield way, way.accepted(SIGNED)["id"]


@pytest.fixture
def officer(chromium: Browser, platform_address: str) -> Iterator[Desk]:
    """The housing coordination, which registers contracts."""
    desk = Desk(chromium, platform_address, "Tuva Ahlgren", slug="norrkoping")
    yield desk
    desk.close()


def test_signed_by_three_and_renewed_by_three(offer: tuple[Trail, str], officer: Desk) -> None:
    way, offer_id = offer
    officer.open(f"offers/{offer_id}/contract")
    officer.told("Riktlinjens tid: Tre månader")
    assert wrong(officer.page) == []
    officer.fill("signedOn", SIGNED.isoformat())
    officer.fill("startsOn", STARTS.isoformat())
    officer.fill("endsOn", add_months(STARTS, 3).isoformat())
    officer.choose("guaranteeMonths", "3")
    for name in ("own_document", "needs_approval", "approved"):
        officer.choose(f"waiver.{name}", "true")
    officer.fill("waiver.approval_number", "12-26")
    for name in SIGNERS[1:]:
        officer.choose(f"terms.{name}", "true")
    # The landlord has not signed: said at the field, and nothing typed is lost.
    officer.choose("terms.signed_by_landlord", "false")
    officer.press("Registrera kontraktet")
    officer.told("Inget är sparat")
    officer.told("Hyresvärden har skrivit under")
    assert officer.page.locator('[name="waiver.approval_number"]').input_value() == "12-26"
    assert wrong(officer.page) == []
    officer.choose("terms.signed_by_landlord", "true")
    officer.press("Registrera kontraktet")
    # The law's word on a surety for a lease of three months; going on has its reason.
    officer.told("Varför ni går vidare ändå")
    officer.fill("wentOnBecause", BECAUSE)
    officer.press("Registrera kontraktet")
    officer.told("Kontraktet är registrerat.")
    officer.told("Tremånaderskontrakt mellan tre parter")
    officer.told(f"{STARTS.isoformat()} – {add_months(STARTS, 3).isoformat()}")
    parties = officer.page.locator('section[aria-labelledby="h-chain"]')
    for words in ("Tindra Testsson", "Testvärden AB", "Norrköping"):
        expect(parties).to_contain_text(words)
    expect(parties).not_to_contain_text("skriver inte under")
    assert wrong(officer.page) == []

    officer.follow("Förläng")
    officer.told(f"Kontraktet gäller till {add_months(STARTS, 3).isoformat()}.")
    officer.told("Riktlinjens tid: Tre månader")
    assert wrong(officer.page) == []
    officer.press("Spara")
    officer.told("Inget är sparat")
    for name in SIGNERS:
        officer.choose(f"terms.{name}", "true")
    officer.choose("guaranteeMonths", "3")
    officer.press("Spara")
    officer.told("Varför ni går vidare ändå")
    assert wrong(officer.page) == []
    officer.fill("wentOnBecause", BECAUSE)
    officer.press("Spara")
    officer.told("Hyrestiden är förlängd.")
    until = add_months(STARTS, 6).isoformat()
    officer.told(f"{STARTS.isoformat()} – {until}")
    officer.told(f"gäller till {until} i stället för {add_months(STARTS, 3).isoformat()}.")
    surety = officer.page.locator('section[aria-labelledby="h-guarantee"]')
    expect(surety).to_contain_text("6 månader")
    expect(surety).to_contain_text(until)
    assert wrong(officer.page) == []
    assert way.read("contracts { endsOn }")["contracts"] == [{"endsOn": until}]
