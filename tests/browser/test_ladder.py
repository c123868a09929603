"""Göteborg's ladder in a real browser: what comes next, what is missing, and a form that loses nothing.

The months before are lived through the services; from the third disturbance it is the portal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist_browser import Desk
from hemvist_desks import at_desks, looked_at
from hemvist_graphql.ids import global_id
from hemvist_ladder import WEIGHED, demanded, in_goteborg, keys, noticed, opened, weighed
from hemvist_world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def world(platform_address: str) -> World:
    """Göteborg of the demo, where the people of the portal work."""
    return in_goteborg(get_directory().tenant_id("goteborg"))


@pytest.fixture
def desks(chromium: Browser, platform_address: str) -> Iterator[list[Desk]]:
    """Who lets the flats, and who has the case."""
    with at_desks(chromium, platform_address, "Jorge Lindh", "Gerd Malm", slug="goteborg") as made:
        yield made


def test_from_what_is_missing_to_the_demand_that_went_out(world: World, desks: list[Desk]) -> None:
    """The next step says what it lacks; the demand keeps its words when a way is left out."""
    officer, helper = desks
    _, _, ladder = opened(world)
    own = f"ladders/{global_id('Ladder', ladder.id)}"
    officer.open(own)
    page = officer.page
    expect(
        page.get_by_role("heading", name="Nästa steg: Skriftlig rättelseanmaning")
    ).to_be_visible()
    expect(page.get_by_text("grannarnas rätt").first).to_be_visible()
    looked_at(officer, "ladder-missing")
    weighed(world, ladder, **WEIGHED)
    page.reload()
    demand = page.locator("details").filter(has_text="Skicka en rättelseanmaning").first
    demand.get_by_label("Det här ska rättas till").fill("Sluta spela musik efter klockan 22.")
    demand.get_by_label("Rekommenderat brev").uncheck()
    demand.get_by_role("button", name="Skicka anmaningen").click()
    expect(page.get_by_role("alert")).to_contain_text("kräver också rekommenderat brev")
    again = page.locator("details").filter(has_text="Skicka en rättelseanmaning").first
    expect(again.get_by_label("Det här ska rättas till")).to_have_value(
        "Sluta spela musik efter klockan 22."
    )
    looked_at(officer, "ladder-refused")
    again.get_by_label("Rekommenderat brev").check()
    again.get_by_role("button", name="Skicka anmaningen").click()
    expect(page.get_by_text("brevet är sparat som det skickades")).to_be_visible()
    expect(page.get_by_text("Stödpersonalen kontaktar hyresgästen").first).to_be_visible()
    looked_at(officer, "ladder-demanded")
    helper.open("ladders")
    looked_at(helper, "ladders")
    helper.open(own)
    looked_at(helper, "ladder-helper")


def test_after_the_notice_the_keys_and_kronofogden(world: World, desks: list[Desk]) -> None:
    """Support until the keys are in is said on the page, and the eviction date has its clock."""
    officer, helper = desks
    case, contract, ladder = opened(world, today() - timedelta(days=150))
    keys(world, contract, "handed_out", contract.starts_on)
    demanded(world, ladder)
    noticed(world, ladder)
    own = f"ladders/{global_id('Ladder', ladder.id)}"
    officer.open(own)
    page = officer.page
    expect(page.get_by_text("Nycklarna är inte inlämnade").first).to_be_visible()
    apply = page.locator("details").filter(has_text="Ansökan om avhysning hos Kronofogden").first
    apply.locator("summary").click()
    apply.get_by_label("Kronofogdens målnummer").fill("U-4711-26")
    apply.get_by_role("button", name="Registrera ansökan").click()
    helper.open(own)
    dated = helper.page.locator("details").filter(has_text="Kronofogden har bestämt en dag").first
    dated.get_by_label("Dag för avhysning").fill((today() + timedelta(days=21)).isoformat())
    dated.get_by_label("Klockslag").fill("00:01")
    dated.get_by_role("button", name="Spara dagen").click()
    expect(helper.page.get_by_text("Bekräfta avhysningsdagen och namnge").first).to_be_visible()
    looked_at(helper, "ladder-eviction")
    confirm = helper.page.locator("details").filter(has_text="Bekräfta dagen").first
    confirm.get_by_role("button", name="Bekräfta dagen").click()
    expect(helper.page.get_by_text("Avhysningsdagen bekräftad").first).to_be_visible()
    helper.open(f"cases/{global_id('Case', case.id)}/ladder")
    looked_at(helper, "ladder-form")
