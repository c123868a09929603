"""One served platform and one Chromium for all journeys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from hemvist_browser import launch, serve_platform


@pytest.fixture(scope="session")
def platform_address(database: str, valkey: str) -> Iterator[str]:
    """Where the platform is served."""
    with serve_platform() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
