"""A decision in a real browser: proposed, decided, told, appealed in time and late, answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from hemvist.clock import today
from hemvist.decisions import notifying
from hemvist_browser import CASEWORKER, MANAGER, Desk
from hemvist_desks import at_desks, looked_at
from hemvist_graphql.ids import global_id
from hemvist_world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def desks(chromium: Browser, platform_address: str) -> Iterator[list[Desk]]:
    """The caseworker and the manager."""
    with at_desks(chromium, platform_address, CASEWORKER, MANAGER) as made:
        yield made


def test_propose_decide_tell_appeal_in_time_and_hear_from_the_court(
    desks: list[Desk], world: World
) -> None:
    caseworker, manager = desks
    case = world.case()
    path = f"cases/{global_id('Case', case.id)}"
    caseworker.open(f"{path}/decision?kind=support_to_obtain_housing&programme=municipal_contract")
    looked_at(caseworker)
    caseworker.choose("outcome", "refused")
    caseworker.choose("legalBasis", "sol_2025_11_1")
    caseworker.fill("motivation", "Behovet kan mötas på annat sätt.")
    caseworker.fill("departureReason", "Personen har fått en lägenhet.")
    caseworker.press("Lämna förslaget")
    decision = caseworker.path
    manager.open(decision)
    manager.told("Beslutas av chef")
    looked_at(manager)
    manager.press("Besluta enligt förslaget")
    caseworker.open(decision)
    looked_at(caseworker)
    caseworker.press("Registrera underrättelsen")
    caseworker.told("Det är noterat att personen fått del av beslutet.")
    caseworker.told(notifying.appeal_deadline(today()).isoformat())

    caseworker.follow("Registrera ett överklagande")
    looked_at(caseworker)
    caseworker.fill("asks", "Vill ha stödet.")
    caseworker.press("Registrera överklagandet")
    appeal = caseworker.path
    caseworker.told("I rätt tid")
    manager.open(appeal)
    looked_at(manager)
    manager.press("Pröva överklagandet")
    manager.told("Omprövningens resultat")
    manager.press("Spara omprövningen")
    # Nothing was chosen: the page says what is wanting, and nothing is lost.
    manager.told("Omprövningens resultat")
    manager.choose("result", "unchanged")
    manager.fill("reason", "Inget nytt har kommit fram.")
    looked_at(manager)
    manager.press("Spara omprövningen")
    caseworker.open(appeal)
    caseworker.fill("court", "Förvaltningsrätten i Malmö")
    caseworker.press("Lämna över till domstolen")
    caseworker.choose("outcome", "granted")
    caseworker.fill("courtNumber", "1234-26")
    looked_at(caseworker)
    caseworker.press("Registrera avgörandet")
    caseworker.told("Avgjort")
    caseworker.told("1234-26")
    looked_at(caseworker)

    # The court has found for the person: the kommun makes the decision that follows, two sign it.
    caseworker.told("Väntar på beslut efter domen")
    caseworker.follow("Föreslå beslutet som följer av domen")
    reasons = caseworker.page.locator('[name="motivation"]').input_value()
    assert "Förvaltningsrätten i Malmö" in reasons
    assert "1234-26" in reasons
    caseworker.choose("legalBasis", "sol_2025_11_1")
    looked_at(caseworker)
    caseworker.press("Lämna förslaget")
    following = caseworker.path
    manager.open(following)
    manager.press("Besluta enligt förslaget")
    caseworker.open(appeal)
    caseworker.choose("newDecisionId", following.split("/")[-1])
    caseworker.press("Koppla det nya beslutet")
    looked_at(caseworker)
    assert "Väntar på beslut efter domen" not in caseworker.page.locator("main").inner_text()


def test_a_late_appeal_is_dismissed_with_its_reason(desks: list[Desk], world: World) -> None:
    caseworker, manager = desks
    told_on = today() - timedelta(days=35)
    refusal = world.grant(world.case(), outcome="refused", departure_reason="Nej.", on=told_on)
    caseworker.open(f"decisions/{global_id('Decision', refusal.id)}")
    caseworker.fill("notifiedOn", told_on.isoformat())
    caseworker.press("Registrera underrättelsen")
    caseworker.follow("Registrera ett överklagande")
    caseworker.fill("asks", "Vill ha stödet.")
    caseworker.press("Registrera överklagandet")
    caseworker.told("För sent")
    manager.open(caseworker.path)
    looked_at(manager)
    manager.press("Avgör")
    manager.told("Skäl att avvisa")
    manager.fill("dismissalReason", "Kom in efter tiden.")
    manager.press("Avgör")
    manager.told("Avvisat")


def test_what_waits_is_listed_noted_and_reported(desks: list[Desk], world: World) -> None:
    caseworker, manager = desks
    granted = world.grant(world.case(), on=today() - timedelta(days=150))
    decision = f"decisions/{global_id('Decision', granted.id)}"
    caseworker.open("unexecuted?late=1")
    looked_at(caseworker)
    caseworker.told("för sent")
    caseworker.open(decision)
    caseworker.fill("notes", "Frågade tre värdar.")
    caseworker.press("Notera")
    caseworker.told("Insatsen är noterad.")
    looked_at(caseworker)
    manager.open("unexecuted")
    looked_at(manager)
    manager.press("Gör i ordning rapporten")
    manager.told("Rapporten görs i ordning")
    looked_at(manager)


def test_a_right_is_ended_with_its_ground(desks: list[Desk], world: World) -> None:
    caseworker, manager = desks
    granted = world.grant(world.case())
    decision = f"decisions/{global_id('Decision', granted.id)}"
    caseworker.open(decision)
    caseworker.follow("Föreslå att beslutet upphör")
    looked_at(caseworker)
    caseworker.choose("legalBasis", "sol_2025_11_1")
    caseworker.fill("motivation", "Behovet finns inte längre.")
    caseworker.fill("departureReason", "Har egen bostad.")
    caseworker.press("Lämna förslaget")
    caseworker.told("Grund")
    caseworker.choose("alterGround", "need_ceased")
    caseworker.fill("toldOn", today().isoformat())
    caseworker.press("Lämna förslaget")
    manager.open(caseworker.path)
    looked_at(manager)
    manager.press("Besluta enligt förslaget")
    manager.open(decision)
    manager.told("Har upphört")
