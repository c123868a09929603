"""Karlstad's social contract in a real browser: from first contact to the end of the support."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

import hemvist_journeys as way
from hemvist.clock import today
from hemvist.identity import Membership, Role, get_directory
from hemvist.policy import add_days, add_months
from hemvist_desks import at_desks, looked_at
from hemvist_graphql.ids import global_id
from hemvist_infra.demo.numbers import personal_number
from hemvist_journeys import People
from hemvist_pack_cases import Walk
from hemvist_registry import discovered
from hemvist_world import peopled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PACK = "karlstad/sociala-kontrakt"
PROGRAMME = "social_contract"
CONTENT = {
    "household": "Ensamstående vuxen.",
    "home_needed": "Ett rum och kök.",
    "reasons": "Får inte hyra på egen hand.",
}


@pytest.fixture
def people(chromium: Browser, platform_address: str) -> Iterator[People]:
    """Caseworker, manager and the housing group's officer."""
    names = ("Petra Solberg", "Rasmus Frykman", "Sanna Tervo")
    with at_desks(chromium, platform_address, *names, slug="karlstad") as desks:
        yield People(*desks)


@pytest.fixture
def walk(platform_address: str) -> Walk:
    """The same kommun through the services, for what lies a year back."""
    world = peopled(get_directory().tenant_id("karlstad"), {"ASF": ""})
    world.add("property", Membership(Role.PROPERTY_OFFICER, "BG"))
    return Walk(world, discovered().get(PACK), "ASF", "1780", CONTENT)


def test_a_social_contract_page_by_page(people: People) -> None:
    """Everything that can happen today: assessed, decided, referred, offered, decided, signed, planned."""
    caseworker, manager, officer = people.caseworker, people.manager, people.officer
    caseworker.open("households/new")
    caseworker.fill("members[0].givenName", "Maja")
    caseworker.fill("members[0].familyName", "Testsson")
    caseworker.fill("members[0].personalNumber", personal_number(date(1985, 4, 1), 996))
    caseworker.fill("members[0].registeredKommun", "1780")
    caseworker.choose("members[0].protection", "none")
    caseworker.fill("members[0].protectionCheckedOn", date.today().isoformat())
    caseworker.press("Registrera hushållet")
    case = way.open_case(caseworker)
    looked_at(caseworker)
    caseworker.open(f"{case}/assessment")
    looked_at(caseworker)
    caseworker.choose("answers.barred_from_market.value", "true")
    caseworker.fill("answers.barred_from_market.reason", "Fått nej av alla värdar.")
    caseworker.press("Spara och gå till ärendet")
    way.conclude(caseworker, case, "entitled_to_social_contract")
    looked_at(caseworker)
    proposal = way.propose(caseworker, case, "support_to_obtain_housing", PROGRAMME)
    looked_at(caseworker)
    way.decide(manager, proposal)
    looked_at(manager)

    caseworker.open(f"{case}/referral")
    if caseworker.page.locator('[name="programme"]').count():
        caseworker.choose("programme", PROGRAMME)
        caseworker.press("Fortsätt till innehållet")
    for name, words in CONTENT.items():
        caseworker.fill(f"content.{name}", words)
    looked_at(caseworker)
    caseworker.press("Spara")
    caseworker.told("Innehållet är fullständigt.")
    looked_at(caseworker)
    referral = caseworker.path
    caseworker.press("Registrera underskriften")
    caseworker.press("Skicka remissen")
    caseworker.told("Remissen är skickad")
    officer.open(referral)
    looked_at(officer)
    officer.press("Registrera")
    unit = way.register_unit(officer, 41)
    offer = way.offer_home(people, referral, unit)
    looked_at(caseworker)
    housing = way.propose(caseworker, case, "housing", PROGRAMME)
    way.decide(manager, housing)

    officer.open(f"{offer}/contract")
    looked_at(officer)
    for name in ("startsOn", "toldOfLinkOn", "ownerNotifiedOn"):
        officer.fill(name, date.today().isoformat())
    officer.choose("waiver.own_document", "true")
    officer.choose("waiver.needs_approval", "true")
    officer.choose("waiver.approved", "false")
    officer.press("Registrera kontraktet")
    officer.told("Avståendet från besittningsskydd behöver en egen handling")
    looked_at(officer)
    officer.fill("wentOnBecause", "Hyresnämnden prövar ansökan den här veckan.")
    officer.press("Registrera kontraktet")
    officer.told("Kontraktet är registrerat.")
    officer.told("Hyresnämnden har godkänt det")
    looked_at(officer)

    for desk in (caseworker, officer):
        desk.open(case)
        looked_at(desk)
    caseworker.told("Hyr i andra hand")
    for too_early in ("Den boende har tagit över kontraktet", "Bostaden är lämnad"):
        expect(caseworker.page.get_by_role("main")).not_to_contain_text(too_early)
    caseworker.open(f"{case}/follow-ups")
    looked_at(caseworker)
    caseworker.follow("Registrera Boplanen skrivs")
    looked_at(caseworker)
    caseworker.page.locator('[name="residentTookPart"]').check()
    caseworker.fill("plan.agreed", "Hyran betalas den sista varje månad.")
    caseworker.press("Registrera")
    caseworker.told("Uppföljningen är registrerad.")
    looked_at(caseworker)


def test_the_lease_is_taken_over_and_the_support_ends(people: People, walk: Walk) -> None:
    """A contract signed a year ago: refused with the reason, answered, taken over, ended."""
    caseworker, officer = people.caseworker, people.officer
    signed_on = add_days(add_months(today(), -12), -9)
    row = walk.opened(signed_on - timedelta(days=60), barred_from_market=True)
    walk.sign(walk.taken(row, PROGRAMME, signed_on), signed_on)
    case = f"cases/{global_id('Case', row.id)}"

    officer.open(f"{case}/milestone?milestone=taken_over")
    looked_at(officer)
    for box in officer.page.locator('[name="parties"]').all():
        box.check()
    officer.press("Registrera händelsen")
    officer.told(
        "Kontraktet kan överlåtas på den boende. Inte besvarat: Avstämningen talar för det."
    )
    looked_at(officer)
    caseworker.open(f"{case}/assessment")
    looked_at(caseworker)
    caseworker.choose("answers.reconciliation_favours_takeover.value", "true")
    caseworker.fill("answers.reconciliation_favours_takeover.reason", "Hyran är betald i tid.")
    caseworker.press("Spara och gå till ärendet")
    for milestone, words in (
        ("reconciliation", "Hyr i andra hand"),
        ("taken_over", "Eget kontrakt, stödår"),
        ("support_over", "Avslutat"),
    ):
        caseworker.open(f"{case}/milestone?milestone={milestone}")
        looked_at(caseworker)
        for box in caseworker.page.locator('[name="parties"]').all():
            box.check()
        caseworker.press("Registrera händelsen")
        caseworker.told("Händelsen är registrerad.")
        caseworker.told(words)
        looked_at(caseworker)
    caseworker.open(f"{case}/follow-ups")
    looked_at(caseworker)
