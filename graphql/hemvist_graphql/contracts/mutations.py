"""Commands on contracts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.guarantees import service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.checks import as_mapping
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.legal.types import ClauseInput
from hemvist_graphql.scalars import Json


@strawberry.input
class SignContractInput:
    """A signed contract to register."""

    idempotency_key: str
    offer_id: strawberry.ID = refers_to("Offer")
    signed_on: dt.date | None = None
    starts_on: dt.date
    ends_on: dt.date | None = None
    terms: Json | None = strawberry.field(
        default=None, description="Term of the programme's contractTerms → value."
    )
    told_of_link_on: dt.date | None = strawberry.field(
        default=None,
        description="When the tenant was told that the home is tied to the assistance.",
    )
    owner_notified_on: dt.date | None = None
    clauses: list[ClauseInput] | None = strawberry.field(
        default=None, description="Beside those that the form carries."
    )
    waiver: Json | None = strawberry.field(
        default=None,
        description="Of tenure: own_document, needs_approval, approved, approval_number, months, "
        "partner_accepts, block_letting.",
    )
    went_on_because: str | None = text(
        5_000, default=None, description="Compulsory where guideline or law warns."
    )
    guarantee_months: int | None = strawberry.field(
        default=None, description="With a first-hand lease: one of guaranteeMonths."
    )
    guarantee_cap_ore: int | None = strawberry.field(
        default=None, description="The guarantee's cap, where it is agreed as an amount."
    )


@command(
    SignContractInput,
    gives="contract",
    description="Register a signed contract of the programme's form, with its guarantee.",
)
def sign_contract(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register a signed contract, with its guarantee."""
    return service.sign_contract(session, actor, **as_mapping(values, "terms", "waiver"))
