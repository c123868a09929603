"""Helsingborg in a real browser, one life: from the municipal contract to a lease without a guarantee.

The home by a municipal contract is lived through the services; the way on is taken on the pages.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

import hemvist_journeys as way
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.policy import add_months
from hemvist_browser import Desk
from hemvist_desks import looked_at
from hemvist_graphql.ids import global_id
from hemvist_journeys import People
from hemvist_world import GUARANTEE, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WAY = "Vägen till ett eget kontrakt"


def path_of(kind: str, row: Any) -> str:
    """A row's page under the kommun."""
    return f"{kind}s/{global_id(kind.capitalize(), row.id)}"


def stands_at(desk: Desk, case: str, station: str, *, done: int) -> Any:
    """What the way on the case page says: how many stations are reached, and which is next."""
    desk.open(case)
    box = desk.page.get_by_role("region", name=WAY)
    told = box.get_by_role("img", name=WAY).locator("desc")
    expect(told).to_contain_text(f"{done} av ")
    expect(box.locator('[aria-current="step"]')).to_contain_text(station)
    return box.get_by_role("listitem")


def test_from_a_municipal_contract_to_a_lease_of_ones_own(people: People, world: World) -> None:
    row = world.case()
    world.housed(row)
    [before] = world.rows(Contract, case_id=row.id)
    case, (caseworker, manager, officer) = (
        path_of("case", row),
        (people.caseworker, people.manager, people.officer),
    )
    stations = stands_at(caseworker, case, "Eget kontrakt", done=6)
    expect(stations.nth(6)).to_contain_text("Hyresgaranti")
    caseworker.told("Boende med uppföljning")
    looked_at(caseworker)

    # HBG-124: no debts, and able to manage a lease: the guarantee is tried first.
    caseworker.follow("Remiss för hyresgaranti")
    caseworker.told("Program: Hyresgaranti")
    caseworker.choose("legalBasis", "sol_2025_11_1")
    caseworker.fill("motivation", "Inga skulder, och hyran är betald i tid hela tiden.")
    caseworker.press("Lämna förslaget")
    caseworker.told("Förslaget väntar nu på beslut.")
    way.decide(manager, caseworker.path)
    stations = stands_at(caseworker, case, "Remissen registrerad", done=2)
    expect(stations.first).to_contain_text("Tidigare bostad")
    expect(stations.first).to_contain_text("Kommunalt kontrakt i andra hand")
    expect(stations.first).to_contain_text(before.starts_on.isoformat())
    caseworker.told("Ärendet går vidare i nästa program")
    looked_at(caseworker)

    referral = _referral(caseworker, case)
    way.sign_and_send(people, referral)
    officer.open(referral)
    officer.press("Registrera")
    officer.told("Remissen är registrerad.")
    offer = way.offer_home(people, referral, way.register_unit(officer, 21))
    stands_at(caseworker, case, "Eget kontrakt", done=4)
    # HBG-96, HBG-100: the owner's contract comes before the decision, and this home's own.
    lease = way.sign_contract(officer, offer, guarantee_months=12)
    officer.told("Förstahandskontrakt med hyresgaranti")
    looked_at(officer)
    officer.open(offer)
    expect(officer.page.get_by_role("link", name="Till kontraktet")).to_have_count(1)

    officer.open(f"{path_of('contract', before)}/act/end")
    officer.choose("reason", "agreement")
    officer.press("Spara")
    officer.told("Kontraktet är avslutat.")
    housing = way.propose(caseworker, case, "housing")
    way.decide(manager, housing)
    manager.told("Förstahandskontrakt med hyresgaranti")
    until = add_months(today(), 12).isoformat()
    stations = stands_at(caseworker, case, "Garantin upphör", done=8)
    expect(stations.last).to_contain_text(until)
    caseworker.told("Boende med garanti")
    caseworker.told("Kontraktet på den tidigare bostaden upphörde")
    # Which programme each decision is of is told where it is not the case's own.
    caseworker.told("Stöd till bostadsanskaffning Kommunalt kontrakt")
    looked_at(caseworker)

    _a_claim_that_the_household_pays_back(people, lease)
    _ended_after_dialogue(people, lease)
    stations = caseworker.page.get_by_role("region", name=WAY).get_by_role("listitem")
    caseworker.open(case)
    expect(stations.last).to_contain_text(today().isoformat())
    expect(caseworker.page.get_by_role("region", name=WAY).locator("desc")).to_contain_text(
        "9 av 9 steg är tagna"
    )
    looked_at(caseworker)
    caseworker.page.get_by_text("Avsluta ärendet").first.click()
    caseworker.choose("reason", "own_lease")
    caseworker.press("Avsluta ärendet")
    caseworker.told("Avslutat")
    looked_at(caseworker)


