"""Göteborg's Housing First in a real browser: both decisions, two flats; notice and another company.

What lies behind is lived through the services; the takeover itself is in ``test_takeover``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

import hemvist_journeys as way
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.policy import add_months
from hemvist_browser import Desk
from hemvist_desks import at_desks, looked_at
from hemvist_goteborg import (
    CASEWORKER,
    in_phase_1,
    opened,
    reached,
    referred,
    sign,
)
from hemvist_graphql.ids import global_id
from hemvist_world import SUPPORT, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WAY = "Vägen till ett eget kontrakt"
BOLAG, OTHER = "5560000001", "5560000043"


@dataclass
class Office:
    """Who carries a case in Göteborg, each at a browser."""

    social: Desk
    manager: Desk
    coordinator: Desk
    letting: Desk


@pytest.fixture
def office(chromium: Browser, platform_address: str) -> Iterator[Office]:
    names = ("Gerd Malm", "Hugo Risberg", "Irma Sjölund", "Jorge Lindh")
    with at_desks(chromium, platform_address, *names, slug="goteborg") as desks:
        yield Office(*desks)


def path_of(kind: str, row: Any) -> str:
    """A row's page under the kommun."""
    return f"{kind}s/{global_id(kind.capitalize(), row.id)}"


def stations(desk: Desk) -> Any:
    """The way's stations on the case page."""
    return desk.page.get_by_role("region", name=WAY).get_by_role("listitem")


def flat(world: World, number: str, name: str) -> str:
    """A vacant flat of a company; its id as the portal knows it."""
    unit = world.unit(
        landlord_organisation_number=number, landlord_name=name, available_from=today()
    )
    return global_id("Unit", unit.id)


def offer(desk: Desk, referral: str, unit: str) -> str:
    """Offered on the page; the offer's path."""
    desk.open(f"{referral}/offer")
    desk.choose("unitId", unit)
    desk.press("Erbjud bostaden")
    desk.told("Bostaden är erbjuden")
    return desk.path


def seen(desk: Desk, page: str) -> None:
    """The viewing booked and held."""
    desk.open(page)
    desk.fill("viewingOn", today().isoformat())
    desk.press("Boka visningen")
    desk.press("Registrera visningen")
    desk.told(f"Hölls {today().isoformat()}")


def signed(desk: Desk, page: str) -> str:
    """The second-hand contract with its waiver; the routine's notice is shorter than the law's."""
    desk.open(f"{page}/contract")
    for name in ("signedOn", "startsOn", "toldOfLinkOn", "ownerNotifiedOn"):
        desk.fill(name, today().isoformat())
    desk.choose("terms.informed_of_duties", "true")
    answers = {"own_document": "true", "needs_approval": "true", "approved": "true"}
    for name, value in {**answers, "block_letting": "false"}.items():
        desk.choose(f"waiver.{name}", value)
    desk.fill("waiver.approval_number", "1234-26")
    desk.press("Registrera kontraktet")
    expect(desk.page.get_by_role("alert")).to_contain_text("kortare än lagens")
    desk.fill("wentOnBecause", "Rutinens tid står i avtalet; lagens tid gäller.")
    desk.press("Registrera kontraktet")
    desk.told("Kontraktet är registrerat.")
    return desk.path


def test_both_decisions_and_two_flats(office: Office, goteborg: World) -> None:
    """GBG-54, 73 to 79: neither decision alone, two flats to choose between, the day of a takeover."""
    start = today() - timedelta(days=40)
    case = opened(goteborg, start)
    referral = path_of("referral", referred(goteborg, case, start + timedelta(days=5)))
    reached(goteborg, case, "advance_notice", start + timedelta(days=10), CASEWORKER)
    reached(goteborg, case, "information_meeting", start + timedelta(days=20), CASEWORKER)
    home = path_of("case", case)
    social, letting = office.social, office.letting

    social.open(f"{home}/decision?kind={SUPPORT}&programme=bostad_forst")
    both = social.page.get_by_role("checkbox", name="Föreslå besluten om stödet och bostaden")
    expect(both).to_be_checked()
    social.told("Riktlinjen kräver att båda besluten fattas samtidigt.")
    looked_at(social)
    both.uncheck()
    social.fill("motivation", "Bostad först passar bäst.")
    social.press("Lämna förslaget")
    alone = social.page.get_by_role("alert")
    expect(alone).to_contain_text(
        "Riktlinjen kräver att besluten om stödet och om bostaden fattas tillsammans (BF Beslut)."
    )
    expect(social.page.locator('[name="motivation"]')).to_have_value("Bostad först passar bäst.")
    looked_at(social)
    both.check()
    social.fill("validUntil", (add_months(today(), 18) - timedelta(days=1)).isoformat())
    social.press("Lämna förslaget")
    social.told("Förslaget väntar nu på beslut.")
    way.decide(office.manager, social.path)
    looked_at(office.manager)
    social.open(home)
    social.told("Beviljat, väntar på lägenhet")
    expect(stations(social).filter(has_text="Boendet beviljat")).to_contain_text(
        today().isoformat()
    )

    flats = [flat(goteborg, BOLAG, "Bostadsbolaget Ett AB") for _ in range(3)]
    first, second = (offer(office.coordinator, referral, unit) for unit in flats[:2])
    office.coordinator.open(f"{referral}/offer")
    office.coordinator.choose("unitId", flats[2])
    office.coordinator.press("Erbjud bostaden")
    expect(office.coordinator.page.get_by_role("alert")).to_contain_text(
        "Så många erbjudanden som riktlinjen tillåter är redan öppna."
    )
    for page in (first, second):
        seen(social, page)
        looked_at(social)
    social.choose("code", "chose_the_other")
    social.page.locator('[name="reason"]').fill("Ville bo närmare sin syster.")
    social.press("Tacka nej till bostaden")
    social.told("Deltagaren valde den andra lägenheten – Ville bo närmare sin syster.")
    social.told("Hushållets rätt till ett erbjudande är inte förbrukad.")
    social.open(first)
    social.press("Tacka ja till bostaden")
    social.told("Erbjudandet är accepterat.")
    social.told(f"visning {today().isoformat()}")

    signed(letting, first)
    letting.told("Bostad först i andra hand")
    looked_at(letting)
    social.open(home)
    social.told("Fas 2: boende i andra hand")
    expect(stations(social).filter(has_text="Första dag för överlåtelse")).to_contain_text(
        add_months(today(), 18).isoformat()
    )
    looked_at(social)


