"""Plans and support on commission in a real browser: by whom each page is used, wide and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.identity import Membership, Role, get_directory
from hemvist.support_plans import drafting
from hemvist_browser import Desk
from hemvist_commissions import PROCURED, commissioned
from hemvist_desks import at_desks, looked_at
from hemvist_goteborg import CASEWORKER, housing_first, in_phase_1, sign
from hemvist_graphql.ids import global_id
from hemvist_world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOVED_IN = today() - timedelta(days=40)
SENT_ON = MOVED_IN - timedelta(days=60)


@pytest.fixture(scope="module")
def world(platform_address: str) -> World:
    """Göteborg of the demo, with the people of the tests beside its own."""
    made = housing_first(get_directory().tenant_id("goteborg"))
    made.add("procured staff", Membership(Role.SUPPORT_PROVIDER, PROCURED))
    return made


@pytest.fixture(scope="module")
def case(world: World) -> Case:
    """In phase 2, with the support commissioned of the procured provider."""
    made, referral = in_phase_1(world, MOVED_IN)
    sign(world, referral, MOVED_IN)
    commissioned(world, made, SENT_ON, procured=True)
    return made


@pytest.fixture
def desks(chromium: Browser, platform_address: str) -> Iterator[dict[str, Desk]]:
    """The caseworker, the coordinator, and the provider's staff."""
    names = ("Gerd Malm", "Irma Sjölund", "Nils Ferm")
    with at_desks(chromium, platform_address, *names, slug="goteborg") as made:
        yield dict(zip(("caseworker", "coordinator", "provider"), made, strict=True))


def test_the_provider_plans_visits_and_reports(
    world: World, case: Case, desks: dict[str, Desk]
) -> None:
    """GBG-69, GBG-71, GBG-72, GBG-92: from the provider's own list to the caseworker's reading."""
    nils, gerd = desks["provider"], desks["caseworker"]
    nils.open("commissions")
    looked_at(nils, "commissions")
    nils.page.locator("main tbody a").first.click()
    looked_at(nils, "commission")
    nils.follow("Gör planen")
    nils.fill("ownWords", "Jag vill ha lugn och ro och någon att prata med.")
    nils.fill("goals[0].goal", "Sova på nätterna")
    nils.fill("goals[0].parts", "Mörkläggningsgardin\nIngen kaffe efter tre")
    nils.choose("plan.formulated_by_participant", "true")
    nils.fill("plan.own_goals", "Sova och träffa folk.")
    nils.fill("plan.how_and_when", "Tisdagar hemma.")
    looked_at(nils, "plan-form")
    nils.press("Spara utkastet")
    nils.press("Låt planen gälla")
    nils.told("Planen gäller nu.")
    nils.page.get_by_role("link", name="Skriv uppföljningen").first.click()
    for name in ("plan_progress", "home_and_bills", "participants_view", "next_month"):
        nils.fill(f"content.{name}", "Går bra.")
    looked_at(nils, "report")
    nils.press("Skicka uppföljningen")
    assert "Antal möten" in nils.page.locator("#problems").inner_text()
    nils.fill("content.meetings", "5")
    nils.press("Skicka uppföljningen")
    nils.told("Månadsuppföljningen är skickad.")

    own = f"cases/{global_id('Case', case.id)}"
    gerd.open(f"{own}/support")
    looked_at(gerd, "support")
    gerd.press("Markera som läst")
    gerd.told("Uppföljningen är markerad som läst.")
    gerd.open(f"{own}/plan")
    looked_at(gerd, "plan")
    desks["coordinator"].open(f"{own}/support")
    looked_at(desks["coordinator"], "support-coordinator")


def test_the_choice_and_the_written_commission(world: World, desks: dict[str, Desk]) -> None:
    """GBG-34 to GBG-38, GBG-62: the coordinator first, then the caseworker."""
    case, _ = in_phase_1(world, today() + timedelta(days=20))
    own = f"cases/{global_id('Case', case.id)}"
    irma, gerd = desks["coordinator"], desks["caseworker"]
    irma.open(f"{own}/support")
    irma.choose("regime", "procured")
    irma.choose("reason", "volume")
    looked_at(irma, "support-route")
    irma.press("Registrera valet")
    gerd.open(f"{own}/support")
    gerd.page.get_by_label("Ramavtalsleverantör A").check()
    gerd.choose("reason", "needs")
    looked_at(gerd, "support-choose")
    gerd.press("Välj utföraren")
    looked_at(gerd, "support-write")


def test_the_plan_before_there_is_one(world: World, desks: dict[str, Desk]) -> None:
    case, _ = in_phase_1(world, today() + timedelta(days=20))
    gerd = desks["caseworker"]
    gerd.open(f"cases/{global_id('Case', case.id)}/plan")
    looked_at(gerd, "plan-none")
    world.act(
        CASEWORKER, drafting.draft_plan, case_id=case.id, content={}, own_words="Vet inte än."
    )
    gerd.open(f"cases/{global_id('Case', case.id)}/plan")
    looked_at(gerd, "plan-draft")
    gerd.press("Låt planen gälla")
    assert "Deltagarens styrkor" in gerd.page.locator("#problems").inner_text()
