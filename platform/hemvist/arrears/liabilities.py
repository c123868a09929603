"""The board's undertaking to pay a debt of rent (betalningsåtagande): proposed, signed, told in writing."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.arrears.access import require_case
from hemvist.arrears.accounts import tell_case
from hemvist.arrears.models import RentAccount
from hemvist.arrears.recovery import close_recovery, recovery_for, require_running
from hemvist.arrears.time_models import RecoveryPeriod, RentLiability
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor
from hemvist.spreadsheets.values import MOST_ORE
from hemvist.tenancy import TenantSession

MAX_TEXT = 10_000
OUTCOMES = ("decided", "refused")
PROPOSED, DECIDED, REFUSED = "liability_proposed", "liability_decided", "liability_refused"
ASSUMED = "liability_assumed"
SUBJECT = "rent_liability"


def propose_liability(
    session: TenantSession,
    actor: Actor,
    *,
    recovery_id: UUID,
    amount_ore: int,
    motivation: str,
    children_considered: str = "",
    on: date | None = None,
) -> RentLiability:
    """Propose that the board answers for the debt, for somebody else to decide (four eyes).

    Within the three weeks, for the whole of the debt at least: for a part of it the tenancy is not won
    back. The children are weighed where there are any, and nothing is proposed before it is known.
    Raises ``ValidationFailed``; ``Conflict`` without a case, when the time has run out, or one is
    proposed already; ``NotFound``; ``NotAllowed``.
    """
    recovery, account = recovery_for(session, actor, recovery_id)
    if account.case_id is None:
        raise Conflict("liability_needs_case", "the board decides in a case")
    case = require_case(session, actor, account.case_id, Action.ARREARS_HANDLE)
    day = effective_day(on)
    problems = required_text("motivation", motivation, MAX_TEXT)
    if not recovery.amount_ore <= amount_ore <= MOST_ORE:
        bounds = {"min": recovery.amount_ore, "max": MOST_ORE}
        problems.append(Problem("amountOre", "below_debt", "less than the debt", bounds))
    problems += _children(account, children_considered)
    raise_if(problems)
    session.lock(recovery)
    require_running(recovery)
    _require_time_left(recovery, day)
    waiting = select(RentLiability.id).where(
        RentLiability.recovery_id == recovery.id, RentLiability.state != "refused"
    )
    if session.scalar(waiting) is not None:
        raise Conflict("already_proposed", "a proposal of this kind waits to be decided")
    row = session.save(
        RentLiability(
            department=case.department,
            account_id=account.id,
            recovery_id=recovery.id,
            case_id=case.id,
            amount_ore=amount_ore,
            motivation=motivation.strip(),
            children_considered=children_considered.strip(),
            proposed_on=day,
            proposed_by=actor.principal_id,
        )
    )
    _tell(session, actor, account, case, row, PROPOSED, day)
    return row


def decide_liability(
    session: TenantSession,
    actor: Actor,
    *,
    liability_id: UUID,
    outcome: str,
    note: str = "",
    on: date | None = None,
    expected_version: int,
) -> RentLiability:
    """Sign the undertaking that somebody else proposed, or refuse it with the reason.

    It binds nobody before the landlord has it in writing (``tell_landlord``). Raises
    ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    row, account, case = _matter(session, actor, liability_id, Action.LIABILITY_DECIDE)
    day = effective_day(on, not_before=row.proposed_on)
    problems = too_long("note", note, MAX_TEXT)
    if outcome not in OUTCOMES:
        problems.append(Problem("outcome", "unknown_choice", "decided or refused"))
    if outcome == "refused":
        problems += required_text("note", note, MAX_TEXT)
    raise_if(problems)
    recovery = session.find(RecoveryPeriod, row.recovery_id)
    session.lock(recovery)
    session.change(row, expected_version)
    if row.state != "proposed":
        raise Conflict("liability_decided", f"it is {row.state}", state=row.state)
    if outcome == "decided":
        require_running(recovery)
        _require_time_left(recovery, day)
    row.state = outcome
    row.decided_on = day
    row.decided_by = actor.principal_id
    row.decision_note = note.strip()
    session.flush()
    kind = DECIDED if outcome == "decided" else REFUSED
    _tell(session, actor, account, case, row, kind, day, Action.LIABILITY_DECIDE)
    return row


def tell_landlord(
    session: TenantSession,
    actor: Actor,
    *,
    liability_id: UUID,
    told_on: date | None = None,
    expected_version: int,
) -> RentLiability:
    """Register the day on which the landlord had the undertaking in writing: the tenancy is saved.

    Only within the three weeks: later the law gives it no such effect (JB 12:44). Raises
    ``ValidationFailed`` on ``toldOn``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    row, account, case = _matter(session, actor, liability_id, Action.ARREARS_HANDLE)
    day = effective_day(told_on, field="toldOn", not_before=row.decided_on)
    recovery = session.find(RecoveryPeriod, row.recovery_id)
    session.lock(recovery)
    session.change(row, expected_version)
    if row.state != "decided":
        raise Conflict("liability_not_signed", f"it is {row.state}", state=row.state)
    require_running(recovery)
    if recovery.last_on is not None and day > recovery.last_on:
        raise ValidationFailed.one(
            "toldOn", "after_recovery", "after the last day", latest=str(recovery.last_on)
        )
    row.state = "told"
    row.told_on = day
    row.told_by = actor.principal_id
    session.flush()
    recovery.version += 1
    _tell(session, actor, account, case, row, ASSUMED, day)
    close_recovery(session, actor, account, recovery, "assumed", day)
    return row


def _matter(
    session: TenantSession, actor: Actor, liability_id: UUID, action: Action
) -> tuple[RentLiability, RentAccount, Case]:
    row = session.find(RentLiability, liability_id)
    try:
        case = require_case(session, actor, row.case_id, action, not_by=(row.proposed_by,))
    except NotFound as hidden:
        raise NotFound("RentLiability") from hidden
    return row, session.find(RentAccount, row.account_id), case


def _children(account: RentAccount, considered: str) -> list[Problem]:
    if account.children == "unknown":
        return [Problem("childrenConsidered", "children_unknown", "find out whether there are any")]
    if account.children == "yes":
        return required_text("childrenConsidered", considered, MAX_TEXT)
    return too_long("childrenConsidered", considered, MAX_TEXT)


def _require_time_left(recovery: RecoveryPeriod, day: date) -> None:
    if recovery.last_on is not None and max(day, today()) > recovery.last_on:
        raise Conflict(
            "recovery_over", "the three weeks have run out", last_on=str(recovery.last_on)
        )


def _tell(
    session: TenantSession,
    actor: Actor,
    account: RentAccount,
    case: Case,
    row: RentLiability,
    kind: str,
    day: date,
    action: Action = Action.ARREARS_HANDLE,
) -> None:
    tell_case(session, actor, account, case, kind, day, action=action, subject=(SUBJECT, row.id))
