"""Letting an address be shown."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hemvist import audit
from hemvist.addresses.models import AddressReveal
from hemvist.cases.access import case_for
from hemvist.cases.checks import raise_if
from hemvist.cases.journal import person_ids
from hemvist.cases.models import Case
from hemvist.clock import real_now
from hemvist.errors import NotAllowed, ValidationFailed, too_long
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession

REVEAL = "address.reveal"
#: For how long the address is shown.
SHOWN_FOR = timedelta(minutes=15)
#: A reason of fewer signs says nothing to whoever reviews the log.
SHORTEST, LONGEST = 10, 500


def reveal(session: TenantSession, actor: Actor, *, case_id: UUID, reason: str) -> Case:
    """Let the actor, and nobody else, see the addresses of the case's household for a short while.

    For those who read the case; who it was, when and why stays in the log (SoLPUL section 10).
    Raises ``NotFound``, ``NotAllowed``, ``ValidationFailed``.
    """
    case = case_for(session, actor, case_id, Action.CASE_READ)
    if actor.principal_id is None:
        raise NotAllowed(Action.CASE_READ, "somebody must answer for it")
    words = reason.strip()
    if len(words) < SHORTEST:
        raise ValidationFailed.one(
            "reason", "too_short", f"at least {SHORTEST} characters", limit=SHORTEST
        )
    raise_if(too_long("reason", words, LONGEST))
    now = real_now()
    row = session.save(
        AddressReveal(
            case_id=case.id,
            household_id=case.household_id,
            principal_id=actor.principal_id,
            reason=words,
            revealed_at=now,
            ends_at=now + SHOWN_FOR,
        )
    )
    audit.record(
        session,
        actor,
        REVEAL,
        kind="read",
        persons=person_ids(session, case.household_id),
        case_id=case.id,
        subject_type="address_reveal",
        subject_id=row.id,
    )
    session.flush()
    return case
