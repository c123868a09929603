"""Obligations whose day has passed are marked as overdue, and told of once."""

from __future__ import annotations

from datetime import date

from hemvist.cases.journal_of_many import Sweep, carry_out
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession

OBLIGATION_OVERDUE = "obligation_overdue"
OBLIGATIONS = Sweep(
    table="obligations",
    due="s.state = 'open' AND s.due_on < %(on)s::date AND s.overdue_since IS NULL",
    order="s.due_on, s.id",
    change="overdue_since = s.due_on + 1, version = s.version + 1",
    day="s.overdue_since",
    data="jsonb_build_object('code', s.code, 'due_on', s.due_on)",
    kind=OBLIGATION_OVERDUE,
    action="obligation.mark_overdue",
    subject_type="obligation",
)


def mark_overdue(session: TenantSession, on: date, limit: int) -> int:
    """Mark what was due before the day ``on`` and is still open, the longest overdue first.

    At most ``limit``; returns how many. What a row was due to bring is unchanged; a row that
    somebody is changing is left for the next time.
    """
    return carry_out(session, Actor.system(session.tenant_id), OBLIGATIONS, limit, {"on": on})
