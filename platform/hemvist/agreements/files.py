"""An agreement's documents: kept as they were sent in, opened by who reads agreements."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist.agreements.file_models import AgreementFile, AgreementFileBytes
from hemvist.agreements.models import Agreement
from hemvist.agreements.service import found, log
from hemvist.cases.files import require_room
from hemvist.clock import now
from hemvist.documents.uploads import checked, safe_name
from hemvist.errors import NotFound
from hemvist.identity import Action, Actor, allows
from hemvist.landlord_events import tell_landlord
from hemvist.tenancy import TenantSession

MAX_FILES = 100


def add_agreement_file(
    session: TenantSession,
    actor: Actor,
    *,
    agreement_id: UUID,
    name: str,
    content: bytes,
    caption: str = "",
    shared: bool = False,
) -> AgreementFile:
    """Keep a document (PDF, JPEG, PNG) of an agreement; ``shared`` lets the landlord open it too.

    The limits are those of ``hemvist.documents.uploads``; the same file is kept once. Raises
    ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    agreement = found(session, actor, Agreement, agreement_id)
    kind, kept = checked(content, caption)
    digest = hashlib.sha256(kept).hexdigest()
    session.lock(agreement)
    beside = AgreementFile.agreement_id == agreement.id
    require_room(session, AgreementFile, beside, digest, MAX_FILES)
    row = session.save(
        AgreementFile(
            agreement_id=agreement.id,
            name=safe_name(name, "avtal"),
            media_type=kind,
            size_bytes=len(kept),
            sha256=digest,
            caption=caption.strip(),
            shared=shared,
            added_at=now(),
            added_by=actor.principal_id,
        )
    )
    session.save(AgreementFileBytes(file_id=row.id, content=kept))
    log(session, actor, Action.AGREEMENT_MANAGE, agreement.id)
    if shared:
        tell_landlord(
            session, "agreement.changed", landlord_id=agreement.landlord_id, subject_id=agreement.id
        )
    return row


def open_agreement_file(
    session: TenantSession, actor: Actor, *, file_id: UUID
) -> tuple[AgreementFile, bytes]:
    """The file and its bytes; the reading is logged.

    Bytes that are no longer what was sent in are given to nobody. Raises ``NotFound``.
    """
    row = session.find(AgreementFile, file_id)
    if not allows(actor, Action.AGREEMENT_READ):
        raise NotFound("AgreementFile")
    return row, opened(session, actor, row)


def opened(session: TenantSession, actor: Actor, row: AgreementFile) -> bytes:
    """The bytes of a file that the actor may open. Raises ``NotFound``."""
    content = session.scalar(
        select(AgreementFileBytes.content).where(AgreementFileBytes.file_id == row.id)
    )
    if content is None or hashlib.sha256(content).hexdigest() != row.sha256:
        raise NotFound("AgreementFile")
    audit.record(
        session,
        actor,
        "agreement_file.read",
        kind="read",
        subject_type="agreement_file",
        subject_id=row.id,
    )
    return content
