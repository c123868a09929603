"""The landlords' portal: who is let in, what the first page says, whom to call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hemvist.contact_cards import service as contact_cards
from hemvist.identity import get_directory
from hemvist.landlords import PLATFORM_TENANT
from hemvist.landlords.invitations import invite
from hemvist.landlords.models import LandlordAccess
from hemvist.tenancy import Audience, tenant_session
from hemvist_landlords import administrator, opened, organisation_number
from hemvist_login import session_cookie
from hemvist_portal.landlord.news import lines
from hemvist_visits import Visit
from hemvist_world import World, peopled

LogIn = Callable[..., Visit]
CARD = {"position": 1, "matters": "Lediga bostäder"}


@pytest.fixture(scope="module")
def kommuner(portal: FastAPI) -> dict[str, World]:
    """Two kommuner that have opened their doors for Vera's landlord, one of them with a number to call."""
    directory, number = get_directory(), organisation_number()
    _, _, session = session_cookie("hyresvard", "vera.nystrom")
    worlds = {slug: peopled(directory.tenant_id(slug)) for slug in ("karlstad", "vasteras")}
    landlord, _ = (opened(world.tenant_id, number) for world in worlds.values())
    administrator(worlds["karlstad"].tenant_id, landlord, who=session.actor)
    worlds["karlstad"].act(
        "property", contact_cards.add, name="Boendestöd", phone="054-540 00 00", **CARD
    )
    return worlds


def test_a_stranger_is_shown_what_it_is_and_the_way_in(stranger: TestClient) -> None:
    page = stranger.get("/hyresvard")
    assert page.status_code == 200 and 'href="/hyresvard/login"' in page.text
    assert stranger.get("/hyresvard/help").status_code == 200
    assert stranger.get("/hyresvard/static/theme.css").status_code == 200
    answer = stranger.get("/hyresvard/contacts")
    assert answer.headers["location"] == "/hyresvard/login?return_to=%2Fhyresvard%2Fcontacts"
    assert 'href="/hyresvard"' in stranger.get("/").text


def test_neither_side_opens_the_others_pages(visit: LogIn) -> None:
    """A session of a kommun is none here, and the landlords' slug is no kommun's."""
    assert visit("aida.lindqvist").get("/hyresvard/start")[0] == 303
    landlord = visit("vera.nystrom", "hyresvard")
    assert landlord.get("/helsingborg/today")[0] == 303
    for path in ("today", "cases", "units/new", "excel/units.xlsx"):
        assert landlord.get(f"/hyresvard/{path}")[0] == 404, path


def test_who_acts_for_nobody_is_told(visit: LogIn) -> None:
    status, page = visit("stina.obunden", "hyresvard").get("/hyresvard/start")
    assert status == 200 and "inte knuten till någon hyresvärd" in page


def test_the_first_page_and_the_contacts_of_two_kommuner(
    kommuner: dict[str, World], visit: LogIn
) -> None:
    vera = visit("vera.nystrom", "hyresvard")
    status, page = vera.get("/hyresvard/start")
    assert status == 200 and "Björkbo Fastigheter AB" in page
    assert 'href="tel:0545400000"' in page
    status, page = vera.get("/hyresvard/contacts")
    assert status == 200 and "Boendestöd" in page
    # The other has not said whom to call, and that is said.
    assert "Har inte lagt in någon kontakt än: Västerås" in page
    vera.headers["accept-language"] = "en"
    assert "The way in" in vera.get("/hyresvard/contacts")[1]


def test_what_is_not_there_has_the_landlords_own_page(visit: LogIn) -> None:
    status, page = visit("vera.nystrom", "hyresvard").get(
        "/hyresvard/contacts?kommun=Kommun_nothing"
    )
    assert status in (200, 404) and "Hemvist för hyresvärdar" in page


def test_a_colleagues_invitation_waits_for_the_other_administrator(
    kommuner: dict[str, World], visit: LogIn
) -> None:
    """Not for the one who invited: nobody lets anybody in alone."""
    world = kommuner["karlstad"]
    _, _, sara = session_cookie("hyresvard", "sara.lindahl")
    landlord = visit("vera.nystrom", "hyresvard")
    landlord_id = next(
        row.landlord_id for row in world.rows(LandlordAccess) if row.status == "open"
    )
    other = administrator(world.tenant_id, landlord_id, who=sara.actor)
    with tenant_session(Audience.STAFF, PLATFORM_TENANT, other.principal_id) as session:
        invite(session, other.actor, landlord_id=landlord_id, invited="ny@bjorkbo.example")
    page = landlord.get("/hyresvard/start")[1]
    assert "Bekräfta en inbjudan" in page
    assert (
        "Bekräfta en inbjudan" not in visit("sara.lindahl", "hyresvard").get("/hyresvard/start")[1]
    )


def event(number: int, subject: str, kommun: str = "Karlstad", hour: int = 9) -> dict[str, Any]:
    return {
        "label": "Bostad mottagen",
        "occurredAt": f"2026-11-20T{hour:02}:15:00Z",
        "subjectId": f"{subject}_{number:032x}",
        "propertyDesignation": f"Kvarteret {number}",
        "kommun": {"name": kommun},
    }


def test_what_happened_of_a_kind_on_one_day_is_one_line() -> None:
    """The latest moment, every property once, and the list of them all to go to."""
    found = lines([event(1, "Unit", hour=10), event(2, "Unit"), event(2, "Unit")])
    assert [(one.count, one.homes, one.at, one.place) for one in found] == [
        (3, ["Kvarteret 1", "Kvarteret 2"], "11:15", "units")
    ]
    # One alone leads to itself; another kommun, and another day in Sweden, are lines of their own.
    late = event(3, "Offer") | {"occurredAt": "2026-11-20T23:30:00Z"}
    found = lines([event(1, "Unit"), event(1, "Unit", "Västerås"), late])
    assert [(one.kommun, str(one.day)) for one in found] == [
        ("Karlstad", "2026-11-20"),
        ("Västerås", "2026-11-20"),
        ("Karlstad", "2026-11-21"),
    ]
    assert found[0].place == f"units/Unit_{1:032x}"
