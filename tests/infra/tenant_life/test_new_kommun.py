"""docs/new-kommun.md, followed to the letter: from an empty file to a first decided case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

import hemvist_journeys as way
from hemvist_browser import Desk, launch
from hemvist_journeys import People
from hemvist_operator import Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = (Path(__file__).parents[3] / "docs" / "new-kommun.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(sh|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"http://\S+/welcome/\S+")
#: What the page says of a command that finds faults.
FAULTY = 1


class Reader(Desk):
    """Somebody at a browser; what they press must be what the page has them press."""

    pressed: list[str] = []

    def press(self, words: str, *, within: str = "main") -> None:
        """Press the button, and note it."""
        self.pressed.append(words)
        super().press(words, within=within)


def blocks() -> list[tuple[str, str]]:
    """The page's blocks of commands and of TOML, in order."""
    return [(found.group(1), found.group(2)) for found in _BLOCK.finditer(PAGE)]


def follow_the_commands(installation: Installation) -> str:
    """Do what the page's blocks say, each in turn; what the last one printed."""
    file = installation.work / "exempelby.toml"
    filled_in, said = False, ""
    for kind, text in blocks():
        if kind == "toml":
            file.write_text(text, encoding="utf-8")
            filled_in = True
            continue
        for command in text.splitlines():
            ran = installation.run(command)
            fails = " check " in command and not filled_in
            assert ran.returncode == (FAULTY if fails else 0), (
                f"{command}\n{ran.stdout}{ran.stderr}"
            )
            if fails:
                assert re.search(
                    r"^fault  exempelby\.toml:\d+:\d+: kommun_code: ", ran.stdout, re.M
                )
            said = ran.stdout
    return said


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


def test_the_page_brings_a_kommun_to_its_first_decided_case(
    installation: Installation, chromium: Browser
) -> None:
    letter = follow_the_commands(installation)
    link = _LINK.search(letter)
    assert link is not None, letter
    with installation.serving():
        live = installation.run("hemvist tenant check exempelby.toml")
        assert live.returncode == 0, live.stdout
        assert "knows the client hemvist-exempelby and its secret" in live.stdout
        invited(chromium, link.group())
        decided(chromium, installation.address)


def invited(browser: Browser, link: str) -> None:
    """Section 4: the first administrator opens the address; a second one finds it used."""
    page = browser.new_page(locale="sv-SE")
    page.goto(link)
    page.get_by_role("main").get_by_role("link", name="Logga in").click()
    page.get_by_role("button", name="Astrid Nord").click()
    expect(page.get_by_role("main")).to_contain_text("Välkommen till Hemvist")
    page.close()
    other = browser.new_context(locale="sv-SE").new_page()
    other.goto(link)
    expect(other.get_by_role("main")).to_contain_text("Inbjudan är använd")
    assert other.goto(f"{link}0").status == 404  # type: ignore[union-attr]
    other.context.close()


def decided(browser: Browser, address: str) -> None:
    """Section 5: the case, by the very buttons that the page names."""
    caseworker, manager = (
        Reader(browser, address, name, slug="exempelby") for name in ("Hanna Lind", "Mikael Ström")
    )
    way.register_household(caseworker, 1)
    case = way.open_case(caseworker)
    way.answer_everything(caseworker, case)
    way.conclude(caseworker, case, "entitled")
    proposal = way.propose(caseworker, case, "support_to_obtain_housing", "municipal_contract")
    manager.open("today")
    manager.told("Att besluta")
    way.decide(manager, proposal)
    referral = way.write_referral(caseworker, case, "municipal_contract")
    way.sign_and_send(People(caseworker, manager, manager), referral)
    caseworker.open(case)
    caseworker.told("Bifall")
    named = re.findall(r"\*\*([^*]+)\*\*", PAGE.partition("## 5.")[2].partition("## Later")[0])
    assert [words for words in named if words not in Reader.pressed] == []
    for desk in (caseworker, manager):
        desk.close()
