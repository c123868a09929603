"""Commands on milestones."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.takeovers.carrying import record_milestone_or_takeover
from hemvist.tenancy import TenantSession
from hemvist_graphql.checks import as_mapping
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text
from hemvist_graphql.scalars import Json


@strawberry.input
class RecordMilestoneInput:
    """An event that happened."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    milestone: str = text(100, description="One of the programme's milestones.")
    programme: str | None = text(
        100, default=None, description="Needed while none is chosen for the case."
    )
    happened_on: dt.date | None = None
    parties: list[str] = strawberry.field(description="Who took part.")
    agreed: list[str] | None = strawberry.field(
        default=None, description="Who agreed, where the programme asks for it."
    )
    told: list[str] | None = strawberry.field(
        default=None, description="Notices that were given before it."
    )
    agenda_done: list[str] | None = None
    notice: Json | None = strawberry.field(
        default=None,
        description="Of a notice: given_by (landlord or tenant), ground, ends_on, board_told_on, "
        "board_has_copy, demand_sent_on, arrears_served_on.",
    )
    went_on_because: str | None = text(
        5_000, default=None, description="Compulsory where the law warns or cannot tell."
    )
    notes: str | None = text(MAX_TEXT, default=None)


@command(
    RecordMilestoneInput,
    gives="milestone",
    description="Record an event that has no form of its own; stage and obligations follow.",
)
def record_milestone(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Record an event that has no form of its own."""
    return record_milestone_or_takeover(session, actor, **as_mapping(values, "notice"))
