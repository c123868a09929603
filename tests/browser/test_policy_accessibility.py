"""Every page on versions of guidelines, read by axe, wide and narrow."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import hemvist_karlstad as karlstad
from hemvist_browser import Desk, wrong
from hemvist_policy_journey import Raised, at
from hemvist_versions import on_day

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def narrow(desk: Desk, name: str = "") -> list[str]:
    """What axe finds at the width of a telephone, and whether the page must be moved sideways."""
    page = desk.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    found = wrong(page)
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    if wide > 390:
        found.append(f"{page.url}: {wide} wide")
    folder = os.environ.get("HEMVIST_SHOTS")
    if folder and name:
        page.screenshot(path=str(Path(folder) / f"390-{name}.png"), full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def test_the_pages_of_guidelines(
    chromium: Browser, platform_address: str, raised_limit: Raised
) -> None:
    """Every page of the change, as each of those who took part sees it, wide and narrow."""
    problems: list[str] = []
    with on_day(raised_limit.starts):
        for person, seen in raised_limit.visited.items():
            desk = at(chromium, platform_address, person)
            for kind, url in seen.items():
                if "/policy" not in kind:
                    continue
                answer = desk.page.goto(url)
                assert answer is not None and answer.ok, url
                desk.page.evaluate(
                    "for (const d of document.querySelectorAll('details')) d.open = true"
                )
                problems += wrong(desk.page)
                name = f"{person.split()[0].lower()}{kind.replace('/', '-')}"
                problems += narrow(desk, name)
            desk.close()
    assert problems == []


def test_a_draft_that_is_wrong(chromium: Browser, platform_address: str) -> None:
    """A check that found errors, a file to mend, forms with problems, a simulation under way."""
    ulrika = at(chromium, platform_address, karlstad.WRITER)
    problems: list[str] = []

    def look(name: str) -> None:
        problems.extend(wrong(ulrika.page))
        problems.extend(narrow(ulrika, name))

    ulrika.open("policy/upload")
    ulrika.press("Skicka in")
    look("upload-refused")
    ulrika.open(f"policy/drafts/new?pack={karlstad.PACK}")
    ulrika.press("Påbörja utkastet")
    look("draft-refused")
    ulrika.fill("inForceFrom", "2028-01-01")
    ulrika.press("Påbörja utkastet")
    look("draft")
    draft = ulrika.path
    ulrika.open(f"{draft}/parameters")
    look("parameters")
    ulrika.open(f"{draft}/parameter?name=debt_limit")
    ulrika.fill("value", "mycket")
    ulrika.press("Spara i utkastet")
    look("parameter-refused")
    ulrika.open(f"{draft}/file?name=rules.yaml")
    box = ulrika.page.locator("textarea[name=content]")
    right = box.input_value()
    box.fill(right.replace("p.debt_limit", "p.debt_ceiling"))
    ulrika.press("Spara i utkastet")
    ulrika.press("Kontrollera")
    look("check-failed")
    ulrika.follow("Rätta i rules.yaml")
    look("file")
    ulrika.page.locator("textarea[name=content]").fill(right)
    ulrika.press("Spara i utkastet")
    ulrika.press("Kontrollera igen")
    ulrika.follow("Simulera på ärendena")
    look("simulate")
    ulrika.press("Simulera")
    look("progress")
    ulrika.press("Avbryt simuleringen")
    look("cancelled")
    ulrika.open(draft)
    ulrika.page.get_by_text("Kasta utkastet").click()
    ulrika.press("Kasta")
    look("throw-away-refused")
    ulrika.fill("reason", "Var ett prov.")
    ulrika.press("Kasta")
    look("withdrawn")
    ulrika.close()
    assert problems == []
