"""What was closed to circles in a month, and who broke the glass of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from hemvist.cases.models import Case
from hemvist.circles.models import CaseCircle, CaseOpening, CircleRow
from hemvist.clock import SWEDISH_TIME
from hemvist.households.models import HouseholdMember
from hemvist.tenancy import TenantSession


def closed_in(session: TenantSession, begins: datetime, ends: datetime) -> frozenset[UUID]:
    """Cases and persons that were closed to a circle at some time in the month."""
    circles = session.scalars(
        select(CaseCircle.id).where(
            CaseCircle.closed_at < ends,
            or_(CaseCircle.in_force, CaseCircle.lifted_at >= begins),
        )
    ).all()
    return frozenset(one for rows in _rows_of(session, set(circles)).values() for one in rows)


def opened_in(
    session: TenantSession, begins: datetime, ends: datetime
) -> frozenset[tuple[UUID, UUID, date]]:
    """Who broke the glass of which case, with the persons and further cases behind the same circle, and
    each day on which the opening lasted. It may last for three days."""
    openings = session.execute(
        select(
            CaseOpening.principal_id,
            CaseOpening.case_id,
            CaseOpening.circle_id,
            CaseOpening.opened_at,
            CaseOpening.ends_at,
        ).where(CaseOpening.opened_at < ends, CaseOpening.ends_at >= begins)
    ).all()
    rows = _rows_of(session, {one.circle_id for one in openings})
    return frozenset(
        (one.principal_id, row, day)
        for one in openings
        for row in {one.case_id, *rows[one.circle_id]}
        for day in _days(one.opened_at, one.ends_at)
    )


def _days(first: datetime, last: datetime) -> list[date]:
    begins, ends = (at.astimezone(SWEDISH_TIME).date() for at in (first, last))
    return [begins + timedelta(days=number) for number in range((ends - begins).days + 1)]


def _rows_of(session: TenantSession, circles: set[UUID]) -> dict[UUID, set[UUID]]:
    """What is, or was until it was lifted, behind each circle."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    hidden = select(CircleRow.circle_id, CircleRow.row_id).where(
        CircleRow.circle_id.in_(sorted(circles))
    )
    # A circle that was lifted has no rows left; its household says what there was.
    cases = (
        select(CaseCircle.id, Case.id)
        .join(
            Case,
            (Case.tenant_id == CaseCircle.tenant_id)
            & (Case.household_id == CaseCircle.household_id),
        )
        .where(CaseCircle.id.in_(sorted(circles)))
    )
    persons = (
        select(CaseCircle.id, HouseholdMember.person_id)
        .join(
            HouseholdMember,
            (HouseholdMember.tenant_id == CaseCircle.tenant_id)
            & (HouseholdMember.household_id == CaseCircle.household_id),
        )
        .where(CaseCircle.id.in_(sorted(circles)))
    )
    for statement in (hidden, cases, persons):
        for circle_id, row_id in session.execute(statement):
            found[circle_id].add(row_id)
    return found
