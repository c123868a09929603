"""Västerås' staircase in a real browser: who defaults stays and reads why, who managed goes on.

What lies a year back is made by the services; the steps themselves are taken on the pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.guarantees import service as guarantees
from hemvist.identity import Membership, Role, get_directory
from hemvist.policy import add_months
from hemvist.takeovers import carrying, watching
from hemvist.takeovers.models import Takeover
from hemvist.tenancy import tenant_session
from hemvist_browser import Desk
from hemvist_desks import at_desks, looked_at
from hemvist_graphql.ids import global_id
from hemvist_journeys import People
from hemvist_pack_cases import Walk
from hemvist_registry import discovered
from hemvist_vasteras import CONTENT, GOES_ON, SINGLE
from hemvist_world import adult, child, peopled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PACK = "vasteras/boendetrappa"
CITE = "R14 Västerås – En boendetrappa"
MANAGED = {"had_disturbances": False, "had_payment_failures": False}
WAY = "Vägen till ett eget kontrakt"


@pytest.fixture
def people(chromium: Browser, platform_address: str) -> Iterator[People]:
    """Caseworker and manager of the social office for adults, and the property office's officer."""
    names = ("Wiktor Selin", "Xenia Palm", "Åsa Mellgren")
    with at_desks(chromium, platform_address, *names, slug="vasteras") as desks:
        yield People(*desks)


@pytest.fixture
def walk(platform_address: str) -> Walk:
    """The same kommun through the services, for what lies years back."""
    world = peopled(get_directory().tenant_id("vasteras"), {"SKV": ""})
    world.add("property", Membership(Role.PROPERTY_OFFICER, "FK"))
    return Walk(world, discovered().get(PACK), "SKV", "1980", CONTENT)


def in_training(walk: Walk, months: int) -> tuple[Case, Takeover]:
    """Signed for a training flat so many months ago, and watched since."""
    signed_on = add_months(today(), -months)
    case = walk.opened(signed_on - timedelta(days=60), **SINGLE)
    walk.sign(walk.taken(case, "training_flat", signed_on), signed_on, went_on_because=GOES_ON)
    with tenant_session(Audience.WORKER, walk.world.tenant_id) as session:
        watching.watch(session, case.id, "contract_signed")
    return case, walk.world.rows(Takeover, case_id=case.id)[0]


def stepped_up(walk: Walk, months: int) -> tuple[Case, date]:
    """Stepped up to a support lease with its surety so many months ago; the case and the day."""
    case, takeover = in_training(walk, months + 13)
    walk.answer(case, **MANAGED)
    on = add_months(today(), -months)
    done: Takeover = walk.world.act(
        "property",
        carrying.carry_out,
        takeover_id=takeover.id,
        on=on,
        parties=["landlord", "resident"],
        expected_version=walk.world.again(takeover).version,
    )
    walk.world.act(
        "property",
        guarantees.issue_guarantee,
        contract_id=done.lease_id,
        programme="support_lease",
        months=12,
        issued_on=on,
    )
    return case, on


def path_of(kind: str, row: Any) -> str:
    """A row's page under the kommun."""
    return f"{kind}s/{global_id(kind.capitalize(), row.id)}"


def answered(desk: Desk, case: str, **facts: str) -> None:
    """Answered on the case's form, as it asks."""
    desk.open(f"{case}/assessment?every=1")
    for fact, value in facts.items():
        desk.choose(f"answers.{fact}.value", value)
        reason = desk.page.locator(f'[name="answers.{fact}.reason"]')
        if reason.count():
            reason.fill("Uppgift från hyresvärden.")
    desk.press("Spara och gå till ärendet")
    desk.told("Svaren är sparade")


def test_a_default_keeps_the_household_where_it_is(people: People, walk: Walk) -> None:
    """VAS-18: the officer is refused with the reason and its source, the caseworker sees it in the way."""
    case, takeover = in_training(walk, 14)
    caseworker, officer = people.caseworker, people.officer
    home, page = path_of("case", case), path_of("takeover", takeover)
    answered(caseworker, home, had_disturbances="false", had_payment_failures="true")
    road = caseworker.page.get_by_role("region", name=WAY)
    here = road.locator('[aria-current="step"]')
    expect(here).to_contain_text("Hyran är alltid betald (inte uppfyllt)")
    expect(here).to_contain_text("Eget kontrakt")
    looked_at(caseworker)

    officer.open(page)
    checks = officer.page.get_by_role("region", name="Vad som krävs").locator(".card-row")
    unpaid = checks.filter(has_text="Hyran är alltid betald")
    expect(unpaid).to_contain_text("Nej")
    expect(unpaid).to_contain_text(CITE)
    for party in ("resident", "landlord"):
        officer.page.locator(f'[name="parties"][value="{party}"]').check()
    officer.press("Överlåt kontraktet")
    alert = officer.page.get_by_role("alert")
    expect(alert).to_contain_text("Riktlinjens regel för detta är inte uppfylld")
    expect(alert).to_contain_text(CITE)
    looked_at(officer)
    caseworker.open(home)
    caseworker.told("Bor i träningslägenhet")


