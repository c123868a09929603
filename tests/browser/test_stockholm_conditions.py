"""Stockholm in a real browser: conditions are refused with reason and source, and the flat is let."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

import hemvist_journeys as way
from hemvist.clock import today
from hemvist.policy import add_months
from hemvist_browser import Desk, wrong
from hemvist_desks import at_desks
from hemvist_kommun_api import Trail, at_kommun

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = {"caseworker": "maryam.ekholm", "manager": "niklas.storm", "officer": "oskar.vikander"}
NAMES = ("Maryam Ekholm", "Niklas Storm", "Oskar Vikander")
CONTENT = {
    "decision": "Försökslägenhet med boendestöd.",
    "home_need": "Ett rum och kök.",
    "boendestod": True,
}
ADULT: dict[str, Any] = {
    "difficulties": ["harmful_use"],
    "long_standing": True,
    "in_exit_programme": False,
    "needs_support_in_home": True,
    "needs_extensive_support": True,
    "manages_with_support": True,
    "needed_for_reasonable_living": True,
    "own_ways_exhausted": True,
    "market_weighed": False,
    "homelessness_only": False,
    "has_children_elsewhere": False,
    "boendestod_granted": True,
    "conditions_in_decision": [],
    "change_described": True,
}
MOTIVATION = "Behovet kan inte tillgodoses på annat sätt."
TEXT = "Ska först ha klarat ett år i träningslägenhet."


@pytest.fixture
def trail(platform_address: str) -> Iterator[Trail]:
    """Somebody who never lived in a training flat, assessed."""
    with at_kommun(platform_address, "stockholm", PEOPLE) as office:
        found = Trail(office, "SDN-BIST", "0180", "trial_flat", CONTENT, resident_signs=False)
        found.open(today() - timedelta(days=20), **ADULT)
        yield found


@pytest.fixture
def desks(chromium: Browser, platform_address: str) -> Iterator[list[Desk]]:
    """The caseworker, the manager who decides, and the one who lets."""
    with at_desks(chromium, platform_address, *NAMES, slug="stockholm") as made:
        yield made


def test_no_condition_and_no_training_flat_before(trail: Trail, desks: list[Desk]) -> None:
    """STH-17, STH-22: refused with the source, nothing typed is lost; without it, to the contract."""
    caseworker, manager, officer = desks
    caseworker.open(
        f"cases/{trail.case}/decision?kind=support_to_obtain_housing&programme=trial_flat"
    )
    caseworker.choose("legalBasis", "sol_2025_11_1")
    caseworker.fill("motivation", MOTIVATION)
    caseworker.page.get_by_text("Villkor i beslutet").click()
    for kind, said, source in (
        (
            "sobriety",
            "Varken biståndet eller hyresavtalet får villkoras med drogfrihet.",
            "TU Socialtjänsten som hyresvärd",
        ),
        (
            "earlier_step",
            "Krav på träningslägenhet först: Sedan revideringen får ingen behöva ha bott",
            "TU Bistånd till tillfällig bostadsanskaffning, skillnader",
        ),
    ):
        caseworker.choose("conditions[0].kind", kind)
        caseworker.fill("conditions[0].text", TEXT)
        caseworker.press("Lämna förslaget")
        refusal = caseworker.page.locator("#problems")
        expect(refusal).to_contain_text(said)
        expect(refusal).to_contain_text(source)
        typed = {
            "motivation": MOTIVATION,
            "conditions[0].kind": kind,
            "conditions[0].text": TEXT,
        }
        for name, value in typed.items():
            expect(caseworker.page.locator(f'[name="{name}"]')).to_have_value(value)
        expect(caseworker.page.locator('[name="legalBasis"]')).to_be_checked()
        assert wrong(caseworker.page) == []
    # Named as something else it is warned of, with the same source; taken away, it goes through.
    caseworker.choose("conditions[0].kind", "other")
    caseworker.press("Lämna förslaget")
    caseworker.told("Sedan revideringen får ingen behöva ha bott i träningslägenhet")
    caseworker.told("Varför ni går vidare ändå")
    caseworker.choose("conditions[0].kind", "")
    caseworker.fill("conditions[0].text", "")
    caseworker.press("Lämna förslaget")
    caseworker.told("Förslaget väntar nu på beslut.")
    assert wrong(caseworker.page) == []
    proposal = caseworker.path
    way.decide(manager, proposal)
    manager.told("Försökslägenhet")
    assert wrong(manager.page) == []

    offer = trail.offered(trail.referred(today()), today())
    until = add_months(today(), 12).isoformat()
    officer.open(f"offers/{offer['id']}/contract")
    officer.fill("startsOn", today().isoformat())
    officer.fill("endsOn", until)
    officer.fill("toldOfLinkOn", today().isoformat())
    officer.fill("ownerNotifiedOn", today().isoformat())
    officer.fill("terms.fixed_term_until", until)
    officer.choose("terms.informed_of_link", "true")
    officer.page.get_by_text("Klausuler utöver formulärets").click()
    officer.choose("clauses[0].kind", "alcohol_in_home")
    officer.fill("clauses[0].text", "Ingen alkohol i lägenheten.")
    officer.press("Registrera kontraktet")
    refusal = officer.page.locator("#problems")
    expect(refusal).to_contain_text(
        "Förbud mot alkohol i lägenheten: Går inte att avtala om enligt hyreslagen."
    )
    assert wrong(officer.page) == []
    officer.choose("clauses[0].kind", "")
    officer.fill("clauses[0].text", "")
    officer.press("Registrera kontraktet")
    officer.told("Kontraktet är registrerat.")
    officer.told("Andrahandskontrakt för försökslägenhet")
    officer.told(f"{today().isoformat()} – {until}")
    officer.told("Avtalet kan sägas upp när biståndet upphör")
    assert wrong(officer.page) == []
    caseworker.open(f"cases/{trail.case}")
    caseworker.told("Boende med bistånd")
