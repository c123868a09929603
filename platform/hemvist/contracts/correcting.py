"""Correcting the days of a contract (rätta en dag): what counts from them moves with them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.access import open_matter
from hemvist.cases.checks import raise_if
from hemvist.cases.journal import CORRECTED, record
from hemvist.cases.models import Case
from hemvist.cases.rescheduling import reschedule
from hemvist.clock import today
from hemvist.contracts.chain import HeadLease
from hemvist.contracts.changes import TenureWaiver
from hemvist.contracts.head_leases import is_block
from hemvist.contracts.models import Contract
from hemvist.contracts.tenure import alarm_day, raise_alarm
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession

#: Why a day was another: codes, since a line of the timeline holds no free text.
REASONS = ("written_wrong", "moved_in_other_day", "landlord_changed", "signed_other_day")


def correct_contract_days(
    session: TenantSession,
    actor: Actor,
    *,
    contract_id: UUID,
    expected_version: int,
    reason: str,
    signed_on: date | None = None,
    starts_on: date | None = None,
) -> Contract:
    """Set right the day of signing, the first day, or both; duties that count from them move.

    The timeline keeps the lines that were wrong and gains one for each day that was corrected. What was
    done stays done. Refused while a waiver of tenure stands, whose own days were agreed. Raises
    ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    contract, case = open_matter(session, actor, Contract, contract_id, Action.CONTRACT_KEEP)
    signed, starts = signed_on or contract.signed_on, starts_on or contract.starts_on
    raise_if(_check(case, contract, signed, starts, reason))
    session.change(contract, expected_version)
    if contract.state != "signed":
        raise Conflict("contract_ended", "the contract has ended")
    standing = select(TenureWaiver.id).where(
        TenureWaiver.contract_id == contract.id, TenureWaiver.state == "standing"
    )
    if starts != contract.starts_on and session.scalar(standing.limit(1)) is not None:
        raise Conflict("waiver_stands", "a waiver of tenure counts from the contract's first day")
    changes = [
        (event, before, after)
        for event, before, after in (
            ("contract_signed", contract.signed_on, signed),
            ("moved_in", contract.starts_on, starts),
        )
        if before != after
    ]
    contract.signed_on, contract.starts_on = signed, starts
    session.flush()
    for event, before, after in changes:
        record(
            session,
            actor,
            case,
            CORRECTED,
            today(),
            action=Action.CONTRACT_KEEP,
            subject_type="contract",
            subject_id=contract.id,
            data={"event": event, "from": str(before), "to": str(after), "reason": reason},
        )
    reschedule(session, case, today())
    if contract.kind == "sublease" and any(event == "moved_in" for event, _, _ in changes):
        lease = session.find(HeadLease, contract.head_lease_id) if contract.head_lease_id else None
        raise_alarm(session, case, contract, alarm_day(contract, None, is_block(lease)))
    return contract


def _check(
    case: Case, contract: Contract, signed: date, starts: date, reason: str
) -> list[Problem]:
    problems: list[Problem] = []
    if reason not in REASONS:
        problems.append(
            Problem("reason", "unknown_choice", "not one of the reasons", {"allowed": [*REASONS]})
        )
    if (signed, starts) == (contract.signed_on, contract.starts_on):
        raise ValidationFailed.one("startsOn", "unchanged", "the days are as they were")
    if signed > today():
        problems.append(Problem("signedOn", "future", "may not lie in the future"))
    if signed < case.opened_on:
        problems.append(Problem("signedOn", "too_early", f"not before {case.opened_on}"))
    if starts < signed and contract.starts_on >= contract.signed_on:
        problems.append(Problem("startsOn", "too_early", "not before it was signed"))
    if contract.ends_on is not None and starts >= contract.ends_on:
        problems.append(Problem("startsOn", "starts_after_end", "before the contract's last day"))
    return problems
