"""What bookkeeping keeps longer than a case: its guarantees' entries, and the files they rest on.

The copies point at no case, household or person; a file may still name the tenant, and is sealed.
Source: lag (2018:597) om kommunal bokföring och redovisning, 3 kap.; decision 0045.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.guarantees.file_models import ClaimFile, ClaimFileBytes
from hemvist.guarantees.ledger_models import KINDS, GuaranteeEntry
from hemvist.guarantees.models import Guarantee, GuaranteeClaim
from hemvist.retention.dates import books_until
from hemvist.retention.models import KeptVoucher
from hemvist.retention.terms import Terms
from hemvist.tenancy import TenantSession


def keep(session: TenantSession, case_id: UUID, run_id: UUID, terms: Terms, on: date) -> int:
    """Copy what of the case must be kept after the day ``on``; how many vouchers."""
    entries = session.scalars(select(GuaranteeEntry).where(GuaranteeEntry.case_id == case_id)).all()
    by_guarantee: dict[UUID, list[GuaranteeEntry]] = {}
    for entry in entries:
        by_guarantee.setdefault(entry.guarantee_id, []).append(entry)
    kept = 0
    for guarantee_id, lines in sorted(by_guarantee.items()):
        until = books_until(terms, (line.booked_on for line in lines))
        if until is None or until < on:
            continue
        guarantee = session.find(Guarantee, guarantee_id)
        session.add_all(_entry(line, guarantee, run_id, until) for line in lines)
        files = _files(session, guarantee, run_id, until, lines)
        session.add_all(files)
        kept += len(lines) + len(files)
    session.flush()
    return kept


def _entry(line: GuaranteeEntry, guarantee: Guarantee, run_id: UUID, until: date) -> KeptVoucher:
    debit, credit = KINDS[line.kind]
    return KeptVoucher(
        run_id=run_id,
        landlord_id=guarantee.landlord_id,
        kind="entry",
        voucher_id=line.id,
        guarantee_id=guarantee.id,
        what=line.kind,
        debit=debit,
        credit=credit,
        amount_ore=line.amount_ore,
        booked_on=line.booked_on,
        reference=line.reference,
        keep_until=until,
    )


def _files(
    session: TenantSession,
    guarantee: Guarantee,
    run_id: UUID,
    until: date,
    lines: Sequence[GuaranteeEntry],
) -> list[KeptVoucher]:
    """The files of claims that something was booked by."""
    booked = {line.claim_id: line.booked_on for line in lines if line.claim_id is not None}
    rows = session.execute(
        select(
            ClaimFile.id, ClaimFile.media_type, ClaimFile.claim_id, ClaimFileBytes.content_sealed
        )
        .join(
            ClaimFileBytes,
            (ClaimFileBytes.tenant_id == ClaimFile.tenant_id)
            & (ClaimFileBytes.file_id == ClaimFile.id),
        )
        .join(
            GuaranteeClaim,
            (GuaranteeClaim.tenant_id == ClaimFile.tenant_id)
            & (GuaranteeClaim.id == ClaimFile.claim_id),
        )
        .where(GuaranteeClaim.guarantee_id == guarantee.id, ClaimFile.claim_id.in_(booked))
    ).all()
    return [
        KeptVoucher(
            run_id=run_id,
            landlord_id=guarantee.landlord_id,
            kind="file",
            voucher_id=file_id,
            guarantee_id=guarantee.id,
            what=media_type,
            booked_on=booked[claim_id],
            content=ClaimFileBytes.content.opened(session.tenant_id, sealed),
            keep_until=until,
        )
        for file_id, media_type, claim_id, sealed in rows
    ]
