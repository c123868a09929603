"""The kommun's own lease of one unit or several: signing it, giving units back, ending it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from hemvist import audit
from hemvist.cases.checks import effective_day, raise_if
from hemvist.contracts.chain import BLOCK_UNITS, HeadLease, HeadLeaseUnit, Letting
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor, allows, require
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

MAX_UNITS = 200
MAX_RENT_ORE = 1_000_000_000
MAX_REFERENCE = 200


def sign(
    session: TenantSession,
    actor: Actor,
    *,
    unit_ids: Sequence[UUID],
    reference: str = "",
    signed_on: date | None = None,
    starts_on: date,
    ends_on: date | None = None,
    rent_ore: int,
) -> HeadLease:
    """Register the kommun's lease of units of one landlord; three or more are a block letting.

    Raises ``NotAllowed``, ``NotFound``, ``ValidationFailed``, and ``Conflict`` (``unit_let``) when
    a unit is let first-hand already on one of the days.
    """
    units = known_units(session, actor, unit_ids)
    day = effective_day(signed_on, field="signedOn")
    raise_if(_check(unit_ids, reference, starts_on, ends_on, rent_ore))
    landlords = {unit.landlord_id for unit in units}
    if len(landlords) != 1:
        raise ValidationFailed.one("unitIds", "several_landlords", "units of one landlord")
    for unit in units:
        session.lock(unit)
    _free(session, unit_ids, starts_on)
    lease = session.save(
        HeadLease(
            landlord_id=landlords.pop(),
            reference=reference.strip(),
            state="signed",
            signed_on=day,
            starts_on=starts_on,
            ends_on=ends_on,
            rent_ore=rent_ore,
            units_signed=len(units),
            registered_by=actor.principal_id,
        )
    )
    for unit in units:
        session.save(HeadLeaseUnit(head_lease_id=lease.id, unit_id=unit.id, starts_on=starts_on))
    audit.record(
        session, actor, Action.UNIT_REGISTER, subject_type="head_lease", subject_id=lease.id
    )
    return lease


def end(
    session: TenantSession,
    actor: Actor,
    *,
    head_lease_id: UUID,
    expected_version: int,
    ended_on: date | None = None,
) -> HeadLease:
    """End the kommun's lease of all the units that it still has.

    Raises ``Conflict`` (``sublease_running``) while somebody lives in one of them by a sublease that
    hangs on it; ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    require(actor, Action.UNIT_REGISTER)
    lease = session.find(HeadLease, head_lease_id)
    day = effective_day(ended_on, field="endedOn", not_before=lease.signed_on)
    session.change(lease, expected_version)
    if lease.state == "ended":
        raise Conflict("head_lease_ended", "it has ended")
    running = session.scalar(
        select(Contract.id)
        .where(Contract.head_lease_id == lease.id, Contract.state == "signed")
        .limit(1)
    )
    if running is not None:
        raise Conflict("sublease_running", "a sublease of one of its units has not ended")
    for row in session.scalars(
        select(HeadLeaseUnit).where(
            HeadLeaseUnit.head_lease_id == lease.id, HeadLeaseUnit.ended_on.is_(None)
        )
    ):
        row.ended_on = day
    _close(lease, day)
    session.flush()
    audit.record(
        session, actor, Action.UNIT_REGISTER, subject_type="head_lease", subject_id=lease.id
    )
    return lease


def end_of(
    session: TenantSession,
    actor: Actor,
    *,
    unit: Unit,
    expected_version: int,
    ended_on: date | None = None,
) -> HeadLease:
    """``end`` of the lease that a unit stands in now. Raises ``NotFound`` where it stands in none."""
    require(actor, Action.UNIT_REGISTER)
    row = running(session, unit.id)
    if row is None:
        raise NotFound("HeadLease")
    return end(
        session,
        actor,
        head_lease_id=row.head_lease_id,
        expected_version=expected_version,
        ended_on=ended_on,
    )


