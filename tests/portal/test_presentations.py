"""In the portal: a landlord is shown households under letters, takes one, or takes nobody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist.offers.matching.models import PresentedHousehold
from hemvist.offers.models import Offer
from hemvist_graphql.ids import global_id, parse_global_id
from hemvist_milestones import milestones_installed
from hemvist_visits import Visit
from hemvist_world import World, adult, peopled

LogIn = Callable[..., Visit]
OFFICER, CASEWORKER = "ingrid.falk", "aida.lindqvist"


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> Iterator[World]:
    """Helsingborg of the demo, with a guideline that lets the landlord choose among two."""
    with milestones_installed():
        yield peopled(get_directory().tenant_id("helsingborg"))


def shown(world: World, officer: Visit) -> tuple[str, dict[str, Any]]:
    """A home presented to its landlord: its page, and the referral behind each letter."""
    unit = world.unit()
    mine = [
        world.registered(world.case()),
        world.registered(world.case(adult(), adult("partner"))),
    ]
    page = f"/helsingborg/units/{global_id('Unit', unit.id)}"
    assert "Låt hyresvärden välja bland hushåll" in officer.get(page)[1]
    ids = [global_id("Referral", one.id) for one in mine]
    sent = {"on": today().isoformat(), "referralIds": ids}
    status, text, _ = officer.post(f"{page}/presentation", **{**sent, "referralIds": ids[:1]})
    assert status == 422 and "Välj minst två hushåll." in text
    assert re.search(f'value="{ids[0]}" checked', text), "what was ticked is still ticked"
    status, text, led = officer.post(f"{page}/presentation", **sent)
    assert (status, led) == (303, f"{page}/presentation"), text
    referral_of = {
        one.alias: one.referral_id
        for one in world.rows(PresentedHousehold)
        if one.referral_id in {row.id for row in mine}
    }
    return page, referral_of


def action(page: str, end: str) -> tuple[str, str]:
    """The address of the form that ends so, and the version that it was made for."""
    [form] = re.findall(rf'<form[^>]*action="([^"]+/{end})".*?</form>', page, re.S)
    version = re.search(r'name="expectedVersion" value="(\d+)"', page)
    assert version
    return form, version[1]


def test_the_landlord_takes_one(world: World, visit: LogIn) -> None:
    officer = visit(OFFICER)
    page, referral_of = shown(world, officer)
    text = officer.get(f"{page}/presentation")[1]
    assert "A: " in text and "1 vuxen" in text and "2 vuxna" in text
    assert "Registrera hyresvärdens val" in officer.get(page)[1]
    address, version = action(text, "choice")
    sent = {"on": today().isoformat(), "expectedVersion": version}
    status, refused, _ = officer.post(address, **sent)
    assert status == 422 and "Välj vilket hushåll hyresvärden tog." in refused
    status, refused, led = officer.post(address, **sent, alias="B")
    assert status == 303 and "/offers/" in led, refused
    offer_id = parse_global_id(led.rsplit("/", 1)[1])
    assert offer_id
    [offer] = world.rows(Offer, id=offer_id[1])
    assert offer.referral_id == referral_of["B"]
    after = officer.get(f"{page}/presentation")[1]
    assert "Tidigare val" in after and "hyresvärden tog B" in after
    # Another form on the same page came too late, and says so.
    assert officer.post(address, **sent, alias="A", idempotencyKey="late")[0] == 409


def test_the_landlord_takes_nobody(world: World, visit: LogIn) -> None:
    officer = visit(OFFICER)
    page, referral_of = shown(world, officer)
    address, version = action(officer.get(f"{page}/presentation")[1], "close")
    on = today().isoformat()
    assert officer.post(address, on=on, expectedVersion=version)[0] == 303
    text = officer.get(f"{page}/presentation")[1]
    assert "ingen togs" in text and "Visa hushållen för hyresvärden" in text
    assert all(not world.rows(Offer, referral_id=one) for one in referral_of.values())


def test_it_is_the_property_offices(world: World, visit: LogIn) -> None:
    page, _ = shown(world, visit(OFFICER))
    assert visit(CASEWORKER).get(f"{page}/presentation")[0] == 403
