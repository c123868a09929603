"""A thinning in a real browser: one proposes, another approves, the worker thins, the case is gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from hemvist.cases.models import Case
from hemvist.migrations.tables import metadata
from hemvist.retention import running
from hemvist.retention.models import ThinningRun
from hemvist_browser import CASEWORKER, Desk
from hemvist_desks import at_desks, looked_at
from hemvist_graphql.ids import global_id
from hemvist_thinning import old_case
from hemvist_world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICER, ADMIN = "Karin Dahlgren", "Maria Engström"


@pytest.fixture
def desks(chromium: Browser, platform_address: str) -> Iterator[list[Desk]]:
    """A caseworker, a policy officer and the administrator."""
    with at_desks(chromium, platform_address, CASEWORKER, OFFICER, ADMIN) as made:
        yield made


def worked(world: World, steps: int = 1_000) -> None:
    """The worker has taken so many steps, or all there are."""
    for run in world.rows(ThinningRun):
        while steps and running.step(world.tenant_id, run.id, metadata):
            steps -= 1


def test_a_thinning_from_the_proposal_to_the_certificate(desks: list[Desk], world: World) -> None:
    caseworker, officer, admin = desks
    gone, held = old_case(world), old_case(world)
    old_case(world, years=4)
    numbers = {one.id: one.number for one in world.rows(Case)}
    caseworker.open(f"cases/{global_id('Case', gone.id)}")
    caseworker.told("Ärendet ska gallras sedan")
    looked_at(caseworker, "case")
    caseworker.open(f"cases/{global_id('Case', held.id)}")
    caseworker.follow("Varför, och vad som kan stoppa det")
    looked_at(caseworker, "case-retention")
    caseworker.choose("kind", "hold")
    caseworker.press("Spara")
    caseworker.told("Fyll i fältet.")
    looked_at(caseworker)
    caseworker.choose("kind", "hold")
    caseworker.fill("reason", "Prövas av IVO.")
    caseworker.press("Spara")
    caseworker.told("Prövas av IVO.")
    looked_at(caseworker, "case-held")

    officer.open("retention")
    officer.told("Inget är räknat än.")
    looked_at(officer, "retention-first")
    officer.press("Räkna fram vad som ska gallras")
    officer.told("Hemvist räknar fram vad som ska gallras")
    looked_at(officer, "run-counting")
    worked(world)
    officer.open("retention")
    looked_at(officer, "retention")
    officer.follow("Öppna gallringen")
    officer.told("En annan person än den som föreslog")
    assert officer.page.get_by_role("button", name="Godkänn gallringen").count() == 0
    looked_at(officer, "run-proposed")

    admin.open("retention")
    admin.follow("Öppna gallringen")
    looked_at(admin, "run-to-approve")
    admin.press("Godkänn gallringen")
    admin.told("Kryssa i att du har gått igenom förslaget.")
    looked_at(admin)
    admin.page.get_by_label("Jag har gått igenom förslaget").check()
    admin.press("Godkänn gallringen")
    admin.told("Hemvist gallrar")
    looked_at(admin, "run-running")
    worked(world)
    officer.open("retention")
    looked_at(officer, "retention-after")
    officer.page.locator("main table a").first.click()
    officer.told("Gallringsbevis")
    assert numbers[gone.id] not in officer.page.content()
    looked_at(officer, "run-done")
    with officer.page.expect_download() as download:
        officer.page.get_by_role("link", name="Hämta gallringsbeviset").click()
    assert download.value.suggested_filename.startswith("gallringsbevis-")

    left = {one.id for one in world.rows(Case)}
    assert gone.id not in left and held.id in left
    caseworker.page.goto(f"/{caseworker.slug}/cases/{global_id('Case', gone.id)}")
    assert numbers[gone.id] not in caseworker.page.content()
