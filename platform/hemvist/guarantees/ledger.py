"""Writing the ledger of a guarantee: double entry, never over the cap, never changed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from hemvist.clock import now
from hemvist.errors import Conflict, Problem
from hemvist.guarantees.ledger_models import KINDS, GuaranteeEntry, GuaranteePosting
from hemvist.guarantees.models import Guarantee, GuaranteeClaim, GuaranteeRecourse
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession

#: An amount beyond this is a slip of the pen: ten million kronor.
MOST_ORE = 1_000_000_000
MAX_REFERENCE = 100

#: Kind of entry → the guarantee's amount that it adds to.
_TOTALS = {
    "approval": "approved_ore",
    "payment": "paid_ore",
    "demand": "demanded_ore",
    "recovery": "recovered_ore",
    "write_off": "written_off_ore",
}


def post(
    session: TenantSession,
    actor: Actor,
    guarantee: Guarantee,
    kind: str,
    amount_ore: int,
    on: date,
    *,
    claim: GuaranteeClaim | None = None,
    recourse: GuaranteeRecourse | None = None,
    reference: str = "",
    reverses: GuaranteeEntry | None = None,
    reason: str = "",
) -> GuaranteeEntry:
    """Enter ``amount_ore`` as a happening of ``kind`` and move the amounts that it is part of.

    The caller holds the lock on ``guarantee`` and has checked that there is room. Raises
    ``Conflict`` when a payment with the same ``reference`` is entered already.
    """
    reference = reference.strip()
    attempt = _attempt(session, guarantee, kind, reference) if reference else 0
    entry = session.save(
        GuaranteeEntry(
            case_id=guarantee.case_id,
            guarantee_id=guarantee.id,
            kind=kind,
            amount_ore=amount_ore,
            booked_on=on,
            claim_id=None if claim is None else claim.id,
            recourse_id=None if recourse is None else recourse.id,
            reverses_id=None if reverses is None else reverses.id,
            reference=reference,
            attempt=attempt,
            reason=reason,
            recorded_at=now(),
            recorded_by=actor.principal_id,
        )
    )
    debit, credit = KINDS[kind]
    for account, amount in ((debit, amount_ore), (credit, -amount_ore)):
        session.save(
            GuaranteePosting(
                guarantee_id=guarantee.id, entry_id=entry.id, account=account, amount_ore=amount
            )
        )
    _move(guarantee, _TOTALS[kind], amount_ore)
    if claim is not None:
        _move(claim, _TOTALS[kind], amount_ore)
    if recourse is not None and kind != "demand":
        _move(recourse, "written_off_ore" if kind == "write_off" else "paid_ore", amount_ore)
    return entry


def locked(session: TenantSession, guarantee_id: UUID) -> Guarantee:
    """The guarantee, locked: who enters something waits for whoever is at it."""
    guarantee = session.find(Guarantee, guarantee_id)
    session.lock(guarantee)
    guarantee.version += 1
    return guarantee


def left_of_cap(guarantee: Guarantee) -> int:
    """How much more the kommun answers for, öre."""
    return guarantee.cap_ore - guarantee.approved_ore


def left_of(recourse: GuaranteeRecourse) -> int:
    """What the household still owes of a recourse, öre."""
    return recourse.amount_ore - recourse.paid_ore - recourse.written_off_ore


def check_amount(field: str, amount_ore: int, most: int, rule: str) -> list[Problem]:
    """Problems of an amount that is more than nothing and at most ``most``."""
    if not 0 < amount_ore <= MOST_ORE:
        return [Problem(field, "amount", "more than nothing", {"most": MOST_ORE})]
    if amount_ore > most:
        return [Problem(field, rule, f"at most {most} öre", {"left": most})]
    return []


def check_reference(reference: str) -> list[Problem]:
    """Problems of the number of a payment."""
    if len(reference.strip()) > MAX_REFERENCE:
        return [
            Problem(
                "reference",
                "too_long",
                f"at most {MAX_REFERENCE} characters",
                {"limit": MAX_REFERENCE},
            )
        ]
    return []


def _move(row: object, name: str, amount: int) -> None:
    setattr(row, name, getattr(row, name) + amount)


def _attempt(session: TenantSession, guarantee: Guarantee, kind: str, reference: str) -> int:
    """How often a payment of the number was entered and reversed; one that stands is refused."""
    of_number = select(func.count()).where(
        GuaranteeEntry.guarantee_id == guarantee.id,
        GuaranteeEntry.kind == kind,
        GuaranteeEntry.reference == reference,
    )
    entered = session.scalar(of_number) or 0
    reversal = aliased(GuaranteeEntry)
    reversed_ones = session.scalar(
        of_number.where(
            exists().where(
                reversal.tenant_id == GuaranteeEntry.tenant_id,
                reversal.reverses_id == GuaranteeEntry.id,
            )
        )
    )
    if entered > (reversed_ones or 0):
        raise Conflict("already_entered", "a payment with this number is entered already")
    return entered
