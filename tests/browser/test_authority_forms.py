"""An authority's form in a real browser: prepared, answered, followed to a case, made ready and sent."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from hemvist.authority_forms.definitions import form_on
from hemvist.authority_forms.models import AuthorityForm
from hemvist.authority_forms.running import count
from hemvist.authority_forms.windows import periods
from hemvist.clock import today
from hemvist.tenancy import Audience, tenant_session
from hemvist_browser import CASEWORKER, MANAGER, OFFICER, Desk
from hemvist_desks import at_desks, looked_at
from hemvist_guarantees import guaranteed
from hemvist_world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def counted(world: World) -> None:
    """The worker has done what is its turn."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        for row in world.rows(AuthorityForm, state="counting"):
            count(session, row.id)


def newest(code: str) -> str:
    form = form_on(code, today())
    assert form is not None
    return next(one.code for one in periods(form, today()) if one.opens <= today())


def prepare(desk: Desk, department: str, period: str) -> None:
    """Press the button of Boverket's survey of a year."""
    named = re.compile(f"Gör i ordning för {department} Bostadsmarknadsenkäten.* {period}$")
    desk.page.get_by_role("button", name=named).click()


def test_from_what_is_due_to_what_was_sent(
    chromium: Browser, platform_address: str, world: World
) -> None:
    world.housed(world.case())
    period = newest("boverket_market")
    with at_desks(chromium, platform_address, CASEWORKER, MANAGER) as (desk, boss):
        desk.open("figures/forms")
        looked_at(desk, "forms")
        prepare(desk, "SOF-VUX", period)
        desk.told("Blanketten räknas")
        counted(world)
        desk.page.reload()
        desk.told("2 svar saknas")
        looked_at(desk, "form-draft")
        desk.page.get_by_label("Boendelösningar utanför systemet").fill("12")
        desk.page.get_by_label("Saknar kommunen bostäder").select_option("yes")
        desk.page.get_by_role("button", name="Spara svaren").click()
        desk.told("Svaren är sparade.")
        address = desk.page.url.split("/helsingborg/")[1]
        boss.open(address)
        boss.page.get_by_role("button", name="Gör klar att skicka").click()
        boss.told("Talen ändras inte mer")
        boss.page.get_by_role("button", name="Markera som skickad").click()
        boss.told("Blanketten är markerad som skickad.")
        looked_at(boss, "form-sent")
        assert boss.complaints == [] and desk.complaints == []


def test_from_a_figure_to_a_case(chromium: Browser, platform_address: str, world: World) -> None:
    guaranteed(world, guarantee_months=24)
    with at_desks(chromium, platform_address, OFFICER) as (desk,):
        desk.open("figures/forms")
        prepare(desk, "FF", str(today().year))
        counted(world)
        desk.page.reload()
        desk.page.get_by_role("link", name="hyresgarantier som lämnades under året").click()
        looked_at(desk, "form-cases")
        desk.page.get_by_role("row").nth(1).get_by_role("link").first.click()
        assert "/cases/" in desk.page.url
