"""Who handles a case (handläggare): a colleague takes it over."""

from __future__ import annotations

from uuid import UUID

from hemvist.cases.access import case_for
from hemvist.cases.checks import require_open
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.errors import Conflict
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession


def take_over(
    session: TenantSession, actor: Actor, *, case_id: UUID, expected_version: int
) -> Case:
    """The actor handles the case from today on.

    Raises ``Conflict`` when the case is closed, was changed meanwhile, or is the actor's already.
    """
    case = case_for(session, actor, case_id, Action.CASE_TAKE_OVER)
    require_open(case)
    if case.handler_id == actor.principal_id:
        raise Conflict("handled_by_you", "you handle it already")
    session.change(case, expected_version)
    before, case.handler_id = case.handler_id, actor.principal_id
    record(
        session,
        actor,
        case,
        "handler_changed",
        today(),
        action=Action.CASE_TAKE_OVER,
        subject_type="case",
        subject_id=case.id,
        data={"from": None if before is None else str(before)},
    )
    return case
