"""Södertälje in a real browser: after two years the resident takes the municipal contract over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from hemvist.clock import today
from hemvist.policy import add_days, add_months
from hemvist_browser import Desk, wrong
from hemvist_kommun_api import Trail, at_kommun

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = {
    "caseworker": "filip.hagman",
    "manager": "gabriella.nasser",
    "officer": "hanna.bergdahl",
}
CONTENT = {
    "household": "Ensam vuxen.",
    "home_needed": "Ett rum och kök.",
    "reasons": "Får inte hyra på den vanliga marknaden.",
}
#: Two years to the day have passed three days ago.
STARTS = add_days(add_months(today(), -24), -3)
TWO_YEARS = add_months(STARTS, 24)


@pytest.fixture
def housed(platform_address: str) -> Iterator[Trail]:
    """In a flat of the public company since two years, by a municipal contract."""
    with at_kommun(platform_address, "sodertalje", PEOPLE) as office:
        way = Trail(office, "SOC", "0181", "municipal_contract", CONTENT)
        signed_on = add_days(STARTS, -7)
        way.open(
            signed_on - timedelta(days=60), barred_from_market=True, home_owner="public_company"
        )
        way.signed(
            way.contract(
                way.accepted(signed_on),
                signed_on,
                terms={"stock": "public_company"},
                toldOfLinkOn=str(signed_on),
                ownerNotifiedOn=str(signed_on),
            )
        )
        way.let_the_worker_work()
        yield way


@pytest.fixture
def officer(chromium: Browser, platform_address: str) -> Iterator[Desk]:
    """Whoever handles the municipal contracts."""
    desk = Desk(chromium, platform_address, "Hanna Bergdahl", slug="sodertalje")
    yield desk
    desk.close()


def test_the_contract_is_taken_over(housed: Trail, officer: Desk) -> None:
    """SOD-11: seen in time, tried on the guideline's conditions, and handed over in one act."""
    officer.open("takeovers")
    row = officer.page.get_by_role("row").filter(has_text="Tindra Testsson")
    expect(row).to_contain_text(TWO_YEARS.isoformat())
    expect(row).to_contain_text("Dags nu")
    assert wrong(officer.page) == []
    officer.follow("Tindra Testsson")
    checks = officer.page.locator('section[aria-labelledby="h-checks"]')
    for words in (
        "Ett allmännyttigt bolag",
        "Bostaden ägs av allmännyttan",
        "Två år har gått",
        "R14 Södertälje",
    ):
        expect(checks).to_contain_text(words)
    assert wrong(officer.page) == []

    # Nobody has said that the owner consents: the field says so, and the day typed stands.
    carry = officer.page.locator('section[aria-labelledby="h-carry"]')
    carry.locator('[name="on"]').fill(TWO_YEARS.isoformat())
    for party in ("resident", "landlord"):
        officer.page.locator(f'[name="parties"][value="{party}"]').check()
    officer.press("Överlåt kontraktet")
    officer.told("Riktlinjen kräver att det här har gjorts först.")
    officer.told("Ägaren samtycker, eller så har hyresnämnden lämnat tillstånd")
    assert wrong(officer.page) == []
    expect(carry.locator('[name="on"]')).to_have_value(TWO_YEARS.isoformat())
    carry.locator('[name="told"]').check()
    officer.press("Överlåt kontraktet")
    officer.told("Genomförd")
    officer.follow("Till det nya kontraktet")
    officer.told("Förstahandskontrakt")
    officer.told(f"{TWO_YEARS.isoformat()}, tills vidare")
    officer.told("Kom i stället för")
    assert wrong(officer.page) == []
    officer.follow("Kommunkontrakt i andra hand")
    officer.told(f"{STARTS.isoformat()} – {TWO_YEARS.isoformat()}")
    assert housed.read("stage")["stage"] == "Eget kontrakt"
