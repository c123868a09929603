"""The states of a unit: which follows on which, and the line that is kept of each."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hemvist.clock import now
from hemvist.errors import Conflict
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import append
from hemvist.units.models import TRANSITIONS, Unit, UnitStateLine


def change_state(unit: Unit, state: str) -> None:
    """Change a unit's state without a line. Raises ``Conflict`` when the change is not allowed."""
    if state not in TRANSITIONS[unit.state]:
        raise Conflict("unit_state", f"the unit is {unit.state}", state=unit.state)
    unit.state = state
    unit.version += 1


def move(
    session: TenantSession,
    actor: Actor,
    unit: Unit,
    state: str,
    *,
    on: date,
    cause: str,
    subject_id: UUID | None = None,
) -> None:
    """Bring a locked unit into a state from a day on, and keep the line of it.

    ``cause`` is one of ``CAUSES``, ``subject_id`` the offer, contract or vacancy by which it happens.
    The one way in which a unit's state changes. Raises ``Conflict`` when it may not.
    """
    change_state(unit, state)
    keep_line(session, actor, unit, on=on, cause=cause, subject_id=subject_id)


def keep_line(
    session: TenantSession,
    actor: Actor,
    unit: Unit,
    *,
    on: date,
    cause: str,
    subject_id: UUID | None = None,
) -> None:
    """Keep the line of the state that a unit has come into."""
    append(
        session,
        UnitStateLine,
        unit_id=unit.id,
        landlord_id=unit.landlord_id,
        state=unit.state,
        since=on,
        cause=cause,
        subject_type=_SUBJECTS.get(cause, ""),
        subject_id=subject_id,
        recorded_at=now(),
        recorded_by=actor.principal_id,
    )


_SUBJECTS = {
    "taken_in": "vacancy",
    **dict.fromkeys(
        ("offer_made", "offer_accepted", "offer_declined", "offer_withdrawn", "offer_expired"),
        "offer",
    ),
    **dict.fromkeys(("contract_signed", "contract_ended", "taken_over"), "contract"),
}
