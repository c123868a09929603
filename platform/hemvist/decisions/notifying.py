"""Telling somebody of a decision (underrättelse), from which the time for an appeal counts."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.access import case_for
from hemvist.cases.checks import effective_day
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.decisions.models import HOW_NOTIFIED, Decision
from hemvist.errors import Conflict, NotFound, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.policy.legal import law_pack
from hemvist.policy.working_days import add_working_days
from hemvist.tenancy import TenantSession


def appeal_deadline(notified_on: date) -> date:
    """Last day for an appeal to come in: three weeks, or the next working day (FL 44, 1930:173)."""
    days = law_pack().param("appeal_days", notified_on)
    assert isinstance(days, int)
    return add_working_days(notified_on + timedelta(days=days), 0)


def notify(
    session: TenantSession,
    actor: Actor,
    *,
    decision_id: UUID,
    how: str,
    expected_version: int,
    notified_on: date | None = None,
) -> Decision:
    """Record that the person came to know of the decision, and of what was decided with it.

    ``how`` is one of ``HOW_NOTIFIED``. The last day for an appeal follows from it. Raises
    ``ValidationFailed``, ``Conflict`` for a proposal or a decision that has been told, ``NotFound``,
    ``NotAllowed``.
    """
    decision, case = decision_for(session, actor, decision_id, Action.DECISION_NOTIFY)
    if how not in HOW_NOTIFIED:
        raise ValidationFailed.one(
            "how", "unknown_choice", "not one of the ways", allowed=list(HOW_NOTIFIED)
        )
    day = effective_day(notified_on, field="notifiedOn", not_before=decision.decided_on)
    session.change(decision, expected_version)
    if decision.state != "decided":
        raise Conflict("not_decided", "there is nothing to tell yet", state=decision.state)
    if decision.notified_on is not None:
        raise Conflict("already_notified", "it has been told", on=str(decision.notified_on))
    for one in (decision, *_decided_with(session, decision)):
        one.notified_on = day
        one.notified_how = how
        one.notified_by = actor.principal_id
        one.appeal_until = appeal_deadline(day)
        session.flush()
        record(
            session,
            actor,
            case,
            "decision_notified",
            day,
            action=Action.DECISION_NOTIFY,
            subject_type="decision",
            subject_id=one.id,
            data={"how": how, "appeal_until": one.appeal_until.isoformat()},
        )
    return decision


def decision_for(
    session: TenantSession, actor: Actor, decision_id: UUID, action: Action
) -> tuple[Decision, Case]:
    """The decision and its case, closed or not: what follows a decision may come when all is over.

    Raises ``NotFound`` naming the decision, ``NotAllowed``.
    """
    decision = session.find(Decision, decision_id)
    try:
        return decision, case_for(session, actor, decision.case_id, action)
    except NotFound as hidden:
        raise NotFound("Decision") from hidden


def _decided_with(session: TenantSession, decision: Decision) -> list[Decision]:
    if decision.together_id is None:
        return []
    others = session.scalars(
        select(Decision)
        .where(
            Decision.case_id == decision.case_id,
            Decision.together_id == decision.together_id,
            Decision.id != decision.id,
            Decision.state == "decided",
            Decision.notified_on.is_(None),
        )
        .order_by(Decision.id)
    ).all()
    return [session.change(one, one.version) for one in others]
