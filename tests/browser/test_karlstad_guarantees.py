"""Karlstad's two guarantees in a real browser: the limit to the öre, the claim, the state grant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

import hemvist_journeys as way
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.guarantees.models import Guarantee
from hemvist.identity import Membership, Role, get_directory
from hemvist.policy import add_months
from hemvist_browser import Desk
from hemvist_desks import at_desks, looked_at
from hemvist_graphql.ids import global_id
from hemvist_journeys import People
from hemvist_pack_cases import Walk
from hemvist_registry import discovered
from hemvist_world import peopled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PACK = "karlstad/sociala-kontrakt"
CONTENT = {
    "household": "Ensamstående vuxen.",
    "home_needed": "Ett rum och kök.",
    "reasons": "Hyresvärden kräver en garanti.",
}
CITE = "R14 Karlstad – Olika målgrupper – Hyresgarantier"
#: On income support with a small income of one's own, and none of the debts for rent.
BOTH_WAYS: dict[str, Any] = {
    "has_income_support": True,
    "has_own_income": True,
    "rent_debts_ore": 0,
    "has_payment_remarks": False,
}
RENT_GUARANTEE, MUNICIPAL = "Kan få hyresgaranti", "Kan få kommunal hyresgaranti"


@pytest.fixture
def people(chromium: Browser, platform_address: str) -> Iterator[People]:
    """Caseworker, manager and the housing group's officer."""
    names = ("Petra Solberg", "Rasmus Frykman", "Sanna Tervo")
    with at_desks(chromium, platform_address, *names, slug="karlstad") as desks:
        yield People(*desks)


@pytest.fixture
def walk(platform_address: str) -> Walk:
    """The same kommun through the services, for what lies back in time."""
    world = peopled(get_directory().tenant_id("karlstad"), {"ASF": ""})
    world.add("property", Membership(Role.PROPERTY_OFFICER, "BG"))
    return Walk(world, discovered().get(PACK), "ASF", "1780", CONTENT)


def guaranteed(walk: Walk, programme: str, months: int, **facts: Any) -> tuple[Case, Guarantee]:
    """A lease with a guarantee, signed four months ago."""
    signed_on = add_months(today(), -4)
    case = walk.opened(signed_on - timedelta(days=60), **facts)
    walk.sign(walk.taken(case, programme, signed_on), signed_on, guarantee_months=months)
    return case, walk.world.rows(Guarantee, case_id=case.id)[0]


def criterion(desk: Desk, words: str) -> Locator:
    """One criterion of the case's page."""
    heading = desk.page.get_by_role("heading", name=words, exact=True)
    return desk.page.get_by_role("listitem").filter(has=heading)


def test_the_limit_to_the_ore(people: People, walk: Walk) -> None:
    """KSD-17, KSD-22: what is typed in kronor is judged in öre; over the limit the other one is left."""
    caseworker, manager = people.caseworker, people.manager
    case = walk.opened(today() - timedelta(days=10), **BOTH_WAYS, debts_ore=0)
    home = f"cases/{global_id('Case', case.id)}"
    for kronor, answer in (("9 999,99", "Ja"), ("10 000,01", "Nej"), ("10 000", "Ja")):
        caseworker.open(f"{home}/assessment?every=1")
        caseworker.fill("answers.debts_ore.value", kronor)
        caseworker.press("Spara och gå till ärendet")
        expect(criterion(caseworker, RENT_GUARANTEE)).to_contain_text(answer)
        expect(criterion(caseworker, MUNICIPAL)).to_contain_text("Ja")
        if answer == "Nej":
            refused = criterion(caseworker, RENT_GUARANTEE)
            expect(refused).to_contain_text("Nej: Skulderna är inte högre än gränsen")
            expect(refused).to_contain_text("Ja: Får försörjningsstöd")
            expect(refused).to_contain_text(CITE)
            looked_at(caseworker)
    way.conclude(caseworker, home, "entitled_to_rent_guarantee")
    proposal = way.propose(caseworker, home, "support_to_obtain_housing", "hyresgaranti")
    way.decide(manager, proposal)
    caseworker.open(home)
    caseworker.told("Hyresgaranti")


