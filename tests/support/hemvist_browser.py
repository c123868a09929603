"""People at their browsers: the whole platform served, and a real Chromium for each person.

``serve_platform`` serves everything on a free port. A ``Desk`` is one person logged in through the
kommun's login, or by a session that is open already; what it visits is noted, so that other tests
can go back to the same pages.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Playwright, expect

from hemvist.identity.sessions import cookie_name
from hemvist_login import base_url, free_listener, onboard_working, served

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-quic",
]
#: Names that a demo person is known by in these tests.
CASEWORKER, MANAGER, OFFICER = "Aida Lindqvist", "Bengt Sandell", "Ingrid Falk"
#: What axe holds a page to.
_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
_PAGE_ID = re.compile(r"/[A-Za-z0-9_-]{20,}")


@contextmanager
def serve_platform() -> Iterator[str]:
    """The whole web application on a free port; its address. Needs ``database`` and ``valkey``."""
    from hemvist_infra.app import create_app

    listener, address = free_listener()
    with base_url(address), tempfile.TemporaryDirectory() as folder:
        before = os.environ.get("HEMVIST_LOCAL_DIR")
        os.environ["HEMVIST_LOCAL_DIR"] = folder
        onboard_working()
        try:
            with served(create_app(), listener):
                yield address
        finally:
            if before is None:
                del os.environ["HEMVIST_LOCAL_DIR"]
            else:
                os.environ["HEMVIST_LOCAL_DIR"] = before


def launch(playwright: Playwright) -> Browser:
    """Chromium, from ``HEMVIST_CHROMIUM`` or where apt puts it."""
    path = os.environ.get("HEMVIST_CHROMIUM", CHROMIUM)
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


def wrong(page: Page) -> list[str]:
    """What axe finds on the page, each with where."""
    found: Any = Axe().run(page, options=_RULES).response
    return [
        f"{page.url}: {one['id']} {node['target']}: {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@dataclass
class Desk:
    """One person at a browser. ``visited`` has one address of each kind of page seen."""

    browser: Browser
    address: str
    person: str
    slug: str = "helsingborg"
    #: The page that a login leads to.
    home: str = "today"
    javascript: bool = True
    language: str = "sv"
    #: A telephone's narrow screen; and what stands between it and the platform.
    phone: bool = False
    network: str = ""
    #: Of an open session; without one, the person logs in.
    cookie: str = ""
    visited: dict[str, str] = field(default_factory=dict)
    #: What the browser refused by the content policy, and errors of scripts.
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the browser and log in."""
        self.context = self.browser.new_context(
            base_url=self.address,
            java_script_enabled=self.javascript,
            locale="sv-SE" if self.language == "sv" else "en-GB",
            viewport={"width": 360, "height": 740}
            if self.phone
            else {"width": 1280, "height": 900},
            proxy={"server": self.network, "bypass": "<-loopback>"} if self.network else None,
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)
        if self.cookie:
            given = {"name": cookie_name(), "value": self.cookie, "url": self.address}
            self.context.add_cookies([given])  # type: ignore[list-item]
            self.page.goto(f"/{self.slug}/{self.home}")
        else:
            self.page.goto(f"/{self.slug}/login")
            self.page.get_by_role("button", name=self.person).click()
        expect(self.page).to_have_url(re.compile(rf"/{self.slug}/{self.home}$"))
        self.note()

    def open(self, path: str) -> None:
        """Go to a page of the kommun; it must be there."""
        answer = self.page.goto(f"/{self.slug}/{path}")
        assert answer is not None and answer.ok, f"{path}: {answer and answer.status}"
        self.note()

    def note(self) -> None:
        """Remember the page; with ``HEMVIST_SHOTS`` set, keep a picture of it there."""
        url = self.page.url.removeprefix(self.address)
        kind = _PAGE_ID.sub("/_", url.split("?")[0].split("#")[0])
        self.visited[kind] = url
        folder = os.environ.get("HEMVIST_SHOTS")
        if folder:
            name = f"{kind.strip('/').replace('/', '-')}-{self.person.split()[0].lower()}.png"
            self.page.screenshot(path=str(Path(folder) / name), full_page=True)

    def fill(self, name: str, value: str) -> None:
        """Type into the field ``name``."""
        self.page.locator(f'[name="{name}"]').fill(value)

    def choose(self, name: str, value: str) -> None:
        """Choose in a list, or tick the radio or checkbox with ``value``."""
        found = self.page.locator(f'select[name="{name}"]')
        if found.count():
            found.select_option(value)
        else:
            self.page.locator(f'input[name="{name}"][value="{value}"]').check()

    def press(self, words: str, *, within: str = "main") -> None:
        """Press the button."""
        self.page.locator(within).get_by_role("button", name=words, exact=True).click()
        self.page.wait_for_load_state()
        self.note()

    def follow(self, words: str) -> None:
        """Follow the link."""
        self.page.get_by_role("main").get_by_role("link", name=words).first.click()
        self.page.wait_for_load_state()
        self.note()

    def told(self, words: str) -> None:
        """The page says so."""
        expect(self.page.get_by_role("main")).to_contain_text(words)

    @property
    def path(self) -> str:
        """Where the person is, under the kommun."""
        url = self.page.url.removeprefix(f"{self.address}/{self.slug}/")
        return url.split("?")[0].split("#")[0]

    def close(self) -> None:
        """Close the browser window; nothing may have gone wrong in it."""
        self.context.close()
        assert self.complaints == []

    def _heard(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)


def pages_from(
    desk: Desk, starts: Sequence[str], *, below: Sequence[str] = ()
) -> Iterator[tuple[str, int]]:
    """Each kind of page that links lead to from ``starts``, opened in turn: its address and status.

    ``below`` holds the walk to addresses that begin so.
    """
    page = desk.page
    waiting = [f"/{desk.slug}/{start}" for start in starts]
    seen = {_PAGE_ID.sub("/_", url) for url in waiting}
    inside = tuple(f"/{desk.slug}/{start}" for start in below) or (f"/{desk.slug}/",)
    while waiting:
        url = waiting.pop(0)
        try:
            answer = page.goto(url)
        except Error as started:
            if "Download" not in str(started):
                raise
            continue
        yield url, answer.status if answer is not None else 0
        links = page.eval_on_selector_all(
            "main a[href]:not([download])", "all => all.map(a => a.getAttribute('href'))"
        )
        for link in links:
            kind = _PAGE_ID.sub("/_", link.split("?")[0].split("#")[0])
            if link.startswith(inside) and kind not in seen:
                seen.add(kind)
                waiting.append(link)


def walked(desk: Desk, starts: Sequence[str], *, below: Sequence[str] = ()) -> list[str]:
    """What axe finds on each kind of page that links lead to from ``starts``, on a telephone.

    Also pages that are moved sideways there, and those that do not answer. ``below`` is as in
    ``pages_from``: the rest is others' to judge.
    """
    page, found = desk.page, []
    size = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 740})
    for url, status in pages_from(desk, starts, below=below):
        if not 200 <= status < 300:
            found.append(f"{url}: {status}")
            continue
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        found += wrong(page)
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        if wide > 360:
            found.append(f"{url}: {wide} wide")
    if size is not None:
        page.set_viewport_size(size)
    return found
