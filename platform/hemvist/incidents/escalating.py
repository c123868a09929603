"""Clocks of service that have run out are late from then on, and told of once."""

from __future__ import annotations

from datetime import datetime

from hemvist.cases.journal_of_many import Sweep, carry_out
from hemvist.clock import SWEDISH_TIME
from hemvist.identity import Action, Actor
from hemvist.incidents.clocks import LATE
from hemvist.tenancy import TenantSession

_CLOCKS = Sweep(
    table="service_clocks",
    due="s.state = 'running' AND s.due_at <= %(at)s::timestamptz",
    order="s.due_at, s.id",
    change="state = 'late', escalated_at = %(at)s::timestamptz, version = s.version + 1",
    # The day in Sweden on which it ran out, whatever the server's own time zone is.
    day=f"(s.due_at AT TIME ZONE '{SWEDISH_TIME.key}')::date",
    data="jsonb_build_object('code', s.code, 'event', s.event, 'state', s.state)",
    kind=LATE,
    action=Action.INCIDENT_ACT.value,
    subject_type="service_clock",
)


def escalate(session: TenantSession, at: datetime, limit: int) -> int:
    """Mark clocks that have run out by the instant ``at`` as late, the longest overdue first.

    At most ``limit``; returns how many. For the worker. One that somebody is answering is left alone.
    """
    return carry_out(session, Actor.system(session.tenant_id), _CLOCKS, limit, {"at": at})
