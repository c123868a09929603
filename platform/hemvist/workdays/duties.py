"""Which obligations are whose to do: asked alike by the page, the calendar and the weekly mail."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, and_, cast, exists, or_, select

from hemvist.cases.access import commissioned_to, visible_cases
from hemvist.cases.commissioned import commissioned
from hemvist.cases.models import Case
from hemvist.deadlines.models import Obligation
from hemvist.identity import MATRIX, Action, Actor

#: How many days ahead something is due soon.
SOON_DAYS = 14
#: How many days back what did not take place is shown: until somebody has seen to it.
NOT_HELD_DAYS = 14


def departments(actor: Actor, *actions: Action) -> list[str]:
    """The departments in which a role of the actor gives one of ``actions``."""
    return sorted(
        {
            membership.department
            for membership in actor.memberships
            if membership.department
            and any(action in MATRIX[membership.role] for action in actions)
        }
    )


def answering(actor: Actor) -> list[str]:
    """Departments for whose dates the actor answers: who records nothing but decides does too."""
    return departments(actor, Action.FOLLOW_UP_RECORD, Action.DECISION_DECIDE)


def theirs(actor: Actor) -> ColumnElement[bool] | None:
    """Condition on ``Obligation``: of a department that the actor answers for; None when of none."""
    own = answering(actor)
    ways: list[ColumnElement[bool]] = []
    if own:
        ways.append(Obligation.departments.op("&&", is_comparison=True)(cast(own, ARRAY(Text))))
    if commissioned_to(actor, Action.FOLLOW_UP_RECORD):
        # Of cases whose support is their commission: who sees which says whoever reads.
        ways.append(of_support_staff())
    return or_(*ways) if ways else None


def of_support_staff() -> ColumnElement[bool]:
    """Condition on ``Obligation``: support staff have to do it, or take part."""
    return Obligation.by.op("@>", is_comparison=True)(cast(["support_worker"], ARRAY(Text)))


def seen(actor: Actor, model: Any = Obligation) -> ColumnElement[bool]:
    """Condition on a case's rows: the actor sees the case. For readers outside the API, which adds the
    same condition itself."""
    case = exists(
        select(Case.id).where(
            Case.tenant_id == model.tenant_id, Case.id == model.case_id, visible_cases(actor)
        )
    )
    if model is Obligation and commissioned_to(actor, Action.FOLLOW_UP_RECORD):
        return or_(case, and_(commissioned(actor, model), of_support_staff()))
    return case


def overdue(day: date) -> tuple[ColumnElement[bool], ...]:
    """Open, and its day lies before ``day``."""
    return (Obligation.state == "open", Obligation.due_on < day)


def soon(day: date, days: int = SOON_DAYS) -> tuple[ColumnElement[bool], ...]:
    """Open, and due from ``day`` until ``days`` later."""
    return (
        Obligation.state == "open",
        Obligation.due_on.between(day, day + timedelta(days=days)),
    )


def not_held(day: date) -> tuple[ColumnElement[bool], ...]:
    """Missed or impossible in the last days before ``day``."""
    return (
        Obligation.state.in_(("missed", "impossible")),
        Obligation.not_held_on > day - timedelta(days=NOT_HELD_DAYS),
    )
