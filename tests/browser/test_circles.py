"""A case closed to a circle, in a real browser: gone for a colleague, opened in need, reviewed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from hemvist_browser import CASEWORKER, MANAGER, Desk
from hemvist_desks import at_desks, looked_at
from hemvist_graphql.ids import global_id
from hemvist_world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REVIEWER = "Lars Nyholm"
WHY, CALLED = "Hot mot den sökande.", "Hon ringer jouren och handläggaren är sjuk."


@pytest.fixture
def desks(chromium: Browser, platform_address: str) -> Iterator[list[Desk]]:
    """The caseworker, who does not handle the case, the manager, and the log reviewer."""
    with at_desks(chromium, platform_address, CASEWORKER, MANAGER, REVIEWER) as made:
        yield made


def gone(desk: Desk, page: str, number: str) -> None:
    """The case is nowhere."""
    desk.page.goto(f"/{desk.slug}/{page}")
    assert number not in desk.page.locator("main").inner_text()


def test_closed_broken_open_reviewed_and_lifted(desks: list[Desk], world: World) -> None:
    caseworker, manager, reviewer = desks
    case = world.case()
    page = f"cases/{global_id('Case', case.id)}"
    manager.open(page)
    manager.follow("Sluten krets")
    looked_at(manager)
    manager.press("Slut ärendet")
    manager.told("Fyll i fältet.")
    looked_at(manager)
    manager.fill("reason", WHY)
    manager.press("Slut ärendet")
    manager.told("Bara de som står här ser hushållet och dess ärenden.")
    looked_at(manager)
    gone(caseworker, page, case.number)
    gone(caseworker, "cases", case.number)

    caseworker.open("cases")
    caseworker.follow("Ärendet kan vara slutet till en krets")
    caseworker.fill("number", case.number)
    caseworker.fill("reason", CALLED)
    caseworker.choose("hours", "1")
    looked_at(caseworker)
    caseworker.press("Öppna ärendet")
    caseworker.told(case.number)
    assert caseworker.path == page
    caseworker.follow("Sluten krets")
    caseworker.told("Väntar på granskning")
    looked_at(caseworker)

    manager.open("notices")
    manager.follow("Ärendet nödöppnades av någon utanför kretsen")
    manager.told(CALLED)
    looked_at(manager)

    reviewer.open("openings")
    looked_at(reviewer)
    reviewer.follow(case.number)
    looked_at(reviewer)
    reviewer.choose("verdict", "questioned")
    reviewer.press("Spara granskningen")
    reviewer.told("Fyll i fältet.")
    looked_at(reviewer)
    reviewer.choose("verdict", "questioned")
    reviewer.fill("remark", "Ingen ringde den natten.")
    reviewer.press("Spara granskningen")
    reviewer.told("Ifrågasatt")
    looked_at(reviewer)
    gone(caseworker, page, case.number)

    manager.open(f"{page}/circle")
    manager.page.get_by_text("Upphäv kretsen").first.click()
    manager.fill("reason", "Hotet är över.")
    looked_at(manager)
    manager.press("Upphäv kretsen")
    manager.told("Ärendet är inte slutet.")
    caseworker.open(page)
    caseworker.told(case.number)


def test_consent_given_used_and_taken_back(desks: list[Desk], world: World) -> None:
    caseworker, _, _ = desks
    case = world.case()
    page = f"cases/{global_id('Case', case.id)}"
    caseworker.open(page)
    caseworker.follow("Samtycken och vad som har lämnats ut")
    looked_at(caseworker)
    main = caseworker.page.get_by_role("main")
    main.get_by_text("Registrera ett samtycke", exact=True).click()
    form = caseworker.page.locator('form[action$="/consents"]')
    form.locator('input[name="personId"]').first.check()
    form.locator('input[name="recipientKind"][value="provider"]').check()
    form.locator('input[name="recipient"]').fill("Fridhem")
    form.locator('input[name="scope"][value="contact"]').check()
    form.locator('input[name="given"][value="written"]').check()
    looked_at(caseworker)
    caseworker.press("Registrera samtycket")
    caseworker.told("Fridhem")
    looked_at(caseworker)
    main.get_by_text("Anteckna något som lämnas ut", exact=True).click()
    form = caseworker.page.locator('form[action$="/disclosures"]')
    form.locator('input[name="ground"][value="consent"]').check()
    form.locator('input[name="secrecyConsentId"]').first.check()
    form.locator('input[name="fields"][value="health"]').check()
    caseworker.press("Anteckna")
    caseworker.told("Samtycket omfattar inte alla uppgifterna.")
    looked_at(caseworker)
    form = caseworker.page.locator('form[action$="/disclosures"]')
    form.locator('input[name="fields"][value="health"]').uncheck()
    form.locator('input[name="fields"][value="contact"]').check()
    caseworker.press("Anteckna")
    caseworker.told("Samtycke (OSL 10:1, 12:2)")
    main.get_by_text("Samtycket tas tillbaka").first.click()
    form = caseworker.page.locator('form[action$="/withdraw"]')
    form.locator('input[name="how"][value="oral"]').check()
    caseworker.press("Registrera återtagandet")
    caseworker.told("Återtaget")
    looked_at(caseworker)
    caseworker.open("disclosures")
    caseworker.told("Fridhem")
    looked_at(caseworker)
