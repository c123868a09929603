"""Commands and what one transaction writes with them: the log's entry, the timeline, the event."""

from __future__ import annotations

from datetime import datetime, timedelta

from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import answered
from hemvist_infra.soundness.report import Report

#: Events are kept for thirty days after they were relayed.
KEPT = timedelta(days=29)

# Rows that one transaction wrote bear its number (xmin). What a dump brought back bears the copying's:
# there rows of quite different times share one, and nothing can be said of them; nor of what was there when
# the kommun was imported, which its log says.
_RECEIPTS = """
WITH receipts AS (
  SELECT id, command, principal_id, xmin AS act,
         max(created_at) OVER w - min(created_at) OVER w > interval '150 seconds'
           OR COALESCE(created_at < %(until)s::timestamptz, false) AS copied
    FROM command_receipts WHERE tenant_id = %(tenant)s WINDOW w AS (PARTITION BY xmin::text)
)
SELECT r.id, r.command, r.copied, EXISTS (
         SELECT FROM audit_entries e WHERE e.tenant_id = %(tenant)s AND e.xmin = r.act
            AND e.kind = 'write' AND e.principal_id = r.principal_id)
  FROM receipts r ORDER BY r.id
"""
_LINES = """
WITH lines AS (
  SELECT id, kind, case_id, subject_id, recorded_at, xmin AS act,
         max(recorded_at) OVER w - min(recorded_at) OVER w > interval '150 seconds'
           OR COALESCE(recorded_at < %(until)s::timestamptz, false) AS copied
    FROM case_events WHERE tenant_id = %(tenant)s WINDOW w AS (PARTITION BY xmin::text)
)
SELECT l.id, l.kind, l.copied, EXISTS (
         SELECT FROM audit_entries e WHERE e.tenant_id = %(tenant)s AND e.xmin = l.act
            AND e.case_id = l.case_id),
       l.recorded_at < %(since)s OR EXISTS (
         SELECT FROM outbox_events o WHERE o.tenant_id = %(tenant)s AND o.type = l.kind
            AND o.payload->>'case_id' = l.case_id::text
            AND o.payload->>'subject_id' = l.subject_id::text)
  FROM lines l ORDER BY l.id
"""
_IMPORTED = """
SELECT max(at) FROM audit_entries
 WHERE tenant_id = %(tenant)s AND action = 'tenant.import'
"""
_TWICE = """
SELECT (array_agg(id ORDER BY id))[2], max(command), count(*) FROM command_receipts
 WHERE tenant_id = %(tenant)s GROUP BY principal_id, key HAVING count(*) > 1
"""


def check(session: TenantSession, report: Report, at: datetime) -> None:
    """Every command has its entry in the log, every line of a timeline its entry and its event."""
    until = at if report.copied else _imported(session)
    receipts = answered(session, _RECEIPTS, {"until": until})
    report.count("commands", len(receipts))
    for row_id, command, copied, logged in receipts:
        if not logged and not copied:
            report.find("command", row_id, f"{command} was carried out and is not in the log")
    for row_id, command, times in answered(session, _TWICE, {}):
        report.find("command", row_id, f"{command} was carried out {times} times under one key")
    lines = answered(session, _LINES, {"since": at - KEPT, "until": until})
    report.count("timeline lines", len(lines))
    for row_id, kind, copied, logged, told in lines:
        if not logged and not copied:
            report.find("command", row_id, f"{kind} is in a timeline and not in the log")
        if not told:
            report.find("event", row_id, f"{kind} is in a timeline and its event is gone")


def _imported(session: TenantSession) -> datetime | None:
    """When the kommun came from another instance, or came back; None where it began here."""
    ((at,),) = answered(session, _IMPORTED, {})
    found: datetime | None = at
    return found