def lived(world: World, moved_in: date) -> tuple[Case, Contract]:
    """In a flat of one company since a day."""
    case, referral = in_phase_1(world, moved_in)
    contract = sign(
        world,
        referral,
        moved_in,
        unit=world.unit(
            landlord_organisation_number=BOLAG,
            landlord_name="Bostadsbolaget Ett AB",
            available_from=moved_in,
        ),
    )
    return case, contract


def test_notice_and_a_flat_of_another_company(office: Office, goteborg: World) -> None:
    """GBG-115 to 122: the notice's clocks, the way to a new flat, and which company it may not be."""
    case, contract = lived(goteborg, add_months(today(), -8))
    home, social, letting = path_of("case", case), office.social, office.letting
    letting.open(f"{path_of('contract', contract)}/act/notice")
    letting.told("LF-1")
    letting.choose("givenBy", "landlord")
    letting.fill("givenOn", today().isoformat())
    letting.fill("endsOn", today().isoformat())
    letting.choose("details.ground", "misconduct")
    letting.press("Spara")
    expect(letting.page.get_by_role("alert")).to_be_visible()
    looked_at(letting)
    letting.fill("details.demand_sent_on", (today() - timedelta(days=30)).isoformat())
    letting.fill("details.board_told_on", (today() - timedelta(days=25)).isoformat())
    letting.choose("details.board_has_copy", "true")
    letting.press("Spara")
    letting.told("Uppsägningen är registrerad.")
    social.open(home)
    social.told("Uppsagd, stödet finns kvar")
    letting.open(f"{path_of('contract', contract)}/act/end")
    letting.choose("reason", "notice")
    letting.press("Spara")
    letting.told("Kontraktet är avslutat.")

    social.open(f"{home}/assessment?rule=flat_may_be_matched")
    # The notice has answered whether there was one, and of which company.
    expect(social.page.locator('[name="answers.company_at_notice.value"]')).to_have_value(BOLAG)
    social.told("källa: uppsägningen av kontraktet")
    for fact, value in (
        ("special_circumstances_against", "false"),
        ("company_can_transfer", "true"),
        ("tenancy_check_done", "true"),
    ):
        social.choose(f"answers.{fact}.value", value)
        reason = social.page.locator(f'[name="answers.{fact}.reason"]')
        if reason.count():
            reason.fill("Framgår av samtal.")
    social.press("Spara och gå till ärendet")
    social.told("Avflyttad")
    road = social.page.get_by_role("region", name=WAY)
    expect(road.locator('[aria-current="step"]')).to_contain_text("En ny bostad")
    looked_at(social)
    social.follow("En annan lägenhet efter uppsägning")
    written = way_on(social)
    office.coordinator.open(written)
    office.coordinator.press("Registrera")
    office.coordinator.told("Remissen är registrerad.")

    same = flat(goteborg, BOLAG, "Bostadsbolaget Ett AB")
    office.coordinator.open(f"{written}/offer")
    office.coordinator.choose("unitId", same)
    office.coordinator.press("Erbjud bostaden")
    refused = office.coordinator.page.get_by_role("alert")
    expect(refused).to_contain_text("Riktlinjen säger nej till den hyresvärden")
    expect(refused).to_contain_text("BF Uppsägning")
    looked_at(office.coordinator)
    other = offer(office.coordinator, written, flat(goteborg, OTHER, "Bostadsbolaget Två AB"))
    social.open(other)
    social.press("Tacka ja till bostaden")
    signed(letting, other)
    letting.told("Bostadsbolaget Två AB")
    looked_at(letting)


def way_on(desk: Desk) -> str:
    """A referral written in whole and sent, from the form that the next step leads to."""
    if desk.page.locator('[name="programme"]').count():
        desk.press("Fortsätt till innehållet")
    for name in ("target_group", "support_needs", "safety", "why_best"):
        desk.fill(f"content.{name}", "Som tidigare, och med stöd varje dag.")
    for name in ("filled_in_together", "consent"):
        desk.choose(f"content.{name}", "true")
    desk.press("Spara")
    desk.told("Innehållet är fullständigt.")
    desk.press("Skicka remissen")
    desk.told("Remissen är skickad")
    return desk.path
