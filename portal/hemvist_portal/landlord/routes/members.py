"""A landlord's own people: who is in, who is invited and confirmed, who sees which districts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import RedirectResponse, Response

from hemvist.errors import NotFound
from hemvist.identity.sessions import verified_email
from hemvist.landlords.invitations import accept
from hemvist.tenancy import Audience, tenant_session
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form
from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.pages import Reader, Sent, done, landlord_router, show
from hemvist_portal.landlord.visitor import LandlordVisitor

router = landlord_router()


@router.get(f"/{SLUG}/members")
def members(visitor: Reader) -> Response:
    """Colleagues, invitations that wait, and districts."""
    return _list(visitor)


def _invite(form: Form) -> dict[str, Any]:
    return {
        "landlordId": form.one("landlordId"),
        "invited": form.one("invited"),
        "kind": "machine" if form.one("what") == "machine" else "person",
        "level": "administrator" if form.one("what") == "administrator" else "agent",
        "districtIds": form.many("districtIds"),
    }


def _invitation(form: Form) -> dict[str, Any]:
    return {"invitationId": form.one("invitationId"), "expectedVersion": form.version or 0}


def _remove(form: Form) -> dict[str, Any]:
    return {"memberId": form.one("memberId"), "expectedVersion": form.version or 0}


def _districts(form: Form) -> dict[str, Any]:
    return {**_remove(form), "districtIds": form.many("districtIds")}


def _district(form: Form) -> dict[str, Any]:
    return {"landlordId": form.one("landlordId"), "name": form.one("name")}


_ACTS: Mapping[str, tuple[str, str, Callable[[Form], dict[str, Any]]]] = {
    "invite": ("invite_member", "member_invited", _invite),
    "confirm": ("confirm_invitation", "invitation_confirmed", _invitation),
    "withdraw": ("withdraw_invitation", "invitation_withdrawn", _invitation),
    "remove": ("remove_member", "member_removed", _remove),
    "narrow": ("set_member_districts", "member_districts_set", _districts),
    "district": ("make_district", "district_made", _district),
}


@router.post(f"/{SLUG}/members/{{act}}")
def act_on(visitor: Reader, form: Sent, act: str) -> Response:
    """One act on a member, an invitation or the districts."""
    if act not in _ACTS:
        raise Missing
    form.prefix = act
    command, flash, values = _ACTS[act]
    made = visitor.command(command, form, values(form))
    if made is None:
        return _list(visitor, form)
    if act == "district":
        return done(visitor, f"members/districts/{made['district']['id']}", flash)
    return done(visitor, "members", flash)


@router.get(f"/{SLUG}/members/districts/{{district_id}}")
def district(visitor: Reader, district_id: str) -> Response:
    """A district: its properties in each kommun."""
    return _one_district(visitor, district_id)


@router.post(f"/{SLUG}/members/districts/{{district_id}}")
def set_properties(visitor: Reader, form: Sent, district_id: str) -> Response:
    """Write a kommun's properties of a district anew."""
    values = {
        "districtId": district_id,
        "kommunId": form.one("kommunId"),
        "designations": form.raw("designations").splitlines(),
        "expectedVersion": form.version or 0,
    }
    form.prefix = form.one("kommunId")
    if visitor.command("set_district_properties", form, values) is not None:
        return done(visitor, f"members/districts/{district_id}", "district_properties_set")
    return _one_district(visitor, district_id, form)


@router.get(f"/{SLUG}/invitations/{{token}}")
def invitation(visitor: Reader, token: str) -> Response:
    """Where somebody who is invited, and has logged in, says yes."""
    visitor.read("start")
    return show(
        visitor, "landlord/invitation.html", token=token, email=_email(visitor), tried=False
    )


@router.post(f"/{SLUG}/invitations/{{token}}")
def accept_invitation(visitor: Reader, form: Sent, token: str) -> Response:
    """Say yes."""
    email, principal_id = _email(visitor), visitor.session.actor.principal_id
    assert principal_id is not None
    try:
        accept(token, principal_id=principal_id, email=email)
    except NotFound:
        visitor.read("start")
        return show(visitor, "landlord/invitation.html", 404, token=token, email=email, tried=True)
    return RedirectResponse(f"/{SLUG}/start", 303, headers={"Cache-Control": "no-store"})


def _email(visitor: LandlordVisitor) -> str | None:
    actor = visitor.session.actor
    with tenant_session(Audience.STAFF, actor.tenant_id, actor.principal_id) as session:
        return verified_email(session, visitor.session.session_id)


def _list(visitor: LandlordVisitor, form: Form | None = None) -> Response:
    data = visitor.read("members")
    keeps = {one["id"] for one in data["me"]["landlords"] if one["level"] == "administrator"}

    def of(landlord: Mapping[str, Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [one for one in rows if (one["landlord"] or {}).get("id") == landlord["id"]]

    waiting = [edge["node"] for edge in data["invitations"]["edges"]]
    return show(
        visitor,
        "landlord/members.html",
        form=form,
        landlords=[
            {
                **one,
                "mine": one["id"] in keeps,
                "members": of(one, data["members"]),
                "districts": of(one, data["districts"]),
                "invitations": of(one, waiting),
            }
            for one in data["me"]["landlords"]
        ],
        district_names={one["id"]: one["name"] for one in data["districts"]},
    )


def _one_district(visitor: LandlordVisitor, district_id: str, form: Form | None = None) -> Response:
    one = visitor.node("district", "district", id=district_id)["district"]
    held: dict[str, list[str]] = {}
    for row in one["properties"]:
        if row["kommun"]:
            held.setdefault(row["kommun"]["id"], []).append(row["propertyDesignation"])
    return show(visitor, "landlord/district.html", one=one, held=held, form=form)
