"""Claims (krav) that a landlord makes itself, by its own login, on a guarantee that it was given."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.errors import NotFound
from hemvist.guarantees.claims import DOCUMENTS, keep_claim
from hemvist.guarantees.file_models import ClaimFile
from hemvist.guarantees.files import keep_claim_file
from hemvist.guarantees.models import Guarantee, GuaranteeClaim
from hemvist.identity import Action, Actor, require
from hemvist.tenancy import TenantSession

__all__ = ["DOCUMENTS", "add_file", "claim"]


def claim(
    session: TenantSession,
    actor: Actor,
    *,
    guarantee_id: UUID,
    kind: str,
    amount_ore: int,
    period_from: date,
    period_to: date,
    document_kind: str,
    title: str,
    name: str,
    content: bytes,
    notes: str = "",
) -> GuaranteeClaim:
    """Claim ``amount_ore`` on a guarantee, with the document that it rests on (PDF or picture).

    It reaches the kommun today and waits for its decision, as one that came by post would. Raises
    ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    guarantee = session.find(Guarantee, guarantee_id)
    require(actor, Action.LANDLORD_CLAIM, landlord=guarantee.landlord_id)
    case = session.find(Case, guarantee.case_id)
    row = keep_claim(
        session,
        actor,
        guarantee,
        case,
        Action.LANDLORD_CLAIM,
        kind=kind,
        amount_ore=amount_ore,
        period_from=period_from,
        period_to=period_to,
        documents=[{"kind": document_kind, "title": title}],
        received_on=today(),
        notes=notes,
    )
    keep_claim_file(session, actor, row, case, Action.LANDLORD_CLAIM, name, content, title)
    return row


def add_file(
    session: TenantSession,
    actor: Actor,
    *,
    claim_id: UUID,
    name: str,
    content: bytes,
    caption: str = "",
) -> ClaimFile:
    """Add a document to a claim that has not been decided. Raises as ``files.add_claim_file``."""
    row = session.find(GuaranteeClaim, claim_id)
    guarantee = session.find(Guarantee, row.guarantee_id)
    if guarantee.landlord_id not in actor.landlords:
        raise NotFound("GuaranteeClaim")
    require(actor, Action.LANDLORD_CLAIM, landlord=guarantee.landlord_id)
    case = session.find(Case, row.case_id)
    return keep_claim_file(session, actor, row, case, Action.LANDLORD_CLAIM, name, content, caption)
