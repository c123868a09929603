"""Commands on contact cards."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist.contact_cards import service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class AddContactCardInput:
    """A card to add."""

    idempotency_key: str
    position: int = strawberry.field(description="1 is the way in; the others follow.")
    name: str = text(80, description="The function, never a person.")
    matters: str = text(300, description="What to call about.")
    phone: str | None = text(40, default=None)
    email: str | None = text(250, default=None)
    hours: str | None = text(300, default=None)
    out_of_hours: str | None = text(300, default=None)


@command(
    AddContactCardInput,
    gives="contact_card",
    description="Add a card that landlords see: whom to call, about what, and when.",
)
def add_contact_card(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Add a card."""
    return service.add(session, actor, **values)


@strawberry.input
class ChangeContactCardInput:
    """A card to write anew."""

    idempotency_key: str
    contact_card_id: strawberry.ID = refers_to("ContactCard")
    expected_version: int
    position: int
    name: str = text(80)
    matters: str = text(300)
    phone: str | None = text(40, default=None)
    email: str | None = text(250, default=None)
    hours: str | None = text(300, default=None)
    out_of_hours: str | None = text(300, default=None)


@command(ChangeContactCardInput, gives="contact_card", description="Write a card anew, all of it.")
def change_contact_card(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Write a card anew."""
    return service.change(session, actor, values.pop("contact_card_id"), **values)


@strawberry.input
class WithdrawContactCardInput:
    """A card to take out of use."""

    idempotency_key: str
    contact_card_id: strawberry.ID = refers_to("ContactCard")
    expected_version: int


@command(
    WithdrawContactCardInput,
    gives="contact_card",
    description="Take a card out of use: landlords see it no more.",
)
def withdraw_contact_card(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take a card out of use."""
    return service.withdraw(session, actor, values.pop("contact_card_id"), **values)
