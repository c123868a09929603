"""Contact cards (kontaktkort): the kommun's one way in, as landlords see it."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

_TEXTS = ("phone", "email", "hours", "outOfHours")


@router.get("/{slug}/contacts")
def contacts(visitor: Reader) -> Response:
    """The cards in use, the way in first."""
    page = visitor.read("contacts")["contactCards"]
    return show(visitor, "pages/contacts.html", cards=[edge["node"] for edge in page["edges"]])


@router.get("/{slug}/contacts/new")
def new_contact(visitor: Reader) -> Response:
    """The empty form, at the next place."""
    _editing(visitor)
    taken = [edge["node"]["position"] for edge in visitor.read("contacts")["contactCards"]["edges"]]
    return _form(visitor, Form.of(position=min(max(taken, default=0) + 1, 99)))


@router.post("/{slug}/contacts/new")
def add_contact(visitor: Reader, form: Sent) -> Response:
    """Add the card."""
    values = _values(form)
    if not form.problems and visitor.command("add_contact_card", form, values) is not None:
        return done(visitor, "contacts", "contact_added")
    _editing(visitor)
    return _form(visitor, form)


@router.get("/{slug}/contacts/{card_id}")
def contact(visitor: Reader, card_id: str) -> Response:
    """The form of a card."""
    card = visitor.node("contact", "contactCard", id=card_id)["contactCard"]
    _editing(visitor)
    names = ("position", "name", "matters", *_TEXTS)
    return _form(visitor, Form.of(card["version"], **{name: card[name] for name in names}), card)


@router.post("/{slug}/contacts/{card_id}")
def change_contact(visitor: Reader, form: Sent, card_id: str) -> Response:
    """Write the card anew, or take it out of use."""
    named = {"contactCardId": card_id, "expectedVersion": form.version or 0}
    if form.act == "withdraw":
        if visitor.command("withdraw_contact_card", form, named) is not None:
            return done(visitor, "contacts", "contact_withdrawn")
    else:
        values = {**named, **_values(form)}
        if not form.problems and visitor.command("change_contact_card", form, values) is not None:
            return done(visitor, "contacts", "contact_changed")
    card = visitor.node("contact", "contactCard", id=card_id)["contactCard"]
    _editing(visitor)
    return _form(visitor, form, card)


def _values(form: Form) -> dict[str, Any]:
    return without_none(
        {
            "position": form.read_int("position", required=True),
            "name": form.one("name"),
            "matters": form.one("matters"),
            **{name: form.one(name) or None for name in _TEXTS},
        }
    )


def _editing(visitor: Visitor) -> None:
    visitor.require("mayEditContacts", "contact_card.edit")


def _form(visitor: Visitor, form: Form, card: dict[str, Any] | None = None) -> Response:
    return show(visitor, "pages/contact_form.html", form=form, card=card)
