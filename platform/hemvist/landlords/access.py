"""The kommun's door for a landlord: opened by two, closed by one.

Independent of agreements: a landlord without one may contribute too.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist.clock import now
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.landlord_events import tell_landlord
from hemvist.landlords.models import Landlord, LandlordAccess
from hemvist.landlords.service import check_organisation_number, find_or_register
from hemvist.outbox import emit
from hemvist.tenancy import TenantSession

MAX_TEXT = 500
#: Of the outbox: somebody is to look at a door that a colleague proposes to open.
PROPOSED, OPENED, CLOSED = (
    "landlord_access_proposed",
    "landlord_access_opened",
    "landlord_access_closed",
)


def propose(
    session: TenantSession, actor: Actor, *, organisation_number: str, name: str
) -> LandlordAccess:
    """Propose that the kommun open its door for the landlord with this organisation number.

    ``name`` is for a landlord that is new here. A door that was declined or closed may be proposed
    anew. Raises ``NotAllowed``, ``ValidationFailed``, ``Conflict`` where it is open or proposed.
    """
    require(actor, Action.LANDLORD_ADMIT)
    number = check_organisation_number(organisation_number, "organisationNumber")
    problems = [number] if isinstance(number, Problem) else []
    if not name.strip():
        problems.append(Problem("name", "required", "must be filled in"))
    elif len(name) > MAX_TEXT:
        problems.append(
            Problem("name", "too_long", f"at most {MAX_TEXT} characters", {"limit": MAX_TEXT})
        )
    if problems or isinstance(number, Problem):
        raise ValidationFailed(problems)
    landlord = find_or_register(session, organisation_number=number, name=name)
    row = access_of(session, landlord.id, lock=True)
    if row is None:
        row = LandlordAccess(landlord_id=landlord.id)
        session.add(row)
    elif row.status in ("proposed", "open"):
        raise Conflict("landlord_access", f"the door is {row.status}", status=row.status)
    else:
        row.version += 1
    row.status, row.proposed_by, row.proposed_at = "proposed", _person(actor), now()
    row.decided_by = row.decided_at = row.closed_by = row.closed_at = row.reason = None
    session.flush()
    _record(session, actor, row, "propose")
    emit(session, PROPOSED, {"landlord_access_id": row.id})
    return row


def open_door(
    session: TenantSession, actor: Actor, *, access_id: UUID, expected_version: int
) -> LandlordAccess:
    """Open a door that somebody else has proposed. Raises ``NotAllowed`` to the one who did."""
    row = _proposed(session, actor, access_id, expected_version)
    row.status, row.decided_by, row.decided_at = "open", _person(actor), now()
    _record(session, actor, row, "open")
    emit(session, OPENED, {"landlord_access_id": row.id})
    return row


def decline(
    session: TenantSession, actor: Actor, *, access_id: UUID, expected_version: int, reason: str
) -> LandlordAccess:
    """Say no to a proposal of somebody else, and why."""
    row = _proposed(session, actor, access_id, expected_version)
    _require_reason(reason)
    row.status, row.decided_by, row.decided_at = "declined", _person(actor), now()
    row.reason = reason.strip()
    _record(session, actor, row, "decline")
    return row


def close_door(
    session: TenantSession, actor: Actor, *, access_id: UUID, expected_version: int, reason: str
) -> LandlordAccess:
    """Close an open door. The kommun is out of the landlord's reach when this is committed.

    One person is enough: what takes away need not wait for a second.
    """
    row = session.find(LandlordAccess, access_id)
    require(actor, Action.LANDLORD_ADMIT)
    _require_reason(reason)
    session.change(row, expected_version)
    if row.status != "open":
        raise Conflict("landlord_access", f"the door is {row.status}", status=row.status)
    row.status, row.closed_by, row.closed_at = "closed", _person(actor), now()
    row.reason = reason.strip()
    _record(session, actor, row, "close")
    emit(session, CLOSED, {"landlord_access_id": row.id})
    tell_landlord(session, "access.closed", landlord_id=row.landlord_id, subject_id=row.id)
    return row


def access_of(
    session: TenantSession, landlord_id: UUID, *, lock: bool = False
) -> LandlordAccess | None:
    """The kommun's door for the landlord, in whatever state; None where there never was one."""
    question = select(LandlordAccess).where(LandlordAccess.landlord_id == landlord_id)
    return session.scalar(question.with_for_update() if lock else question)


def require_open(session: TenantSession, landlord_id: UUID) -> None:
    """Raise ``Conflict`` unless the door is open."""
    row = access_of(session, landlord_id)
    if row is None or row.status != "open":
        raise Conflict("landlord_access", "the kommun has not opened its door for the landlord")


def landlord_named(session: TenantSession, landlord_id: UUID) -> Landlord:
    """The landlord with this id. Raises ``NotFound``."""
    found = session.scalar(select(Landlord).where(Landlord.id == landlord_id))
    if found is None:
        raise NotFound("Landlord")
    return found


def _proposed(
    session: TenantSession, actor: Actor, access_id: UUID, expected_version: int
) -> LandlordAccess:
    row = session.find(LandlordAccess, access_id)
    require(actor, Action.LANDLORD_ADMIT, not_by=[row.proposed_by])
    session.change(row, expected_version)
    if row.status != "proposed":
        raise Conflict("landlord_access", f"the door is {row.status}", status=row.status)
    # Locked now: whoever proposed it may have changed since it was read.
    require(actor, Action.LANDLORD_ADMIT, not_by=[row.proposed_by])
    return row


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationFailed.one("reason", "required", "must be filled in")
    if len(reason) > MAX_TEXT:
        raise ValidationFailed(
            [Problem("reason", "too_long", f"at most {MAX_TEXT} characters", {"limit": MAX_TEXT})]
        )


def _person(actor: Actor) -> UUID:
    assert actor.principal_id is not None
    return actor.principal_id


def _record(session: TenantSession, actor: Actor, row: LandlordAccess, what: str) -> None:
    audit.record(
        session,
        actor,
        Action.LANDLORD_ADMIT,
        subject_type="landlord_access",
        subject_id=row.id,
        details={"did": what},
    )
