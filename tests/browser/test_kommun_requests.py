"""Requests between kommuner in a real browser: asked, sent, not answered, with the Inspectorate, over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from hemvist.clock import today
from hemvist_browser import CASEWORKER, MANAGER, OFFICER, Desk
from hemvist_desks import at_desks, looked_at
from hemvist_graphql.ids import global_id
from hemvist_world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG_AGO = (today() - timedelta(days=50)).isoformat()


@pytest.fixture
def desks(chromium: Browser, platform_address: str) -> Iterator[list[Desk]]:
    """The caseworker, the manager and the property officer."""
    with at_desks(chromium, platform_address, CASEWORKER, MANAGER, OFFICER) as made:
        yield made


def test_asked_sent_unanswered_moved_by_the_inspectorate_and_carried_over(
    desks: list[Desk], world: World
) -> None:
    caseworker, manager, officer = desks
    case = world.case()
    page = f"cases/{global_id('Case', case.id)}"
    caseworker.open(page)
    caseworker.follow("Andra kommuner")
    caseworker.open(f"{page}/kommun-requests")
    looked_at(caseworker)
    caseworker.fill("counterpart", "98")
    caseworker.fill("functionAddress", "stod@vasteras.example")
    caseworker.fill("reasons", "Familjen finns i den andra kommunen.")
    caseworker.choose("wish", "wants")
    caseworker.fill("on", LONG_AGO)
    caseworker.press("Registrera begäran")
    caseworker.told("En kommunkod har fyra siffror")
    looked_at(caseworker)
    caseworker.fill("counterpart", "Västerås")
    caseworker.press("Registrera begäran")
    caseworker.told("Väntar på att en chef skickar den.")
    looked_at(caseworker)
    request = caseworker.path

    manager.open(request)
    manager.page.locator("#f-send-on").fill(LONG_AGO)
    manager.fill("arrivedOn", LONG_AGO)
    looked_at(manager)
    manager.press("Registrera som skickad")
    manager.told("Månaden har gått")
    looked_at(manager)
    manager.press("Registrera ansökan till IVO")
    caseworker.open(request)
    caseworker.told("Hos IVO")
    looked_at(caseworker)
    caseworker.choose("outcome", "moved")
    caseworker.fill("number", "8.1-1/2026")
    caseworker.press("Registrera IVO:s beslut")
    caseworker.told("IVO flyttar ärendet")
    caseworker.press("Registrera som genomförd")
    caseworker.told("Lämna över de uppgifter som behövs först.")
    caseworker.page.get_by_text("Hjälp med utredningen och uppgifter som lämnas över").click()
    caseworker.choose("kind", "data_handed_over")
    caseworker.choose("ground", "sol_29_12")
    caseworker.page.locator('input[name="fields"][value="identity"]').check()
    looked_at(caseworker)
    caseworker.press("Spara")
    caseworker.told("Följer med ärendet (SoL 29:12)")
    caseworker.press("Registrera som genomförd")
    caseworker.told("Genomförd")
    looked_at(caseworker)

    caseworker.open("kommun-requests?which=over")
    caseworker.told("Västerås (1980)")
    looked_at(caseworker)
    officer.page.goto(f"/{officer.slug}/{request}")
    assert "Västerås" not in officer.page.locator("body").inner_text()
    assert "Andra kommuner" not in officer.page.locator("body").inner_text()
