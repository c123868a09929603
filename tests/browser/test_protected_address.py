"""A protected household in a real browser: the banner, also on paper; the address by a reason alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from hemvist.contracts.models import Contract
from hemvist.identity import get_directory
from hemvist.units.models import Unit
from hemvist_browser import CASEWORKER, Desk, wrong
from hemvist_graphql.ids import global_id
from hemvist_world import adult, peopled

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_address_is_asked_for_with_a_reason(chromium: Browser, platform_address: str) -> None:
    world = peopled(get_directory().tenant_id("helsingborg"))
    case = world.case(adult(protection="protected_registration"))
    world.contract(world.accepted(case, world.registered(case)))
    [contract] = world.rows(Contract, case_id=case.id)
    [unit] = world.rows(Unit, id=contract.unit_id)
    desk = Desk(chromium, platform_address, CASEWORKER, phone=True)
    desk.open(f"cases/{global_id('Case', case.id)}")
    banner = desk.page.locator(".protected")
    expect(banner).to_be_visible()
    desk.page.emulate_media(media="print")
    expect(banner).to_be_visible()
    desk.page.emulate_media(media="screen")
    expect(desk.page.get_by_role("main")).not_to_contain_text(unit.street_address)
    desk.follow("Adressen visas inte")
    assert wrong(desk.page) == []
    desk.fill("reason", "nyckel")
    desk.press("Visa adressen")
    desk.told("Minst 10 tecken.")
    assert wrong(desk.page) == []
    desk.fill("reason", "Nycklarna lämnas i dag.")
    desk.press("Visa adressen")
    desk.told("Adressen visas för dig i 15 minuter.")
    desk.told(unit.street_address)
    assert wrong(desk.page) == []
    wide = desk.page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= 360
    # Not on paper.
    desk.page.emulate_media(media="print")
    shown = desk.page.get_by_text(unit.street_address).all()
    assert shown
    for one in shown:
        expect(one).to_be_hidden()
    desk.page.emulate_media(media="screen")
    desk.open(f"households/{global_id('Household', case.household_id)}")
    desk.follow("Ändra")
    expect(desk.page.locator(".protected")).to_be_visible()
    assert wrong(desk.page) == []
    desk.press("Fråga registret nu")
    desk.told("Registret tillfrågas inom några minuter.")
    assert wrong(desk.page) == []
    desk.close()
