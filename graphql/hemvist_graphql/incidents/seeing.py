"""Who sees what of an incident.

Property departments that a case was disclosed to see the incidents that they took in or were let know
of, and never the words of what social services were told (OSL 26:1, 8:1). Who reported is for those
who handle incidents, and for nobody on the household's side (OSL 26:5).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, case, cast, exists, false, null, or_, select

from hemvist.cases.access import reading_departments
from hemvist.cases.models import Case
from hemvist.identity import Action, Actor
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.models import Incident
from hemvist_graphql.access import of_own_case


def shared_incident(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Incident``: the property side knows of it, and the actor is of it."""
    return Incident.shared_on.is_not(None) if _handles_disclosed(actor) else false()


def of_shared_incident(model: Any) -> Callable[[Actor], ColumnElement[bool]]:
    """Condition on rows of an incident, as ``shared_incident``."""

    def criterion(actor: Actor) -> ColumnElement[bool]:
        return exists(
            select(Incident.id).where(
                Incident.tenant_id == model.tenant_id,
                Incident.id == model.incident_id,
                shared_incident(actor),
            )
        )

    return criterion


def shared_clock(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``ServiceClock``: of no incident, of one that is shared, or theirs to answer."""
    departments = _handles_disclosed(actor)
    if not departments:
        return false()
    theirs = cast(departments, ARRAY(Text))
    return or_(
        ServiceClock.incident_id.is_(None),
        ServiceClock.departments.op("&&", is_comparison=True)(theirs),
        of_shared_incident(ServiceClock)(actor),
    )


def for_those_who_wrote(model: Any, column: Any) -> Callable[[Actor], ColumnElement[Any]]:
    """``column`` for the case's own department and the department of the row; else null."""

    def expression(actor: Actor) -> ColumnElement[Any]:
        own, _ = reading_departments(actor, Action.CASE_READ)
        mine = or_(of_own_case(model)(actor), model.department.in_(sorted(own)))
        return case((mine, column), else_=null())

    return expression


def for_those_who_handle(column: Any) -> Callable[[Actor], ColumnElement[Any]]:
    """A column of ``Incident`` for those who handle incidents where the case or the report is."""

    def expression(actor: Actor) -> ColumnElement[Any]:
        own, _ = reading_departments(actor, Action.INCIDENT_HANDLE)
        if not own:
            return case((false(), column), else_=null())
        theirs = exists(
            select(Case.id).where(
                Case.tenant_id == Incident.tenant_id,
                Case.id == Incident.case_id,
                Case.department.in_(sorted(own)),
            )
        )
        return case((or_(theirs, Incident.department.in_(sorted(own))), column), else_=null())

    return expression


def handled_incident(model: Any) -> Callable[[Actor], ColumnElement[bool]]:
    """Condition on rows of an incident: the actor handles incidents where the case or the report is.

    What tells who reported it is for nobody else.
    """

    def criterion(actor: Actor) -> ColumnElement[bool]:
        own, _ = reading_departments(actor, Action.INCIDENT_HANDLE)
        if not own:
            return false()
        theirs = or_(Case.department.in_(sorted(own)), Incident.department.in_(sorted(own)))
        return exists(
            select(Incident.id)
            .join(Case, (Case.tenant_id == Incident.tenant_id) & (Case.id == Incident.case_id))
            .where(Incident.tenant_id == model.tenant_id, Incident.id == model.incident_id, theirs)
        )

    return criterion


def _handles_disclosed(actor: Actor) -> list[str]:
    return sorted(reading_departments(actor, Action.INCIDENT_HANDLE)[1])