def _referral(desk: Desk, case: str) -> str:
    """Written in whole, the resident told of the one home; its path."""
    desk.open(f"{case}/referral")
    desk.choose("programme", GUARANTEE)
    desk.press("Fortsätt till innehållet")
    way.fill_texts(desk, "content")
    desk.fill("toldOneOfferOn", today().isoformat())
    desk.press("Spara")
    desk.told("Innehållet är fullständigt.")
    return desk.path


def _a_claim_that_the_household_pays_back(people: People, lease: str) -> None:
    """HBG-11: claimed with its document, decided by another, paid, asked back, paid: nothing stands."""
    officer, manager = people.officer, people.manager
    officer.open(lease)
    officer.follow("Krav, betalningar och regress")
    guarantee = officer.path
    officer.told("65 760 kr")
    officer.open(f"{guarantee}/claim")
    officer.fill("amountOre", "5 480")
    officer.fill("periodFrom", today().isoformat())
    officer.fill("periodTo", (today() + timedelta(days=29)).isoformat())
    officer.page.locator('[name="documents[0].kind"]').select_option("rent_statement")
    officer.fill("documents[0].title", "Hyresavi")
    officer.press("Registrera kravet")
    officer.told("Kravet är registrerat.")
    manager.open(guarantee)
    manager.page.get_by_role("link", name="Besluta").first.click()
    manager.choose("outcome", "approved")
    manager.fill("approvedOre", "5 480")
    manager.fill("motivation", "Hyran är obetald.")
    manager.press("Besluta")
    manager.told("Beslutet om kravet är registrerat.")
    officer.open(guarantee)
    officer.page.get_by_role("link", name="Bokför betalning").click()
    officer.press("Bokför betalningen")
    officer.told("Betalningen är bokförd.")
    officer.open(f"{guarantee}/demand")
    officer.fill("instalments[0].dueOn", (today() + timedelta(days=30)).isoformat())
    officer.fill("instalments[0].amountOre", "5 480")
    officer.press("Kräv hushållet")
    officer.told("Kravet på hushållet är registrerat.")
    officer.page.get_by_role("link", name="Bokför betalning").click()
    officer.press("Bokför betalningen")
    officer.told("Hushållets betalning är bokförd.")
    expect(officer.page.locator("tfoot")).to_contain_text("0\u00a0kr")
    looked_at(officer)


def _ended_after_dialogue(people: People, lease: str) -> None:
    """HBG-119, 120: the owner and the office have talked, and the department is told."""
    officer = people.officer
    officer.open(lease)
    officer.follow("Krav, betalningar och regress")
    officer.open(f"{officer.path}/end")
    officer.choose("reason", "dialogue")
    officer.fill("dialogueOn", today().isoformat())
    for value in ("landlord", "property"):
        officer.page.locator(f'[name="parties"][value="{value}"]').check()
    officer.page.locator('[name="told"]').first.check()
    officer.press("Avsluta garantin")
    expect(officer.page.get_by_role("alert")).to_contain_text("Inget är sparat")
    looked_at(officer)
    officer.fill("motivation", "Ägaren godtar hyresgästen utan garanti efter ett kvartal.")
    officer.press("Avsluta garantin")
    officer.told("Garantin är avslutad.")
    officer.told("Efter dialog med hyresvärden")
    looked_at(officer)
