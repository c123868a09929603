"""The clocks of service that a step of the ladder starts, and those that it answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hemvist.cases.models import Case
from hemvist.identity import Actor
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.clocks import cancel_clock, clocks_of, start_clocks, stop_clock
from hemvist.ladder.models import Ladder, LadderStep
from hemvist.tenancy import TenantSession


def start(
    session: TenantSession,
    actor: Actor,
    case: Case,
    ladder: Ladder,
    step: LadderStep,
    event: str,
    at: datetime,
) -> None:
    """Start what the guideline and the law promise after a step, with the step as what it is about."""
    start_clocks(
        session, actor, case, event, at, "ladder_step", step.id, incident_id=ladder.incident_id
    )


def answer(
    session: TenantSession,
    actor: Actor,
    case: Case,
    steps: Sequence[LadderStep],
    event: str,
    at: datetime,
    by: Sequence[str] = (),
) -> None:
    """Answer the clocks that an event of the steps started; with ``by`` those that one of the parties
    has to answer. What began after ``at`` is left alone."""
    for clock in _waiting(session, steps, event):
        if clock.started_at <= at and (not by or set(by) & set(clock.by)):
            stop_clock(session, actor, case, clock, at)


def cancel(
    session: TenantSession,
    actor: Actor,
    case: Case,
    steps: Sequence[LadderStep],
    event: str,
    reason: str,
) -> None:
    """Take away clocks that have nothing to count any more, with the reason."""
    for clock in _waiting(session, steps, event):
        cancel_clock(session, actor, case, clock, reason)


def _waiting(session: TenantSession, steps: Sequence[LadderStep], event: str) -> list[ServiceClock]:
    return [
        clock
        for step in steps
        if step.kind in _KINDS[event]
        for clock in clocks_of(session, step.id, event=event, unanswered=True)
    ]


#: Event → the kinds of steps that start clocks by it.
_KINDS = {
    "demand_sent": ("demand",),
    "notice_given": ("notice",),
    "eviction_applied": ("eviction_applied",),
    "eviction_dated": ("eviction_dated",),
}
