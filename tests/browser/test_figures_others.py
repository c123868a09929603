"""Comparison with other kommuner in a real browser: told before, and read by a steering group."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from hemvist.identity import get_directory
from hemvist_compared import WAYS, YEAR, carried, joined, kommun_in_comparisons, told, untold
from hemvist_desks import at_desks, looked_at
from hemvist_kommun import Kommun

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STEERING = "Nils Ekvall"


@pytest.fixture
def members(platform_address: str) -> list[Kommun]:
    """Helsingborg and three others that have told a year; none takes part yet."""
    found = [
        kommun_in_comparisons(get_directory().tenant_id(slug))
        for slug in ("helsingborg", "goteborg", "norrkoping", "vasteras")
    ]
    for number, one in enumerate(found):
        untold(one)
        told(one, "moved_on", (40, 210, 35, 52)[number], months=(1, 12 - number % 2))
        told(one, "moved_on", 9, months=(1, 1), year=YEAR + 1)
        told(one, "waiting", (125, 640, 90, 155)[number], months=(12, 12))
        told(one, "time_to_home", None, months=(1, 5), middle=120 + number * 20)
        told(one, "time_to_home", None, months=(6, 12), middle=140 + number * 15)
    return found


def test_a_steering_group_compares(
    chromium: Browser, platform_address: str, members: list[Kommun]
) -> None:
    with at_desks(chromium, platform_address, STEERING, home="figures") as (desk,):
        desk.page.goto(f"/helsingborg/figures/others/{WAYS}")
        desk.told("minst tre kommuner")
        assert desk.page.locator("main svg").count() == 0
        looked_at(desk, "others-before")
        for one in members:
            joined(one)
        carried(*members)
        desk.page.goto(f"/helsingborg/figures/others/{WAYS}?year={YEAR}")
        desk.told("(er kommun)")
        assert desk.page.locator("main svg").count() == 3
        looked_at(desk, "others-compared")
