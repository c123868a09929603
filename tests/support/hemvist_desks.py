"""Several people at their browsers, and what every page that they see is held to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from playwright.sync_api import Browser, ViewportSize

from hemvist.identity import Actor, get_directory
from hemvist.identity.models import Principal
from hemvist.identity.sessions import open_session
from hemvist.tenancy import Audience, tenant_session
from hemvist_browser import Desk, pages_from, wrong
from hemvist_portal.labels import LABELS
from hemvist_portal.wording import LOCALES

#: A telephone held upright, the narrowest that the portal is made for.
NARROW: ViewportSize = {"width": 360, "height": 740}
_UNDERSCORED = re.compile(r"\b[a-z][a-z0-9]*_\w+\b|\b(?:None|True|False)\b")
_WORD = re.compile(r"\b[^\W\d_]+\b")
#: Shorter ones are too easily a part of something else: a domain, an initial.
_LONG = 5
#: Codes that Swedes write, too, and that no text of the portal itself has.
_SWEDISH = {"internet", "motivation", "partner", "status"}
#: What tests call the people of a kommun.
_PEOPLE = {"administrator", "caseworker", "coordinator", "manager", "property", "staff", "support"}
#: A page with what no reader sees of it, but for the lists of every kommun there is to choose from.
_WHOLE = """() => {
    const whole = document.documentElement.cloneNode(true);
    for (const one of whole.querySelectorAll('datalist')) one.remove();
    return whole.outerHTML;
}"""
#: What reaches beside the screen, but for what can be moved sideways by itself.
_BESIDE = """width => [...document.querySelectorAll('body *')].filter(
    one => one.getBoundingClientRect().right > width && !one.closest('.scroll')).map(
    one => one.tagName + '.' + one.className + ' ' + one.textContent.trim().slice(0, 60)).slice(-4)"""
_UNFOLD = """() => [...document.querySelectorAll('details:not([open])')].map(
    one => { one.open = true; one.dataset.folded = ''; })"""
_FOLD = """() => [...document.querySelectorAll('details[data-folded]')].map(
    one => { one.open = false; delete one.dataset.folded; })"""


@contextmanager
def at_desks(browser: Browser, address: str, *people: str, **more: Any) -> Iterator[list[Desk]]:
    """These people of one kommun, each logged in at a browser, until the block ends."""
    with ExitStack() as stack:
        made = []
        for person in people:
            made.append(Desk(browser, address, person, **more))
            stack.callback(made[-1].close)
        yield made


def desk_of(browser: Browser, address: str, slug: str, actor: Actor, **more: Any) -> Desk:
    """Somebody of a kommun, whom the services have made, logged in at a browser."""
    with tenant_session(Audience.STAFF, get_directory().tenant_id(slug)) as session:
        assert actor.principal_id is not None
        principal = session.find(Principal, actor.principal_id)
        name, cookie = principal.display_name, open_session(session, slug, principal).cookie
    return Desk(browser, address, name, slug=slug, cookie=cookie, **more)


def read_of(
    desk: Desk, words: Sequence[str], starts: Sequence[str], *, below: Sequence[str] = ()
) -> list[str]:
    """Where any of ``words`` stands on the pages that links lead to from ``starts``."""
    found = []
    for url, _ in pages_from(desk, starts, below=below):
        whole = desk.page.evaluate(_WHOLE)
        found += [f"{word} on {url}" for word in words if word in whole]
    return found


def bare_codes(text: str, language: str = "sv") -> list[str]:
    """Words of a page that the portal should have said otherwise.

    Whatever has an underscore, what Python calls nothing, and on a Swedish page the codes of one word.
    """
    found = _UNDERSCORED.findall(text)
    if language == "sv":
        found += [word for word in _WORD.findall(text) if word in _codes()]
    return found


def looked_at(desk: Desk, picture: str = "") -> None:
    """Nothing that axe finds, no bare code, and nothing beside a telephone's screen.

    All that the page folds is unfolded meanwhile. With ``HEMVIST_SHOTS`` set and a name for the
    ``picture``, the page is kept there as both screens show it.
    """
    page = desk.page
    page.evaluate(_UNFOLD)
    assert wrong(page) == []
    found = bare_codes(page.get_by_role("main").inner_text(), desk.language)
    assert found == [], f"{found} on {page.url}"
    whole = page.viewport_size
    _kept(desk, picture)
    page.set_viewport_size(NARROW)
    wide = page.evaluate("document.documentElement.scrollWidth")
    beside = page.evaluate(_BESIDE, NARROW["width"])
    _kept(desk, picture and f"{picture}-phone")
    if whole is not None:
        page.set_viewport_size(whole)
    page.evaluate(_FOLD)
    assert wide <= NARROW["width"], f"{page.url} is {wide} wide: {beside}"


def _kept(desk: Desk, picture: str) -> None:
    folder = os.environ.get("HEMVIST_SHOTS")
    if folder and picture:
        desk.page.screenshot(path=str(Path(folder) / f"{picture}.png"), full_page=True)


@cache
def _codes() -> frozenset[str]:
    """The codes that the portal has words for, but for those that are Swedish words themselves."""
    with (LOCALES / "sv" / "LC_MESSAGES" / "hemvist.po").open("rb") as file:
        texts = [str(one.id) for one in read_po(file, locale="sv")]
    swedish = {word.lower() for text in texts for word in _WORD.findall(text)}
    codes = {code for group in LABELS.values() for code in group if code.isalpha()}
    return frozenset(code for code in codes - swedish - _SWEDISH - _PEOPLE if len(code) >= _LONG)
