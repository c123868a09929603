"""Three people take a household the whole way, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from hemvist.policy import add_months
from hemvist_browser import CASEWORKER, OFFICER, Desk
from hemvist_journeys import Lived

pytestmark = pytest.mark.browser


@pytest.fixture
def caseworker(chromium: Browser, platform_address: str) -> Iterator[Desk]:
    """The caseworker of both lives."""
    desk = Desk(chromium, platform_address, CASEWORKER)
    yield desk
    desk.close()


@pytest.fixture
def officer(chromium: Browser, platform_address: str) -> Iterator[Desk]:
    """The property officer of both lives."""
    desk = Desk(chromium, platform_address, OFFICER)
    yield desk
    desk.close()


def test_a_municipal_contract_works_without_javascript(
    caseworker: Desk, officer: Desk, municipal_contract: Lived
) -> None:
    """From first contact to the first follow-up with its plan (guideline §3, §4.1)."""
    caseworker.open(municipal_contract.case)
    for words in ("Boende med uppföljning", "Uppfylld", "Bifall", "Kommunalt kontrakt"):
        caseworker.told(words)
    caseworker.open(f"{municipal_contract.case}/follow-ups")
    for months in (1, 3, 6, 9, 12):
        caseworker.told(add_months(municipal_contract.granted, months).isoformat())
    caseworker.told("Autogiro för hyran inom en månad.")
    officer.open(municipal_contract.contract)
    officer.told("Andrahandskontrakt")
    officer.open(municipal_contract.unit)
    officer.told("Uthyrd")


def test_the_first_follow_up_is_done_and_the_next_is_due(
    caseworker: Desk, municipal_contract: Lived
) -> None:
    """One row is done, the decision needs no more carrying out, the quarters stand open."""
    caseworker.open(f"{municipal_contract.case}/follow-ups")
    rows = caseworker.page.locator("table").first.locator("tbody tr")
    states = [text.split("\t")[4].split()[0] for text in rows.all_inner_texts()]
    assert states[0] == "Klar"
    assert states.count("Behövs") == 1
    assert states.count("Ska") >= 8


def test_a_rent_guarantee(caseworker: Desk, officer: Desk, rent_guarantee: Lived) -> None:
    """A first-hand lease with the kommun's guarantee for two years (guideline §4.2)."""
    officer.open(rent_guarantee.contract)
    officer.told("Förstahandskontrakt")
    officer.told("24 månader")
    officer.told(add_months(rent_guarantee.granted, 24).isoformat())
    caseworker.open(rent_guarantee.case)
    caseworker.told("Hyresgaranti")
