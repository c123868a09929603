"""A month's log reviewed in a real browser: a look that was none of theirs, a person's log, the figures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from hemvist.clock import today
from hemvist.households.models import Person
from hemvist.households.service import open_number
from hemvist.log_reviews import drawing
from hemvist.tenancy import Audience, tenant_session
from hemvist_browser import CASEWORKER, Desk
from hemvist_desks import at_desks, looked_at
from hemvist_graphql.ids import global_id
from hemvist_world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REVIEWER = "Lars Nyholm"


@pytest.fixture
def desks(chromium: Browser, platform_address: str) -> Iterator[list[Desk]]:
    """A caseworker and the log reviewer."""
    with at_desks(chromium, platform_address, CASEWORKER, REVIEWER) as made:
        yield made


def test_a_look_is_gone_into_and_a_person_is_told(desks: list[Desk], world: World) -> None:
    caseworker, reviewer = desks
    case = world.case()
    caseworker.open(f"cases/{global_id('Case', case.id)}")
    reviewer.open("log-review")
    reviewer.told("Det första stickprovet dras när månaden är slut.")
    looked_at(reviewer, "log-review-none")
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        drawing.draw(session, today())

    reviewer.open("log-review")
    reviewer.told(CASEWORKER)
    looked_at(reviewer, "log-review")
    reviewer.follow(f"Ärende {case.number}")
    reviewer.told("Handläggare")
    looked_at(reviewer, "log-look")
    reviewer.choose("verdict", "matter")
    reviewer.press("Spara granskningen")
    reviewer.told("Fyll i fältet.")
    looked_at(reviewer, "log-look-refused")
    reviewer.choose("verdict", "matter")
    reviewer.fill("remark", "Vem bad om det?")
    reviewer.press("Spara granskningen")
    reviewer.told("Utreds")
    looked_at(reviewer, "log-look-matter")
    reviewer.choose("verdict", "unfounded")
    reviewer.fill("remark", "Hon hade jouren.")
    reviewer.press("Spara granskningen")
    reviewer.told("Hon hade jouren.")
    reviewer.told("Vem bad om det?")
    looked_at(reviewer, "log-look-settled")
    reviewer.open("log-review?which=reviewed")
    reviewer.told(case.number)
    looked_at(reviewer, "log-review-reviewed")

    person = world.rows(Person, id=world.applicant(case))[0]
    reviewer.open("person-log")
    looked_at(reviewer, "person-log-form")
    reviewer.fill("personalNumber", "1234")
    reviewer.press("Ta fram loggen")
    reviewer.told("Skriv hela numret som ÅÅÅÅMMDD-NNNN.")
    reviewer.fill("personalNumber", open_number(person))
    reviewer.press("Ta fram loggen")
    reviewer.told("Läst")
    assert CASEWORKER not in reviewer.page.locator("main").inner_text()
    looked_at(reviewer, "person-log")

    reviewer.open("log-report")
    reviewer.told("Vad granskningen gav")
    looked_at(reviewer, "log-report")
    caseworker.page.goto(f"/{caseworker.slug}/log-review")
    assert "Loggranskning" not in caseworker.page.locator("h1").inner_text()
