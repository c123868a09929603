"""Commands on simulations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.simulations import service
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class RequestSimulationInput:
    """Which two versions are compared, on which day, and on what."""

    idempotency_key: str
    pack: str = text(100)
    old_version: str = text(40)
    new_version: str = text(40, description="A draft must have passed its check.")
    judged_on: dt.date | None = strawberry.field(
        default=None,
        description="The day that both are judged on; else today, or the first day on which both "
        "can be.",
    )
    programme: str | None = text(
        100, default=None, description="Only its rules, and only cases in it or in none."
    )
    rules: list[str] | None = strawberry.field(
        default=None, description="Only these rules; everything when left out."
    )


@command(
    RequestSimulationInput,
    gives="simulation",
    description="Ask what a version would change for the current cases. The worker carries it out.",
)
def request_simulation(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Ask what a version would change for the current cases."""
    return service.request(session, actor, **values)


@strawberry.input
class CancelSimulationInput:
    """A simulation that is to stop."""

    idempotency_key: str
    simulation_id: strawberry.ID = refers_to("Simulation")


@command(
    CancelSimulationInput,
    gives="simulation",
    description="Cancel a simulation; the worker stops after the part that it is at.",
)
def cancel_simulation(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Cancel a simulation."""
    return service.cancel(session, actor, **values)
