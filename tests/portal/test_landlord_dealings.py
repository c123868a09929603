"""Offers, times, tenancies and takeovers as a landlord's person meets them; and what no page gives away."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from hemvist.clock import now, today
from hemvist.dealings import consents, times
from hemvist.dealings.models import LandlordTime
from hemvist.identity import get_directory
from hemvist_dealings import Dealings
from hemvist_landlords import administrator, opened
from hemvist_login import session_cookie
from hemvist_visits import Visit
from hemvist_world import adult, caseworker_of, peopled

LogIn = Callable[..., Visit]
GIVEN, MARK = "Hemligvera", "Skyddadsson"
SOON = (now() + timedelta(days=5)).replace(microsecond=0, second=0)


@pytest.fixture(scope="module")
def kommun(portal: FastAPI) -> Dealings:
    """The kommun of the portal's tests, with Vera's landlord in it."""
    plain = peopled(get_directory().tenant_id("helsingborg"))
    world = Dealings(plain.tenant_id, plain.people)
    _, _, session = session_cookie("hyresvard", "vera.nystrom")
    landlord = opened(world.tenant_id, world.number)
    administrator(world.tenant_id, landlord, who=session.actor)
    return world


def of_protected(world: Dealings, level: str) -> tuple[Any, Any]:
    """A household of marked names, as far as a contract."""
    checked = None if level == "unknown" else today() - timedelta(days=400)
    case = world.case(
        adult(
            given_name=GIVEN,
            family_name=MARK,
            protection=level,
            protection_checked_on=checked,
        )
    )
    offer = world.household_yes(case, world.accepted(case, world.registered(case)))
    world.act(caseworker_of(case.department), consents.record_consent, offer_id=offer.id)
    world.act("property", times.propose, offer_id=offer.id, kind="signing", starts_at=SOON)
    return case, offer


def form_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to ``action``."""
    found = re.search(rf'action="[^"]*{re.escape(action)}">(.*?)</form>', page, re.S)
    assert found is not None, action
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found[1]))


def test_a_time_is_agreed_on_the_offers_page(kommun: Dealings, visit: LogIn) -> None:
    case = kommun.case()
    offer = kommun.offer(kommun.registered(case))
    kommun.act("property", times.propose, offer_id=offer.id, kind="viewing", starts_at=SOON)
    vera = visit("vera.nystrom", "hyresvard")
    status, page = vera.get("/hyresvard/offers")
    assert status == 200
    (address,) = set(re.findall(rf'href="(/hyresvard/offers/[^"]*{offer.id.hex}[^"]*)"', page))
    status, page = vera.get(address)
    assert status == 200 and "Kommunen väntar på ert svar om en tid." in page
    agree = re.search(r'action="([^"]*/agree)"', page)
    assert agree is not None
    status, _, _ = vera.post(agree[1], **form_of(page, "/agree"))
    assert status == 303
    (row,) = kommun.rows(LandlordTime, offer_id=offer.id)
    assert row.state == "agreed"
    status, page = vera.get(address)
    assert "Tiden är bestämd." in page
    sent = form_of(page, "/times") | {"kind": "viewing", "on": "2020-01-01", "at": "10:00"}
    status, page, _ = vera.post(f"{address}/times", **sent, place="home")
    assert status == 422, "a time that has passed"
    entry = re.search(r'href="([^"]*\.ics)"', page)
    assert entry is not None
    status, calendar = vera.get(entry[1])
    assert status == 200 and "SUMMARY:Visning av en bostad" in calendar
    assert "Provgatan" not in calendar and "LOCATION" not in calendar


@pytest.mark.parametrize("level", ["secrecy_mark", "unknown"])
def test_no_page_says_who_a_protected_household_is(
    kommun: Dealings, visit: LogIn, level: str
) -> None:
    """Every page that leads on from the first one, and every file: none has a mark of the household."""
    case, offer = of_protected(kommun, level)
    kommun.contract(offer)
    kommun.names_due(case)
    vera = visit("vera.nystrom", "hyresvard")
    waiting = ["/hyresvard/start", "/hyresvard/offers", "/hyresvard/offers?which=all"]
    waiting += ["/hyresvard/tenancies", "/hyresvard/takeovers?state=all", "/hyresvard/units"]
    seen: set[str] = set()
    while waiting and len(seen) < 150:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        status, page = vera.get(address)
        for secret in (MARK, GIVEN, str(case.id), case.id.hex, case.household_id.hex, case.number):
            assert secret not in page and secret not in address, (address, secret)
        if status == 200:
            found = re.findall(r'href="(/hyresvard/(?!logout|static)[^"#]*)"', page)
            waiting += [one.replace("&amp;", "&") for one in found]
    assert any(offer.id.hex in address for address in seen) and len(seen) > 8
