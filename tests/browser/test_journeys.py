"""Three people take a household the whole way, in a real browser."""

from __future__ import annotations

from datetime import date
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

import hemvist_journeys as way
from hemvist.policy import add_months
from hemvist_journeys import People

pytestmark = pytest.mark.browser


@pytest.fixture
def people(chromium: Browser, platform_address: str) -> Iterator[People]:
    """Three people without JavaScript: what works for them works for everybody."""
    three = People.at(chromium, platform_address, javascript=False)
    yield three
    for desk in (three.caseworker, three.manager, three.officer):
        desk.close()


def test_a_municipal_contract_from_first_contact_to_the_first_follow_up(people: People) -> None:
    """Guideline §3 and §4.1, page by page, with JavaScript off."""
    caseworker, manager, officer = people.caseworker, people.manager, people.officer
    way.register_household(caseworker, 1)
    case = way.open_case(caseworker)
    caseworker.told("Fråga återstår")
    way.answer_everything(caseworker, case)
    caseworker.told("Svaren är sparade")
    way.conclude(caseworker, case, "entitled")

    proposal = way.propose(caseworker, case, "support_to_obtain_housing", "municipal_contract")
    manager.open("today")
    manager.told("Att besluta")
    way.decide(manager, proposal)

    referral = way.write_referral(caseworker, case, "municipal_contract")
    way.sign_and_send(people, referral)
    officer.open("today")
    officer.told("Att registrera")
    officer.open(referral)
    officer.press("Registrera")
    officer.told("Remissen är registrerad.")

    unit = way.register_unit(officer, 1)
    offer = way.offer_home(people, referral, unit)
    contract = way.sign_contract(officer, offer)

    housing = way.propose(caseworker, case, "housing")
    way.decide(manager, housing)
    granted = date.today()

    caseworker.open(f"{case}/follow-ups")
    caseworker.told(add_months(granted, 1).isoformat())
    for months in (3, 6, 9):
        caseworker.told(add_months(granted, months).isoformat())
    caseworker.page.get_by_role("link", name="Registrera Första uppföljningen").click()
    caseworker.note()
    caseworker.page.locator('[name="residentTookPart"]').check()
    caseworker.page.locator('[name="inTheHome"]').check()
    caseworker.choose("departments", "FF")
    for item in ("care_of_flat", "laundry_room", "refuse_room", "tenants_responsibility"):
        caseworker.choose("agendaDone", item)
    way.fill_texts(caseworker, "plan")
    caseworker.press("Registrera uppföljningen")
    caseworker.told("Uppföljningen är registrerad.")
    caseworker.told("Autogiro för hyran inom en månad.")
    caseworker.open(case)
    caseworker.told("Boende med uppföljning")
    officer.open(contract)
    officer.told("Kommunalt kontrakt i andra hand")
