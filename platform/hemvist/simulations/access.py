"""Who sees which simulation, as a condition inside the query.

All of them are for those who write or approve versions; what is done, figures only, for all who
read policy.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, false, select

from hemvist.errors import NotFound
from hemvist.identity import Action, Actor, allows
from hemvist.simulations.models import Simulation
from hemvist.tenancy import TenantSession


def visible_simulations(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Simulation``: the actor sees it."""
    if allows(actor, Action.POLICY_CHANGE) or allows(actor, Action.POLICY_APPROVE):
        return Simulation.id.is_not(None)
    if allows(actor, Action.POLICY_READ):
        return Simulation.state == "done"
    return false()


def simulation_for(session: TenantSession, actor: Actor, simulation_id: UUID) -> Simulation:
    """The simulation, if the actor sees it. Raises ``NotFound``."""
    found = session.scalar(
        select(Simulation).where(Simulation.id == simulation_id, visible_simulations(actor))
    )
    if found is None:
        raise NotFound("Simulation")
    return found
