"""Events: relayed, handled by everyone they are for, once; what is parked is told of."""

from __future__ import annotations

from datetime import datetime, timedelta

from hemvist.outbox import parking
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import answered
from hemvist_infra.soundness.report import Report
from hemvist_workers.handlers import handled_types
from hemvist_workers.relay import HORIZON, PATIENCE

#: An event waits for the relay for a second; after so long none runs.
WAITS = timedelta(minutes=5)
#: A lost event is looked for every five minutes, and what it becomes is tried again for some.
HANDLED = PATIENCE + timedelta(minutes=20)

_COUNT = "SELECT count(*) FROM outbox_events WHERE tenant_id = %(tenant)s"
_WAITING = """
SELECT id, type FROM outbox_events
 WHERE tenant_id = %(tenant)s AND relayed_at IS NULL AND occurred_at < %(before)s ORDER BY id
"""
_UNHANDLED = """
SELECT o.id, o.type FROM outbox_events o
 WHERE o.tenant_id = %(tenant)s AND o.type = ANY (%(types)s)
   AND o.occurred_at BETWEEN %(since)s AND %(before)s AND o.relayed_at < %(before)s
   AND NOT EXISTS (SELECT FROM inbox_receipts r WHERE r.tenant_id = o.tenant_id
                      AND r.handler = %(handler)s AND r.event_id = o.id)
   AND NOT EXISTS (SELECT FROM event_troubles t WHERE t.tenant_id = o.tenant_id
                      AND t.handler = %(handler)s AND t.event_id = o.id)
 ORDER BY o.id
"""
# Receipts outlive their events by a month: within it, an event that is gone was taken away.
_ORPHANS = """
SELECT r.event_id, r.handler FROM inbox_receipts r
 WHERE r.tenant_id = %(tenant)s AND r.handled_at > %(since)s
   AND NOT EXISTS (SELECT FROM outbox_events o WHERE o.tenant_id = r.tenant_id AND o.id = r.event_id)
 ORDER BY r.id
"""
_TWICE = """
SELECT event_id, handler, count(*) FROM inbox_receipts
 WHERE tenant_id = %(tenant)s GROUP BY event_id, handler HAVING count(*) > 1
"""
_NOTICES = """
SELECT source_id, count(*) FROM notices WHERE tenant_id = %(tenant)s
 GROUP BY source_id, role, department HAVING count(*) > 1
"""
_TROUBLES = """
SELECT event_id, handler, attempts FROM event_troubles
 WHERE tenant_id = %(tenant)s AND parked_at IS NULL AND last_at < %(before)s ORDER BY event_id
"""


def check(session: TenantSession, report: Report, at: datetime) -> None:
    """What waits too long, was lost, was handled twice or is parked."""
    ((counted,),) = answered(session, _COUNT, {})
    report.count("events", counted)
    for row_id, type_ in answered(session, _WAITING, {"before": at - WAITS}):
        report.find("event", row_id, f"{type_} waits for the relay: none runs")
    within = {"since": at - HORIZON, "before": at - HANDLED}
    for handler, types in handled_types().items():
        asked = {**within, "handler": handler, "types": sorted(types)}
        for row_id, type_ in answered(session, _UNHANDLED, asked):
            report.find("event", row_id, f"{type_} was not handled by {handler}")
    for row_id, handler in answered(session, _ORPHANS, {"since": at - HORIZON}):
        report.find("event", row_id, f"handled by {handler}, and gone")
    for row_id, handler, times in answered(session, _TWICE, {}):
        report.find("event", row_id, f"handled {times} times by {handler}")
    for row_id, times in answered(session, _NOTICES, {}):
        report.find("notice", row_id, f"gave the same notice {times} times")
    for one in parking.parked(session):
        told = f"{one.type} is parked for {one.handler} after {one.attempts} attempts: {one.error}"
        report.find("parked", one.event_id, told)
    for row_id, handler, attempts in answered(session, _TROUBLES, {"before": at - HANDLED}):
        told = f"{handler} has failed {attempts} times and nobody tries again"
        report.find("event", row_id, told)
