"""Commands on keeping and thinning."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.retention import service
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class PlaceRetentionMarkInput:
    """What keeps a case from being thinned."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    kind: str = text(20, description="hold, child_placement or child_inquiry")
    reason: str = text(service.MAX_REASON)
    until: dt.date | None = strawberry.field(
        default=None, description="A hold's last day; else it holds until somebody lifts it."
    )
    person_id: strawberry.ID | None = refers_to(
        "Person", default=None, description="The child that an inquiry was about."
    )


@command(
    PlaceRetentionMarkInput,
    gives="retention_mark",
    description="Keep a case from being thinned: for now (hold), for good (child_placement), or"
    " until a child of its household is grown (child_inquiry).",
)
def place_retention_mark(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Keep a case from being thinned."""
    return service.place_mark(session, actor, **values)


@strawberry.input
class LiftRetentionMarkInput:
    """What no longer keeps a case."""

    idempotency_key: str
    retention_mark_id: strawberry.ID = refers_to("RetentionMark")
    expected_version: int


@command(
    LiftRetentionMarkInput,
    gives="retention_mark",
    description="Let a mark count no more. It stays, with who lifted it.",
)
def lift_retention_mark(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let a mark count no more."""
    return service.lift_mark(session, actor, mark_id=values.pop("retention_mark_id"), **values)


@strawberry.input
class ProposeThinningInput:
    """A thinning of what is due today."""

    idempotency_key: str


@command(
    ProposeThinningInput,
    gives="thinning_run",
    description="Let the worker gather what is due today, for somebody else to approve. Nothing is"
    " deleted by it.",
)
def propose_thinning(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let the worker gather what is due today."""
    return service.propose(session, actor, **values)


@strawberry.input
class ApproveThinningInput:
    """A thinning that is to be carried out."""

    idempotency_key: str
    thinning_run_id: strawberry.ID = refers_to("ThinningRun")
    expected_version: int


@command(
    ApproveThinningInput,
    gives="thinning_run",
    description="Let the worker carry out what another person has proposed. What it deletes does not"
    " come back.",
)
def approve_thinning(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Let the worker carry out what another person has proposed."""
    return service.approve(session, actor, run_id=values.pop("thinning_run_id"), **values)


@strawberry.input
class StopThinningInput:
    """A thinning that is to end."""

    idempotency_key: str
    thinning_run_id: strawberry.ID = refers_to("ThinningRun")
    expected_version: int


@command(
    StopThinningInput,
    gives="thinning_run",
    description="End a thinning. One that nobody has approved is withdrawn; of one that is approved"
    " the worker leaves the cases that still wait, after the one that it is at.",
)
def stop_thinning(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """End a thinning."""
    return service.stop(session, actor, run_id=values.pop("thinning_run_id"), **values)
