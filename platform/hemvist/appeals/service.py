"""Receiving an appeal, judging whether it came in time, reconsidering, passing on, and the answer.

The kommun that made the decision judges whether the appeal came in time and reconsiders the
decision; if it is not changed as asked, the court decides (FL 37–46 §§, SoL 35:1).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.appeals.models import (
    COURT_OUTCOMES,
    LATE_GROUNDS,
    LIVE,
    RECEIVED_HOW,
    RECONSIDERED,
    TRANSITIONS,
    WON,
    Appeal,
)
from hemvist.cases.access import case_for
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.decisions.models import Decision
from hemvist.decisions.notifying import decision_for
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.policy.legal import law_pack
from hemvist.tenancy import TenantSession

MAX_TEXT = 10_000


def receive(
    session: TenantSession,
    actor: Actor,
    *,
    decision_id: UUID,
    how: str,
    asks: str,
    received_on: date | None = None,
) -> Appeal:
    """Register an appeal on the day it came in. Whether that was in time is counted here.

    An appeal from before the person was told is in time. Raises ``ValidationFailed``, ``Conflict``
    where the decision has an appeal that is not over, ``NotFound``, ``NotAllowed``.
    """
    decision, case = decision_for(session, actor, decision_id, Action.APPEAL_HANDLE)
    if decision.state != "decided":
        raise Conflict("not_decided", "only a decision is appealed", state=decision.state)
    day = effective_day(received_on, field="receivedOn", not_before=decision.decided_on)
    raise_if(_choice("how", how, RECEIVED_HOW) + required_text("asks", asks, MAX_TEXT))
    session.lock(decision)
    live = select(Appeal.id).where(Appeal.decision_id == decision.id, Appeal.state.in_(LIVE))
    if session.scalar(live.limit(1)) is not None:
        raise Conflict("already_appealed", "an appeal of the decision is under way")
    days = law_pack().param("appeal_forward_days", day)
    assert isinstance(days, int)
    appeal = session.save(
        Appeal(
            case_id=case.id,
            decision_id=decision.id,
            received_on=day,
            received_how=how,
            received_by=actor.principal_id,
            asks=asks.strip(),
            deadline=decision.appeal_until,
            timely=decision.appeal_until is None or day <= decision.appeal_until,
            forward_by=day + timedelta(days=days),
        )
    )
    _record(session, actor, case, appeal, "appeal_received", day, Action.APPEAL_HANDLE)
    return appeal


def judge_timeliness(
    session: TenantSession,
    actor: Actor,
    *,
    appeal_id: UUID,
    expected_version: int,
    late_ground: str = "",
    dismissal_reason: str = "",
    on: date | None = None,
) -> Appeal:
    """Accept an appeal that came in time, or a late one on a ground; else dismiss it (avvisa).

    The count of days decides, not the person: one in time cannot be dismissed, a late one is
    dismissed with a reason unless ``late_ground`` lets it through (FL 45 §). Not by the one who
    received it.
    """
    appeal, case = _for(session, actor, appeal_id, Action.APPEAL_JUDGE, judged=True)
    day = effective_day(on, not_before=appeal.received_on)
    session.change(appeal, expected_version)
    if appeal.timely:
        if dismissal_reason.strip():
            raise ValidationFailed.one("dismissalReason", "came_in_time", "it came in time")
        state = "accepted"
    elif late_ground:
        raise_if(_choice("lateGround", late_ground, LATE_GROUNDS))
        state = "accepted"
    else:
        raise_if(required_text("dismissalReason", dismissal_reason, MAX_TEXT))
        state = "dismissed"
    if appeal.state != "received":
        raise Conflict("appeal_moved_on", "it has been judged", state=appeal.state)
    _move(appeal, state)
    appeal.late_ground = "" if appeal.timely else late_ground
    appeal.dismissal_reason = dismissal_reason.strip() if state == "dismissed" else ""
    appeal.judged_on = day
    appeal.judged_by = actor.principal_id
    _record(session, actor, case, appeal, f"appeal_{state}", day, Action.APPEAL_JUDGE)
    return appeal


def reconsider(
    session: TenantSession,
    actor: Actor,
    *,
    appeal_id: UUID,
    result: str,
    reason: str,
    expected_version: int,
    new_decision_id: UUID | None = None,
    on: date | None = None,
) -> Appeal:
    """Note what the kommun's own reconsideration (omprövning) came to.

    A change is a decision of its own, made before and named here. Changed as asked, the appeal has
    nothing left to try; otherwise it goes to the court.
    """
    appeal, case = _for(session, actor, appeal_id, Action.APPEAL_JUDGE, judged=True)
    day = effective_day(on, not_before=appeal.judged_on or appeal.received_on)
    raise_if(_choice("result", result, RECONSIDERED) + required_text("reason", reason, MAX_TEXT))
    if result != "unchanged":
        _require_new_decision(session, appeal, new_decision_id)
    session.change(appeal, expected_version)
    if appeal.state != "accepted" or appeal.reconsideration:
        raise Conflict("appeal_moved_on", "it is not to be reconsidered", state=appeal.state)
    _move(appeal, "lapsed" if result == "changed_as_asked" else "accepted")
    appeal.reconsideration = result
    appeal.reconsideration_reason = reason.strip()
    appeal.reconsidered_on = day
    appeal.reconsidered_by = actor.principal_id
    appeal.new_decision_id = None if result == "unchanged" else new_decision_id
    _record(session, actor, case, appeal, "appeal_reconsidered", day, Action.APPEAL_JUDGE)
    return appeal


def forward(
    session: TenantSession,
    actor: Actor,
    *,
    appeal_id: UUID,
    court: str,
    expected_version: int,
    on: date | None = None,
) -> Appeal:
    """Pass the appeal on to the court when it has been reconsidered and not changed as asked."""
    appeal, case = _for(session, actor, appeal_id, Action.APPEAL_HANDLE)
    day = effective_day(on, not_before=appeal.reconsidered_on or appeal.received_on)
    raise_if(required_text("court", court, 200))
    session.change(appeal, expected_version)
    if appeal.state != "accepted" or not appeal.reconsideration:
        raise Conflict("appeal_not_reconsidered", "it is reconsidered first", state=appeal.state)
    _move(appeal, "forwarded")
    appeal.court = court.strip()
    appeal.forwarded_on = day
    _record(session, actor, case, appeal, "appeal_forwarded", day, Action.APPEAL_HANDLE)
    return appeal


def settle(
    session: TenantSession,
    actor: Actor,
    *,
    appeal_id: UUID,
    outcome: str,
    court_number: str,
    expected_version: int,
    on: date | None = None,
) -> Appeal:
    """Note what the court came to.

    Sent back (återförvisad), and where the court gives the person what was asked for, it waits for a
    new decision: the judgment binds the kommun, but a person of the kommun signs what follows.
    """
    appeal, case = _for(session, actor, appeal_id, Action.APPEAL_HANDLE)
    day = effective_day(on, not_before=appeal.forwarded_on or appeal.received_on)
    raise_if(
        _choice("outcome", outcome, COURT_OUTCOMES)
        + required_text("courtNumber", court_number, 100)
    )
    session.change(appeal, expected_version)
    if appeal.state != "forwarded":
        raise Conflict("appeal_not_forwarded", "it is not with a court", state=appeal.state)
    _move(appeal, "remanded" if outcome == "remanded" else "settled")
    appeal.outcome = outcome
    appeal.outcome_on = day
    appeal.court_number = court_number.strip()
    kind = "appeal_remanded" if outcome == "remanded" else "appeal_settled"
    _record(session, actor, case, appeal, kind, day, Action.APPEAL_HANDLE)
    return appeal


def answer_remand(
    session: TenantSession,
    actor: Actor,
    *,
    appeal_id: UUID,
    new_decision_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> Appeal:
    """Name the new decision that the judgment led to: after a remand, or a grant by the court.

    A grant is followed by a grant; raises ``ValidationFailed`` on another. ``Conflict`` where no
    judgment asks for a decision or one is named already.
    """
    appeal, case = _for(session, actor, appeal_id, Action.APPEAL_HANDLE)
    day = effective_day(on, not_before=appeal.outcome_on)
    session.change(appeal, expected_version)
    won = appeal.state == "settled" and appeal.outcome in WON and appeal.new_decision_id is None
    if appeal.state != "remanded" and not won:
        raise Conflict("appeal_not_remanded", "no judgment asks for one", state=appeal.state)
    _require_new_decision(session, appeal, new_decision_id, after=appeal.outcome_on)
    if won:
        _require_grant(session, appeal, new_decision_id)
    else:
        _move(appeal, "settled")
    appeal.new_decision_id = new_decision_id
    kind = "judgment_followed" if won else "appeal_settled"
    _record(session, actor, case, appeal, kind, day, Action.APPEAL_HANDLE)
    return appeal


def withdraw(
    session: TenantSession,
    actor: Actor,
    *,
    appeal_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> Appeal:
    """The person takes the appeal back."""
    appeal, case = _for(session, actor, appeal_id, Action.APPEAL_HANDLE)
    day = effective_day(on, not_before=appeal.received_on)
    session.change(appeal, expected_version)
    if "withdrawn" not in TRANSITIONS[appeal.state]:
        raise Conflict("appeal_moved_on", "it is over", state=appeal.state)
    _move(appeal, "withdrawn")
    _record(session, actor, case, appeal, "appeal_withdrawn", day, Action.APPEAL_HANDLE)
    return appeal


def _for(
    session: TenantSession,
    actor: Actor,
    appeal_id: UUID,
    action: Action,
    *,
    judged: bool = False,
) -> tuple[Appeal, Case]:
    appeal = session.find(Appeal, appeal_id)
    received_by = [appeal.received_by] if judged and appeal.received_by is not None else []
    try:
        return appeal, case_for(session, actor, appeal.case_id, action, not_by=received_by)
    except NotFound as hidden:
        raise NotFound("Appeal") from hidden


def _choice(field: str, value: str, known: tuple[str, ...]) -> list[Problem]:
    if value in known:
        return []
    return [Problem(field, "unknown_choice", "not one of the choices", {"allowed": list(known)})]


def _require_new_decision(
    session: TenantSession, appeal: Appeal, decision_id: UUID | None, after: date | None = None
) -> None:
    if decision_id is None:
        raise ValidationFailed.one("newDecisionId", "required", "name the new decision")
    found = session.get(Decision, (session.tenant_id, decision_id))
    since = after or appeal.received_on
    if (
        found is None
        or found.case_id != appeal.case_id
        or found.state != "decided"
        or found.id == appeal.decision_id
        or found.decided_on is None
        or found.decided_on < since
    ):
        raise ValidationFailed.one(
            "newDecisionId", "no_new_decision", f"a decision of the case from {since} on"
        )


def _require_grant(session: TenantSession, appeal: Appeal, decision_id: UUID) -> None:
    """What the court granted is followed by a grant of the same, not by a refusal or another right."""
    appealed = session.find(Decision, appeal.decision_id)
    found = session.find(Decision, decision_id)
    if found.outcome != "granted" or found.about != appealed.about:
        raise ValidationFailed.one(
            "newDecisionId", "not_as_judged", "a grant of what the court granted"
        )


def _move(appeal: Appeal, state: str) -> None:
    if state not in TRANSITIONS[appeal.state]:
        raise Conflict("appeal_moved_on", "it cannot go there", state=appeal.state)
    appeal.state = state


def _record(
    session: TenantSession,
    actor: Actor,
    case: Case,
    appeal: Appeal,
    kind: str,
    day: date,
    action: Action,
) -> None:
    session.flush()
    data: dict[str, Any] = {"timely": appeal.timely}
    if appeal.outcome:
        data["outcome"] = appeal.outcome
    record(
        session,
        actor,
        case,
        kind,
        day,
        action=action,
        subject_type="appeal",
        subject_id=appeal.id,
        data=data,
    )
