"""Closing a case to a circle, naming who is in it, and lifting it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from hemvist.cases.access import case_for
from hemvist.cases.checks import raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.circles.models import CaseCircle, CircleMember
from hemvist.clock import now, today
from hemvist.errors import Conflict, NotFound, ValidationFailed
from hemvist.households.models import Household
from hemvist.identity import MATRIX, Action, Actor, Role, require
from hemvist.identity.models import MembershipRow, Principal
from hemvist.tenancy import TenantSession

#: A circle of everybody is none.
MAX_MEMBERS = 30
MAX_REASON = 2_000
#: How many are offered to choose among.
MAX_PEOPLE = 1_000
#: Roles that see something of a case: in a department, by a commission, or for a protected move.
_WITH_CASES = sorted(
    role.value
    for role, given in MATRIX.items()
    if {Action.CASE_READ, Action.COMMISSION_READ, Action.TRANSFER_READ} & given.keys()
)


def close(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    members: Collection[UUID],
    reason: str,
    expected_version: int,
) -> CaseCircle:
    """Close the case, and every case of its household, to named people and the manager who acts.

    Raises ``NotFound`` (case, person), ``NotAllowed``, ``ValidationFailed`` (reason, members),
    ``Conflict`` when it is closed to a circle already or was changed meanwhile.
    """
    case = case_for(session, actor, case_id, Action.CIRCLE_KEEP)
    assert actor.principal_id is not None
    named = list(dict.fromkeys([actor.principal_id, *members]))
    for one in named:
        _person(session, one)
    raise_if(required_text("reason", reason, MAX_REASON))
    if len(named) > MAX_MEMBERS:
        raise ValidationFailed.one(
            "members", "circle_too_large", "too many people", limit=MAX_MEMBERS
        )
    # Cases are opened under the household's lock, and so is the circle.
    session.lock(session.find(Household, case.household_id))
    if circle_of(session, case.id) is not None:
        raise Conflict("already_closed_to_circle", "the case is closed to a circle already")
    left_out = _handlers(session, case.household_id) - set(named)
    if left_out:
        raise ValidationFailed.one(
            "members", "handler_left_out", "who handles the case must be in its circle"
        )
    session.change(case, expected_version)
    circle = session.save(
        CaseCircle(
            case_id=case.id,
            household_id=case.household_id,
            department=case.department,
            reason=reason.strip(),
            closed_at=now(),
            closed_by=actor.principal_id,
        )
    )
    for one in named:
        _add(session, actor, circle, one)
    # Hidden from here on, for everybody else.
    circle.in_force = True
    session.flush()
    _record(session, actor, case, circle, "circle_closed", members=len(named))
    return circle


def add_member(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    principal_id: UUID,
    expected_version: int,
) -> CaseCircle:
    """Let one more person see the case. Raises as ``close`` does; ``Conflict`` for who is in it."""
    case, circle = _kept(session, actor, case_id)
    person = _person(session, principal_id)
    session.change(circle, expected_version)
    if person.id in members_of(session, circle.id):
        raise Conflict("already_in_circle", "this person is in the circle")
    _add(session, actor, circle, person.id)
    session.flush()
    _record(session, actor, case, circle, "circle_changed", added=str(person.id))
    return circle


def remove_member(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    principal_id: UUID,
    expected_version: int,
) -> CaseCircle:
    """Let a person see the case no longer, from now on.

    A manager of the department stays in it, and so does who handles the case: ``Conflict``.
    """
    case, circle = _kept(session, actor, case_id)
    session.change(circle, expected_version)
    row = session.scalar(
        select(CircleMember).where(
            CircleMember.circle_id == circle.id,
            CircleMember.principal_id == principal_id,
            CircleMember.opening_id.is_(None),
            CircleMember.removed_at.is_(None),
        )
    )
    if row is None:
        raise NotFound("Principal")
    left = members_of(session, circle.id) - {principal_id}
    if principal_id in _handlers(session, circle.household_id):
        raise Conflict("handler_left_out", "who handles the case must be in its circle")
    if not _managers(session, circle.department) & left:
        raise Conflict("circle_needs_manager", "a manager of the department must be in the circle")
    # First the line, while whoever leaves by their own act still sees the case.
    _record(session, actor, case, circle, "circle_changed", removed=str(principal_id))
    row.removed_at, row.removed_by = now(), actor.principal_id
    session.flush()
    return circle


def lift(
    session: TenantSession, actor: Actor, *, case_id: UUID, reason: str, expected_version: int
) -> CaseCircle:
    """Let the case, and all of its household, be seen as other cases are."""
    case, circle = _kept(session, actor, case_id)
    raise_if(required_text("reason", reason, MAX_REASON))
    session.change(circle, expected_version)
    _record(session, actor, case, circle, "circle_lifted")
    circle.lifted_at, circle.lifted_by = now(), actor.principal_id
    circle.lifted_reason = reason.strip()
    circle.in_force = False
    session.flush()
    return circle


def circle_of(session: TenantSession, case_id: UUID) -> CaseCircle | None:
    """The circle that the case is closed to now, or None of an open one."""
    return session.scalar(
        select(CaseCircle)
        .join(
            Case,
            (Case.tenant_id == CaseCircle.tenant_id)
            & (Case.household_id == CaseCircle.household_id),
        )
        .where(Case.id == case_id, CaseCircle.in_force)
    )


def members_of(session: TenantSession, circle_id: UUID) -> set[UUID]:
    """Whoever is named in the circle now; without those who have opened it for a time."""
    return set(
        session.scalars(
            select(CircleMember.principal_id).where(
                CircleMember.circle_id == circle_id,
                CircleMember.opening_id.is_(None),
                CircleMember.removed_at.is_(None),
            )
        )
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody whom a circle may name."""

    id: UUID
    name: str
    departments: list[str]


