"""Which unit somebody may act on, and who is told that it is there."""

from __future__ import annotations

from uuid import UUID

from hemvist.errors import NotFound
from hemvist.identity import Action, Actor, allows, require
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit


def unit_for(session: TenantSession, actor: Actor, unit_id: UUID, action: Action) -> Unit:
    """The unit, for an ``action`` that the actor may do on it.

    Raises ``NotFound`` also to who may neither read homes at large nor do it for the unit's landlord:
    they are not told which units there are. Raises ``NotAllowed`` to the others.
    """
    unit = session.find(Unit, unit_id)
    if not (allows(actor, Action.UNIT_READ) or allows(actor, action, landlord=unit.landlord_id)):
        raise NotFound("Unit")
    require(actor, action, landlord=unit.landlord_id)
    return unit
