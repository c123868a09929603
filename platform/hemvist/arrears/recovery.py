"""The three weeks in which paying wins the tenancy back (återvinningsfrist, JB 12:44)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from hemvist.arrears.access import account_for
from hemvist.arrears.accounts import case_of, tell_case
from hemvist.arrears.models import RentAccount
from hemvist.arrears.time_models import RecoveryPeriod
from hemvist.cases.checks import effective_day, raise_if
from hemvist.clock import SWEDISH_TIME, now, today
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed
from hemvist.identity import Actor
from hemvist.incidents.clocks import cancel_clock, clocks_of, start_clocks, stop_clock
from hemvist.policy.legal import law_pack
from hemvist.policy.working_days import add_working_days
from hemvist.spreadsheets.values import MOST_ORE
from hemvist.tenancy import TenantSession

#: The incident whose clock the law's three weeks are.
EVENT = "rent_unpaid"
STARTED, ENDED = "recovery_started", "recovery_ended"
SUBJECT = "recovery_period"
WAYS_TO_END = ("paid", "withdrawn", "expired")


def last_day(served_on: date, board_told_on: date) -> date:
    """The last day to pay: three weeks from when the tenant was served and the board told, whichever
    came last; the next working day where that is a holiday (JB 12:44, 1930:173)."""
    start = max(served_on, board_told_on)
    days = law_pack().param("arrears_days", start)
    assert isinstance(days, int)
    return add_working_days(start + timedelta(days=days), 0)


def register_recovery(
    session: TenantSession,
    actor: Actor,
    *,
    account_id: UUID,
    amount_ore: int,
    served_on: date | None = None,
    board_told_on: date | None = None,
) -> RecoveryPeriod:
    """Register that the tenancy was ended for unpaid rent: the tenant was served, the board told.

    One of the two may come later (``complete_recovery``); the clock runs from when both have happened.
    Raises ``ValidationFailed``, ``Conflict`` while one runs already, ``NotFound``, ``NotAllowed``.
    """
    account = account_for(session, actor, account_id)
    problems = _check_amount(amount_ore)
    if served_on is None and board_told_on is None:
        problems.append(Problem("servedOn", "required", "say at least one of the days"))
    raise_if(problems)
    served, told = _days(served_on, board_told_on)
    session.lock(account)
    running = select(RecoveryPeriod.id).where(
        RecoveryPeriod.account_id == account.id, RecoveryPeriod.state == "running"
    )
    if session.scalar(running) is not None:
        raise Conflict("recovery_running", "three weeks run already for the tenancy")
    row = session.save(
        RecoveryPeriod(
            department=account.department,
            account_id=account.id,
            case_id=account.case_id,
            amount_ore=amount_ore,
            served_on=served,
            board_told_on=told,
            last_on=last_day(served, told) if served and told else None,
            registered_by=actor.principal_id,
        )
    )
    day = max(one for one in (served, told) if one)
    tell_case(
        session, actor, account, case_of(session, account), STARTED, day, subject=(SUBJECT, row.id)
    )
    _start(session, actor, account, row)
    return row


def complete_recovery(
    session: TenantSession,
    actor: Actor,
    *,
    recovery_id: UUID,
    served_on: date | None = None,
    board_told_on: date | None = None,
    expected_version: int,
) -> RecoveryPeriod:
    """Register the day that was missing, of service or of the word to the board: the clock starts.

    Raises ``ValidationFailed``, ``Conflict`` when both days are known or it has ended.
    """
    row, account = recovery_for(session, actor, recovery_id)
    served, told = _days(served_on or row.served_on, board_told_on or row.board_told_on)
    session.change(row, expected_version)
    require_running(row)
    if row.served_on is not None and row.board_told_on is not None:
        raise Conflict("recovery_complete", "both days are known")
    if served is None or told is None:
        missing = "servedOn" if served is None else "boardToldOn"
        raise ValidationFailed.one(missing, "required", "the day that is missing")
    row.served_on, row.board_told_on = served, told
    row.last_on = last_day(served, told)
    session.flush()
    case = case_of(session, account)
    tell_case(session, actor, account, case, STARTED, max(served, told), subject=(SUBJECT, row.id))
    _start(session, actor, account, row)
    return row


def end_recovery(
    session: TenantSession,
    actor: Actor,
    *,
    recovery_id: UUID,
    how: str,
    on: date | None = None,
    expected_version: int,
) -> RecoveryPeriod:
    """Register how it ended: paid in time, the landlord took the notice back, or the time ran out.

    Paid after the last day is not won back by law: that is "expired". Raises ``ValidationFailed``,
    ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    row, account = recovery_for(session, actor, recovery_id)
    begun = min(one for one in (row.served_on, row.board_told_on) if one)
    day = effective_day(on, not_before=begun)
    if how not in WAYS_TO_END:
        raise ValidationFailed.one("how", "unknown_choice", "no such end", allowed=WAYS_TO_END)
    session.change(row, expected_version)
    require_running(row)
    if how == "paid" and row.last_on is not None and day > row.last_on:
        raise ValidationFailed.one(
            "on", "after_recovery", "paid after the last day", latest=str(row.last_on)
        )
    if how == "expired" and (row.last_on is None or today() <= row.last_on):
        raise ValidationFailed.one(
            "how", "not_expired", "the time has not run out", latest=str(row.last_on or "")
        )
    close_recovery(session, actor, account, row, how, day)
    return row


def close_recovery(
    session: TenantSession,
    actor: Actor,
    account: RentAccount,
    row: RecoveryPeriod,
    state: str,
    day: date,
) -> None:
    """End a running period, and the clocks that count it; the case is told."""
    row.state = state
    row.ended_on = day
    session.flush()
    case = case_of(session, account)
    tell_case(session, actor, account, case, ENDED, day, subject=(SUBJECT, row.id))
    if case is None:
        return
    for clock in clocks_of(session, row.id, unanswered=True):
        if state in ("paid", "assumed"):
            moment = min(max(_noon(day), clock.started_at), now())
            stop_clock(session, actor, case, clock, moment)
        else:
            cancel_clock(session, actor, case, clock, state)


def recovery_for(
    session: TenantSession, actor: Actor, recovery_id: UUID
) -> tuple[RecoveryPeriod, RentAccount]:
    """A period and its tenancy, for who works with it. Raises ``NotFound``, ``NotAllowed``."""
    row = session.find(RecoveryPeriod, recovery_id)
    try:
        return row, account_for(session, actor, row.account_id)
    except NotFound as hidden:
        raise NotFound("RecoveryPeriod") from hidden


def require_running(row: RecoveryPeriod) -> None:
    """Raise ``Conflict`` unless the period runs."""
    if row.state != "running":
        raise Conflict("recovery_ended", f"it is {row.state}", state=row.state)


def _check_amount(amount_ore: int) -> list[Problem]:
    if 0 < amount_ore <= MOST_ORE:
        return []
    return [Problem("amountOre", "range", "out of bounds", {"min": 1, "max": MOST_ORE})]


def _days(served_on: date | None, told_on: date | None) -> tuple[date | None, date | None]:
    return (
        None if served_on is None else effective_day(served_on, field="servedOn"),
        None if told_on is None else effective_day(told_on, field="boardToldOn"),
    )


def _start(session: TenantSession, actor: Actor, account: RentAccount, row: RecoveryPeriod) -> None:
    case = case_of(session, account)
    if case is None or row.served_on is None or row.board_told_on is None:
        return
    at = min(_noon(max(row.served_on, row.board_told_on)), now())
    start_clocks(session, actor, case, EVENT, at, SUBJECT, row.id)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SWEDISH_TIME)
