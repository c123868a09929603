"""Karlstad raises the highest debt for a rent guarantee, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

import hemvist_karlstad as karlstad
from hemvist_browser import Desk
from hemvist_graphql.ids import global_id
from hemvist_karlstad import BETWEEN, CASEWORKER, MANAGER, WRITER
from hemvist_policy_journey import GAINING, Raised, at, decided, told_in_kronor
from hemvist_versions import on_day

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: The words of a decision whose answer can be given again.
SAME = "Prövningen kan upprepas: samma svar under version"


def test_before_and_after_the_day(
    chromium: Browser, platform_address: str, raised_limit: Raised
) -> None:
    """Decided before: still no, by 10 000 kronor. Decided after: yes, by 15 000."""
    with on_day(raised_limit.starts):
        later = f"cases/{global_id('Case', karlstad.indebted(BETWEEN))}"
        grant = decided(chromium, platform_address, later, "granted")
        petra = at(chromium, platform_address, CASEWORKER)
        for case, decision, version, advice, limit in (
            (raised_limit.refused_case, raised_limit.refusal, "2026.1.0", "Nej", "10 000 kr"),
            (later, grant, "2026.2.0", "Ja", "15 000 kr"),
        ):
            petra.open(decision)
            petra.press("Upprepa prövningen")
            petra.told(f"{SAME} {version}.")
            said = petra.page.locator("dl.document > div", has_text="Regelmotorns råd")
            expect(said.locator(".outcome")).to_contain_text(advice)
            petra.open(case)
            petra.page.evaluate(
                "for (const d of document.querySelectorAll('details')) d.open = true"
            )
            told_in_kronor(petra, f"Högsta skuld för hyresgaranti: {limit}")
        petra.close()


def test_the_cases_behind_the_figures(
    chromium: Browser, platform_address: str, raised_limit: Raised
) -> None:
    """The caseworker sees which they are, with the way to both answers."""
    petra = at(chromium, platform_address, CASEWORKER, javascript=False)
    petra.open(raised_limit.simulation)
    petra.page.locator(".figure--go dd a").first.click()
    petra.note()
    assert petra.page.locator("main .cards > li").count() == GAINING
    petra.page.locator("main summary").first.click()
    told_in_kronor(petra, "Högsta skuld för hyresgaranti: 10 000 kr")
    told_in_kronor(petra, "Högsta skuld för hyresgaranti: 15 000 kr")
    raised_limit.close(petra)


def test_an_open_case_goes_over_by_choice(
    chromium: Browser, platform_address: str, raised_limit: Raised
) -> None:
    """What would change stands at each; the manager ticks one and says why."""
    with on_day(raised_limit.starts):
        rasmus = at(chromium, platform_address, MANAGER)
        rasmus.open("policy")
        rasmus.follow("Flytta ärenden")
        rasmus.press("Flytta de valda till version 2026.2.0")
        rasmus.told("Kryssa för minst ett ärende.")
        row = raised_limit.open_case.removeprefix("cases/")
        rasmus.page.locator(f'input[name="cases"][value^="{row}:"]').check()
        expect(rasmus.page.locator("li.move", has=rasmus.page.locator(":checked"))).to_contain_text(
            "Hyresgaranti"
        )
        rasmus.fill("reason", "Hushållet vinner på den nya gränsen.")
        rasmus.press("Flytta de valda till version 2026.2.0")
        rasmus.told("De valda ärendena följer nu den andra versionen.")
        rasmus.open(raised_limit.open_case)
        rasmus.page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        told_in_kronor(rasmus, "Högsta skuld för hyresgaranti: 15 000 kr")
        raised_limit.close(rasmus)


def test_an_upload_with_a_fault(chromium: Browser, platform_address: str) -> None:
    """The page shows the place and the cure; mended there, it passes."""
    texts = karlstad.pack_files()
    texts["pack.yaml"] = (
        texts["pack.yaml"]
        .replace("version: 2026.1.0", "version: 2027.9.0", 1)
        .replace("from: 2012-01-01", "from: 2027-09-01", 1)
    )
    wrong = "h.debts_ore <= p.dept_limit"
    right = "h.debts_ore <= p.debt_limit"
    assert right in texts["rules.yaml"]
    texts["rules.yaml"] = texts["rules.yaml"].replace(right, wrong)
    line = texts["rules.yaml"][: texts["rules.yaml"].index(wrong)].count("\n") + 1

    ulrika = at(chromium, platform_address, WRITER)
    ulrika.open("policy/upload")
    ulrika.press("Skicka in")
    ulrika.told("Välj en zip-fil.")
    torn = texts["pack.yaml"].replace("pack: karlstad", "pack: [karlstad", 1)
    _send(ulrika, {**texts, "pack.yaml": torn})
    ulrika.told("pack.yaml, rad")
    _send(ulrika, texts)
    ulrika.told("Filerna är mottagna som ett utkast.")
    ulrika.press("Kontrollera")
    ulrika.told("Klarade inte kontrollen")
    ulrika.told(f"rules.yaml, rad {line}")
    ulrika.told(wrong)
    ulrika.told("Gör så här:")
    ulrika.follow("Rätta i rules.yaml")
    box = ulrika.page.locator("textarea[name=content]")
    box.fill(box.input_value().replace(wrong, right))
    ulrika.press("Spara i utkastet")
    ulrika.press("Kontrollera igen")
    ulrika.told("Klarade kontrollen")
    ulrika.page.get_by_text("Kasta utkastet").click()
    ulrika.press("Kasta")
    ulrika.told("Skriv varför.")
    ulrika.fill("reason", "Var ett prov.")
    ulrika.press("Kasta")
    ulrika.told("Versionen är tillbakadragen.")
    ulrika.close()


def _send(desk: Desk, texts: dict[str, str]) -> None:
    desk.page.locator('input[name="archive"]').set_input_files(
        {"name": "karlstad.zip", "mimeType": "application/zip", "buffer": karlstad.archive(texts)}
    )
    desk.press("Skicka in")
