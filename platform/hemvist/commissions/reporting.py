"""The provider's written reports (månadsuppföljningar), one for each due day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.access import commissioned_to, open_matter
from hemvist.cases.checks import effective_day
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.commissions.models import Commission, SupportReport
from hemvist.commissions.service import checked, commission_rules, require_complete
from hemvist.deadlines import service as deadlines
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, NotFound, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.identity.support_providers import SupportProvider
from hemvist.policy.support import Report
from hemvist.tenancy import TenantSession


def write_report(
    session: TenantSession,
    actor: Actor,
    *,
    commission_id: UUID,
    obligation_id: UUID,
    content: Mapping[str, Any],
    expected_version: int = 0,
) -> SupportReport:
    """Write or rewrite the draft of the report for a due day; 0 is the version of one not begun.

    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    commission, case = _commission(session, actor, commission_id)
    rules = report_rules(case)
    filled = checked(rules, content, "content")
    session.lock(commission)
    _require_running(commission)
    due = session.find(Obligation, obligation_id)
    if due.case_id != case.id or due.code != rules.obligation:
        raise ValidationFailed.one("obligationId", "no_report_due", "no report is due by this")
    row = report_of(session, commission, due)
    if row is None:
        if due.state != "open":
            raise Conflict("obligation_done", f"the obligation is {due.state}")
        row = session.save(
            SupportReport(
                case_id=case.id,
                commission_id=commission.id,
                obligation_id=due.id,
                state="draft",
                content=filled,
                written_by=actor.principal_id,
            )
        )
    else:
        session.change(row, expected_version)
        _require_state(row, "draft")
        row.content = filled
        row.written_by = actor.principal_id
    _journal(session, actor, case, row, "support_report_drafted", effective_day(None))
    return row


def send_report(
    session: TenantSession,
    actor: Actor,
    *,
    support_report_id: UUID,
    sent_on: date | None = None,
    expected_version: int,
) -> SupportReport:
    """Send the report to those who gave the commission: its duty is done, and it never changes.

    Raises ``PolicyRefused`` with what it lacks, ``ValidationFailed``, ``Conflict``, ``NotFound``,
    ``NotAllowed``.
    """
    row, case = open_matter(session, actor, SupportReport, support_report_id, Action.REPORT_WRITE)
    commission, _ = _commission(session, actor, row.commission_id)
    day = effective_day(sent_on, field="sentOn", not_before=commission.sent_on)
    session.change(row, expected_version)
    _require_state(row, "draft")
    _require_running(commission)
    require_complete(session, case, row.content, day, of="report")
    due = session.find(Obligation, row.obligation_id)
    deadlines.mark_done(session, due, day)
    row.state = "sent"
    row.sent_on = day
    session.flush()
    _journal(session, actor, case, row, "support_report_received", day)
    return row


def receive_report(
    session: TenantSession,
    actor: Actor,
    *,
    support_report_id: UUID,
    expected_version: int,
) -> SupportReport:
    """Say that a report has been read by those who gave the commission.

    Raises ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    row, case = open_matter(session, actor, SupportReport, support_report_id, Action.REPORT_RECEIVE)
    session.change(row, expected_version)
    _require_state(row, "sent")
    day = effective_day(None)
    row.state = "received"
    row.received_on = day
    row.received_by = actor.principal_id
    record(
        session,
        actor,
        case,
        "support_report_read",
        day,
        action=Action.REPORT_RECEIVE,
        subject_type="support_report",
        subject_id=row.id,
    )
    return row


def report_rules(case: Case) -> Report:
    """The pack's template. Raises ``ValidationFailed`` where it asks for no reports."""
    rules = commission_rules(case).report
    if rules is None:
        raise ValidationFailed.one("commissionId", "no_reports", "no reports are asked for")
    return rules


def report_of(
    session: TenantSession, commission: Commission, due: Obligation
) -> SupportReport | None:
    """The commission's report for a due day, or None."""
    session.flush()
    return session.scalar(
        select(SupportReport).where(
            SupportReport.commission_id == commission.id, SupportReport.obligation_id == due.id
        )
    )


def reports_due(session: TenantSession, case: Case, until: date) -> Sequence[Obligation]:
    """Due days up to and with ``until`` for which no report has been sent, the earliest first."""
    rules = commission_rules(case).report
    if rules is None:
        return ()
    session.flush()
    return session.scalars(
        select(Obligation)
        .where(
            Obligation.case_id == case.id,
            Obligation.code == rules.obligation,
            Obligation.state == "open",
            Obligation.due_on <= until,
        )
        .order_by(Obligation.due_on)
    ).all()


def _commission(
    session: TenantSession, actor: Actor, commission_id: UUID
) -> tuple[Commission, Case]:
    """The commission, if it is the actor's own provider's: another one may have had the case before."""
    row, case = open_matter(session, actor, Commission, commission_id, Action.REPORT_WRITE)
    require_own(session, actor, row)
    return row, case


def require_own(session: TenantSession, actor: Actor, commission: Commission) -> None:
    """Raise ``NotFound`` unless the commission is of a provider that the actor works for."""
    assert commission.provider_id is not None
    provider = session.find(SupportProvider, commission.provider_id)
    if provider.code not in commissioned_to(actor, Action.REPORT_WRITE):
        raise NotFound("Commission")


def _require_running(commission: Commission) -> None:
    if commission.state != "sent":
        state = commission.state
        raise Conflict(f"commission_{state}", f"the commission is {state}", state=state)


def _require_state(row: SupportReport, state: str) -> None:
    if row.state != state:
        raise Conflict(f"report_{row.state}", f"the report is {row.state}", state=row.state)


def _journal(
    session: TenantSession, actor: Actor, case: Case, row: SupportReport, kind: str, on: date
) -> None:
    record(
        session,
        actor,
        case,
        kind,
        on,
        action=Action.REPORT_WRITE,
        subject_type="support_report",
        subject_id=row.id,
    )
