"""Göteborg in a real browser: from the second-hand contract to a lease of one's own.

The years before are lived through the services; from the day the property officer looks, it is the portal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.policy import add_days, add_months
from hemvist.takeovers import watching
from hemvist.tenancy import tenant_session
from hemvist_browser import Desk
from hemvist_desks import at_desks, looked_at
from hemvist_goteborg import MANAGED, answer, housed
from hemvist_graphql.ids import global_id
from hemvist_world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: One can take over today; the other in four months.
LONG_AGO = add_days(add_months(today(), -18), -12)
LATELY = add_months(today(), -14)
#: What the property office does not know until the flat has been looked at.
INSPECTED = ("joint_inspection_done", "flat_well_cared_for")


@pytest.fixture
def desks(chromium: Browser, platform_address: str) -> Iterator[list[Desk]]:
    """Who lets the flats, and who has the case."""
    with at_desks(chromium, platform_address, "Jorge Lindh", "Gerd Malm", slug="goteborg") as made:
        yield made


def watched(world: World, moved_in: date) -> Case:
    """Living in the flat since a day, as the worker watches it."""
    case, _ = housed(world, moved_in)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        watching.watch(session, case.id, "contract_signed")
    return case


def test_whoever_comes_within_half_a_year_and_what_absence_does(
    goteborg: World, desks: list[Desk]
) -> None:
    """GBG-123 to 126: nobody is asked too early, and forty days away are forty days later."""
    officer, _ = desks
    case = watched(goteborg, LATELY)
    first_day = add_months(LATELY, 18)
    officer.open("takeovers")
    row = officer.page.get_by_role("row").filter(has_text=case.number)
    expect(row).to_contain_text(first_day.isoformat())
    expect(row).to_contain_text("Väntar på sin dag")
    looked_at(officer)
    row.get_by_role("link").click()
    officer.note()
    officer.told(f"tidigast {first_day.isoformat()}")
    officer.told("Hyresvärden kan tillfrågas och kontraktet överlåtas tidigast")
    for act in ("Registrera förfrågan", "Överlåt kontraktet"):
        expect(officer.page.get_by_role("button", name=act)).to_have_count(0)
    officer.told("Har hyresgästen varit borta från bostaden en längre tid?")
    looked_at(officer)

    officer.page.get_by_text("Ja, registrera frånvaro").click()
    began = LATELY + timedelta(days=60)
    officer.fill("beganOn", began.isoformat())
    officer.fill("endedOn", (began + timedelta(days=39)).isoformat())
    officer.press("Registrera frånvaron")
    officer.told("Skäl: Välj ett av alternativen.")
    assert officer.page.locator('[name="beganOn"]').input_value() == began.isoformat()
    looked_at(officer)
    officer.choose("reason", "hospital")
    officer.press("Registrera frånvaron")
    officer.told("Frånvaron är registrerad.")
    officer.told(f"tidigast {add_days(first_day, 40).isoformat()}")
    expect(officer.page.get_by_role("button", name="Nej, ingen längre frånvaro")).to_have_count(0)


def test_from_the_request_to_a_lease_of_ones_own(goteborg: World, desks: list[Desk]) -> None:
    """GBG-127 to 130: the flat is looked at, the company asked, and the lease handed over."""
    officer, social = desks
    case = watched(goteborg, LONG_AGO)
    answer(
        goteborg, case, **{fact: value for fact, value in MANAGED.items() if fact not in INSPECTED}
    )
    path = f"cases/{global_id('Case', case.id)}"
    officer.open("takeovers")
    row = officer.page.get_by_role("row").filter(has_text=case.number)
    expect(row).to_contain_text("Dags nu")
    row.get_by_role("link").click()
    officer.note()
    takeover = officer.path

    officer.press("Nej, ingen längre frånvaro")
    officer.told("Det är antecknat att ingen har varit borta längre.")
    officer.told("Ingen längre frånvaro Jorge Lindh")
    officer.press("Registrera förfrågan")
    refused = officer.page.get_by_role("alert")
    expect(refused).to_contain_text("Lägenheten är besiktigad med stödpersonal och bostadsbolag")
    expect(refused).not_to_contain_text("Hyresnämnden")
    looked_at(officer)

    officer.page.get_by_text("Registrera ett steg").click()
    officer.choose("step", "inspection_together")
    officer.fill("notes", "Hallen behöver målas om.")
    officer.press("Registrera steget")
    officer.told("Hallen behöver målas om.")
    social.open(f"{path}/assessment")
    for fact in INSPECTED:
        social.choose(f"answers.{fact}.value", "true")
        if (reason := social.page.locator(f'[name="answers.{fact}.reason"]')).count():
            reason.fill("Såg lägenheten med bolaget.")
    social.press("Spara och gå till ärendet")

    officer.open(takeover)
    checks = officer.page.get_by_role("region", name="Vad som krävs").or_(
        officer.page.locator('section[aria-labelledby="h-checks"]')
    )
    expect(checks).to_contain_text("Är lägenheten väl vårdad? Ja Gerd Malm")
    expect(checks).to_contain_text("en av dessa räcker")
    officer.press("Registrera förfrågan")
    officer.told("Förfrågan till hyresvärden är registrerad.")
    officer.told("Kontraktet kan överlåtas när hyresvärden har sagt ja")
    officer.choose("agrees", "no")
    officer.press("Registrera svaret")
    officer.told("Skäl: Fyll i")
    looked_at(officer)
    officer.choose("agrees", "yes")
    officer.press("Registrera svaret")
    officer.told("Hyresvärdens svar är registrerat.")
    officer.choose("parties", "landlord")
    officer.press("Överlåt kontraktet")
    officer.told("Det här har sagts i förväg:")
    looked_at(officer)
    officer.choose("told", "open_support_told")
    officer.fill("lease.rentOre", "6 120")
    officer.press("Överlåt kontraktet")
    officer.told("Kontraktet är överlåtet.")
    officer.told(f"överlåten {today().isoformat()}")
    looked_at(officer)
    officer.follow("Till det nya kontraktet")
    officer.told("Förstahandskontrakt")
    officer.told("6 120 kr")
    officer.open("takeovers?which=done")
    officer.told(case.number)

    social.open(path)
    way = social.page.get_by_role("region", name="Vägen till ett eget kontrakt")
    own = way.get_by_role("listitem").filter(has_text="Eget kontrakt")
    expect(own.first).to_contain_text(today().isoformat())
    looked_at(social)
