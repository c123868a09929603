"""The sheet for the applicant in a real browser: on the screen, on paper, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from hemvist_browser import CASEWORKER, Desk, wrong
from hemvist_journeys import Lived

pytestmark = pytest.mark.browser

RULE = "Rätt till en bostadssocial lägenhet"


@pytest.fixture
def desk(chromium: Browser, platform_address: str) -> Iterator[Desk]:
    """The caseworker at the assessment of a household that has a home by now."""
    made = Desk(chromium, platform_address, CASEWORKER)
    yield made
    made.close()


def test_from_the_case_to_a_sheet_in_the_hand(desk: Desk, municipal_contract: Lived) -> None:
    """The assessment as it was, asked again, and handed over in Swedish and in English."""
    desk.open(municipal_contract.case)
    desk.follow(RULE)
    desk.press("Upprepa prövningen")
    desk.told("Prövningen kan upprepas: samma svar under version")
    assert wrong(desk.page) == []
    desk.follow("Svenska")
    for language, title, conclusion, appeal, other in (
        ("sv", "Din bedömning", "Villkoren är uppfyllda.", "35 kap. 1 §", "English"),
        ("en", "Your assessment", "The conditions are met.", "ch. 35 s. 1", "Svenska"),
    ):
        expect(desk.page.locator("html")).to_have_attribute("lang", language)
        desk.told(title)
        desk.told(conclusion)
        desk.told(appeal)
        assert wrong(desk.page) == []
        desk.page.emulate_media(media="print")
        for hidden in ("Skriv ut", "Print", other):
            assert not desk.page.get_by_text(hidden, exact=True).is_visible()
        expect(desk.page.get_by_role("heading", level=1)).to_be_visible()
        wide = desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert wide, "nothing hangs over the edge of the paper"
        desk.page.emulate_media(media="screen")
        desk.page.get_by_role("link", name=other).click()
        desk.page.wait_for_load_state()


def test_a_guideline_from_its_list_to_a_rule(desk: Desk) -> None:
    """The contents lead to the rule, with what decides it, its source and its values."""
    desk.open("policy/pack?name=helsingborg/bostadssociala-lagenheter")
    assert wrong(desk.page) == []
    desk.page.get_by_role("navigation", name="Innehåll").get_by_role(
        "link", name=RULE
    ).first.click()
    rule = desk.page.locator("#rule-entitled")
    expect(rule).to_be_in_viewport()
    expect(rule).to_contain_text("Alla dessa villkor ska vara uppfyllda:")
    desk.page.locator("#rule-entitled a[href='#rule-registered']").first.click()
    registered = desk.page.locator("#rule-registered")
    expect(registered).to_contain_text("Prövas så:")
    expect(registered.get_by_role("table")).to_contain_text("1283")
