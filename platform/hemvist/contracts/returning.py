"""A vacant unit goes back to its owner (bostaden lämnas tillbaka)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hemvist import audit
from hemvist.cases.checks import effective_day
from hemvist.contracts.head_leases import give_up
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession
from hemvist.units.access import unit_for
from hemvist.units.models import Unit
from hemvist.units.service import give_up_kept
from hemvist.units.states import move


def give_back(
    session: TenantSession,
    actor: Actor,
    *,
    unit_id: UUID,
    expected_version: int,
    kept_because: str = "",
    on: date | None = None,
) -> Unit:
    """Give a vacant unit back to its owner; the kommun's own lease of it ends that day.

    One that is kept for another household goes back only with a reason. Raises
    ``ValidationFailed``, ``Conflict`` when it is not vacant, ``NotFound``, ``NotAllowed``.
    """
    unit = unit_for(session, actor, unit_id, Action.UNIT_REGISTER)
    day = effective_day(on)
    session.lock(unit)
    session.require_version(unit, expected_version)
    give_up_kept(unit, kept_because, "keptBecause")
    move(session, actor, unit, "returned", on=day, cause="given_back")
    session.flush()
    give_up(session, unit.id, day)
    audit.record(session, actor, "unit.give_back", subject_type="unit", subject_id=unit.id)
    return unit
