"""Guarantees that the landlord holds, and what it claims on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from hemvist.documents.uploads import MAX_BYTES
from hemvist.guarantees import landlord_claims
from hemvist.guarantees.claims import MAX_NAME, MAX_TEXT
from hemvist.guarantees.landlord_views import CLAIMS, GUARANTEES
from hemvist.guarantees.models import GuaranteeClaim
from hemvist_graphql.checks import decoded
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.landlord.commands import Act, command
from hemvist_graphql.landlord.declaring import Node, shown
from hemvist_graphql.landlord.loading import in_kommun
from hemvist_graphql.landlord.refs import ClaimRef, GuaranteeRef, KommunRef, UnitRef
from hemvist_graphql.landlord.relations import to_many, to_one
from hemvist_graphql.landlord.roots import Ordering, listing, looked_up

MAX_BASE64 = MAX_BYTES * 4 // 3 + 8


@shown(CLAIMS)
@strawberry.type(description="What the landlord claims (krav) on a guarantee, and what came of it.")
class Claim(Node):
    """What the landlord claims on a guarantee."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    guarantee: GuaranteeRef | None = to_one("Guarantee", {"id": "guarantee_id"})
    kind: str = strawberry.field(description="rent or condition")
    state: str = strawberry.field(description="received, approved, refused or paid")
    amount_ore: int
    approved_ore: int
    paid_ore: int
    period_from: dt.date
    period_to: dt.date
    received_on: dt.date
    decided_on: dt.date | None


@shown(GUARANTEES)
@strawberry.type(
    description="What a kommun answers for on a lease of the landlord's (hyresgaranti, borgen)."
)
class Guarantee(Node):
    """What a kommun answers for on a lease of the landlord's."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    unit: UnitRef | None = to_one("Unit", {"id": "unit_id"})
    street_address: str
    apartment_number: str
    kind: str = strawberry.field(description="guarantee or surety")
    state: str = strawberry.field(description="active or ended")
    starts_on: dt.date
    ends_on: dt.date = strawberry.field(description="The first day without it, by its own period.")
    ended_on: dt.date | None
    covers: list[str] = strawberry.field(
        description="What can be claimed for: rent, condition. Empty means the rent."
    )
    rent_ore: int = strawberry.field(description="Monthly rent when it was given, in öre.")
    cap_ore: int = strawberry.field(description="The most that the kommun answers for.")
    approved_ore: int
    paid_ore: int
    claims: list[ClaimRef] = to_many(
        "Claim", {"guarantee_id": "id"}, order=lambda c: (c.received_on.desc(), c.id), limit=30
    )


@listing("Guarantee", Ordering(("starts_on", "id")), description="The latest first.")
def guarantees(
    kommun: strawberry.ID | None = None, state: str | None = None
) -> Sequence[ColumnElement[bool]]:
    """The landlord's guarantees, of a kommun, in a state."""
    found = [*in_kommun(GUARANTEES, kommun)]
    if state is not None:
        found.append(GUARANTEES.c.state == state[:40])
    return found


looked_up("Guarantee")
looked_up("Claim")


@strawberry.input
class ClaimOnGuaranteeInput:
    """A claim on a guarantee, with the document that it rests on."""

    idempotency_key: str
    guarantee_id: strawberry.ID = refers_to("Guarantee")
    kind: str = text(20, description="rent or condition")
    amount_ore: int
    period_from: dt.date
    period_to: dt.date
    document_kind: str = text(
        40, description="rent_statement, invoice, inspection_protocol, photos, notice or other"
    )
    title: str = text(MAX_NAME, description="What the document is.")
    name: str = text(300, description="The file's name.")
    content_base64: str = text(MAX_BASE64, description="PDF, JPEG or PNG, at most 8 megabytes.")
    notes: str = text(MAX_TEXT, default="")


@command(
    ClaimOnGuaranteeInput,
    gives="claim",
    description="Claim on a guarantee. The kommun decides, and two see it.",
)
def claim_on_guarantee(act: Act, values: dict[str, Any]) -> Any:
    """Claim on a guarantee."""
    content = decoded(values.pop("content_base64"))
    return landlord_claims.claim(act.session, act.actor, content=content, **values)


@strawberry.input
class AddClaimFileInput:
    """A further document of a claim that waits for its decision."""

    idempotency_key: str
    claim_id: strawberry.ID = refers_to("Claim")
    name: str = text(300, description="The file's name.")
    content_base64: str = text(MAX_BASE64, description="PDF, JPEG or PNG, at most 8 megabytes.")
    caption: str = text(300, default="")


@command(AddClaimFileInput, gives="claim", description="Add a document to a claim that waits.")
def add_claim_file(act: Act, values: dict[str, Any]) -> Any:
    """Add a document to a claim that waits."""
    content = decoded(values.pop("content_base64"))
    row = landlord_claims.add_file(act.session, act.actor, content=content, **values)
    return act.session.find(GuaranteeClaim, row.claim_id)
