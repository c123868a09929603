"""Closing a case (avsluta ett ärende): why, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from hemvist.cases.access import case_for
from hemvist.cases.checks import effective_day, require_open
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.deadlines import service as deadlines
from hemvist.errors import Conflict, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession

#: Why a case is closed; the outcomes that Jönköping counts (JKP-21) and a few more.
REASONS = (
    *("own_home", "own_lease", "moved_in_with_someone", "moved_away", "no_longer_needed"),
    *("refused", "support_ended", "deceased", "other"),
)
#: Those after which nobody needs anything more of what was granted. Somebody who was refused, put out
#: or lost sight of may need it still.
SETTLED = (
    *("own_home", "own_lease", "moved_in_with_someone", "moved_away", "no_longer_needed"),
    "deceased",
)
#: The code of what is under way in the case, or None.
Hindrance = Callable[[TenantSession, Case], str | None]

#: What a concept ends on the day on which the case is closed for one of ``SETTLED``.
Settling = Callable[[TenantSession, Case, date], None]

_HINDRANCES: list[Hindrance] = []
_SETTLINGS: list[Settling] = []


def hinders_closing(check: Hindrance) -> Hindrance:
    """Register what a concept knows to be under way, which would be left hanging."""
    _HINDRANCES.append(check)
    return check


def settles_with_case(end: Settling) -> Settling:
    """Register what ends with a case in which nobody needs anything more."""
    _SETTLINGS.append(end)
    return end


def close(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    reason: str,
    expected_version: int,
    on: date | None = None,
) -> Case:
    """Close a case; nothing is due in it any more, and after some reasons nothing is waited for either.

    Raises ``ValidationFailed`` (reason, date), ``Conflict`` when it is closed already, was changed
    meanwhile, or has something under way that somebody else waits for.
    """
    case = case_for(session, actor, case_id, Action.CASE_OPEN)
    require_open(case)
    if reason not in REASONS:
        raise ValidationFailed.one(
            "reason", "unknown_choice", "not one of the reasons", allowed=list(REASONS)
        )
    day = effective_day(on, not_before=case.opened_on)
    for check in _HINDRANCES:
        code = check(session, case)
        if code is not None:
            raise Conflict(code, "something is under way in the case")
    session.change(case, expected_version)
    case.state = "closed"
    case.closed_on = day
    deadlines.cancel_open(session, case.id)
    record(
        session,
        actor,
        case,
        "case_closed",
        day,
        action="case.close",
        subject_type="case",
        subject_id=case.id,
        data={"reason": reason},
    )
    if reason in SETTLED:
        for end in _SETTLINGS:
            end(session, case, day)
    return case
