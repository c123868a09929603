"""Photographs and signed protocols of an inspection: what may be kept, and how it is opened."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import func, select

from hemvist import audit
from hemvist.cases.access import case_for, open_matter
from hemvist.cases.checks import raise_if
from hemvist.cases.journal import person_ids
from hemvist.clock import now
from hemvist.contracts.models import Contract
from hemvist.documents.uploads import MAX_BYTES, checked, safe_name, sniffed
from hemvist.errors import Conflict, NotFound, Problem
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
    count = session.scalar(
        select(func.count()).where(InspectionFile.inspection_id == inspection.id)
    )
    if (count or 0) >= MAX_FILES:
        raise_if([Problem("content", "count", f"at most {MAX_FILES} files")])
    known = session.scalar(
        select(InspectionFile.id).where(
            InspectionFile.inspection_id == inspection.id, InspectionFile.sha256 == digest
        )
    )
    if known is not None:
        raise Conflict("file_known", "the same file is there already")
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
    session.save(FileBytes(file_id=row.id, content=kept))
    audit.record(
        session,
        actor,
        Action.HOME_KEEP,
        persons=person_ids(session, case.household_id),
        case_id=case.id,
        subject_type="inspection_file",
        subject_id=row.id,
    )
    return row


def open_file(
    session: TenantSession, actor: Actor, *, file_id: UUID
) -> tuple[InspectionFile, bytes]:
    """The file and its bytes, for who may read the case; the reading is logged.

    Raises ``NotFound``, ``NotAllowed``.
    """
    row = session.find(InspectionFile, file_id)
    try:
        case = case_for(session, actor, row.case_id, Action.CASE_READ)
    except NotFound as hidden:
        raise NotFound("InspectionFile") from hidden
    content = session.scalar(select(FileBytes.content).where(FileBytes.file_id == row.id))
    if content is None or hashlib.sha256(content).hexdigest() != row.sha256:
        raise NotFound("InspectionFile")
    audit.record(
        session,
        actor,
        "inspection_file.read",
        kind="read",
        persons=person_ids(session, case.household_id),
        case_id=case.id,
        subject_type="inspection_file",
        subject_id=row.id,
    )
    return row, content
