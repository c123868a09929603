"""Helsingborg in a real browser: the first follow-up, the property office alone, and support again.

What lies behind the first follow-up is lived through the services.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

import hemvist_journeys as way
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.policy import add_months
from hemvist_browser import Desk
from hemvist_desks import looked_at
from hemvist_graphql.ids import global_id
from hemvist_journeys import People
from hemvist_settled import MANAGED, answer, settled
from hemvist_world import PLAN, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def first_follow_up(desk: Desk, due: Any) -> None:
    """HBG-102 to 113: both sides in the home, the agenda gone through, the plan drawn up."""
    desk.open(f"obligations/{global_id('Obligation', due.id)}/follow-up")
    looked_at(desk)
    for department in ("SOF-VUX", "FF"):
        desk.choose("departments", department)
    desk.choose("residentTookPart", "true")
    desk.choose("inTheHome", "true")
    for item in ("care_of_flat", "laundry_room", "refuse_room", "tenants_responsibility"):
        desk.choose("agendaDone", item)
    for name, value in PLAN.items():
        if isinstance(value, bool):
            desk.choose(f"plan.{name}", "true" if value else "false")
        else:
            desk.fill(f"plan.{name}", str(value))
    desk.press("Registrera")
    desk.told("Uppföljningen är registrerad.")


def test_from_the_first_follow_up_to_the_case_opened_again(people: People, world: World) -> None:
    row, _ = settled(world)
    case = f"cases/{global_id('Case', row.id)}"
    caseworker, officer = people.caseworker, people.officer
    [due] = world.rows(Obligation, case_id=row.id, code="first_follow_up")
    first_follow_up(caseworker, due)
    answer(world, row, **MANAGED)

    # HBG-130, HBG-133: the joint visit is registered on a page of its own.
    caseworker.open(f"{case}/follow-ups")
    caseworker.follow("Gemensamt hembesök")
    caseworker.press("Registrera besöket")
    expect(caseworker.page.get_by_role("alert")).to_contain_text("Den boende var med")
    caseworker.choose("residentTookPart", "true")
    caseworker.fill("notes", "Hemmet är i ordning.")
    caseworker.press("Registrera besöket")
    caseworker.told("Besöket är registrerat.")
    looked_at(caseworker)
    way.conclude(caseworker, case, "end_follow_up")

    # HBG-126, HBG-134: the property office ends it and is the landlord from now on.
    officer.open(f"{case}/end-of-follow-up")
    officer.press("Avsluta uppföljningen")
    officer.told("Uppföljningen är avslutad.")
    officer.told("Enbart hyresgäst")
    officer.open(f"{case}/follow-ups")
    officer.told("Fastighetssidan är hyresvärd")
    looked_at(officer)

    # HBG-137: it sees that support is needed again, and the departments talk.
    officer.follow("Behövs stöd igen?")
    looked_at(officer)
    officer.press("Meddela den remitterande förvaltningen")
    expect(officer.page.get_by_role("alert")).to_contain_text("Vad fastighetssidan har sett")
    officer.choose("signs", "late_rent")
    officer.choose("signs", "complaint")
    officer.press("Meddela den remitterande förvaltningen")
    officer.told("Nästa steg: förvaltningarna talar med varandra")
    caseworker.open(f"{case}/support-again")
    caseworker.told("Klagomål, Hyran kommer sent")
    looked_at(caseworker)
    for department in ("SOF-VUX", "FF"):
        caseworker.choose("departments", department)
    caseworker.press("Registrera samtalet")
    caseworker.told("Nästa steg: hyresgästen svarar på erbjudandet om stöd")
    caseworker.choose("accepted", "true")
    caseworker.press("Registrera svaret")
    caseworker.told("Nästa steg: den remitterande förvaltningen öppnar ärendet igen")
    looked_at(caseworker)
    officer.open(f"{case}/support-again")
    officer.told("Väntar på den remitterande förvaltningen.")

    # HBG-138: the referring department opens its case again, and follows up every quarter.
    caseworker.press("Öppna ärendet igen")
    caseworker.told("Ärendet är öppet igen och uppföljningen återupptagen.")
    caseworker.told("Boende med uppföljning")
    caseworker.open(f"{case}/follow-ups")

    caseworker.told("Kvartalsvis uppföljning efter att ärendet öppnats igen")
    caseworker.told(add_months(today(), 3).isoformat())
    looked_at(caseworker)
