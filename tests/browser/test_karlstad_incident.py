"""Karlstad's promise to its landlords in a real browser: 48 hours over Christmas, kept and broken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from hemvist.cases.models import Case
from hemvist.clock import now
from hemvist.identity import Membership, Role, get_directory
from hemvist.incidents.clocks import start_clocks
from hemvist.outbox import OutboxEvent
from hemvist_browser import Desk, wrong
from hemvist_graphql.ids import global_id
from hemvist_incidents import social_contract
from hemvist_versions import on_day
from hemvist_workers import chores
from hemvist_workers.handlers import handle
from hemvist_world import World, peopled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHRISTMAS_EVE, BOXING_DAY = date(2025, 12, 24), date(2025, 12, 26)
WHAT = "Festar varje natt, grannarna kan inte sova."


@pytest.fixture
def world(platform_address: str) -> World:
    """Karlstad of the demo through the services."""
    made = peopled(get_directory().tenant_id("karlstad"), {"ASF": ""})
    made.add("property", Membership(Role.PROPERTY_OFFICER, "BG"))
    return made


@pytest.fixture
def caseworker(chromium: Browser, platform_address: str) -> Iterator[Desk]:
    """Petra, with JavaScript off: the clocks count on the server."""
    desk = Desk(chromium, platform_address, "Petra Solberg", slug="karlstad", javascript=False)
    yield desk
    desk.close()


@pytest.fixture
def manager(chromium: Browser, platform_address: str) -> Iterator[Desk]:
    """Rasmus, her manager."""
    desk = Desk(chromium, platform_address, "Rasmus Frykman", slug="karlstad")
    yield desk
    desk.close()


def reported(desk: Desk, case: Case) -> str:
    """The landlord's telephone call of 23 December at four, registered; the incident's page."""
    desk.open(f"cases/{global_id('Case', case.id)}")
    desk.follow("Registrera en anmälan")
    desk.choose("kind", "disturbance")
    desk.fill("what", WHAT)
    desk.fill("happenedOn", "2025-12-23")
    desk.fill("happenedTime", "02:15")
    desk.fill("receivedOn", "2025-12-23")
    desk.fill("receivedTime", "16:00")
    desk.choose("reportedBy", "landlord")
    desk.fill("reporterName", "Bo Hyresvärd")
    desk.press("Registrera anmälan")
    desk.told("Anmälan är registrerad och dess tidsgränser löper.")
    # 48 hours by the clock, over Christmas Eve.
    desk.told("ska vara gjort före 2025-12-25 16:00")
    return desk.path


def act(desk: Desk, name: str, words: str) -> None:
    """Send one of the page's forms."""
    desk.page.locator(f'form[action$="/{name}"]').get_by_role("button", name=words).click()
    desk.page.wait_for_load_state()
    desk.note()


def judge(desk: Desk) -> None:
    """Serious, with the reason."""
    form = desk.page.locator('form[action$="/assess"]')
    form.locator('input[name="severity"][value="serious"]').check()
    form.locator('[name="reason"]').fill("Tredje natten i rad.")
    act(desk, "assess", "Spara bedömningen")
    desk.told("Bedömningen är sparad.")


def test_a_report_answered_in_time(world: World, caseworker: Desk) -> None:
    """KSD-07: the call-out on Christmas Eve stops the clock; the landlord is told what may be told."""
    case = social_contract(world)
    with on_day(CHRISTMAS_EVE):
        reported(caseworker, case)
        expect(caseworker.page.locator(".clock__left")).to_contain_text("kvar")
        judge(caseworker)
        form = caseworker.page.locator('form[action$="/act"]')
        form.locator('[name="kind"]').select_option("called_out")
        form.locator('[name="notes"]').fill("Åkte dit med jourens personal. Lugnt efter samtal.")
        form.locator('[name="serviceClockIds"]').check()
        act(caseworker, "act", "Spara")
        caseworker.told("Det som gjorts är registrerat.")
        expect(caseworker.page.locator(".clock--go .clock__left")).to_contain_text("Hållen")

        caseworker.page.get_by_text("Återkoppla till hyresvärden").click()
        form = caseworker.page.locator('form[action$="/tell"]')
        for word in ("received", "been_there"):
            form.locator(f'[name="words"][value="{word}"]').check()
        form.locator('[name="ground"][value="consent"]').check()
        form.locator('[name="consentedOn"]').fill(CHRISTMAS_EVE.isoformat())
        form.locator('[name="toldHow"]').select_option("phone")
        act(caseworker, "tell", "Registrera återkopplingen")
        caseworker.told("Vi har tagit emot er anmälan. Vi har varit på plats.")
        # Never a free word of the person.
        assert form.locator("textarea").count() == 1

        caseworker.page.get_by_text("Avsluta händelsen").click()
        form = caseworker.page.locator('form[action$="/close"]')
        form.locator('[name="outcome"]').select_option("corrected")
        form.locator('[name="confirmed"][value="yes"]').check()
        form.locator('[name="note"]').fill("Lugnt sedan samtalet.")
        act(caseworker, "close", "Avsluta")
        caseworker.told("Händelsen är avslutad.")
    # Long afterwards nothing has been told as late.
    assert not [one for one in _late(world) if one.payload["case_id"] == str(case.id)]


def test_a_report_that_nobody_answered_is_told_to_the_manager(
    world: World, caseworker: Desk, manager: Desk
) -> None:
    """On Boxing Day the clock has run out: told once, shown to both, and answered too late."""
    case = social_contract(world)
    with on_day(CHRISTMAS_EVE):
        page = reported(caseworker, case)
        assert chores.escalate_clocks(world.tenant_id) == 0
    with on_day(BOXING_DAY):
        assert chores.escalate_clocks(world.tenant_id) == 1
        assert chores.escalate_clocks(world.tenant_id) == 0
        for event in _late(world):
            handle(world.tenant_id, event.id)
        manager.open("notices")
        notice = manager.page.get_by_role("link", name="En tidsgräns har gått ut")
        expect(notice).to_have_count(1)
        notice.click()
        expect(manager.page).to_have_url(f"{manager.address}/karlstad/{page}")
        expect(manager.page.locator(".clock--stop .clock__left")).to_contain_text("Gick ut för")
        manager.told("Chefen fick veta det 2025-12-26")
        assert wrong(manager.page) == []
        manager.open(f"cases/{global_id('Case', case.id)}/incident")
        assert wrong(manager.page) == []
        manager.open("incidents")
        expect(manager.page.get_by_role("table").first).to_contain_text("Gick ut för")
        assert wrong(manager.page) == []
        actor = world["caseworker ASF"]
        with world.session(actor) as session:
            [rent] = start_clocks(session, actor, case, "rent_unpaid", now(), "case", case.id)
        manager.open(f"clocks/{global_id('ServiceClock', rent.id)}")
        manager.told("Hyresskulden kan betalas")
        assert wrong(manager.page) == []
        manager.page.set_viewport_size({"width": 360, "height": 740})
        manager.open(page)
        assert manager.page.evaluate("document.documentElement.scrollWidth") <= 360

        manager.open(page)
        form = manager.page.locator('form[action$="/act"]')
        form.locator('[name="kind"]').select_option("visited")
        form.locator('[name="notes"]').fill("Hembesök med stödpersonen.")
        form.locator('[name="serviceClockIds"]').check()
        act(manager, "act", "Spara")
        expect(manager.page.locator(".clock--stop .clock__left")).to_contain_text("för sent")


def _late(world: World) -> list[OutboxEvent]:
    return world.rows(OutboxEvent, type="service_clock_late")
