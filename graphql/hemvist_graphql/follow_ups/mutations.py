"""Commands on follow-ups."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.follow_ups import ending, service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.checks import as_mapping
from hemvist_graphql.command import command
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text
from hemvist_graphql.scalars import Json


@strawberry.input
class RecordFollowUpInput:
    """A follow-up that was held."""

    idempotency_key: str
    obligation_id: strawberry.ID = refers_to("Obligation")
    held_on: dt.date | None = None
    departments: list[str] = strawberry.field(description="Departments that took part.")
    resident_took_part: bool
    in_the_home: bool
    agenda_done: list[str] | None = None
    notes: str | None = text(MAX_TEXT, default=None)
    parties: list[str] | None = strawberry.field(
        default=None, description="Others who took part, in the pack's words."
    )
    checklist: Json | None = strawberry.field(
        default=None, description="The filled-in form: its lines' values, remarks as LINE.remark."
    )
    send_checklist: bool | None = strawberry.field(
        default=None, description="Send the form at once to those whom the guideline names."
    )
    plan: Json | None = strawberry.field(
        default=None, description="The plan's content, where one is drawn up."
    )
    expected_version: int


@command(
    RecordFollowUpInput,
    gives="follow_up",
    description="Record a follow-up that carries out an obligation, with the plan drawn up at it.",
)
def record_follow_up(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Record a follow-up."""
    return service.record_follow_up(session, actor, **as_mapping(values, "plan", "checklist"))


@strawberry.input
class EndFollowUpInput:
    """That the duty to follow up ends."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    departments: list[str] = strawberry.field(
        description="Departments that agreed on it; every side that the guideline names."
    )
    on: dt.date | None = None
    expected_version: int


@command(
    EndFollowUpInput,
    gives="case",
    description="End the duty to follow up a household: the guideline's rule is true, and another "
    "person has concluded so.",
)
def end_follow_up(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """End the follow-up."""
    return ending.end_follow_up(session, actor, **values)
