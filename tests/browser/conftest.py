"""One served platform, one Chromium, and two lives for all browser tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from hemvist.identity import get_directory
from hemvist_browser import launch, serve_platform
from hemvist_databases import Template
from hemvist_goteborg import housing_first
from hemvist_journeys import Lived, People, live
from hemvist_policy_journey import Raised, raise_the_limit
from hemvist_world import World, peopled


@pytest.fixture(scope="package")
def database(template: Template) -> Iterator[str]:
    """One database for all browser tests: the lives in it take long to live."""
    with template.copy() as url:
        yield url


@pytest.fixture(scope="package")
def platform_address(database: str, valkey: str) -> Iterator[str]:
    """Where the platform is served."""
    with serve_platform() as address:
        yield address


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def people(chromium: Browser, platform_address: str) -> Iterator[People]:
    """Caseworker, manager and property officer of Helsingborg; axe needs its JavaScript."""
    made = People.at(chromium, platform_address, javascript=True)
    yield made
    made.close()


@pytest.fixture
def world(platform_address: str) -> World:
    """Helsingborg through the services, for what lies in the past."""
    return peopled(get_directory().tenant_id("helsingborg"))


@pytest.fixture
def goteborg(platform_address: str) -> World:
    """Göteborg through the services, with the people of its portal."""
    return housing_first(get_directory().tenant_id("goteborg"))


@pytest.fixture(scope="package")
def municipal_contract(chromium: Browser, platform_address: str) -> Lived:
    """A whole life in a municipal contract, with JavaScript off."""
    people = People.at(chromium, platform_address, javascript=False)
    lived = live(people, 1, "municipal_contract", "entitled")
    people.close()
    return lived


@pytest.fixture(scope="package")
def rent_guarantee(chromium: Browser, platform_address: str) -> Lived:
    """A whole life with a rent guarantee, with JavaScript on."""
    people = People.at(chromium, platform_address, javascript=True)
    lived = live(
        people,
        2,
        "rent_guarantee",
        "entitled_to_guarantee",
        extra={"manages_first_hand_lease": "true"},
        guarantee_months=24,
    )
    people.close()
    return lived


@pytest.fixture(scope="package")
def raised_limit(chromium: Browser, platform_address: str) -> Raised:
    """Karlstad's limit of debts, raised from a day to come."""
    return raise_the_limit(chromium, platform_address)
