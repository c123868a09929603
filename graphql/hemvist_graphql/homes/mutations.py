"""Commands on keys and inspections."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from typing import Any

import strawberry

from hemvist.cases.access import open_matter
from hemvist.contracts.models import Contract
from hemvist.errors import ValidationFailed
from hemvist.homes import inspections, keys, photos
from hemvist.homes.models import Inspection
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text

#: In base64 four characters carry three bytes.
MAX_BASE64 = photos.MAX_BYTES * 4 // 3 + 8


@strawberry.input
class MoveKeysInput:
    """Keys handed out, returned or lost."""

    idempotency_key: str
    contract_id: strawberry.ID = refers_to("Contract")
    move: str = text(20, description="handed_out, returned or lost")
    key_kind: str = text(20, description="flat, entrance, storage, laundry, post or spare")
    holder: str = text(20, description="tenant, support or property")
    quantity: int
    moved_on: dt.date | None = None
    terms: str | None = text(
        2_000, default=None, description="Of a spare key, and of any that the tenant does not hold."
    )
    terms_agreed_on: dt.date | None = None
    receipt_signed: bool | None = None


@command(MoveKeysInput, gives="contract", description="Register keys handed out, returned or lost.")
def move_keys(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register keys handed out, returned or lost."""
    keys.move_keys(session, actor, **values)
    return session.find(Contract, values["contract_id"])


@strawberry.input
class InspectionItemInput:
    """A line of a protocol."""

    room: str = text(200)
    part: str = text(200)
    condition: str = text(20, description="good, worn, damaged or missing")
    note: str | None = text(2_000, default=None)
    cost_bearer: str | None = text(20, default=None, description="none, tenant or landlord")
    cost_ore: int | None = None


@strawberry.input
class RecordInspectionInput:
    """An inspection's protocol."""

    idempotency_key: str
    contract_id: strawberry.ID = refers_to("Contract")
    kind: str = text(20, description="move_in, status or move_out")
    held_on: dt.date | None = None
    present: list[str] = strawberry.field(description="Parties that were there.")
    items: list[InspectionItemInput]
    signed_by_tenant: bool | None = None
    notes: str | None = text(10_000, default=None)


@command(RecordInspectionInput, gives="contract", description="Keep the protocol of an inspection.")
def record_inspection(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Keep the protocol of an inspection."""
    inspections.record_inspection(session, actor, **values)
    return session.find(Contract, values["contract_id"])


@strawberry.input
class AddInspectionFileInput:
    """A photograph (JPEG, PNG) or a signed protocol (PDF)."""

    idempotency_key: str
    inspection_id: strawberry.ID = refers_to("Inspection")
    name: str = text(300)
    content_base64: str = text(
        MAX_BASE64, description="What is over the limit of a request goes by the portal's form."
    )
    caption: str | None = text(300, default=None)


@command(
    AddInspectionFileInput,
    gives="contract",
    description="Keep a photograph or a signed protocol; what the camera wrote into it is left out.",
)
def add_inspection_file(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Keep a photograph or a signed protocol."""
    try:
        content = base64.b64decode(values.pop("content_base64"), validate=True)
    except (binascii.Error, ValueError) as wrong:
        # Whose inspection it is comes first: to others there is none, whatever they send.
        open_matter(session, actor, Inspection, values["inspection_id"], Action.HOME_KEEP)
        raise ValidationFailed.one("contentBase64", "base64", "is not base64") from wrong
    row = photos.add_file(session, actor, content=content, **values)
    return session.find(Contract, session.find(Inspection, row.inspection_id).contract_id)
