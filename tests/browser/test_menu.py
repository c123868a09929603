"""The main menu: folded behind one button on a phone, in groups on a wide screen, without a script."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from hemvist_browser import CASEWORKER, Desk, wrong

PHONE = {"width": 360, "height": 740}


def test_the_menu_is_one_button_on_a_phone_and_groups_on_a_desk(
    chromium: Browser, platform_address: str
) -> None:
    """Every page of the reader's is found by keyboard at 360 pixels, and nothing is wider than that."""
    desk = Desk(chromium, platform_address, CASEWORKER)
    menu = desk.page.get_by_role("navigation", name="Huvudmeny")
    expect(menu.get_by_role("link", name="Remisser")).to_be_visible()
    desk.page.set_viewport_size(PHONE)
    expect(menu.get_by_role("link", name="Remisser")).to_be_hidden()
    menu.locator("summary").focus()
    desk.page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Remisser")).to_be_visible()
    desk.note()
    wide = desk.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], f"the page is {wide} pixels wide"
    assert wrong(desk.page) == []
    menu.get_by_role("link", name="Remisser").click()
    expect(desk.page).to_have_url(re.compile("/referrals$"))
    expect(menu.locator("summary")).to_contain_text("Remisser")
    desk.close()


def test_the_menu_needs_no_script(chromium: Browser, platform_address: str) -> None:
    """Folded and unfolded by the browser itself."""
    desk = Desk(chromium, platform_address, CASEWORKER, javascript=False)
    menu = desk.page.get_by_role("navigation", name="Huvudmeny")
    expect(menu.get_by_role("link", name="Remisser")).to_be_visible()
    desk.page.set_viewport_size(PHONE)
    menu.locator("summary").click()
    menu.get_by_role("link", name="Remisser").click()
    expect(desk.page).to_have_url(re.compile("/referrals$"))
    desk.close()
