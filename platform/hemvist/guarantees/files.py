"""The landlord's documents of a claim (krav): sent in, kept as they are, opened by who reads the case."""

from __future__ import annotations

import hashlib
from uuid import UUID

from hemvist.cases.files import keep_bytes, open_bytes, require_room
from hemvist.cases.models import Case
from hemvist.clock import now
from hemvist.documents.uploads import checked, safe_name
from hemvist.errors import Conflict
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
    return keep_claim_file(
        session, actor, claim, case, Action.GUARANTEE_MANAGE, name, content, caption
    )


def keep_claim_file(
    session: TenantSession,
    actor: Actor,
    claim: GuaranteeClaim,
    case: Case,
    action: Action,
    name: str,
    content: bytes,
    caption: str = "",
) -> ClaimFile:
    """Check and keep a file of a claim to which the actor may add by ``action``. Raises as above."""
    kind, kept = checked(content, caption)
    digest = hashlib.sha256(kept).hexdigest()
    session.lock(claim)
    if claim.state != "received":
        raise Conflict("claim_decided", f"the claim is {claim.state}", state=claim.state)
    require_room(session, ClaimFile, ClaimFile.claim_id == claim.id, digest, MAX_FILES)
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
    stored = ClaimFileBytes(file_id=row.id, content=kept)
    keep_bytes(session, actor, case, row, stored, action)
    return row


def open_claim_file(
    session: TenantSession, actor: Actor, *, file_id: UUID
) -> tuple[ClaimFile, bytes]:
    """The file and its bytes, for who may read the case; the reading is logged.

    Bytes that are no longer what was sent in are given to nobody. Raises ``NotFound``.
    """
    return open_bytes(session, actor, ClaimFile, ClaimFileBytes, file_id)