def people(session: TenantSession, actor: Actor) -> list[Choice]:
    """Whom a circle may name: those who log in here and whose role has to do with cases, by name.

    Raises ``NotAllowed`` for who keeps no circles.
    """
    require(actor, Action.CIRCLE_KEEP)
    departments = func.array_agg(
        aggregate_order_by(MembershipRow.department, MembershipRow.department)
    )
    found = session.execute(
        select(Principal.id, Principal.display_name, departments)
        .join(
            MembershipRow,
            (MembershipRow.tenant_id == Principal.tenant_id)
            & (MembershipRow.principal_id == Principal.id),
        )
        .where(
            Principal.tenant_id == actor.tenant_id,
            Principal.status == "active",
            Principal.kind == "person",
            MembershipRow.role.in_(_WITH_CASES),
        )
        .group_by(Principal.id, Principal.display_name)
        .order_by(Principal.display_name, Principal.id)
        .limit(MAX_PEOPLE)
    )
    return [
        Choice(row_id, name, sorted({code for code in codes if code}))
        for row_id, name, codes in found
    ]


def _kept(session: TenantSession, actor: Actor, case_id: UUID) -> tuple[Case, CaseCircle]:
    case = case_for(session, actor, case_id, Action.CIRCLE_KEEP)
    circle = circle_of(session, case.id)
    if circle is None:
        raise NotFound("CaseCircle")
    # Who has opened it for some hours changes nothing of it.
    if actor.principal_id not in members_of(session, circle.id):
        raise Conflict("not_in_circle", "only who is named in the circle changes it")
    return case, circle


def _person(session: TenantSession, principal_id: UUID) -> Principal:
    person = session.find(Principal, principal_id)
    if person.status != "active" or person.kind != "person":
        raise ValidationFailed.one("members", "nobody_active", "is nobody who can log in")
    return person


def _handlers(session: TenantSession, household_id: UUID) -> set[UUID]:
    found = session.scalars(
        select(Case.handler_id).where(Case.household_id == household_id, Case.state == "open")
    )
    return {one for one in found if one is not None}


def _managers(session: TenantSession, department: str) -> set[UUID]:
    return set(
        session.scalars(
            select(MembershipRow.principal_id).where(
                MembershipRow.role == Role.DEPARTMENT_MANAGER.value,
                MembershipRow.department == department,
            )
        )
    )


def _add(session: TenantSession, actor: Actor, circle: CaseCircle, principal_id: UUID) -> None:
    assert actor.principal_id is not None
    session.save(
        CircleMember(
            circle_id=circle.id,
            principal_id=principal_id,
            added_at=now(),
            added_by=actor.principal_id,
        )
    )


def _record(
    session: TenantSession,
    actor: Actor,
    case: Case,
    circle: CaseCircle,
    kind: str,
    **data: object,
) -> None:
    record(
        session,
        actor,
        case,
        kind,
        today(),
        action=Action.CIRCLE_KEEP,
        subject_type="case_circle",
        subject_id=circle.id,
        data=data,
    )
