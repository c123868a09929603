"""Closed circles (slutna kretsar), their people, and openings by break-glass."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from hemvist.cases.access import reading_departments
from hemvist.cases.models import Case as CaseRow
from hemvist.circles.models import CaseCircle as CircleRow
from hemvist.circles.models import CaseOpening as OpeningRow
from hemvist.circles.models import CircleMember as MemberRow
from hemvist.identity import Action, Actor, allows
from hemvist_graphql.choosing import listed
from hemvist_graphql.context import Info
from hemvist_graphql.reading import Node, Readable, column, computed, identity, reads, to_one
from hemvist_graphql.refs import CircleMemberRef, PrincipalRef


def _own_circles(actor: Actor) -> ColumnElement[bool]:
    """Circles of cases that the actor's own department has; the database hides those of others."""
    own, _ = reading_departments(actor, Action.CASE_READ)
    if not own:
        return false()
    return exists(
        select(CaseRow.id).where(
            CaseRow.tenant_id == CircleRow.tenant_id,
            CaseRow.id == CircleRow.case_id,
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
    """All for a log reviewer; their own for who broke in; and the circle's for the circle."""
    if allows(actor, Action.GLASS_REVIEW):
        return OpeningRow.id.is_not(None)
    seen = exists(
        select(CircleRow.id).where(
            CircleRow.tenant_id == OpeningRow.tenant_id,
            CircleRow.id == OpeningRow.circle_id,
            _own_circles(actor),
        )
    )
    return or_(seen, and_(OpeningRow.principal_id == actor.principal_id))


@reads(CircleRow, visible=_own_circles, also=(CircleRow.reason_sealed,))
@strawberry.type(description="A closed circle: a household and its cases are there for its people.")
class CaseCircle(Node):
    """A closed circle."""

    in_force: bool = column(CircleRow.in_force)
    department: str = column(CircleRow.department)
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

    @computed(needs=("reason_sealed",), reads=False, description="Why it was closed.")
    def reason(self, info: Info) -> str:
        """Why it was closed."""
        return info.context.keys.open("case_circles.reason", self.row["reason_sealed"])


@reads(MemberRow, visible=_members_seen)
@strawberry.type(description="Somebody who is named in a closed circle.")
class CircleMember(Readable):
    """Somebody who is named in a closed circle."""

    id: strawberry.ID = identity()
    person: PrincipalRef | None = to_one("Principal", MemberRow.principal_id)
    added_at: dt.datetime = column(MemberRow.added_at)


@reads(
    OpeningRow,
    visible=_openings_seen,
    also=(OpeningRow.reason_sealed, OpeningRow.remark_sealed),
)
@strawberry.type(description="An opening of a closed case by break-glass, and its review.")
class CaseOpening(Node):
    """An opening of a closed case by break-glass."""

    case_number: str = column(OpeningRow.case_number)
    actor_name: str = column(OpeningRow.actor_name, description="Who opened it.")
    opened_at: dt.datetime = column(OpeningRow.opened_at)
    ends_at: dt.datetime = column(OpeningRow.ends_at)
    state: str = column(OpeningRow.state, description="open, approved or questioned")
    reviewed_at: dt.datetime | None = column(OpeningRow.reviewed_at)
    reviewed_by: PrincipalRef | None = to_one("Principal", OpeningRow.reviewed_by)
    version: int = column(OpeningRow.version)

    @computed(needs=("reason_sealed",), reads=False, description="Why it was opened.")
    def reason(self, info: Info) -> str:
        """Why it was opened."""
        return info.context.keys.open("case_openings.reason", self.row["reason_sealed"])

    @computed(needs=("remark_sealed",), reads=False, description="What the reviewer says.")
    def remark(self, info: Info) -> str | None:
        """What the reviewer says."""
        sealed = self.row["remark_sealed"]
        return None if sealed is None else info.context.keys.open("case_openings.remark", sealed)
