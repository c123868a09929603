"""Which mails a landlord's person wants (lv_mail_choices)."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from hemvist.landlord_mails import service
from hemvist.landlord_mails.landlord_views import CHOICES
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.landlord.commands import Act, command
from hemvist_graphql.landlord.declaring import Node, shown
from hemvist_graphql.landlord.roots import looked_up, whole


@shown(CHOICES)
@strawberry.type(
    description="Which mails the caller wants. Who acts for several landlords has one of them for"
    " each; a choice holds for all."
)
class MailChoice(Node):
    """Which mails the caller wants."""

    at_once: bool = strawberry.field(description="A mail at once for a new offer.")
    daily: bool = strawberry.field(description="One mail a day of all else that is new.")
    language: str
    mailed: bool = strawberry.field(description="False where no address is known: a machine.")
    version: int


@whole(
    "MailChoice",
    order=lambda c: (c.id,),
    length=3,
    description="Which mails the caller wants.",
)
def mail_choices() -> Sequence[ColumnElement[bool]]:
    """All of them."""
    return ()


looked_up("MailChoice")


@strawberry.input(description="Choose which mails to get.")
class ChooseMailsInput:
    """Choose which mails to get."""

    idempotency_key: str
    mail_choice_id: strawberry.ID = refers_to("MailChoice")
    at_once: bool
    daily: bool
    language: str = text(2)
    expected_version: int


@command(
    ChooseMailsInput,
    gives="mail_choice",
    description="Choose which mails the caller gets, for all landlords that they act for.",
)
def choose_mails(act: Act, values: dict[str, Any]) -> Any:
    """Choose which mails to get."""
    row_id = values.pop("mail_choice_id")
    service.choose(act.session, act.actor, **values)
    return SimpleNamespace(id=row_id)
