"""Figures in a real browser: a steering group makes its meeting's report, an officer goes to the cases."""

from __future__ import annotations

import io

import pypdf
import pytest
from playwright.sync_api import Browser

from hemvist.clock import today
from hemvist.indicators.definitions import catalogue
from hemvist_browser import CASEWORKER
from hemvist_desks import at_desks, looked_at
from hemvist_figures import last_month, write_fact
from hemvist_figures_story import tell_three_years
from hemvist_pdf import faults
from hemvist_world import MUNICIPAL, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STEERING = "Nils Ekvall"
WAITING = catalogue()["waiting"].label["sv"]
EVICTED = catalogue()["evicted"].label["sv"]


@pytest.fixture(scope="module")
def told(platform_address: str) -> None:
    """Three years of told numbers in Helsingborg."""
    from hemvist.identity import get_directory
    from hemvist_world import peopled

    tell_three_years(peopled(get_directory().tenant_id("helsingborg")))


@pytest.mark.parametrize("javascript", [False, True])
def test_a_steering_group_makes_its_report(
    chromium: Browser, platform_address: str, world: World, told: None, javascript: bool
) -> None:
    case = world.case()
    write_fact(world, case, "waiting", begins=last_month(), programme=MUNICIPAL)
    with at_desks(chromium, platform_address, STEERING, home="figures", javascript=javascript) as (
        desk,
    ):
        desk.told("Sex tal om hur det går")
        with desk.page.expect_download() as fetched:
            desk.page.get_by_role("link", name="Rapport till mötet (PDF)").click()
        pdf = fetched.value.path().read_bytes()
        assert fetched.value.suggested_filename == f"nyckeltal-{today()}.pdf"
        assert faults(pdf) == []
        said = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
        assert WAITING in said and EVICTED in said

        definition = f"Så räknas det {WAITING}"
        desk.page.get_by_role("link", name=definition).click()
        desk.told(catalogue()["waiting"].limits["sv"])
        assert desk.page.url.endswith("/figures/waiting#definition")
        assert desk.page.get_by_role("link", name="Visa").count() == 0
        assert case.number not in desk.page.content()
        for address in ("figures/waiting/cases", "cases"):
            answer = desk.page.goto(f"/helsingborg/{address}")
            assert answer is not None and answer.status == 403, address
            assert case.number not in desk.page.content()
        assert desk.complaints == [] or all("403" in one for one in desk.complaints)


def test_an_officer_goes_to_the_cases(
    chromium: Browser, platform_address: str, world: World, told: None
) -> None:
    case = world.case()
    write_fact(world, case, "waiting", begins=last_month(), programme=MUNICIPAL)
    with at_desks(chromium, platform_address, CASEWORKER) as (desk,):
        desk.open("today")
        desk.page.get_by_role("navigation", name="Huvudmeny").get_by_role(
            "link", name="Nyckeltal"
        ).click()
        desk.page.get_by_role("heading", name=WAITING).get_by_role("link").click()
        desk.page.get_by_role("row").nth(1).get_by_role("link").click()
        desk.told(case.number)
        looked_at(desk, "figure-cases")
        desk.page.get_by_role("link", name=case.number).click()
        assert "/cases/" in desk.page.url


def test_every_page_of_figures(chromium: Browser, platform_address: str, told: None) -> None:
    pages = {
        "figures": "figures",
        "figure-stock": "figures/waiting",
        "figure-few": "figures/evicted",
        "figure-share": "figures/follow_ups_on_time",
        "figure-versions": "figures/time_to_home",
        "figure-groups": "figures/time_to_home?by=sex",
        "figure-areas": "figures/moved_in?by=area",
        "figure-money": "figures/guarantee_claims",
        "figure-none": "figures/appeals_changed",
        "figures-flow": "figures/flow",
        "figures-compare": "figures/compare",
        "figures-compare-areas": "figures/compare?code=moved_in&by=area",
    }
    for language in ("sv", "en"):
        with at_desks(chromium, platform_address, STEERING, home="figures", language=language) as (
            desk,
        ):
            for picture, address in pages.items():
                desk.open(address)
                looked_at(desk, f"{picture}-{language}")
            assert desk.complaints == []
