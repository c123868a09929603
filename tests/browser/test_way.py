"""The way to a lease of one's own on the case's page: the picture, its words, and where they lead."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import hemvist_journeys as way
from hemvist_browser import wrong
from hemvist_journeys import People

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_picture_and_its_words(people: People) -> None:
    lived = way.live(
        people,
        11,
        "rent_guarantee",
        "entitled_to_guarantee",
        extra={"manages_first_hand_lease": "true"},
        guarantee_months=12,
    )
    desk = people.caseworker
    desk.open(lived.case)
    page = desk.page
    box = page.get_by_role("region", name="Vägen till ett eget kontrakt")
    picture = box.get_by_role("img", name="Vägen till ett eget kontrakt")
    expect(picture).to_be_visible()
    expect(picture.locator("desc")).to_contain_text("7 av 8 steg är tagna. Nästa: Garantin upphör.")
    expect(picture.locator("g")).to_have_count(8)

    # Who does not see the picture is told the same, in order, each with its day.
    steps = box.get_by_role("listitem")
    expect(steps).to_have_count(8)
    expect(steps.nth(3)).to_contain_text("Eget kontrakt")
    for index in range(7):
        expect(steps.nth(index)).to_contain_text(lived.granted.isoformat())
    expect(box.locator('[aria-current="step"]')).to_contain_text("Garantin upphör")
    assert wrong(page) == []

    # In a narrow window the list is the picture, and nothing lies outside.
    page.set_viewport_size({"width": 390, "height": 844})
    expect(picture).to_be_hidden()
    expect(steps.last).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert wrong(page) == []

    box.get_by_role("link", name="Garantin upphör").click()
    desk.told("Inget är bokfört.")
    assert desk.complaints == []
