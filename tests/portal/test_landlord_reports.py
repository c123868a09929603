"""The landlord's pages of reports and papers: what one does, what it says, what it never shows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.identity import Membership, Role, get_directory
from hemvist.incidents import feedback
from hemvist.incidents.models import Incident
from hemvist.landlords.models import Landlord
from hemvist.papers.models import LandlordPaper
from hemvist.tenancy import Audience, tenant_session
from hemvist.units.models import Unit
from hemvist_incidents import CASEWORKER, social_contract
from hemvist_landlords import administrator, opened
from hemvist_login import session_cookie
from hemvist_visits import Visit
from hemvist_world import World, peopled

LogIn = Callable[..., Visit]
OFFICER = "sanna.tervo"
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture(scope="module")
def karlstad(portal: FastAPI) -> World:
    """A kommun with a household in a home of Vera's landlord."""
    world = peopled(get_directory().tenant_id("karlstad"), ["ASF"])
    world.add("property", Membership(Role.PROPERTY_OFFICER, "BG"))
    case = social_contract(world)
    (contract,) = world.rows(Contract, case_id=case.id)
    (unit,) = world.rows(Unit, id=contract.unit_id)
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        landlord = session.get(Landlord, unit.landlord_id)
        assert landlord is not None
        number = landlord.organisation_number
    _, _, session_of_vera = session_cookie("hyresvard", "vera.nystrom")
    administrator(world.tenant_id, opened(world.tenant_id, number), who=session_of_vera.actor)
    return world


@pytest.fixture
def vera(karlstad: World, visit: LogIn) -> Visit:
    return visit("vera.nystrom", "hyresvard")


def test_a_report_is_sent_its_clock_shown_and_its_answer_read(karlstad: World, vera: Visit) -> None:
    page = vera.get("/hyresvard/reports/new")[1]
    unit = re.findall(r'value="(Unit_[0-9a-f]{32})"', page)[0]
    fields = {"unitId": unit, "kind": "disturbance", "happenedOn": str(today())}
    status, page, _ = vera.post("/hyresvard/reports/new", **fields, what="", contact="070-1")
    assert status == 422 and 'value="070-1"' in page
    status, page, where = vera.post(
        "/hyresvard/reports/new", **fields, what="Hög musik.", idempotencyKey="again"
    )
    assert status == 303, page
    page = vera.get(where)[1]
    assert "Hög musik." in page and "Inget svar än." in page
    assert "1 dygn 23 timmar kvar" in page and "anmäler ett problem" in page
    (incident,) = karlstad.rows(Incident, channel="portal")
    karlstad.act(
        CASEWORKER,
        feedback.tell_landlord,
        incident_id=incident.id,
        words=["received", "under_way", "no_more"],
        told_how="portal",
        expected_version=incident.version,
        ground="necessity",
        ground_note="Ett skäl som värden inte ser.",
    )
    assert vera.post(f"{where}/more", what="Nu igen.", idempotencyKey="more")[0] == 303
    page = vera.get(where)[1]
    assert "Vi arbetar med den." in page and "Besvarad i tid" in page and "Nu igen." in page
    assert "Ett skäl som värden inte ser." not in page
    assert "Hög musik" not in vera.get("/hyresvard/reports?which=waiting")[1]
    assert "Besvarad i tid" in vera.get("/hyresvard/reports?which=answered")[1]


def test_papers_are_sent_fetched_and_taken_back(karlstad: World, vera: Visit) -> None:
    page = vera.get("/hyresvard/papers")[1]
    kommun = re.findall(r'"(Kommun_[0-9a-f]{32})"', page)[0]
    fields = {"csrf": vera.csrf, "kommunId": kommun, "kind": "protocol", "title": "Besiktning"}
    wrong = vera.client.post(
        "/hyresvard/papers",
        data={**fields, "idempotencyKey": "p1"},
        files={"file": ("x.exe", b"MZ")},
        headers=vera.headers,
    )
    assert wrong.status_code == 422 and 'value="Besiktning"' in wrong.text
    sent = vera.client.post(
        "/hyresvard/papers",
        data={**fields, "idempotencyKey": "p2"},
        files={"file": ("protokoll.pdf", PDF)},
        headers=vera.headers,
    )
    assert sent.status_code == 303
    (paper,) = karlstad.rows(LandlordPaper, direction="to_kommun")
    there = f"/hyresvard/papers/Paper_{paper.id.hex}"
    file = vera.client.get(f"{there}/file", headers=vera.headers)
    assert (file.status_code, file.content) == (200, PDF)
    assert file.headers["content-disposition"].startswith("attachment")
    gone = vera.post(f"{there}/take-back", expectedVersion="1", idempotencyKey="p3")
    assert gone[0] == 303
    assert vera.client.get(f"{there}/file", headers=vera.headers).status_code == 404
    assert "Tillbakatagen" in vera.get("/hyresvard/papers")[1]


