"""Nynäshamn in a real browser: a month at a time, with the insurance shown each time."""

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

PEOPLE = {"caseworker": "alma.rydell", "manager": "birger.stolt", "officer": "carin.vestin"}
CONTENT = {"household": "Ensam vuxen.", "home_needed": "Ett rum.", "reasons": "Avvisad av ägarna."}
#: The first month is out, the second is soon.
STARTS = add_days(add_months(today(), -2), 5)
SIGNED = STARTS - timedelta(days=7)


@pytest.fixture
def offer(platform_address: str) -> Iterator[tuple[Trail, str]]:
    """A lone adult whom owners refused, granted the home and with a flat accepted."""
    with at_kommun(platform_address, "nynashamn", PEOPLE) as office:
        way = Trail(office, "SOC", "0192", "second_hand_contract", CONTENT)
        way.open(
            SIGNED - timedelta(days=60),
            refused_by_owners=True,
            only_economic_problems=False,
            will_manage=True,
        )
        yield way, way.accepted(SIGNED)["id"]


@pytest.fixture
def officer(chromium: Browser, platform_address: str) -> Iterator[Desk]:
    """The housing consultant."""
    desk = Desk(chromium, platform_address, "Carin Vestin", slug="nynashamn")
    yield desk
    desk.close()


def test_a_month_and_a_month_until_the_insurance_lapses(
    offer: tuple[Trail, str], officer: Desk
) -> None:
    """NYN-12 to NYN-14, NYN-20: no insurance, no contract; lapsed, no other month."""
    way, offer_id = offer
    officer.open(f"offers/{offer_id}/contract")
    officer.told("Riktlinjens tid: En månad, som regel")
    for name, day in (
        ("signedOn", SIGNED),
        ("startsOn", STARTS),
        ("endsOn", add_months(STARTS, 1)),
        ("toldOfLinkOn", SIGNED),
        ("ownerNotifiedOn", SIGNED),
    ):
        officer.fill(name, day.isoformat())
    officer.choose("terms.home_insurance", "false")
    officer.press("Registrera kontraktet")
    problems = officer.page.locator("#problems")
    expect(problems).to_contain_text("Hyresgästen har hemförsäkring med ansvarsskydd")
    expect(problems).to_contain_text("Försäkringsbolag")
    expect(officer.page.locator('[name="endsOn"]')).to_have_value(add_months(STARTS, 1).isoformat())
    assert wrong(officer.page) == []

    def insured(day: str, held: str = "true") -> None:
        officer.choose("terms.home_insurance", held)
        officer.fill("terms.insurance_company", "Provförsäkring")
        officer.fill("terms.insurance_checked_on", day)

    insured(SIGNED.isoformat())
    officer.press("Registrera kontraktet")
    officer.told("Kontraktet är registrerat.")
    officer.told("Provförsäkring")
    officer.told(f"{STARTS.isoformat()} – {add_months(STARTS, 1).isoformat()}")
    assert wrong(officer.page) == []

    again = add_days(add_months(STARTS, 1), -3).isoformat()
    officer.follow("Förläng")
    officer.told(f"Kontraktet gäller till {add_months(STARTS, 1).isoformat()}.")
    officer.fill("signedOn", again)
    insured(again)
    assert wrong(officer.page) == []
    officer.press("Spara")
    officer.told("Hyrestiden är förlängd.")
    officer.told(f"{STARTS.isoformat()} – {add_months(STARTS, 2).isoformat()}")

    # The company says that the insurance has lapsed: no other month, and what was typed stands.
    officer.follow("Förläng")
    insured(today().isoformat(), "false")
    officer.press("Spara")
    expect(problems).to_contain_text(
        "Hyresgästen har hemförsäkring med ansvarsskydd: Riktlinjen tillåter bara det andra svaret."
    )
    expect(officer.page.locator('[name="terms.insurance_company"]')).to_have_value("Provförsäkring")
    assert wrong(officer.page) == []
    contract = way.read("contracts { id endsOn }")["contracts"][0]
    assert contract["endsOn"] == add_months(STARTS, 2).isoformat()
    # Until then the tenant lives there; a person ends the lease when the month is out.
    officer.open(f"contracts/{contract['id']}/act/end")
    officer.choose("reason", "term_over")
    officer.press("Spara")
    officer.told(add_months(STARTS, 2).isoformat())
    assert wrong(officer.page) == []
