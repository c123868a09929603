"""Photographs and signed protocols of an inspection: what may be kept, and how it is opened."""

from __future__ import annotations

import hashlib
from uuid import UUID

from hemvist.cases.access import open_matter
from hemvist.cases.files import keep_bytes, open_bytes, require_room
from hemvist.clock import now
from hemvist.contracts.models import Contract
from hemvist.documents.uploads import MAX_BYTES, checked, safe_name, sniffed
from hemvist.homes.models import FileBytes, Inspection, InspectionFile
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession

__all__ = ["MAX_BYTES", "MAX_FILES", "add_file", "open_file", "safe_name", "sniffed"]

MAX_FILES = 60


def add_file(
    session: TenantSession,
    actor: Actor,
    *,
    inspection_id: UUID,
    name: str,
    content: bytes,
    caption: str = "",
) -> InspectionFile:
    """Keep a photograph (JPEG, PNG) or a protocol (PDF) of at most ``MAX_BYTES``.

    What the camera wrote into it, such as where it was taken, is left out: a home may be secret. The
    same picture is kept once. Raises ``ValidationFailed``, ``Conflict``, ``NotFound``,
    ``NotAllowed``.
    """
    inspection, case = open_matter(session, actor, Inspection, inspection_id, Action.HOME_KEEP)
    kind, kept = checked(content, caption)
    digest = hashlib.sha256(kept).hexdigest()
    # A protocol is never changed and cannot be locked: the contract keeps its files in turn.
    session.lock(session.find(Contract, inspection.contract_id))
    beside = InspectionFile.inspection_id == inspection.id
    require_room(session, InspectionFile, beside, digest, MAX_FILES)
    row = session.save(
        InspectionFile(
            inspection_id=inspection.id,
            case_id=case.id,
            name=safe_name(name, "bild"),
            media_type=kind,
            size_bytes=len(kept),
            sha256=digest,
            caption=caption.strip(),
            added_at=now(),
            added_by=actor.principal_id,
        )
    )
    stored = FileBytes(file_id=row.id, content=kept)
    keep_bytes(session, actor, case, row, stored, Action.HOME_KEEP)
    return row


def open_file(
    session: TenantSession, actor: Actor, *, file_id: UUID
) -> tuple[InspectionFile, bytes]:
    """The file and its bytes, for who may read the case; the reading is logged.

    Raises ``NotFound``, ``NotAllowed``.
    """
    return open_bytes(session, actor, InspectionFile, FileBytes, file_id)
