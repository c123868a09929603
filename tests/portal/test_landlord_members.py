"""A landlord's people, page by page: invited by one, confirmed by another, accepted, narrowed, removed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from hemvist.identity import get_directory
from hemvist.identity.models import LoginSession
from hemvist.identity.sessions import EMAIL_FIELD
from hemvist.tenancy import Audience, tenant_session
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist_landlords import administrator, opened, organisation_number
from hemvist_login import session_cookie
from hemvist_visits import Visit

LogIn = Callable[..., Visit]
PATH = "/hyresvard/members"


@pytest.fixture
def landlord(portal: FastAPI, request: pytest.FixtureRequest) -> str:
    """A landlord whose administrators are Vera and Sara; its name."""
    name = f"Björkbo {request.node.name}"
    kommun = get_directory().tenant_id("karlstad")
    landlord_id = opened(kommun, organisation_number(), name)
    for who in ("vera.nystrom", "sara.lindahl"):
        administrator(kommun, landlord_id, who=session_cookie("hyresvard", who)[2].actor)
    return name


def form_of(page: str, act: str, mark: str) -> dict[str, str]:
    """The hidden values of the form of ``act`` behind ``mark``."""
    there = page.index(mark)
    found = page.index(f'action="{PATH}/{act}"', there)
    form = page[found : page.index("</form>", found)]
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    return {name: value for name, value in values.items() if name != "csrf"}


def section(page: str, name: str) -> str:
    start = page.index(f">{name}</h2>")
    return page[start : page.index("</section>", start)]


def verified(visit_of: tuple[str, str]) -> None:
    """The issuer has vouched for the address of every session of this person, as at a real login."""
    username, email = visit_of
    actor = session_cookie("hyresvard", username)[2].actor
    with tenant_session(Audience.STAFF, PLATFORM_TENANT) as session:
        rows = session.scalars(
            select(LoginSession).where(LoginSession.principal_id == actor.principal_id)
        )
        for row in rows:
            row.email_sealed = tenant_keys(PLATFORM_TENANT).seal(EMAIL_FIELD, email)


def test_from_invitation_to_removal(landlord: str, visit: LogIn) -> None:
    vera, sara = visit("vera.nystrom", "hyresvard"), visit("sara.lindahl", "hyresvard")
    olle = visit("olle.hagman", "hyresvard")
    email = "olle.hagman@bjorkbo.example"
    inviting = form_of(vera.get(PATH)[1], "invite", f">{landlord}</h2>")
    status, page, _ = vera.post(f"{PATH}/invite", **{**inviting, "what": "agent", "invited": "x"})
    assert status == 422 and "namn@foretaget.se" in page
    inviting |= {"what": "agent", "invited": email, "idempotencyKey": "1"}
    assert vera.post(f"{PATH}/invite", **inviting)[0] == 303
    mine = section(vera.get(PATH)[1], landlord)
    assert email in mine and "En annan administratör bekräftar" in mine
    page = sara.get(PATH)[1]
    confirming = form_of(page, "confirm", f">{landlord}</h2>")
    # Whoever invited may send the form all the same: it is refused.
    assert vera.post(f"{PATH}/confirm", **{**confirming, "idempotencyKey": "own"})[0] == 403
    assert sara.post(f"{PATH}/confirm", **{**confirming, "idempotencyKey": "2"})[0] == 303
    link = re.search(r'value="http[^"]*(/hyresvard/invitations/[^"]+)"', sara.get(PATH)[1])
    assert link
    # Another person with the link, and the right one before the issuer vouches for the address.
    verified(("stina.obunden", "stina.obunden@nyvard.example"))
    stina = visit("stina.obunden", "hyresvard")
    assert stina.post(link[1])[0] == 404
    assert olle.post(link[1])[0] == 404
    verified(("olle.hagman", email))
    assert email in olle.get(link[1])[1]
    assert olle.post(link[1])[0] == 303
    assert olle.post(link[1])[0] == 404, "a link works once"
    assert landlord in olle.get(PATH)[1]
    # An agent keeps nobody's login.
    assert "Bjud in" not in section(olle.get(PATH)[1], landlord)
    removing = form_of(vera.get(PATH)[1], "remove", f">{landlord}</h2>")
    assert olle.post(f"{PATH}/remove", **{**removing, "idempotencyKey": "3"})[0] == 404
    making = form_of(vera.get(PATH)[1], "district", f">{landlord}</h2>")
    making |= {"name": "Norr", "idempotencyKey": "4"}
    status, _, place = vera.post(f"{PATH}/district", **making)
    assert status == 303 and place is not None
    page = vera.get(place)[1]
    kommun = re.search(r'name="kommunId" value="(Kommun_[0-9a-f]+)"', page)
    assert kommun
    properties = {"kommunId": kommun[1], "designations": "Björken 1\r\nBjörken 2"}
    assert vera.post(place, **properties, expectedVersion="1")[0] == 303
    assert "Björken 1\nBjörken 2" in vera.get(place)[1]
    page = section(vera.get(PATH)[1], landlord)
    narrowing = form_of(vera.get(PATH)[1], "narrow", f">{landlord}</h2>")
    narrowing |= {"districtIds": place.rsplit("/", 1)[1], "idempotencyKey": "5"}
    assert vera.post(f"{PATH}/narrow", **narrowing)[0] == 303
    assert "Norr" in section(olle.get(PATH)[1], landlord)
    page = vera.get(PATH)[1]
    removing = form_of(page[page.index(f">{landlord}</h2>") :], "remove", "Olle Hagman")
    assert vera.post(f"{PATH}/remove", **{**removing, "idempotencyKey": "6"})[0] == 303
    # Olle acted for nobody else: his session is shut.
    assert olle.get(PATH)[0] == 303


def test_a_link_that_leads_nowhere_says_the_same_as_any_other(visit: LogIn) -> None:
    verified(("stina.obunden", "stina.obunden@nyvard.example"))
    stina = visit("stina.obunden", "hyresvard")
    verified(("stina.obunden", "stina.obunden@nyvard.example"))
    for token in ("x", f"{PLATFORM_TENANT.hex}.{'a' * 43}", f"{'0' * 32}.{'a' * 43}"):
        status, page, _ = stina.post(f"/hyresvard/invitations/{token}")
        assert status == 404 and "Inbjudan fungerar inte" in page
