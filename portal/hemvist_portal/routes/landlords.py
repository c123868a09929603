"""Landlords' access to the kommun: who is let in, by whom, and their first people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()


@router.get("/{slug}/landlords")
def landlords(visitor: Reader, after: str | None = None) -> Response:
    """The landlords that have access, and those that wait for it."""
    return _list(visitor, Form.of(), after)


@router.post("/{slug}/landlords")
def propose(visitor: Reader, form: Sent) -> Response:
    """Propose a landlord."""
    values = {name: form.one(name) for name in ("organisationNumber", "name")}
    made = visitor.command("propose_landlord_access", form, values)
    if made is not None:
        return done(visitor, f"landlords/{made['landlordAccess']['id']}", "landlord_proposed")
    return _list(visitor, form, None)


@router.get("/{slug}/landlords/{access_id}")
def landlord(visitor: Reader, access_id: str) -> Response:
    """One landlord: its access here, and whom the kommun has invited."""
    return _one(visitor, access_id)


def _door(form: Form, access_id: str) -> dict[str, Any]:
    return {"accessId": access_id, "expectedVersion": form.version or 0}


def _reasoned(form: Form, access_id: str) -> dict[str, Any]:
    return {**_door(form, access_id), "reason": form.one("reason")}


def _invited(form: Form, access_id: str) -> dict[str, Any]:
    return {
        "landlordId": form.one("landlordId"),
        "invited": form.one("invited"),
        "level": form.one("level") or "administrator",
        "kind": "person",
    }


def _invitation(form: Form, access_id: str) -> dict[str, Any]:
    return {"invitationId": form.one("invitationId"), "expectedVersion": form.version or 0}


_ACTS: Mapping[str, tuple[str, str, Callable[[Form, str], dict[str, Any]]]] = {
    "open": ("open_landlord_access", "landlord_opened", _door),
    "decline": ("decline_landlord_access", "landlord_declined", _reasoned),
    "close": ("close_landlord_access", "landlord_closed", _reasoned),
    "invite": ("invite_for_landlord", "landlord_invited", _invited),
    "confirm": ("confirm_landlord_invitation", "invitation_confirmed", _invitation),
    "withdraw": ("withdraw_landlord_invitation", "invitation_withdrawn", _invitation),
}


@router.post("/{slug}/landlords/{access_id}/{act}")
def act_on(visitor: Reader, form: Sent, access_id: str, act: str) -> Response:
    """One act on a landlord's access, or on an invitation."""
    if act not in _ACTS:
        raise Missing
    form.prefix = act
    command, flash, values = _ACTS[act]
    if visitor.command(command, form, values(form, access_id)) is not None:
        return done(visitor, f"landlords/{access_id}", flash)
    return _one(visitor, access_id, form)


def _list(visitor: Visitor, form: Form, after: str | None) -> Response:
    page = visitor.read("landlords", after=after)["landlordAccesses"]
    return show(visitor, "pages/landlords.html", page=page, form=form)


def _one(visitor: Visitor, access_id: str, form: Form | None = None) -> Response:
    one = visitor.node("landlord_access", "landlordAccess", id=access_id)["landlordAccess"]
    return show(visitor, "pages/landlord.html", one=one, form=form)
