"""Which obligations a work list shows."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement, exists, false, select

from hemvist.cases.models import Case as CaseRow
from hemvist.clock import today
from hemvist.deadlines.models import STATES
from hemvist.deadlines.models import Obligation as ObligationRow
from hemvist.errors import Problem, ValidationFailed
from hemvist.identity import Actor
from hemvist.workdays import duties
from hemvist_graphql.choosing import holds
from hemvist_graphql.inputs import storable

MAX_CODE = 100


@strawberry.input(description="Which obligations; what is left out does not restrict.")
class ObligationFilter:
    """Which obligations to list."""

    state: str | None = strawberry.field(default=None, description=", ".join(STATES))
    overdue: bool | None = strawberry.field(default=None, description="Open and past its day.")
    department: str | None = strawberry.field(
        default=None, description="That has to take part in it."
    )
    code: str | None = strawberry.field(default=None, description="The guideline's id of it.")
    programme: str | None = None
    mine: bool | None = strawberry.field(
        default=None, description="Only of cases that the caller handles."
    )
    due_from: dt.date | None = None
    due_to: dt.date | None = None


def chosen_obligations(actor: Actor, wanted: ObligationFilter | None) -> list[ColumnElement[bool]]:
    """Conditions on ``Obligation``: of the actor's departments, and what ``wanted`` says."""
    theirs = duties.theirs(actor)
    criteria: list[ColumnElement[bool]] = [false() if theirs is None else theirs]
    if wanted is None:
        return criteria
    _check(wanted)
    for column, value in (
        (ObligationRow.state, wanted.state),
        (ObligationRow.code, wanted.code),
        (ObligationRow.programme, wanted.programme),
    ):
        if value is not None:
            criteria.append(column == value)
    if wanted.department is not None:
        criteria.append(holds(ObligationRow.departments, wanted.department))
    if wanted.overdue:
        criteria += duties.overdue(today())
    if wanted.due_from is not None:
        criteria.append(ObligationRow.due_on >= wanted.due_from)
    if wanted.due_to is not None:
        criteria.append(ObligationRow.due_on <= wanted.due_to)
    if wanted.mine:
        criteria.append(
            exists(
                select(CaseRow.id).where(
                    CaseRow.tenant_id == ObligationRow.tenant_id,
                    CaseRow.id == ObligationRow.case_id,
                    CaseRow.handler_id == actor.principal_id,
                )
            )
        )
    return criteria


def _check(wanted: ObligationFilter) -> None:
    problems = [
        Problem(f"filter.{name}", "too_long", f"at most {MAX_CODE} characters", {"limit": MAX_CODE})
        for name in ("state", "department", "code", "programme")
        if (value := getattr(wanted, name)) is not None
        and (len(value) > MAX_CODE or not storable(value))
    ]
    if problems:
        raise ValidationFailed(problems)
