"""The matching board in a real browser: need and exclusion, the board, the offer, both answers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from hemvist.identity import get_directory
from hemvist_browser import CASEWORKER, OFFICER, Desk, wrong
from hemvist_graphql.ids import global_id
from hemvist_world import World, peopled

pytestmark = pytest.mark.browser


def test_from_need_to_the_households_answer(chromium: Browser, platform_address: str) -> None:
    world: World = peopled(get_directory().tenant_id("helsingborg"))
    cases = [world.case(), world.case()]
    for case in cases:
        world.registered(case)
    world.unit(street_address="Matchgatan 7", area="Matchbacken", rooms=6)

    caseworker = Desk(chromium, platform_address, CASEWORKER)
    for case, safe in zip(cases, (True, False), strict=True):
        caseworker.open(f"cases/{global_id('Case', case.id)}")
        caseworker.follow("Bostadsbehov")
        caseworker.fill("roomsMin", "7")
        caseworker.fill("roomsMax", "6")
        caseworker.press("Spara behovet")
        expect(caseworker.page.get_by_label("Minst antal rum")).to_have_value("7")
        assert wrong(caseworker.page) == []
        caseworker.fill("roomsMin", "5")
        caseworker.press("Spara behovet")
        caseworker.told("Bostadsbehovet är sparat.")
        if safe:
            caseworker.fill("value", "Matchbacken")
            caseworker.press("Undanta")
            caseworker.told("Undantaget är sparat.")
            assert wrong(caseworker.page) == []

    officer = Desk(chromium, platform_address, OFFICER)
    officer.open("matching")
    assert wrong(officer.page) == []
    officer.press("Matcha")
    officer.told("Matchningen är gjord och sparad.")
    officer.page.get_by_role("link", name="Matchgatan 7").first.click()
    assert wrong(officer.page) == []
    excluded, fitting = (
        officer.page.get_by_role("row").filter(
            has=officer.page.get_by_text(case.number, exact=True)
        )
        for case in cases
    )
    expect(excluded).to_contain_text("Undantagen")
    expect(excluded).not_to_contain_text("Matchbacken")
    expect(fitting).to_contain_text("Den här")
    fitting.get_by_role("button", name="Erbjud").click()
    officer.page.wait_for_url("**/offers/**")
    offer = officer.page.url.split("/offers/")[1].split("?")[0]
    expect(officer.page.get_by_text("Nummer", exact=False).first).to_be_visible()
    officer.close()

    caseworker.open(f"offers/{offer}")
    caseworker.press("Tacka ja till bostaden")
    caseworker.press("Registrera visningen")
    caseworker.told("Visningen är registrerad.")
    assert wrong(caseworker.page) == []
    caseworker.press("Hushållet tackar ja")
    caseworker.told("Hushållets svar är registrerat.")
    expect(caseworker.page.get_by_text("Tackade ja")).to_be_visible()
    caseworker.close()
