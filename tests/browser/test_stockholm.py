"""Stockholm's trial flat in a real browser: assessed, decided, referred, and a rule tried by choice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser

import hemvist_journeys as way
from hemvist_browser import Desk
from hemvist_desks import at_desks, looked_at
from hemvist_infra.demo.numbers import personal_number

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROGRAMME = "trial_flat"
ANSWERS = {
    "long_standing": "true",
    "in_exit_programme": "false",
    "needs_support_in_home": "true",
    "needs_extensive_support": "true",
    "manages_with_support": "true",
    "needed_for_reasonable_living": "true",
    "own_ways_exhausted": "true",
    "market_weighed": "false",
    "homelessness_only": "false",
    "has_children_elsewhere": "false",
    "boendestod_granted": "true",
    "change_described": "true",
    "training_purpose": "preparation",
    "chain_situation": "no_chain",
}


@pytest.fixture
def desks(chromium: Browser, platform_address: str) -> Iterator[list[Desk]]:
    """A caseworker of a district and the manager who decides."""
    with at_desks(
        chromium, platform_address, "Maryam Ekholm", "Niklas Storm", slug="stockholm"
    ) as made:
        yield made


def answer(desk: Desk, fact: str, value: str) -> None:
    """One question answered, with its reason where it is a judgement."""
    if desk.page.locator(f'[name="answers.{fact}.value"]').count() == 0:
        return
    desk.choose(f"answers.{fact}.value", value)
    reason = desk.page.locator(f'[name="answers.{fact}.reason"]')
    if reason.count():
        reason.fill("Framgår av samtal och handlingar.")


def assessed(desk: Desk) -> str:
    """A household registered and every question of its case answered; the case's path."""
    desk.open("households/new")
    desk.fill("members[0].givenName", "Maja")
    desk.fill("members[0].familyName", "Testsson")
    desk.fill("members[0].personalNumber", personal_number(date(1982, 6, 1), 996))
    desk.fill("members[0].registeredKommun", "0180")
    desk.choose("members[0].protection", "none")
    desk.fill("members[0].protectionCheckedOn", date.today().isoformat())
    desk.press("Registrera hushållet")
    case = way.open_case(desk)
    looked_at(desk)
    desk.open(f"{case}/assessment")
    looked_at(desk)
    answer(desk, "difficulties", "harmful_use")
    desk.press("Spara och stanna här")
    for fact, value in ANSWERS.items():
        answer(desk, fact, value)
    desk.page.locator('[name="answers.conditions_in_decision.value.none"]').check()
    desk.fill("source", "Samtal med den sökande")
    desk.press("Spara och stanna här")
    looked_at(desk)
    return case


def test_a_trial_flat_is_decided_and_ordered(desks: list[Desk]) -> None:
    """STH-01, 05, 30: the right, the decision and the order of a flat, page by page."""
    caseworker, manager = desks
    case = assessed(caseworker)
    caseworker.open(case)
    looked_at(caseworker)
    way.conclude(caseworker, case, "may_grant_trial_flat")
    proposal = way.propose(caseworker, case, "support_to_obtain_housing", PROGRAMME)
    looked_at(caseworker)
    way.decide(manager, proposal)
    manager.told("Försökslägenhet")
    looked_at(manager)
    caseworker.open(f"{case}/referral")
    if caseworker.page.locator('[name="programme"]').count():
        caseworker.choose("programme", PROGRAMME)
        caseworker.press("Fortsätt till innehållet")
    looked_at(caseworker)
    caseworker.fill("content.decision", "Försökslägenhet med boendestöd.")
    caseworker.fill("content.home_need", "Ett rum och kök.")
    caseworker.choose("content.boendestod", "true")
    caseworker.press("Spara")
    caseworker.told("Innehållet är fullständigt.")
    looked_at(caseworker)
    caseworker.press("Skicka remissen")
    caseworker.told("Remissen är skickad")
    looked_at(caseworker)
    caseworker.open(case)
    looked_at(caseworker)


def test_a_rule_is_tried_by_choice(desks: list[Desk]) -> None:
    """Whether notice may be given stands in no step of a case; it is asked when it is wanted."""
    caseworker = desks[0]
    caseworker.open("households/new")
    caseworker.fill("members[0].givenName", "Alva")
    caseworker.fill("members[0].familyName", "Testsson")
    caseworker.fill("members[0].personalNumber", personal_number(date(1982, 7, 1), 996))
    caseworker.fill("members[0].registeredKommun", "0180")
    caseworker.choose("members[0].protection", "none")
    caseworker.fill("members[0].protectionCheckedOn", date.today().isoformat())
    caseworker.press("Registrera hushållet")
    case = way.open_case(caseworker)
    caseworker.page.get_by_label("Pröva en regel").select_option(label="Uppsägning får ske")
    caseworker.press("Pröva")
    caseworker.told("Regeln som prövas")
    looked_at(caseworker)
    answer(caseworker, "notice_grounds", "unpaid_rent")
    caseworker.press("Spara och stanna här")
    caseworker.told("Svaren är sparade")
    assert caseworker.page.url.endswith("?rule=notice_may_be_given")
    tried = caseworker.page.locator("#rule-notice_may_be_given")
    assert "criterion--true" in (tried.get_attribute("class") or "")
    looked_at(caseworker)
    caseworker.open(case)
    caseworker.told("Pröva en regel")
