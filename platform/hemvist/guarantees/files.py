"""The landlord's documents of a claim (krav): sent in, kept as they are, opened by who reads the case."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import func, select

from hemvist import audit
from hemvist.cases.access import case_for
from hemvist.cases.checks import raise_if
from hemvist.cases.journal import person_ids
from hemvist.clock import now
from hemvist.documents.uploads import checked, safe_name
from hemvist.errors import Conflict, NotFound, Problem
from hemvist.guarantees.access import matter
from hemvist.guarantees.file_models import ClaimFile, ClaimFileBytes
from hemvist.guarantees.models import GuaranteeClaim
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession

MAX_FILES = 50


def add_claim_file(
    session: TenantSession,
    actor: Actor,
    *,
    claim_id: UUID,
    name: str,
    content: bytes,
    caption: str = "",
) -> ClaimFile:
    """Keep a document (PDF) or a photograph (JPEG, PNG) that a landlord sent with a claim.

    The limits are those of ``hemvist.documents.uploads``; the same file is kept once. It can be added
    until the claim has been decided, since the decision rests on what was there. Raises
    ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    claim, case = matter(session, actor, GuaranteeClaim, claim_id, Action.GUARANTEE_MANAGE)
    kind, kept = checked(content, caption)
    digest = hashlib.sha256(kept).hexdigest()
    session.lock(claim)
    if claim.state != "received":
        raise Conflict("claim_decided", f"the claim is {claim.state}", state=claim.state)
    of_claim = select(func.count()).where(ClaimFile.claim_id == claim.id)
    if (session.scalar(of_claim) or 0) >= MAX_FILES:
        raise_if([Problem("content", "count", f"at most {MAX_FILES} files", {"limit": MAX_FILES})])
    if session.scalar(of_claim.where(ClaimFile.sha256 == digest)):
        raise Conflict("file_known", "the same file is there already")
    row = session.save(
        ClaimFile(
            claim_id=claim.id,
            case_id=case.id,
            name=safe_name(name, "handling"),
            media_type=kind,
            size_bytes=len(kept),
            sha256=digest,
            caption=caption.strip(),
            added_at=now(),
            added_by=actor.principal_id,
        )
    )
    session.save(ClaimFileBytes(file_id=row.id, content=kept))
    audit.record(
        session,
        actor,
        Action.GUARANTEE_MANAGE,
        persons=person_ids(session, case.household_id),
        case_id=case.id,
        subject_type="claim_file",
        subject_id=row.id,
    )
    return row


def open_claim_file(
    session: TenantSession, actor: Actor, *, file_id: UUID
) -> tuple[ClaimFile, bytes]:
    """The file and its bytes, for who may read the case; the reading is logged.

    Bytes that are no longer what was sent in are given to nobody. Raises ``NotFound``.
    """
    row = session.find(ClaimFile, file_id)
    try:
        case = case_for(session, actor, row.case_id, Action.CASE_READ)
    except NotFound as hidden:
        raise NotFound("ClaimFile") from hidden
    content = session.scalar(select(ClaimFileBytes.content).where(ClaimFileBytes.file_id == row.id))
    if content is None or hashlib.sha256(content).hexdigest() != row.sha256:
        raise NotFound("ClaimFile")
    audit.record(
        session,
        actor,
        "claim_file.read",
        kind="read",
        persons=person_ids(session, case.household_id),
        case_id=case.id,
        subject_type="claim_file",
        subject_id=row.id,
    )
    return row, content