def test_a_claim_stops_at_three_months_of_rent(people: People, walk: Walk) -> None:
    """KSD-15: the claim is tried by another, to the cap and no öre over; the exposure follows."""
    _, guarantee = guaranteed(
        walk, "hyresgaranti", 12, has_income_support=True, debts_ore=1_000_000
    )
    officer, manager = people.officer, people.manager
    page = f"guarantees/{global_id('Guarantee', guarantee.id)}"
    officer.open(page)
    officer.told("3 månadshyror")
    looked_at(officer)
    officer.open(f"{page}/claim")
    # The condition of the flat is no part of it.
    expect(officer.page.locator('input[name="kind"][value="condition"]')).to_have_count(0)
    officer.choose("kind", "rent")
    officer.fill("amountOre", "22 000")
    officer.fill("periodFrom", guarantee.starts_on.isoformat())
    officer.fill("periodTo", (guarantee.starts_on + timedelta(days=100)).isoformat())
    officer.page.locator('[name="documents[0].kind"]').select_option("rent_statement")
    officer.fill("documents[0].title", "Hyresavier")
    officer.press("Registrera kravet")
    officer.told("Kravet är registrerat.")

    manager.open(page)
    manager.follow("Besluta")
    manager.choose("outcome", "approved")
    manager.fill("approvedOre", "16 500,01")
    manager.fill("motivation", "Garantin täcker tre månadshyror.")
    manager.press("Besluta")
    manager.told("Inget är sparat")
    looked_at(manager)
    manager.fill("approvedOre", "16 500")
    manager.press("Besluta")
    manager.told("Beslutet om kravet är registrerat.")
    officer.open(page)
    officer.follow("Bokför betalning")
    officer.press("Bokför betalningen")
    officer.told("Betalningen är bokförd.")
    expect(officer.page.locator("tfoot")).to_contain_text("0\u00a0kr")
    manager.open("guarantees")
    manager.told("Testvärden AB")
    looked_at(manager)


def test_the_state_grant_is_applied_for(people: People, walk: Walk) -> None:
    """LF-6: the guideline's rule is tried, its questions answered, and the application is whole."""
    income = {"has_own_income": True, "has_payment_remarks": True, "debts_ore": 0}
    case, guarantee = guaranteed(walk, "kommunal_hyresgaranti", 24, **income)
    caseworker, officer = people.caseworker, people.officer
    home = f"cases/{global_id('Case', case.id)}"
    page = f"guarantees/{global_id('Guarantee', guarantee.id)}/grant"
    officer.open(page)
    officer.told("Kommunal hyresgaranti")
    officer.told("Saknas: Behovet kan tillgodoses på annat sätt; Hushållet kan betala utan")
    looked_at(officer)

    caseworker.open(home)
    caseworker.page.get_by_label("Pröva en regel").select_option("state_grant_possible")
    caseworker.press("Pröva")
    for fact, value in (("need_met_otherwise", "false"), ("pays_without_income_support", "true")):
        caseworker.choose(f"answers.{fact}.value", value)
        caseworker.fill(f"answers.{fact}.reason", "Framgår av utredningen.")
    looked_at(caseworker)
    caseworker.press("Spara och stanna här")
    caseworker.told("Svaren är sparade")
    expect(criterion(caseworker, "Statsbidrag för garantin kan sökas")).to_contain_text("Ja")

    officer.open(page)
    officer.told("5\u00a0000\u00a0kr")
    officer.choose("fields.owner_type", "municipal_company")
    officer.fill("fields.reason", "Betalningsanmärkningar.")
    officer.fill("appliedOn", today().isoformat())
    officer.press("Spara")
    officer.told("Inget är sparat")
    officer.fill("fields.earlier_housing", "Inneboende hos bekanta.")
    officer.press("Spara")
    officer.told(f"Sökt {today()}.")
    looked_at(officer)
