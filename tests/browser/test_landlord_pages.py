"""Every landlord's page: axe, without a script, by keyboard, and 360 pixels wide."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from hemvist_browser import Desk, wrong
from hemvist_landlord_desk import Opened, doors_opened, landlord_desk
from hemvist_portal.landlord.menu import MENU

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"width": 360, "height": 740}
PLACES = [place.path for group in MENU for place in group.places]


@pytest.fixture(scope="module")
def opened(platform_address: str) -> Opened:
    return doors_opened()


def judged(desk: Desk, path: str) -> list[str]:
    """What axe finds on a telephone with everything unfolded, and whether it is moved sideways."""
    page = desk.page
    page.set_viewport_size({"width": 1280, "height": 900})
    desk.open(path)
    page.set_viewport_size(PHONE)
    kept(desk, f"{path}-360")
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    found = wrong(page)
    return found if wide <= PHONE["width"] else [*found, f"{page.url}: {wide} wide"]


def kept(desk: Desk, name: str) -> None:
    """A picture, where somebody wants them."""
    folder = os.environ.get("HEMVIST_SHOTS")
    if folder:
        file = re.sub(r"[^a-z0-9-]+", "-", name.lower())
        desk.page.screenshot(path=str(Path(folder) / f"hyresvard-{file}.png"), full_page=True)


def test_every_place_of_the_menu(chromium: Browser, platform_address: str, opened: Opened) -> None:
    """As an administrator sees them, and the pages before a login."""
    desk = landlord_desk(chromium, platform_address)
    problems = [one for path in (*PLACES, "help") for one in judged(desk, path)]
    problems += wrong_of_a_strangers(chromium, platform_address)
    desk.close()
    assert problems == []


def test_without_a_script(chromium: Browser, platform_address: str, opened: Opened) -> None:
    """Every page of the menu, found by it."""
    desk = landlord_desk(chromium, platform_address, javascript=False)
    menu = desk.page.get_by_role("navigation", name="Huvudmeny")
    for path in PLACES:
        menu.locator(f'a[href="/hyresvard/{path}"]').click()
        expect(desk.page).to_have_url(re.compile(f"/hyresvard/{path}$"))
        expect(desk.page.get_by_role("heading", level=1)).to_be_visible()
    desk.close()


def wrong_of_a_strangers(browser: Browser, address: str) -> list[str]:
    context = browser.new_context(base_url=address, locale="en-GB", viewport=PHONE)
    page = context.new_page()
    found = []
    for path in ("/hyresvard", "/hyresvard/help", "/hyresvard/cases"):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "en"
        found += wrong(page)
    context.close()
    return found


def test_the_kommuns_side_of_it(chromium: Browser, platform_address: str, opened: Opened) -> None:
    """The property officer's pages for landlords, with a form that is refused."""
    desk = Desk(chromium, platform_address, "Sanna Tervo", slug="karlstad")
    problems = [one for path in ("contacts", "contacts/new") for one in judged(desk, path)]
    desk.press("Spara")
    desk.told("Rätta uppgifterna nedan")
    problems += wrong(desk.page)
    desk.close()
    assert problems == []


def test_by_keyboard_alone(chromium: Browser, platform_address: str, opened: Opened) -> None:
    """Past the menu to the content, and into the menu folded on a telephone."""
    desk = landlord_desk(chromium, platform_address, phone=True)
    page = desk.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    menu = page.get_by_role("navigation", name="Huvudmeny")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    contacts = menu.get_by_role("link", name="Kontakter")
    expect(contacts).to_be_visible()
    contacts.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/hyresvard/contacts$"))
    desk.told("Bostadssamordningen")
    desk.close()
