"""Deadlines: everything that the guideline counts out is there, and what has passed is marked."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from hemvist.cases import horizons
from hemvist.cases.models import Case
from hemvist.clock import SWEDISH_TIME
from hemvist.deadlines.models import Obligation
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist.tenancy.statements import answered
from hemvist_infra.soundness.report import Report

#: What comes within the horizon is laid out at night; a night may be missed.
LAID_OUT = timedelta(days=2)
#: What passed is marked every ten minutes, clocks are told of every five.
MARKED = timedelta(hours=1)

_COUNT = "SELECT count(*) FROM obligations WHERE tenant_id = %(tenant)s"
_UNMARKED = """
SELECT id, code FROM obligations
 WHERE tenant_id = %(tenant)s AND state = 'open' AND overdue_since IS NULL AND due_on < %(day)s
 ORDER BY id
"""
_CLOCKS = """
SELECT id, code FROM service_clocks
 WHERE tenant_id = %(tenant)s AND stopped_at IS NULL AND escalated_at IS NULL AND due_at < %(before)s
 ORDER BY id
"""


class _Undone(Exception):
    """Nothing is kept of what was only tried."""


def check(session: TenantSession, report: Report, at: datetime) -> None:
    """Count anew what each open case's guideline lays out, and compare; nothing is kept of it."""
    ((counted,),) = answered(session, _COUNT, {})
    report.count("deadlines", counted)
    day = at.astimezone(SWEDISH_TIME).date()
    cases = session.scalars(
        select(Case.id).where(Case.state == "open", Case.programme.is_not(None)).order_by(Case.id)
    ).all()
    for case_id in cases:
        for code, due_on in _missing(session.tenant_id, case_id, day - LAID_OUT):
            report.find("deadline", case_id, f"{code} of {due_on} is missing")
    for row_id, code in answered(session, _UNMARKED, {"day": day - LAID_OUT}):
        report.find("deadline", row_id, f"{code} has passed and is not marked")
    for row_id, code in answered(session, _CLOCKS, {"before": at - MARKED}):
        report.find("deadline", row_id, f"the clock {code} has run out and nobody was told")


def _missing(tenant_id: UUID, case_id: UUID, day: date) -> list[tuple[str, date]]:
    """What would be laid out in the case up to the horizon of ``day``, and is not there."""
    tried: dict[UUID, tuple[str, date]] = {}
    with suppress(_Undone), tenant_session(Audience.WORKER, tenant_id) as session:
        if horizons.lay_out(session, horizons.Behind(case_id, 0), day):
            tried = _of_case(session, case_id)
        raise _Undone
    if not tried:
        return []
    with tenant_session(Audience.WORKER, tenant_id) as session:
        there = _of_case(session, case_id)
    return sorted(found for row_id, found in tried.items() if row_id not in there)


def _of_case(session: TenantSession, case_id: UUID) -> dict[UUID, tuple[str, date]]:
    rows = session.execute(
        select(Obligation.id, Obligation.code, Obligation.due_on).where(
            Obligation.case_id == case_id
        )
    )
    return {row_id: (code, due_on) for row_id, code, due_on in rows}
