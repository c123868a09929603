"""Every page, read by axe in a real browser (WCAG 2.1 A and AA)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from hemvist_browser import CASEWORKER, MANAGER, OFFICER, Desk, wrong
from hemvist_infra.demo.numbers import organisation_number
from hemvist_journeys import Lived

pytestmark = pytest.mark.browser

#: Pages that no journey passes.
_OTHER = {
    CASEWORKER: [
        "cases",
        "cases?state=all&mine=1",
        "households",
        "referrals",
        "notices",
        "policy",
        "policy/pack?name=helsingborg/bostadssociala-lagenheter",
        "cases/none",
        "units/new",
        "unexecuted",
    ],
    MANAGER: ["cases", "today", "unexecuted"],
    OFFICER: [
        *("units", "units?state=let", "referrals?state=registered"),
        *("takeovers", "takeovers?which=open", "takeovers?which=done"),
        *("guarantees", "guarantees?state=all", "matching"),
    ],
}
#: Forms on a contract that runs.
_CONTRACT_ACTS = ("keys", "inspection", "rent", "notice", "end", "waiver", "extend")
#: Forms on a guarantee that holds.
_GUARANTEE_ACTS = ("claim", "reassess", "notice", "end", "grant")
#: Pages that are there to say no.
_REFUSING = {"/helsingborg/cases/none": 404, "/helsingborg/units/new": 403}


@pytest.mark.slow
def test_every_page_of_both_lives(
    chromium: Browser, platform_address: str, municipal_contract: Lived, rent_guarantee: Lived
) -> None:
    """Pages with everything on them, as each of the three sees them, and the lists."""
    seen: dict[str, dict[str, str]] = {CASEWORKER: {}, MANAGER: {}, OFFICER: {}}
    for person, url in rent_guarantee.visited + municipal_contract.visited:
        kind = re.sub(r"/[A-Za-z0-9_-]{20,}", "/_", url.split("?")[0])
        seen[person][kind] = url
    problems: list[str] = []
    for person, urls in seen.items():
        desk = Desk(chromium, platform_address, person)
        addresses = list(urls.values()) + [f"/helsingborg/{path}" for path in _OTHER[person]]
        for url in addresses:
            answer = desk.page.goto(url)
            expected = _REFUSING.get(url, 200) if person == CASEWORKER else 200
            assert answer is not None and answer.status == expected, f"{person}: {url}"
            desk.page.evaluate(
                "for (const d of document.querySelectorAll('details')) d.open = true"
            )
            problems += wrong(desk.page)
        desk.close()
    assert problems == []


def looked_at(desk: Desk, path: str) -> list[str]:
    """What axe finds with everything unfolded, and whether a telephone must be moved sideways."""
    desk.open(path)
    page = desk.page
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    found = wrong(page)
    page.set_viewport_size({"width": 390, "height": 844})
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found if wide <= 390 else [*found, f"{page.url}: {wide} wide"]


@pytest.mark.slow
def test_from_the_decision_to_a_lease(
    chromium: Browser, platform_address: str, municipal_contract: Lived, rent_guarantee: Lived
) -> None:
    """Contract, home, guarantee, letters and needs, with every form that no journey opens."""
    officer = Desk(chromium, platform_address, OFFICER)
    problems: list[str] = []
    contract, unit = municipal_contract.contract, municipal_contract.unit
    for act in _CONTRACT_ACTS:
        problems += looked_at(officer, f"{contract}/act/{act}")
    problems += looked_at(officer, f"{unit}/head-lease")
    officer.open("guarantees")
    number = organisation_number(900)
    officer.told(f"{number[:6]}-{number[6:]}")
    officer.open(rent_guarantee.contract)
    officer.follow("Krav, betalningar och regress")
    guarantee = officer.path
    for act in _GUARANTEE_ACTS:
        problems += looked_at(officer, f"{guarantee}/{act}")
    officer.open("matching")
    officer.press("Matcha")
    problems += looked_at(officer, officer.path)
    officer.close()
    caseworker = Desk(chromium, platform_address, CASEWORKER)
    case = municipal_contract.case
    for page in ("letters", "home-need", "decision", "follow-ups"):
        problems += looked_at(caseworker, f"{case}/{page}")
    # A form that comes back says which field it speaks of, wherever it stands on the page.
    caseworker.open(f"{case}/letters")
    caseworker.press("Gör ett utkast")
    caseworker.told("Brevet gäller: Välj ett av alternativen.")
    problems += wrong(caseworker.page)
    caseworker.close()
    assert problems == []


def test_a_form_with_problems(chromium: Browser, platform_address: str) -> None:
    """The summary of problems, and the fields that it points to."""
    desk = Desk(chromium, platform_address, CASEWORKER)
    desk.open("households/new")
    desk.press("Lägg till en person")
    desk.fill("members[1].givenName", "Nils")
    desk.fill("members[0].personalNumber", "19121212-0000")
    desk.press("Registrera hushållet")
    desk.told("Rätta uppgifterna nedan")
    assert wrong(desk.page) == []
    desk.open("households")
    desk.fill("personalNumber", "191212121212")
    desk.press("Sök")
    assert wrong(desk.page) == []
    desk.close()


@pytest.mark.parametrize("language", ["sv-SE", "en-GB"])
def test_before_login(chromium: Browser, platform_address: str, language: str) -> None:
    """The start page, and the page for an address that is none."""
    context = chromium.new_context(base_url=platform_address, locale=language)
    page = context.new_page()
    for path in ("/", "/nowhere/today"):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language[:2]
        assert wrong(page) == []
    context.close()
