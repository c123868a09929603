"""The notice (uppsägning) as a step of the ladder, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.models import Case
from hemvist.contracts import ending, taking_back
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.ladder import clocks
from hemvist.ladder.access import (
    MAX_TEXT,
    check_parties,
    held,
    instant_of,
    rules_of,
    step_taken,
)
from hemvist.ladder.facts import notice_details, require_law, require_needs
from hemvist.ladder.models import Ladder, LadderAction, LadderStep
from hemvist.ladder.service import require_no_eviction
from hemvist.tenancy import TenantSession


def give_ladder_notice(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    given_on: date | None = None,
    ends_on: date | None = None,
    copies: Sequence[str] = (),
    served_on: date | None = None,
    what: str = "",
    went_on_because: str = "",
) -> LadderStep:
    """Give notice of the lease, with what the record says of demand and board (JB 12:42, LF-12).

    Who was told when is taken from the ladder's steps and not typed again. The guideline's rules
    for a notice must be true (GBG-115). While actions of the plan still have time, a reason is
    needed. ``served_on`` is the day on which the tenant was served for arrears (JB 12:44). Raises
    ``PolicyRefused`` with the trace or the findings of law, ``ValidationFailed``, ``Conflict``,
    ``NotFound``, ``NotAllowed``.
    """
    ladder, case = held(session, actor, ladder_id, expected_version, Action.LADDER_STEP)
    contract = lease_of(session, ladder)
    day = effective_day(given_on, field="givenOn", not_before=ladder.opened_on)
    rules = rules_of(case, "notice")
    raise_if(check_parties("copies", copies, () if rules is None else rules.copies))
    session.lock(contract)
    session.lock(case)
    if contract.notice_given_on is not None and contract.notice_ends_on is not None:
        raise Conflict("notice_stands", "notice has been given")
    _require_plan_over(session, ladder, day, went_on_because)
    require_needs(session, case, "notice", day)
    details = notice_details(session, ladder, copies=copies, served_on=served_on)
    require_law(case, contract, details, day)
    row = ending.notice(
        session,
        actor,
        contract_id=contract.id,
        expected_version=contract.version,
        given_by="landlord",
        given_on=day,
        ends_on=ends_on,
        details={
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in details.items()
        },
        went_on_because=went_on_because,
    )
    step = step_taken(
        session,
        actor,
        case,
        ladder,
        "notice",
        day,
        event="notice_given",
        action=Action.LADDER_STEP,
        told=False,
        copies=sorted(set(copies)),
        what=what.strip(),
        until_on=row.ends_on,
        notice_id=row.id,
        legal_findings=row.legal_findings,
        went_on_because=went_on_because.strip(),
    )
    clocks.start(session, actor, case, ladder, step, "notice_given", instant_of(day))
    return step


def receive_notice(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    what: str,
    given_on: date,
    ends_on: date | None = None,
    received_on: date | None = None,
) -> LadderStep:
    """Register a notice that another landlord has given, as the board got it (JB 12:42, 12:44).

    Raises ``ValidationFailed``; ``Conflict`` (``our_lease``) where the kommun is the landlord;
    ``NotFound``, ``NotAllowed``.
    """
    ladder, case = held(session, actor, ladder_id, expected_version, Action.LADDER_KEEP)
    if ladder.contract_id is not None:
        raise Conflict("our_lease", "the kommun is the landlord")
    given = effective_day(given_on, field="givenOn")
    received = effective_day(received_on, field="receivedOn", not_before=given)
    problems = required_text("what", what, MAX_TEXT)
    if ends_on is not None and ends_on < given:
        problems.append(Problem("endsOn", "before_start", "ends before it is given"))
    raise_if(problems)
    step = step_taken(
        session,
        actor,
        case,
        ladder,
        "notice",
        given,
        event="landlords_notice_received",
        action=Action.LADDER_KEEP,
        received_on=received,
        copies=["social_board"],
        what=what.strip(),
        until_on=ends_on,
    )
    clocks.start(session, actor, case, ladder, step, "notice_given", instant_of(received))
    return step


def take_back_notice(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    because: str,
    on: date | None = None,
) -> LadderStep:
    """Take a notice back: the lease goes on (the household has put it right, or has paid in time).

    Raises ``Conflict`` when none stands or an eviction runs; ``ValidationFailed``, ``NotFound``,
    ``NotAllowed``.
    """
    ladder, case = held(session, actor, ladder_id, expected_version, Action.LADDER_STEP)
    contract = lease_of(session, ladder)
    day = effective_day(on, not_before=ladder.opened_on)
    raise_if(required_text("because", because, MAX_TEXT))
    require_no_eviction(session, ladder)
    session.lock(contract)
    session.lock(case)
    taking_back.take_back(session, actor, case, contract, on=day)
    return step_taken(
        session,
        actor,
        case,
        ladder,
        "notice_taken_back",
        day,
        event="notice_taken_back",
        action=Action.LADDER_STEP,
        told=False,
        what=because.strip(),
    )


def lease_of(session: TenantSession, ladder: Ladder) -> Contract:
    """The lease that the ladder is about. Raises ``Conflict`` where the kommun is no landlord."""
    if ladder.contract_id is None:
        raise Conflict("not_our_lease", "the household rents of another landlord")
    return session.find(Contract, ladder.contract_id)


def _require_plan_over(
    session: TenantSession, ladder: Ladder, day: date, went_on_because: str
) -> None:
    """Ask why, where somebody has promised something by a day that has not come."""
    open_still = select(LadderAction.id).where(
        LadderAction.ladder_id == ladder.id,
        LadderAction.state == "open",
        LadderAction.due_on >= day,
    )
    if not went_on_because.strip() and session.scalar(open_still.limit(1)) is not None:
        raise ValidationFailed.one(
            "wentOnBecause", "plan_running", "actions of the plan still have time"
        )


def standing_notice(session: TenantSession, case: Case, ladder: Ladder) -> date | None:
    """The day on which the tenancy ends by a notice that stands; None without one."""
    if ladder.contract_id is None:
        return None
    return session.find(Contract, ladder.contract_id).notice_ends_on
