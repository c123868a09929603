"""Taking back a mistaken entry: another entry the other way round, with its reason, by somebody else.

Nothing in the ledger is changed or removed. What rests on an entry is taken back first, so that the
amounts never say that more was demanded than paid, or more paid than approved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.errors import Conflict
from hemvist.guarantees.access import matter
from hemvist.guarantees.ledger import post
from hemvist.guarantees.ledger_models import GuaranteeEntry
from hemvist.guarantees.models import (
    Guarantee,
    GuaranteeClaim,
    GuaranteeRecourse,
    GuaranteeWriteOff,
)
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession

MAX_TEXT = 2_000


def reverse_entry(
    session: TenantSession,
    actor: Actor,
    *,
    entry_id: UUID,
    reason: str,
    expected_version: int,
    on: date | None = None,
) -> Guarantee:
    """Take an entry back by one that refers to it (rättelse, omvänd bokning); gives the guarantee.

    By somebody who decides on guarantees and did not enter it (four eyes). An approved claim waits
    for a decision again, a claim is no longer paid, a demand is reversed, the household owes again.
    ``expected_version`` is the guarantee's. Raises ``ValidationFailed``, ``NotFound``, ``NotAllowed``;
    ``Conflict`` when it is a reversal itself, was reversed, or something rests on it.
    """
    entry, case = matter(
        session,
        actor,
        GuaranteeEntry,
        entry_id,
        Action.GUARANTEE_DECIDE,
        prepared_by=lambda row: row.recorded_by,
    )
    day = effective_day(on, not_before=entry.booked_on)
    raise_if(required_text("reason", reason, MAX_TEXT))
    guarantee = session.find(Guarantee, entry.guarantee_id)
    session.change(guarantee, expected_version)
    _require_standing(session, entry)
    claim = None if entry.claim_id is None else session.find(GuaranteeClaim, entry.claim_id)
    recourse = (
        None if entry.recourse_id is None else session.find(GuaranteeRecourse, entry.recourse_id)
    )
    for row in (claim, recourse):
        if row is not None:
            session.lock(row)
            row.version += 1
    if claim is not None:
        _OF_CLAIM[entry.kind](guarantee, claim, entry)
    if recourse is not None:
        _of_recourse(session, recourse, entry)
    post(
        session, actor, guarantee, entry.kind, -entry.amount_ore, day,
        claim=claim, recourse=recourse, reverses=entry, reason=reason.strip(),
    )  # fmt: skip
    session.flush()
    record(
        session,
        actor,
        case,
        "guarantee_entry_reversed",
        day,
        action=Action.GUARANTEE_DECIDE,
        subject_type="guarantee",
        subject_id=guarantee.id,
        data={"kind": guarantee.kind, "entry": entry.kind},
    )
    return guarantee


def _require_standing(session: TenantSession, entry: GuaranteeEntry) -> None:
    if entry.reverses_id is not None:
        raise Conflict("is_a_reversal", "a reversal is not reversed: enter it anew")
    there = session.scalar(select(GuaranteeEntry.id).where(GuaranteeEntry.reverses_id == entry.id))
    if there is not None:
        raise Conflict("already_reversed", "it has been reversed")


def _approval(guarantee: Guarantee, claim: GuaranteeClaim, entry: GuaranteeEntry) -> None:
    """The claim waits for a decision again."""
    if claim.paid_ore:
        raise Conflict("rests_on_it", "of the claim something is paid", by="payment")
    claim.state = "received"
    claim.decided_on = None
    claim.decided_by = None
    claim.motivation = ""


def _payment(guarantee: Guarantee, claim: GuaranteeClaim, entry: GuaranteeEntry) -> None:
    """What was not paid has not been demanded of the household either."""
    if guarantee.paid_ore - entry.amount_ore < guarantee.demanded_ore:
        raise Conflict("rests_on_it", "the household has been asked for it", by="demand")
    claim.state = "approved"


_OF_CLAIM: Mapping[str, Callable[[Guarantee, GuaranteeClaim, GuaranteeEntry], None]] = {
    "approval": _approval,
    "payment": _payment,
}


def _of_recourse(
    session: TenantSession, recourse: GuaranteeRecourse, entry: GuaranteeEntry
) -> None:
    if entry.kind == "demand":
        waiting = select(GuaranteeWriteOff.id).where(
            GuaranteeWriteOff.recourse_id == recourse.id, GuaranteeWriteOff.state == "proposed"
        )
        if recourse.paid_ore or recourse.written_off_ore:
            raise Conflict("rests_on_it", "of the demand something is settled", by="recovery")
        if session.scalar(waiting) is not None:
            raise Conflict("rests_on_it", "a write-off is proposed", by="write_off")
        recourse.state = "reversed"
        return
    recourse.state = "open"
    if entry.kind == "write_off":
        proposal = session.scalar(
            select(GuaranteeWriteOff)
            .where(
                GuaranteeWriteOff.recourse_id == recourse.id,
                GuaranteeWriteOff.state == "granted",
                GuaranteeWriteOff.amount_ore == entry.amount_ore,
                GuaranteeWriteOff.decided_on == entry.booked_on,
            )
            .order_by(GuaranteeWriteOff.id)
            .limit(1)
        )
        if proposal is not None:
            proposal.state = "reversed"
            proposal.version += 1
