"""The log review on the portal's pages: what a reviewer sees and says, and who sees nothing of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from hemvist.clock import today
from hemvist.households.models import Person
from hemvist.households.service import open_number
from hemvist.identity import get_directory
from hemvist.log_reviews import drawing
from hemvist.log_reviews.models import LogLook
from hemvist.tenancy import Audience, tenant_session
from hemvist_graphql.ids import global_id
from hemvist_visits import Visit
from hemvist_world import World, peopled

Log = Callable[..., Visit]
CASEWORKER, REVIEWER = "aida.lindqvist", "lars.nyholm"
HERE = "/helsingborg"


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"))


def test_a_reviewers_month(world: World, visit: Log) -> None:
    case = world.case()
    caseworker, reviewer = visit(CASEWORKER), visit(REVIEWER)
    assert caseworker.get(f"{HERE}/cases/{global_id('Case', case.id)}")[0] == 200
    assert "Det första stickprovet" in reviewer.get(f"{HERE}/log-review")[1]
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        drawing.draw(session, today())
    page = reviewer.get(f"{HERE}/log-review")[1]
    assert case.number in page and "Aida Lindqvist" in page
    # Whoever runs this at night has a reason.
    assert "Slumpen" in page or "På natten" in page
    look = next(one for one in world.rows(LogLook) if one.case_number == case.number)
    place = f"{HERE}/log-review/{global_id('LogLook', look.id)}"
    assert f'href="{place}"' in page
    page = reviewer.get(place)[1]
    assert "Handläggare" in page and "Godkänn" in page and "None" not in page
    # Whether a remark is needed depends on the answer: it is not called optional as well.
    assert "Krävs när du inte godkänner." in page
    assert "frivilligt" not in page.split('name="verdict"')[1].split("Spara granskningen")[0]
    status, page, _ = reviewer.post(place, expectedVersion="1", idempotencyKey="l0")
    assert status == 422 and "Välj ett svar." in page
    status, page, _ = reviewer.post(
        place, verdict="matter", expectedVersion="1", idempotencyKey="l1"
    )
    assert status == 422 and "Fyll i fältet." in page
    status, _, to = reviewer.post(
        place, verdict="signed_off", expectedVersion="1", idempotencyKey="l2"
    )
    assert (status, to) == (303, place)
    page = reviewer.get(place)[1]
    assert "Lars Nyholm" in page and "Spara granskningen" not in page
    assert case.number in reviewer.get(f"{HERE}/log-review?which=reviewed")[1]
    status, page, _ = reviewer.post(
        f"{place}/address", streetAddress="Storgatan 1", postalCode="1", idempotencyKey="l3"
    )
    assert status == 422
    status, _, to = reviewer.post(
        f"{place}/address", streetAddress="Storgatan 1", postalCode="25220", idempotencyKey="l4"
    )
    assert (status, to) == (303, place)
    report = reviewer.get(f"{HERE}/log-report")[1]
    assert "Vad granskningen gav" in report and "Aida" not in report and "None" not in report


def test_a_persons_log(world: World, visit: Log) -> None:
    case = world.case()
    number = open_number(world.rows(Person, id=world.applicant(case))[0])
    assert visit(CASEWORKER).get(f"{HERE}/cases/{global_id('Case', case.id)}")[0] == 200
    reviewer = visit(REVIEWER)
    page = reviewer.post(f"{HERE}/person-log", personalNumber=number)[1]
    assert "Läst" in page and "Handläggare" in page and "Aida" not in page
    status, page, _ = reviewer.post(f"{HERE}/person-log", personalNumber="1234")
    assert status == 422 and "Skriv hela numret" in page


def test_others_see_nothing_of_it(world: World, visit: Log) -> None:
    caseworker = visit(CASEWORKER)
    for page in ("log-review", "person-log", "log-report"):
        assert caseworker.get(f"{HERE}/{page}")[0] == 403, page
    assert caseworker.post(f"{HERE}/person-log", personalNumber="198001012380")[0] == 403
    assert "log-review" not in caseworker.get(f"{HERE}/today")[1]
    assert f"{HERE}/log-review" in visit(REVIEWER).get(f"{HERE}/today")[1]
