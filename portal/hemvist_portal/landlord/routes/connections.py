"""Mails to the reader, and connections (webhooks) of the landlord's own systems."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form
from hemvist_portal.instants import now_values, read_instant
from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.pages import Reader, Sent, done, landlord_router, show
from hemvist_portal.landlord.visitor import LandlordVisitor

router = landlord_router()
_AT = f"/{SLUG}/connections"


@router.get(_AT)
def connections(visitor: Reader) -> Response:
    """Which mails the reader gets, and the connections of their landlords."""
    return _list(visitor)


@router.post(f"{_AT}/mails")
def mails(visitor: Reader, form: Sent) -> Response:
    """Choose which mails to get."""
    values = {
        "mailChoiceId": form.one("mailChoiceId"),
        "atOnce": form.ticked("atOnce"),
        "daily": form.ticked("daily"),
        "language": visitor.lang,
        "expectedVersion": form.version or 0,
    }
    if visitor.command("choose_mails", form, values) is not None:
        return done(visitor, "connections", "mails_chosen")
    return _list(visitor, mails=form)


@router.get(f"{_AT}/new")
def new(visitor: Reader) -> Response:
    """The form for a new connection."""
    return _new(visitor, Form())


@router.post(f"{_AT}/new")
def add(visitor: Reader, form: Sent) -> Response:
    """Set up a connection; the answer shows its secret, which no other page does."""
    values = {"landlordId": form.one("landlordId"), **_written(form)}
    result = visitor.command("add_webhook_endpoint", form, values)
    if result is None:
        return _new(visitor, form)
    return _secret(visitor, result["webhookEndpoint"], renewed=False)


@router.get(_AT + "/{endpoint_id}")
def connection(visitor: Reader, endpoint_id: str, after: str = "") -> Response:
    """A connection: how it goes, and what it was sent."""
    return _one(visitor, endpoint_id, after=after)


@router.post(_AT + "/{endpoint_id}")
def change(visitor: Reader, endpoint_id: str, form: Sent) -> Response:
    """Change the connection, or switch it on or off."""
    values = {
        "endpointId": endpoint_id,
        **_written(form),
        "on": form.ticked("on"),
        "expectedVersion": form.version,
    }
    if visitor.command("change_webhook_endpoint", form, values) is not None:
        return done(visitor, f"connections/{endpoint_id}", "connection_changed")
    return _one(visitor, endpoint_id, changing=form)


@router.post(_AT + "/{endpoint_id}/acts")
def acts(visitor: Reader, endpoint_id: str, form: Sent) -> Response:
    """A test, a new secret, a message again, or the connection taken away."""
    here = f"connections/{endpoint_id}"
    named = {"endpointId": endpoint_id}
    match form.act:
        case "secret":
            values = {**named, "expectedVersion": form.version}
            result = visitor.command("renew_webhook_secret", form, values)
            if result is not None:
                return _secret(visitor, result["webhookEndpoint"], renewed=True)
        case "remove":
            values = {**named, "expectedVersion": form.version}
            if visitor.command("remove_webhook_endpoint", form, values) is not None:
                return done(visitor, "connections", "connection_removed")
        case "test":
            if visitor.command("test_webhook_endpoint", form, named) is not None:
                return done(visitor, here, "connection_tested")
        case "again":
            values = {"deliveryId": form.one("deliveryId")}
            if visitor.command("send_webhook_again", form, values) is not None:
                return done(visitor, here, "message_again")
    return _one(visitor, endpoint_id, acting=form)


@router.post(_AT + "/{endpoint_id}/since")
def since(visitor: Reader, endpoint_id: str, form: Sent) -> Response:
    """Send everything again from an instant on."""
    at = read_instant(form, "since", "sinceTime", required=True)
    if not form.failed:
        values = {"endpointId": endpoint_id, "since": at}
        if visitor.command("send_webhooks_since", form, values) is not None:
            return done(visitor, f"connections/{endpoint_id}", "messages_again")
    return _one(visitor, endpoint_id, sending=form)


def _written(form: Form) -> dict[str, Any]:
    return {"name": form.one("name"), "url": form.one("url"), "types": form.many("types")}


def _secret(visitor: LandlordVisitor, endpoint: Any, *, renewed: bool) -> Response:
    if endpoint is None:
        raise Missing
    visitor.read("connections")
    return show(visitor, "landlord/connection_secret.html", endpoint=endpoint, renewed=renewed)


def _list(visitor: LandlordVisitor, mails: Form | None = None) -> Response:
    data = visitor.read("connections")
    choice = next(iter(data["mailChoices"]), None)
    if mails is None:
        mails = Form()
        if choice is not None:
            mails = Form.of(
                choice["version"], atOnce=choice["atOnce"] or None, daily=choice["daily"] or None
            )
    return show(
        visitor,
        "landlord/connections.html",
        choice=choice,
        mails=mails,
        endpoints=data["webhookEndpoints"],
    )


def _new(visitor: LandlordVisitor, form: Form) -> Response:
    data = visitor.read("connections")
    own = [one for one in visitor.frame["landlords"] if one["level"] == "administrator"]
    if not own:
        raise Missing
    return show(
        visitor,
        "landlord/connection_new.html",
        form=form,
        landlords=own,
        types=[(one["type"], one["label"]) for one in data["eventTypes"]],
    )


def _one(
    visitor: LandlordVisitor,
    endpoint_id: str,
    *,
    after: str = "",
    changing: Form | None = None,
    acting: Form | None = None,
    sending: Form | None = None,
) -> Response:
    data = visitor.read("connection", id=endpoint_id, after=after or None)
    endpoint = data["webhookEndpoint"]
    if endpoint is None:
        raise Missing
    fresh = Form.of(
        endpoint["version"],
        name=endpoint["name"],
        url=endpoint["url"],
        types=endpoint["types"],
        on=True if endpoint["state"] == "on" else None,
    )
    sending = sending or Form.of(None, **now_values("since", "sinceTime"))
    sending.prefix = "since"
    return show(
        visitor,
        "landlord/connection.html",
        endpoint=endpoint,
        types=[(one["type"], one["label"]) for one in data["eventTypes"]],
        page=data["webhookDeliveries"],
        changing=changing or fresh,
        acting=acting or Form.of(endpoint["version"]),
        sending=sending,
    )
