"""Commands on obligations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.follow_ups import planning
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to


@strawberry.input
class PlanObligationInput:
    """The day on which an obligation is to be done."""

    idempotency_key: str
    obligation_id: strawberry.ID = refers_to("Obligation")
    planned_on: dt.date
    expected_version: int


@command(
    PlanObligationInput,
    gives="obligation",
    description="Plan the day on which an obligation is done, at the latest the guideline's day.",
)
def plan_obligation(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Plan the day on which an obligation is done."""
    return planning.plan_obligation(session, actor, **values)
