"""The operator's page, read by axe in a real browser, and without a scroll bar at a narrow width."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser

from hemvist_browser import wrong
from hemvist_infra.watching import page
from hemvist_login import port_for_later
from hemvist_seen import SEEN, TOKEN
from hemvist_workshop import wait_for

pytestmark = pytest.mark.browser


@pytest.fixture
def address() -> Iterator[str]:
    """The page over a look that was made up, served."""
    port = port_for_later()
    app = page.page_app(lambda: SEEN, TOKEN, {"127.0.0.1"}, https=False)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_for("the page is served", lambda: server.started)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


@pytest.mark.parametrize("width", [390, 1280])
def test_it_can_be_read_by_everybody(chromium: Browser, address: str, width: int) -> None:
    context = chromium.new_context(
        http_credentials={"username": "drift", "password": TOKEN},
        viewport={"width": width, "height": 900},
        locale="sv-SE",
    )
    shown = context.new_page()
    answer = shown.goto(address)
    assert answer is not None
    assert answer.status == 200
    assert shown.get_by_role("heading", name="Driftläge").is_visible()
    assert wrong(shown) == []
    wide = shown.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert wide is False
    shown.get_by_role("button", name="English").click()
    assert shown.get_by_role("heading", name="How the service is").is_visible()
    assert wrong(shown) == []
    context.close()
