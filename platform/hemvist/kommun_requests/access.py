"""The circle of a request: who handles it, and the managers of the department. Nobody else.

That a colleague reads the case, or takes it over, opens no request: which kommun it is about tells
where a threatened person is to go. A manager names another handler.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from hemvist.cases.access import case_for
from hemvist.cases.models import Case
from hemvist.errors import NotFound
from hemvist.identity import MATRIX, Action, Actor, Condition
from hemvist.kommun_requests.models import KommunRequest, KommunRequestStep
from hemvist.tenancy import TenantSession


def departments_with(actor: Actor, action: Action) -> list[str]:
    """The departments in which the actor takes ``action`` on the department's own cases."""
    return sorted(
        {
            membership.department
            for membership in actor.memberships
            if membership.department
            and MATRIX[membership.role].get(action) is Condition.OWN_DEPARTMENT
        }
    )


def in_circle(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``KommunRequest``: the actor belongs to its circle."""
    handles = departments_with(actor, Action.KOMMUN_REQUEST_HANDLE)
    if not handles:
        return false()
    mine = and_(Case.department.in_(handles), KommunRequest.handler_id == actor.principal_id)
    manages = departments_with(actor, Action.KOMMUN_REQUEST_DECIDE)
    return exists(
        select(Case.id).where(
            Case.tenant_id == KommunRequest.tenant_id,
            Case.id == KommunRequest.case_id,
            or_(mine, Case.department.in_(manages)) if manages else mine,
        )
    )


def steps_in_circle(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``KommunRequestStep``: the actor belongs to the circle of its request."""
    return exists(
        select(KommunRequest.id).where(
            KommunRequest.tenant_id == KommunRequestStep.tenant_id,
            KommunRequest.id == KommunRequestStep.request_id,
            in_circle(actor),
        )
    )


def request_for(
    session: TenantSession,
    actor: Actor,
    request_id: UUID,
    action: Action,
    *,
    not_by_opener: bool = False,
) -> tuple[KommunRequest, Case]:
    """The request and its case, if the actor may take ``action`` on it.

    Raises ``NotFound`` outside the circle, whoever sees the case; ``NotAllowed``.
    """
    row = session.find(KommunRequest, request_id)
    seen = session.scalar(
        select(KommunRequest.id).where(KommunRequest.id == request_id, in_circle(actor))
    )
    if seen is None:
        raise NotFound("KommunRequest")
    try:
        case = case_for(
            session, actor, row.case_id, action, not_by=[row.opened_by] if not_by_opener else []
        )
    except NotFound as hidden:
        raise NotFound("KommunRequest") from hidden
    return row, case