def test_the_step_up_and_its_surety(people: People, walk: Walk) -> None:
    """VAS-17, VAS-19: on the pages of the two offices, today, with the surety of twelve months."""
    case, takeover = in_training(walk, 14)
    caseworker, officer = people.caseworker, people.officer
    home = path_of("case", case)
    answered(caseworker, home, had_disturbances="false", had_payment_failures="false")
    officer.open(path_of("takeover", takeover))
    for party in ("resident", "landlord"):
        officer.page.locator(f'[name="parties"][value="{party}"]').check()
    officer.press("Överlåt kontraktet")
    officer.told(f"överlåten {today()}")
    officer.open(home)
    officer.told("Boendestödsavtal")
    officer.follow("Lämna garantin eller borgen som hör till kontraktet")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text("Lämna kommunal borgen")
    expect(officer.page.get_by_role("radio")).to_have_count(1)
    looked_at(officer)
    officer.choose("months", "12")
    officer.press("Spara")
    officer.told("Garantin är registrerad.")
    officer.told(f"{today()} – {add_months(today(), 12)}")
    looked_at(officer)

    caseworker.open(home)
    road = caseworker.page.get_by_role("region", name=WAY)
    steps = road.get_by_role("listitem")
    expect(steps.filter(has_text="Borgen upphör").first).to_contain_text(
        f"den {add_months(today(), 12)}"
    )
    expect(road.locator('[aria-current="step"]')).to_have_count(1)
    looked_at(caseworker)


def test_another_year_and_a_lease_of_ones_own(people: People, walk: Walk) -> None:
    """VAS-20, VAS-21: one concludes, another ends the follow-up, the property office the surety."""
    case, on = stepped_up(walk, 13)
    caseworker, manager, officer = people.caseworker, people.manager, people.officer
    home = path_of("case", case)
    # The property office sees neither the investigation nor what it says.
    officer.open(f"{home}/end-of-follow-up")
    officer.told("Den remitterande förvaltningen bedömer det.")
    looked_at(officer)
    caseworker.open(home)
    looked_at(caseworker)
    caseworker.follow("Bedöm om uppföljningen kan avslutas")
    caseworker.told("Ingen har bedömt det än.")
    looked_at(caseworker)
    caseworker.follow("Skriv en bedömning")
    caseworker.choose("conclusion", "true")
    caseworker.fill("reason", "Hyran är betald och ingen har klagat under hela året.")
    caseworker.press("Spara bedömningen")
    expect(caseworker.page.get_by_role("link", name="Avsluta uppföljningen")).to_be_visible()

    manager.open(home)
    manager.follow("Avsluta uppföljningen")
    manager.told("Hyran är betald och ingen har klagat under hela året.")
    manager.page.locator('[name="departments"][value="FK"]').uncheck()
    manager.press("Avsluta uppföljningen")
    manager.told("Inget är sparat")
    looked_at(manager)
    manager.page.locator('[name="departments"][value="FK"]').check()
    manager.press("Avsluta uppföljningen")
    manager.told("Uppföljningen är avslutad.")
    manager.told("Vanlig hyresgäst")

    officer.open(home)
    officer.page.get_by_role("region", name=WAY).get_by_role("link", name="Borgen upphör").click()
    officer.follow("Avsluta")
    officer.choose("reason", "expired")
    officer.press("Avsluta garantin")
    officer.told("Garantin är avslutad.")
    looked_at(officer)

    caseworker.open(home)
    picture = caseworker.page.get_by_role("img", name=WAY)
    expect(picture.locator("desc")).to_contain_text("Alla steg är tagna.")
    steps = caseworker.page.get_by_role("region", name=WAY).get_by_role("listitem")
    expect(steps.filter(has_text="Uppföljningen upphör")).to_contain_text(str(today()))
    expect(steps.filter(has_text="Eget kontrakt").first).to_contain_text(str(on))
    looked_at(caseworker)
    caseworker.page.set_viewport_size({"width": 390, "height": 844})
    assert caseworker.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_family_begins_on_the_second_step(people: People, walk: Walk) -> None:
    """VAS-22: the page says why no training flat, and the way has no step below and no takeover."""
    signed_on = add_months(today(), -2)
    on = signed_on - timedelta(days=60)
    members = [made(registered_kommun="1980", protection_checked_on=on) for made in (adult, child)]
    household = walk.world.household(*members, department="SKV", registered_on=on)
    case: Case = walk.world.act(
        walk.caseworker,
        cases.open_case,
        household_id=household.id,
        department="SKV",
        opened_on=on,
    )
    walk.answer(case, **{**SINGLE, "former_misuse": False})
    caseworker, home = people.caseworker, path_of("case", case)
    caseworker.open(home)
    heading = caseworker.page.get_by_role("heading", name="Kan få en träningslägenhet", exact=True)
    training = caseworker.page.get_by_role("listitem").filter(has=heading)
    expect(training).to_contain_text("Nej: Inga barn i hushållet")
    looked_at(caseworker)

    offer = walk.taken(
        case, "support_lease", signed_on, child_assessment="Barnet får ett tryggt boende."
    )
    walk.sign(offer, signed_on, terms={"same_rules": True}, guarantee_months=12)
    caseworker.open(home)
    steps = caseworker.page.get_by_role("region", name=WAY).get_by_role("listitem")
    expect(steps.filter(has_text="Eget kontrakt").first).to_contain_text(str(signed_on))
    expect(steps.filter(has_text="Överlåtelse")).to_have_count(0)
    expect(steps.filter(has_text="Uppföljningen upphör").first).to_contain_text(
        f"tidigast {add_months(signed_on, 12)}"
    )
    looked_at(caseworker)