def give_up(session: TenantSession, unit_id: UUID, on: date) -> None:
    """The kommun has the unit no longer: its lease of it, if one is registered, ends on a day.

    With its last unit the lease ends too.
    """
    row = running(session, unit_id)
    if row is None:
        return
    row.ended_on = on
    session.flush()
    lease = session.find(HeadLease, row.head_lease_id)
    session.lock(lease)
    left = session.scalar(
        select(HeadLeaseUnit.id)
        .where(HeadLeaseUnit.head_lease_id == lease.id, HeadLeaseUnit.ended_on.is_(None))
        .limit(1)
    )
    if left is None and lease.state != "ended":
        _close(lease, on)
        lease.version += 1
        session.flush()


def running(session: TenantSession, unit_id: UUID) -> HeadLeaseUnit | None:
    """The unit's place in the kommun's own lease that has not ended, or None."""
    return session.scalar(
        select(HeadLeaseUnit)
        .where(HeadLeaseUnit.unit_id == unit_id, HeadLeaseUnit.ended_on.is_(None))
        .order_by(HeadLeaseUnit.starts_on.desc())
        .limit(1)
    )


def covering(
    session: TenantSession, unit: Unit, starts_on: date, ends_on: date | None
) -> HeadLease | None:
    """The kommun's lease that a sublease of the unit hangs on, or None where none is registered.

    Raises ``ValidationFailed`` when the sublease would begin before it or end after it.
    """
    row = running(session, unit.id)
    if row is None:
        return None
    lease = session.find(HeadLease, row.head_lease_id)
    problems: list[Problem] = []
    if starts_on < lease.starts_on:
        problems.append(
            Problem(
                "startsOn",
                "before_head_lease",
                f"the kommun has the home from {lease.starts_on}",
                {"earliest": str(lease.starts_on)},
            )
        )
    if lease.ends_on is not None and ends_on is not None and ends_on > lease.ends_on:
        problems.append(
            Problem(
                "endsOn",
                "after_head_lease",
                f"the kommun has the home until {lease.ends_on}",
                {"latest": str(lease.ends_on)},
            )
        )
    raise_if(problems)
    return lease


def is_block(lease: HeadLease | None) -> bool:
    """Whether it was rented together with at least two other units (JB 12:45)."""
    return lease is not None and lease.units_signed >= BLOCK_UNITS


def known_units(session: TenantSession, actor: Actor, unit_ids: Sequence[UUID]) -> list[Unit]:
    """The units, for somebody who may register leases of them, in one order for everybody.

    Raises ``NotFound`` for units that the kommun has not, or to a role that reads no homes: whether
    there is such a home is not told. ``NotAllowed`` to who may read them and no more.
    """
    found = [session.find(Unit, one) for one in sorted(unit_ids)]
    if not allows(actor, Action.UNIT_READ):
        raise NotFound("Unit")
    require(actor, Action.UNIT_REGISTER)
    return found


def _close(lease: HeadLease, on: date) -> None:
    lease.state, lease.ended_on = "ended", on


def _free(session: TenantSession, unit_ids: Sequence[UUID], starts_on: date) -> None:
    """Say it in words before the database does."""
    taken = session.scalar(
        select(Letting.id)
        .where(
            Letting.unit_id.in_(unit_ids),
            Letting.level == "first_hand",
            or_(Letting.ends_on.is_(None), Letting.ends_on > starts_on),
        )
        .limit(1)
    )
    if taken is not None:
        raise Conflict("unit_let", "one of the units is let first-hand on these days")


def _check(
    unit_ids: Sequence[UUID], reference: str, starts: date, ends: date | None, rent_ore: int
) -> list[Problem]:
    problems: list[Problem] = []
    if not unit_ids:
        problems.append(Problem("unitIds", "required", "name at least one unit"))
    if len(unit_ids) > MAX_UNITS or len(set(unit_ids)) != len(unit_ids):
        problems.append(Problem("unitIds", "count", f"at most {MAX_UNITS}, each once"))
    problems += too_long("reference", reference, MAX_REFERENCE)
    if ends is not None and ends <= starts:
        problems.append(Problem("endsOn", "before_start", "ends before it begins"))
    if not 0 <= rent_ore <= MAX_RENT_ORE:
        problems.append(
            Problem("rentOre", "range", "out of bounds", {"min": 0, "max": MAX_RENT_ORE})
        )
    return problems