def test_guarantees_have_their_page(vera: Visit) -> None:
    assert "Inga garantier här." in vera.get("/hyresvard/guarantees")[1]


def test_another_landlords_paper_and_report_are_not_there(
    karlstad: World, vera: Visit, visit: LogIn
) -> None:
    (paper,) = karlstad.rows(LandlordPaper, direction="to_kommun")
    stranger = visit("stina.obunden", "hyresvard")
    for path in (f"papers/Paper_{paper.id.hex}/file", f"reports/Report_{paper.id.hex}"):
        assert (
            stranger.client.get(f"/hyresvard/{path}", headers=stranger.headers).status_code == 404
        )


def test_the_staff_sees_how_it_came_and_sends_papers_of_its_own(
    karlstad: World, vera: Visit, visit: LogIn
) -> None:
    (incident,) = karlstad.rows(Incident, channel="portal")
    officer = visit(OFFICER, "karlstad")
    page = officer.get(f"/karlstad/incidents/Incident_{incident.id.hex}")[1]
    assert "Nu igen." in page and "i hyresvärdens inloggning" in page
    page = officer.get("/karlstad/papers")[1]
    landlord = re.findall(r'value="(Landlord_[0-9a-f]{32})"', page)[0]
    sent = officer.client.post(
        "/karlstad/papers",
        data={
            "csrf": officer.csrf,
            "idempotencyKey": "s1",
            "landlordId": landlord,
            "kind": "terms",
            "title": "Så arbetar vi",
        },
        files={"file": ("villkor.pdf", PDF)},
        headers=officer.headers,
    )
    assert sent.status_code == 303, sent.text
    (paper,) = karlstad.rows(LandlordPaper, direction="to_landlord")
    assert "Inte öppnad än" in officer.get("/karlstad/papers")[1]
    fetched = vera.client.get(f"/hyresvard/papers/Paper_{paper.id.hex}/file", headers=vera.headers)
    assert fetched.content == PDF
    page = officer.get("/karlstad/papers?direction=to_landlord")[1]
    assert "Öppnad" in page and "Så arbetar vi" in page


def test_a_list_of_rents_from_a_landlord_is_read_in(
    karlstad: World, vera: Visit, visit: LogIn
) -> None:
    kommun = re.findall(r'"(Kommun_[0-9a-f]{32})"', vera.get("/hyresvard/papers")[1])[0]
    rents = "Avtalsnr;Månad;Hyra;Obetalt\nA-1;2026-10;5000;5000\n".encode()
    sent = vera.client.post(
        "/hyresvard/papers",
        data={
            "csrf": vera.csrf,
            "idempotencyKey": "r1",
            "kommunId": kommun,
            "kind": "rents",
            "title": "Hyror i oktober",
        },
        files={"file": ("hyror.csv", rents)},
        headers=vera.headers,
    )
    assert sent.status_code == 303, sent.text
    (paper,) = karlstad.rows(LandlordPaper, kind="rents")
    officer = visit(OFFICER, "karlstad")
    status, page, where = officer.post(
        f"/karlstad/papers/LandlordPaper_{paper.id.hex}/rents",
        department="BG",
        expectedVersion=str(paper.version),
        idempotencyKey="r2",
    )
    assert status == 303 and where.startswith("/karlstad/arrears/files/"), page
    assert "Hyresfilen är inläst" in officer.get(where)[1]
    assert "Inläst av kommunen" in vera.get("/hyresvard/papers")[1]
