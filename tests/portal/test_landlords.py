"""Letting a landlord in, page by page: one proposes and invites, a colleague opens and confirms."""

from __future__ import annotations

import re
from collections.abc import Callable

from hemvist_landlords import organisation_number
from hemvist_visits import Visit

LogIn = Callable[..., Visit]
PATH = "/karlstad/landlords"


def version_in(page: str, act: str) -> str:
    """What the form of ``act`` would send."""
    found = re.search(rf'/{act}">.*?name="expectedVersion" value="(\d+)"', page, re.S)
    assert found, page
    return found[1]


def invitation_in(page: str) -> str:
    found = re.search(r'name="invitationId" value="(LandlordInvitation_[0-9a-f]+)"', page)
    assert found, page
    return found[1]


def test_two_open_the_door_and_two_invite(visit: LogIn) -> None:
    one, other = visit("sanna.tervo", "karlstad"), visit("rasmus.frykman", "karlstad")
    assert one.post(PATH, organisationNumber="559000-0006", name="Björkbo")[0] == 422
    values = {"organisationNumber": organisation_number(), "name": "Björkbo Fastigheter AB"}
    status, page, place = one.post(PATH, **values, idempotencyKey="propose")
    assert status == 303 and place is not None, page
    mine = one.get(place)[1]
    assert "Du föreslog det" in mine and "Öppna för hyresvärden" not in mine
    # Whoever proposed may send the form all the same: it is refused.
    assert one.post(f"{place}/open", expectedVersion="1", idempotencyKey="own")[0] == 403
    theirs = other.get(place)[1]
    version = version_in(theirs, "open")
    assert other.post(f"{place}/open", expectedVersion=version, idempotencyKey="o")[0] == 303
    landlord = re.search(r'name="landlordId" value="(Landlord_[0-9a-f]+)"', one.get(place)[1])
    assert landlord
    invited = {"landlordId": landlord[1], "level": "administrator", "invited": "vera"}
    status, page, _ = one.post(f"{place}/invite", **invited, idempotencyKey="i1")
    assert status == 422 and "namn@foretaget.se" in page
    invited["invited"] = "vera.nystrom@bjorkbo.example"
    assert one.post(f"{place}/invite", **invited, idempotencyKey="i2")[0] == 303
    page = one.get(place)[1]
    assert "/hyresvard/invitations/" not in page and "Bekräfta" not in page
    confirming = {"invitationId": invitation_in(page), "expectedVersion": "1"}
    assert one.post(f"{place}/confirm", **confirming, idempotencyKey="c1")[0] == 403
    assert other.post(f"{place}/confirm", **confirming, idempotencyKey="c2")[0] == 303
    assert "/hyresvard/invitations/" in one.get(place)[1]
    # One is enough to close, and says why.
    version = version_in(one.get(place)[1], "close")
    closing = {"expectedVersion": version, "reason": ""}
    assert one.post(f"{place}/close", **closing, idempotencyKey="x1")[0] == 422
    closing["reason"] = "Avtalet är uppsagt"
    assert one.post(f"{place}/close", **closing, idempotencyKey="x2")[0] == 303
    assert "Stängd" in one.get(place)[1]


def test_caseworkers_read_and_may_not_admit(visit: LogIn) -> None:
    caseworker = visit("aida.lindqvist")
    status, page = caseworker.get("/helsingborg/landlords")
    assert status == 200 and "Ge en hyresvärd tillgång" not in page
    values = {"organisationNumber": organisation_number(), "name": "Björkbo"}
    assert caseworker.post("/helsingborg/landlords", **values)[0] == 403


def test_landlords_addresses_are_no_kommuns(visit: LogIn) -> None:
    """A landlord's slug has no pages of staff, and its session opens none."""
    officer = visit("sanna.tervo", "karlstad")
    assert officer.get("/hyresvard/cases")[0] in (303, 404)
    vera = visit("vera.nystrom", "hyresvard")
    for page in ("today", "cases", "landlords", "units", "households"):
        assert vera.get(f"/karlstad/{page}")[0] == 303, page
        assert vera.get(f"/hyresvard/{page}")[0] in (200, 404), page
