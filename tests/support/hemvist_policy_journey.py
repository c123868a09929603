"""A change of Karlstad's guideline, as policy officers walk it page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from playwright.sync_api import Browser, expect

import hemvist_journeys as way
import hemvist_karlstad as karlstad
from hemvist_browser import Desk
from hemvist_graphql.ids import global_id
from hemvist_karlstad import ABOVE, APPROVER, BELOW, BETWEEN, CASEWORKER, MANAGER, SLUG, WRITER

#: Households between the old limit and the new one that wait for a decision, three with children.
GAINING = 9


@dataclass
class Raised:
    """What the change left: addresses under the kommun, and who saw which page."""

    starts: date
    version: str
    simulation: str
    refused_case: str
    refusal: str
    open_case: str
    visited: dict[str, dict[str, str]] = field(default_factory=dict)

    def close(self, desk: Desk) -> None:
        """The person goes home; what they saw is kept."""
        self.visited.setdefault(desk.person, {}).update(desk.visited)
        desk.close()


def at(browser: Browser, address: str, person: str, *, javascript: bool = True) -> Desk:
    """Somebody of Karlstad at a browser."""
    return Desk(browser, address, person, slug=SLUG, javascript=javascript)


def decided(browser: Browser, address: str, case: str, outcome: str) -> str:
    """The caseworker concludes and proposes, the manager decides; the decision's path."""
    petra = at(browser, address, CASEWORKER, javascript=False)
    petra.open(f"{case}/conclusion?rule={karlstad.RULE}")
    petra.choose("conclusion", "true" if outcome == "granted" else "false")
    petra.fill("reason", "Skulden är jämförd med gränsen.")
    petra.press("Spara bedömningen")
    petra.open(f"{case}/decision?kind=support_to_obtain_housing&programme={karlstad.PROGRAMME}")
    petra.choose("outcome", outcome)
    petra.choose("legalBasis", "sol_2025_11_1")
    petra.fill("motivation", "Skulden är jämförd med gränsen för hyresgaranti.")
    petra.press("Lämna förslaget")
    petra.told("Förslaget väntar nu på beslut.")
    decision = petra.path
    petra.close()
    rasmus = at(browser, address, MANAGER, javascript=False)
    way.decide(rasmus, decision)
    rasmus.close()
    return decision


def raise_the_limit(browser: Browser, address: str) -> Raised:
    """From 10 000 to 15 000 kronor from a day to come: written, checked, simulated, approved."""
    starts = date.today() + timedelta(days=40)
    refused = f"cases/{global_id('Case', karlstad.indebted(BETWEEN))}"
    for _ in range(6):
        karlstad.indebted(BETWEEN)
    for place in range(12):
        karlstad.indebted(BELOW if place % 2 else ABOVE, child=place < 5)
    for _ in range(GAINING - 6):
        waiting = f"cases/{global_id('Case', karlstad.indebted(BETWEEN, child=True))}"
    refusal = decided(browser, address, refused, "refused")
    raised = Raised(starts, "", "", refused, refusal, waiting)

    ulrika = at(browser, address, WRITER)
    ulrika.open("policy")
    ulrika.follow("Ändra riktlinjen")
    ulrika.fill("inForceFrom", "nästa år")
    ulrika.press("Påbörja utkastet")
    ulrika.told("Skriv datumet som ÅÅÅÅ-MM-DD.")
    ulrika.fill("inForceFrom", starts.isoformat())
    ulrika.press("Påbörja utkastet")
    ulrika.told("Utkastet är påbörjat.")
    raised.version = ulrika.path

    ulrika.follow("Ändra ett värde")
    ulrika.follow("Högsta skuld för hyresgaranti")
    expect(ulrika.page.locator('[name="value"]')).to_have_value(re.compile(r"10\s000"))
    ulrika.fill("value", "femton tusen")
    ulrika.press("Spara i utkastet")
    ulrika.told("Skriv beloppet i kronor")
    expect(ulrika.page.locator('[name="value"]')).to_have_value("femton tusen")
    ulrika.fill("value", "15 000")
    ulrika.fill("validFrom", (starts - timedelta(days=1)).isoformat())
    ulrika.press("Spara i utkastet")
    ulrika.told("kan inte börja före den dagen")
    ulrika.fill("validFrom", starts.isoformat())
    ulrika.press("Spara i utkastet")
    ulrika.told("Värdet är sparat i utkastet.")

    ulrika.press("Kontrollera")
    ulrika.told("Klarade kontrollen")
    told_in_kronor(ulrika, "15 000 kr")
    ulrika.follow("Före och efter, i ord")
    told_in_kronor(ulrika, "är högst 15 000 kr")
    ulrika.open(raised.version)

    ulrika.follow("Simulera på ärendena")
    ulrika.press("Simulera")
    ulrika.told("Väntar på att börja")
    raised.simulation = ulrika.path
    assert karlstad.carry_out_simulations() == 1
    # The page finds out by itself.
    ulrika.told("Från nej till ja")
    ulrika.note()
    gains = ulrika.page.locator(".figure--go dd").first
    expect(gains).to_have_text(str(GAINING))
    told_in_kronor(ulrika, "10 000 kr → 15 000 kr")
    ulrika.told("Vilka ärenden det är ser bara den som får läsa dem.")
    ulrika.open(f"{raised.simulation}?every=1")
    ulrika.open(raised.version)
    ulrika.press("Skicka för godkännande")
    ulrika.told("Du kan inte godkänna den själv.")
    assert ulrika.page.get_by_role("button", name="Godkänn versionen").count() == 0
    ulrika.open("today")
    assert ulrika.page.get_by_text("Riktlinjer att godkänna").count() == 0
    raised.close(ulrika)

    viktor = at(browser, address, APPROVER, javascript=False)
    viktor.told("Riktlinjer att godkänna")
    viktor.follow("Godkänn eller lämna tillbaka")
    viktor.follow("Prövat som den")
    expect(viktor.page.locator(".figure--go dd").first).to_have_text(str(GAINING))
    viktor.open(raised.version)
    viktor.press("Godkänn versionen")
    viktor.told("Den börjar gälla av sig själv")
    viktor.open("policy")
    raised.close(viktor)
    return raised


def told_in_kronor(desk: Desk, words: str) -> None:
    """The page says so, whatever kind of space stands in the amounts."""
    pattern = re.escape(words).replace(r"\ ", r"\s")
    expect(desk.page.get_by_role("main")).to_contain_text(re.compile(pattern))
