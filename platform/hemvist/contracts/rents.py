"""Changes of a contract's rent (hyresändringar), each from a day on. Money in whole öre."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.contracts.changes import RentChange
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, Problem
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession

MAX_RENT_ORE = 10_000_000
MAX_REASON = 500


def change_rent(
    session: TenantSession,
    actor: Actor,
    *,
    contract_id: UUID,
    expected_version: int,
    valid_from: date,
    rent_ore: int,
    reason: str,
    told_on: date | None = None,
) -> RentChange:
    """A rent from ``valid_from`` on; the tenant was told on ``told_on``, no later than that day.

    Raises ``ValidationFailed``, ``Conflict`` when the contract has ended or a rent from that day is
    there already, ``NotFound``, ``NotAllowed``.
    """
    contract, case = open_matter(session, actor, Contract, contract_id, Action.CONTRACT_KEEP)
    told = effective_day(told_on, field="toldOn", not_before=contract.signed_on)
    problems = required_text("reason", reason, MAX_REASON)
    if not 0 <= rent_ore <= MAX_RENT_ORE:
        problems.append(
            Problem("rentOre", "range", "out of bounds", {"min": 0, "max": MAX_RENT_ORE})
        )
    if valid_from <= contract.starts_on:
        problems.append(Problem("validFrom", "too_early", "after the contract has begun"))
    if valid_from < told:
        problems.append(Problem("validFrom", "before_told", "not before the tenant was told"))
    raise_if(problems)
    session.change(contract, expected_version)
    if contract.state != "signed":
        raise Conflict("contract_ended", "the contract has ended")
    known = session.scalar(
        select(RentChange.id).where(
            RentChange.contract_id == contract.id, RentChange.valid_from == valid_from
        )
    )
    if known is not None:
        raise Conflict("rent_known", "there is a rent from that day already")
    row = session.save(
        RentChange(
            contract_id=contract.id,
            valid_from=valid_from,
            rent_ore=rent_ore,
            reason=reason.strip(),
            told_on=told,
            registered_by=actor.principal_id,
        )
    )
    record(
        session,
        actor,
        case,
        "rent_changed",
        valid_from if valid_from <= told else told,
        action=Action.CONTRACT_KEEP,
        subject_type="contract",
        subject_id=contract.id,
        data={"from": valid_from.isoformat(), "rent_ore": rent_ore},
    )
    return row


def rent_on(session: TenantSession, contract: Contract, day: date) -> int:
    """The monthly rent in öre on a day: the latest change by then, else the rent at the signing."""
    changed = session.scalar(
        select(RentChange.rent_ore)
        .where(RentChange.contract_id == contract.id, RentChange.valid_from <= day)
        .order_by(RentChange.valid_from.desc())
        .limit(1)
    )
    return contract.rent_ore if changed is None else changed
