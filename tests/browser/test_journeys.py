"""Three people take a household the whole way, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser

import hemvist_journeys as way
from hemvist.policy import add_months
from hemvist_browser import CASEWORKER, OFFICER, Desk
from hemvist_journeys import Lived, People

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


def test_a_referral_that_comes_back_and_a_home_that_does_not_suit(
    chromium: Browser, platform_address: str
) -> None:
    """Refused without signatures, returned, completed, declined, offered again, withdrawn."""
    people = People.at(chromium, platform_address, javascript=False)
    caseworker, manager, officer = people.caseworker, people.manager, people.officer
    way.register_household(caseworker, 3)
    case = way.open_case(caseworker)
    way.answer_everything(caseworker, case)
    way.conclude(caseworker, case, "entitled")
    proposal = way.propose(caseworker, case, "support_to_obtain_housing", "municipal_contract")
    manager.open(proposal)
    manager.press("Återsänd")
    manager.told("Fyll i fältet.")
    manager.fill("reason", "Barnets umgänge saknas i motiveringen.")
    manager.press("Återsänd")
    manager.told("Förslaget är återsänt.")
    proposal = way.propose(caseworker, case, "support_to_obtain_housing", "municipal_contract")
    way.decide(manager, proposal)

    referral = way.write_referral(caseworker, case, "municipal_contract")
    caseworker.press("Skicka remissen")
    caseworker.told("RL §3.1")
    assert caseworker.page.locator("#problems").is_visible()
    way.sign_and_send(people, referral)
    officer.open(referral)
    officer.fill("request", "Skriv hur länge hushållet har varit utan bostad.")
    officer.press("Återsänd")
    officer.told("Remissen är återsänd för komplettering.")
    caseworker.open(referral)
    caseworker.told("Skriv hur länge hushållet har varit utan bostad.")
    caseworker.press("Gör en ny remiss")
    assert caseworker.page.locator('[name="content.home_size"]').input_value()
    caseworker.fill("content.housing_history", "Utan bostad sedan 2021.")
    caseworker.fill("toldOneOfferOn", date.today().isoformat())
    caseworker.press("Spara")
    completed = caseworker.path
    assert completed != referral
    way.sign_and_send(people, completed)
    officer.open(completed)
    officer.press("Registrera")
    officer.told("Remissen är registrerad.")

    unit = way.register_unit(officer, 3)
    officer.open(f"{completed}/offer")
    officer.press("Erbjud bostaden")
    officer.told("Välj en bostad.")
    officer.choose("unitId", unit.split("/")[1])
    officer.press("Erbjud bostaden")
    offer = officer.path
    caseworker.open(offer)
    caseworker.choose("code", "wrong_size")
    caseworker.fill("reason", "Hushållet behöver två rum.")
    caseworker.press("Tacka nej till bostaden")
    caseworker.told("Erbjudandet är avböjt.")
    caseworker.told("Hushållets rätt till ett erbjudande är inte förbrukad.")
    caseworker.open(completed)
    caseworker.page.get_by_text("Återkalla remissen").click()
    caseworker.fill("reason", "Hushållet har hittat en egen bostad.")
    caseworker.press("Återkalla")
    caseworker.told("Remissen är återkallad.")
    caseworker.told("Hushållet har hittat en egen bostad.")
    people.close()


def test_somebody_else_was_faster(chromium: Browser, platform_address: str) -> None:
    """Two windows on one draft: the second is told, and keeps what it wrote."""
    people = People.at(chromium, platform_address, javascript=True)
    first = people.caseworker
    second = Desk(chromium, platform_address, CASEWORKER)
    way.register_household(first, 4)
    case = way.open_case(first)
    first.open(f"{case}/referral")
    first.choose("programme", "municipal_contract")
    first.press("Fortsätt till innehållet")
    form = first.path
    second.open(form)
    first.fill("content.home_size", "Två rum och kök")
    first.press("Spara")
    first.told("Remissen är sparad.")
    second.fill("content.home_size", "Tre rum och kök")
    second.press("Spara")
    assert second.page.locator("#problems").is_visible()
    assert second.page.locator('[name="content.home_size"]').input_value() == "Tre rum och kök"
    second.close()
    people.close()
