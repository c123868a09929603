"""Planning the day of a follow-up or visit (boka): within what the guideline allows."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hemvist.cases.access import open_matter
from hemvist.cases.commissioned import require_for_support
from hemvist.cases.journal import record
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession

#: Days within which what is late already has to be done.
CATCH_UP = timedelta(days=14)


def plan_obligation(
    session: TenantSession,
    actor: Actor,
    *,
    obligation_id: UUID,
    planned_on: date,
    expected_version: int,
) -> Obligation:
    """The obligation is to be done on ``planned_on``; its own day, the guideline's, stays as it is.

    Raises ``ValidationFailed`` for a day before today, and with the guideline's source for one after the
    day that it allows; ``Conflict`` when it is no longer open or was changed meanwhile.
    What is late already is planned within two weeks, and stays late.
    """
    row, case = open_matter(session, actor, Obligation, obligation_id, Action.FOLLOW_UP_RECORD)
    require_for_support(actor, case, Action.FOLLOW_UP_RECORD, row.by)
    session.change(row, expected_version)
    if row.state != "open":
        raise Conflict("obligation_not_open", "it is no longer to be done", state=row.state)
    if planned_on < today():
        raise ValidationFailed.one("plannedOn", "planned_past", "plan a day from today on")
    latest = max(row.due_on, today() + CATCH_UP) if row.due_on < today() else row.due_on
    if planned_on > latest:
        raise ValidationFailed.one(
            "plannedOn",
            "planned_too_late",
            f"the guideline says {latest} at the latest",
            latest=str(latest),
            cite=row.cite,
        )
    row.planned_on = planned_on
    record(
        session,
        actor,
        case,
        "obligation_planned",
        today(),
        action="follow_up.plan",
        subject_type="obligation",
        subject_id=row.id,
        data={"code": row.code, "planned_on": planned_on.isoformat()},
    )
    return row
