"""Closed circles (slutna kretsar), their people, and openings by break-glass."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement, exists, false, or_, select, true

from hemvist.cases.access import reading_departments
from hemvist.cases.models import Case as CaseRow
from hemvist.circles.models import CaseCircle as CircleRow
from hemvist.circles.models import CaseOpening as OpeningRow
from hemvist.circles.models import CircleMember as MemberRow
from hemvist.identity import Action, Actor, allows
from hemvist_graphql.access import of_own_case
from hemvist_graphql.choosing import listed
from hemvist_graphql.reading import Node, Readable, column, opened, reads, to_one
from hemvist_graphql.refs import CaseRef, CircleMemberRef, PrincipalRef
from hemvist_graphql.states import CaseOpeningState


def _own_circles(actor: Actor) -> ColumnElement[bool]:
    """Circles round households with a case of a department of the actor's own.

    Of a case that is closed to others the database shows no row, and so no circle.
    """
    own, _ = reading_departments(actor, Action.CASE_READ)
    if not own:
        return false()
    return exists(
        select(CaseRow.id).where(
            CaseRow.tenant_id == CircleRow.tenant_id,
            CaseRow.household_id == CircleRow.household_id,
            CaseRow.department.in_(sorted(own)),
        )
    )


def _members_seen(actor: Actor) -> ColumnElement[bool]:
    return exists(
        select(CircleRow.id).where(
            CircleRow.tenant_id == MemberRow.tenant_id,
            CircleRow.id == MemberRow.circle_id,
            _own_circles(actor),
        )
    )


def _openings_seen(actor: Actor) -> ColumnElement[bool]:
    """All for a log reviewer; their own for who broke in; and the case's for who sees the case."""
    if allows(actor, Action.GLASS_REVIEW):
        return true()
    return or_(of_own_case(OpeningRow)(actor), OpeningRow.principal_id == actor.principal_id)


@reads(CircleRow, visible=_own_circles, case=CircleRow.case_id)
@strawberry.type(
    description="A closed circle (sluten krets): a household and its cases are there for named people."
)
class CaseCircle(Node):
    """A closed circle."""

    in_force: bool = column(CircleRow.in_force)
    department: str = column(
        CircleRow.department, description="Whose manager closed it, and stays in it."
    )
    reason: str = opened(CircleRow.reason, description="Why it was closed.")
    closed_at: dt.datetime = column(CircleRow.closed_at)
    closed_by: PrincipalRef | None = to_one("Principal", CircleRow.closed_by)
    lifted_at: dt.datetime | None = column(CircleRow.lifted_at)
    version: int = column(CircleRow.version)
    members: list[CircleMemberRef] = listed(
        "CircleMember",
        MemberRow.circle_id,
        order=(MemberRow.added_at, MemberRow.id),
        where=lambda _: (MemberRow.removed_at.is_(None), MemberRow.opening_id.is_(None)),
        description="Whoever is named in it now.",
    )


@reads(MemberRow, visible=_members_seen)
@strawberry.type(description="Somebody who is named in a closed circle.")
class CircleMember(Readable):
    """Somebody who is named in a closed circle."""

    person: PrincipalRef | None = to_one("Principal", MemberRow.principal_id)
    added_at: dt.datetime = column(MemberRow.added_at)


@reads(OpeningRow, visible=_openings_seen, case=OpeningRow.case_id)
@strawberry.type(
    description="A closed case that was opened by break-glass (nödöppning), and the review of it."
)
class CaseOpening(Node):
    """An opening of a closed case by break-glass."""

    case: CaseRef | None = to_one(
        "Case", OpeningRow.case_id, description="Null for who does not see the case."
    )
    case_number: str = column(OpeningRow.case_number)
    actor_name: str = column(OpeningRow.actor_name, description="Who opened it.")
    reason: str = opened(OpeningRow.reason, description="Why it was opened.")
    opened_at: dt.datetime = column(OpeningRow.opened_at)
    ends_at: dt.datetime = column(
        OpeningRow.ends_at, description="When it ends, unless it is questioned before."
    )
    state: CaseOpeningState = column(OpeningRow.state)
    remark: str | None = opened(OpeningRow.remark, description="What the reviewer says.")
    reviewed_at: dt.datetime | None = column(OpeningRow.reviewed_at)
    reviewed_by: PrincipalRef | None = to_one("Principal", OpeningRow.reviewed_by)
    version: int = column(OpeningRow.version)


@strawberry.type(description="Somebody who may be named in a closed circle.")
class CirclePerson:
    """Somebody who may be named in a closed circle."""

    id: strawberry.ID = strawberry.field(description="The id of the principal.")
    name: str
    departments: list[str] = strawberry.field(description="Codes; empty for the whole kommun.")
