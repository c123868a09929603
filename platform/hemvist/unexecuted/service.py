"""Noting efforts and execution, asking for the quarterly report, and marking it as sent."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from hemvist import audit, outbox
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.clock import now, today
from hemvist.decisions.execution import FAVOURABLE
from hemvist.decisions.models import Decision
from hemvist.decisions.notifying import decision_for
from hemvist.errors import Conflict, NotAllowed, NotFound, Problem, ValidationFailed
from hemvist.identity import Action, Actor, allows, require
from hemvist.tenancy import TenantSession
from hemvist.unexecuted.models import EFFORTS, OBSTACLES, ExecutionEffort, ExecutionReport

#: Asks the worker to make the file.
REQUESTED = "execution_report_requested"
MAX_NOTES = 2_000
_QUARTER = re.compile(r"(20[0-9]{2})-Q([1-4])")


def record_effort(
    session: TenantSession,
    actor: Actor,
    *,
    decision_id: UUID,
    kind: str,
    obstacle: str,
    notes: str,
    made_on: date | None = None,
) -> ExecutionEffort:
    """Note what was done to carry a decision out and what stood in the way.

    Raises ``ValidationFailed``, ``Conflict`` for what is no favourable decision, ``NotFound``,
    ``NotAllowed``.
    """
    decision, case = decision_for(session, actor, decision_id, Action.DECISION_EXECUTE)
    _require_favourable(decision)
    day = effective_day(made_on, field="madeOn", not_before=decision.decided_on)
    problems: list[Problem] = []
    for field, value, known in (("kind", kind, EFFORTS), ("obstacle", obstacle, OBSTACLES)):
        if value not in known:
            problems.append(
                Problem(field, "unknown_choice", "no such choice", {"allowed": list(known)})
            )
    raise_if(problems + required_text("notes", notes, MAX_NOTES))
    effort = session.save(
        ExecutionEffort(
            case_id=case.id,
            decision_id=decision.id,
            made_on=day,
            made_by=actor.principal_id,
            kind=kind,
            obstacle=obstacle,
            notes=notes.strip(),
        )
    )
    record(
        session,
        actor,
        case,
        "execution_effort_made",
        day,
        action=Action.DECISION_EXECUTE,
        subject_type="decision",
        subject_id=decision.id,
        data={"kind": kind, "obstacle": obstacle},
    )
    return effort


def record_execution(
    session: TenantSession,
    actor: Actor,
    *,
    decision_id: UUID,
    expected_version: int,
    executed_on: date | None = None,
) -> Decision:
    """Note that a favourable decision has been carried out, where no contract or move says so."""
    decision, case = decision_for(session, actor, decision_id, Action.DECISION_EXECUTE)
    _require_favourable(decision)
    day = effective_day(executed_on, field="executedOn", not_before=decision.decided_on)
    session.change(decision, expected_version)
    if decision.executed_on is not None:
        raise Conflict("already_executed", "it is noted", on=str(decision.executed_on))
    decision.executed_on = day
    session.flush()
    record(
        session,
        actor,
        case,
        "decision_executed",
        day,
        action=Action.DECISION_EXECUTE,
        subject_type="decision",
        subject_id=decision.id,
        data={},
    )
    return decision


def quarter_days(quarter: str) -> tuple[date, date]:
    """First and last day of "2026-Q4". Raises ``ValidationFailed``."""
    found = _QUARTER.fullmatch(quarter)
    if found is None:
        raise ValidationFailed.one("quarter", "bad_format", "a quarter looks like 2026-Q4")
    year, number = int(found[1]), int(found[2])
    following = date(year + number // 4, number % 4 * 3 + 1, 1)
    return date(year, number * 3 - 2, 1), following - timedelta(days=1)


def request_report(
    session: TenantSession, actor: Actor, *, department: str, quarter: str
) -> ExecutionReport:
    """Ask the worker for a department's report of a quarter that has begun.

    One that has not been sent is made anew; one that has been sent stays as it was sent. Raises
    ``NotAllowed``, ``ValidationFailed``, ``Conflict``.
    """
    require(actor, Action.EXECUTION_REPORT, department=department)
    first, last = quarter_days(quarter)
    if first > today():
        raise ValidationFailed.one("quarter", "future", "it has not begun")
    report = session.scalar(
        select(ExecutionReport)
        .where(ExecutionReport.department == department, ExecutionReport.quarter == quarter)
        .with_for_update()
    )
    if report is None:
        report = session.save(
            ExecutionReport(
                department=department,
                quarter=quarter,
                first_day=first,
                last_day=last,
                requested_by=actor.principal_id,
                requested_at=now(),
            )
        )
    elif report.state == "sent":
        raise Conflict("report_sent", "it has been sent", on=str(report.sent_on))
    else:
        report.state = "requested"
        report.requested_by = actor.principal_id
        report.requested_at = now()
        report.version += 1
    session.flush()
    _audit(session, actor, report, "execution_report.request")
    outbox.emit(session, REQUESTED, {"report_id": report.id})
    return report


def mark_sent(
    session: TenantSession,
    actor: Actor,
    *,
    report_id: UUID,
    expected_version: int,
    sent_on: date | None = None,
) -> ExecutionReport:
    """Note that the report has gone to the authority and the auditors; it stays as it is then.

    Raises ``Conflict``, ``ValidationFailed``, ``NotAllowed``; ``NotFound`` for whoever
    works elsewhere as well.
    """
    report = session.find(ExecutionReport, report_id)
    if not allows(actor, Action.EXECUTION_REPORT, department=report.department):
        # Whoever works elsewhere is not told that there is one.
        if report.department in actor.departments():
            raise NotAllowed(Action.EXECUTION_REPORT.value)
        raise NotFound("ExecutionReport")
    made = report.made_at.date() if report.made_at else None
    day = effective_day(sent_on, field="sentOn", not_before=made)
    session.change(report, expected_version)
    if report.state != "ready":
        raise Conflict("report_not_ready", "there is no file to send", state=report.state)
    report.state = "sent"
    report.sent_on = day
    report.sent_by = actor.principal_id
    session.flush()
    _audit(session, actor, report, "execution_report.send")
    return report


def _require_favourable(decision: Decision) -> None:
    if (
        decision.state != "decided"
        or decision.outcome != "granted"
        or decision.kind not in FAVOURABLE
    ):
        raise Conflict("not_favourable", "only what was granted is carried out")


def _audit(session: TenantSession, actor: Actor, report: ExecutionReport, action: str) -> None:
    audit.record(
        session,
        actor,
        action,
        subject_type="execution_report",
        subject_id=report.id,
        details={"department": report.department, "quarter": report.quarter},
    )
