"""A connection from making it to sending again, on a telephone, without a script, judged by axe."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from hemvist.ids import new_id
from hemvist.landlord_events import tell_landlord
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import Audience, tenant_session
from hemvist_browser import Desk, wrong
from hemvist_landlord_desk import Opened, doors_opened, landlord_desk
from hemvist_receiver import receiver
from hemvist_workers import webhooks
from hemvist_workers.handlers import handle

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def opened(platform_address: str) -> Opened:
    return doors_opened()


@contextmanager
def judged(desk: Desk, problems: list[str]) -> Iterator[None]:
    """What is done in the block leads to a page that is judged."""
    yield
    problems += wrong(desk.page)
    wide = desk.page.evaluate("document.scrollingElement.scrollWidth")
    if wide > 360:
        problems.append(f"{desk.page.url}: {wide} wide")


def test_a_connection_on_a_telephone(
    chromium: Browser, platform_address: str, opened: Opened
) -> None:
    problems: list[str] = []
    with receiver() as there:
        desk = landlord_desk(chromium, platform_address, phone=True)
        with judged(desk, problems):
            desk.open("connections")
        desk.page.get_by_role("link", name="Ny koppling").click()
        with judged(desk, problems):
            expect(desk.page.get_by_role("heading", level=1)).to_have_text("Ny koppling")
        desk.fill("name", "Fastighetssystemet")
        desk.fill("url", "inget som går")
        desk.choose("types", "offer.made")
        with judged(desk, problems):
            desk.press("Gör kopplingen")
            expect(desk.page.locator("#problems")).to_contain_text("Skriv en webbadress")
        desk.fill("url", there.url())
        with judged(desk, problems):
            desk.press("Gör kopplingen")
            expect(desk.page.locator("#f-secret")).to_have_value(re.compile("^whsec_"))
        desk.page.get_by_role("link", name="Jag har kopierat den").click()
        endpoint = UUID(desk.page.url.rpartition("_")[2])
        with judged(desk, problems):
            desk.press("Skicka ett provmeddelande")
            desk.told("Provmeddelandet är på väg")
        there.answers = [(204, {}), (500, {}), (410, {})]
        deliver(endpoint)
        world = opened.worlds["karlstad"]
        for _ in range(2):
            with tenant_session(Audience.STAFF, world.tenant_id) as session:
                event_id = tell_landlord(
                    session, "offer.made", landlord_id=opened.landlord_id, subject_id=new_id()
                )
            fan_out(world.tenant_id, event_id)
            deliver(endpoint)
        # The last said that it wants no more: the connection is off, and says why.
        with judged(desk, problems):
            desk.page.reload()
            desk.note()
            expect(desk.page.locator("main")).to_contain_text("Vi stängde av kopplingen")
            expect(desk.page.locator("main")).to_contain_text("Sparat, inte skickat")
        desk.page.get_by_label("Kopplingen är på").check()
        desk.press("Spara")
        with judged(desk, problems):
            desk.page.get_by_role("button", name="Skicka igen").first.click()
            desk.told("Meddelandet skickas igen.")
        deliver(endpoint)
        desk.page.reload()
        desk.note()
        expect(desk.page.locator("table")).to_contain_text("Mottaget")
        desk.close()
    assert problems == []


def deliver(endpoint_id: UUID) -> None:
    """Send what waits, as a worker does: in a thread without the browser's loop."""
    worker = threading.Thread(target=webhooks.deliver, args=(endpoint_id,))
    worker.start()
    worker.join()


def fan_out(tenant_id: UUID, event_id: UUID) -> None:
    """Let the workers handle the landlord event."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        found = session.scalars(
            select(OutboxEvent.id).where(
                OutboxEvent.payload["landlord_event_id"].astext == str(event_id)
            )
        ).one()
    handle(tenant_id, found)


def test_without_a_script_and_in_english(
    chromium: Browser, platform_address: str, opened: Opened
) -> None:
    desk = landlord_desk(chromium, platform_address, javascript=False, language="en")
    desk.open("connections")
    desk.page.get_by_label("Once a day").uncheck()
    desk.press("Save")
    desk.told("Your choice is saved.")
    expect(desk.page.get_by_label("Once a day")).not_to_be_checked()
    expect(desk.page.get_by_label("At once when")).to_be_checked()
    desk.close()
