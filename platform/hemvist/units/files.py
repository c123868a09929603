"""Pictures and plans of a unit: what may be kept, how they are opened, taking one away."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import delete, func, select

from hemvist import audit
from hemvist.clock import now
from hemvist.documents.uploads import checked, safe_name
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession
from hemvist.units.access import unit_for
from hemvist.units.models import FILE_KINDS, Unit, UnitFile, UnitFileBytes

MAX_FILES = 30


def add_file(
    session: TenantSession,
    actor: Actor,
    *,
    unit_id: UUID,
    kind: str,
    name: str,
    content: bytes,
    caption: str = "",
) -> UnitFile:
    """Keep a picture ("picture": JPEG, PNG) or a plan ("plan": also PDF) of a unit.

    What the camera wrote into it, such as where it was taken, is left out. The same picture is kept
    once, at most ``MAX_FILES`` of a unit. Pictures show the flat and nobody in it. Raises
    ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    # Who may say that a flat is free may show it: the landlord, and the office.
    unit = unit_for(session, actor, unit_id, Action.VACANCY_REPORT)
    if kind not in FILE_KINDS:
        raise ValidationFailed.one("kind", "unknown_choice", "picture or plan")
    media_type, kept = checked(content, caption)
    if kind == "picture" and media_type == "application/pdf":
        raise ValidationFailed.one("content", "media_type", "a picture is JPEG or PNG")
    digest = hashlib.sha256(kept).hexdigest()
    session.lock(unit)
    _require_room(session, unit, digest)
    row = session.save(
        UnitFile(
            unit_id=unit.id,
            kind=kind,
            name=safe_name(name, "bild" if kind == "picture" else "planritning"),
            media_type=media_type,
            size_bytes=len(kept),
            sha256=digest,
            caption=caption.strip(),
            added_at=now(),
            added_by=actor.principal_id,
        )
    )
    session.save(UnitFileBytes(file_id=row.id, content=kept))
    _log(session, actor, row, "unit_file.add")
    return row


def remove_file(session: TenantSession, actor: Actor, *, file_id: UUID) -> Unit:
    """Take a picture or plan away; its bytes are gone. Raises ``NotFound``, ``NotAllowed``."""
    row = session.find(UnitFile, file_id)
    unit = unit_for(session, actor, row.unit_id, Action.VACANCY_REPORT)
    session.lock(unit)
    _log(session, actor, row, "unit_file.remove")
    session.flush()
    session.execute(delete(UnitFileBytes).where(UnitFileBytes.file_id == row.id))
    session.execute(delete(UnitFile).where(UnitFile.id == row.id))
    return unit


def bytes_of(session: TenantSession, *, file_id: UUID) -> tuple[UnitFile, bytes]:
    """The file and its bytes, for who has been found to see the file. Raises ``NotFound``."""
    row = session.find(UnitFile, file_id)
    content = session.scalar(select(UnitFileBytes.content).where(UnitFileBytes.file_id == row.id))
    if content is None or hashlib.sha256(content).hexdigest() != row.sha256:
        raise NotFound("UnitFile")
    return row, content


def _require_room(session: TenantSession, unit: Unit, digest: str) -> None:
    count = select(func.count()).select_from(UnitFile).where(UnitFile.unit_id == unit.id)
    if (session.scalar(count) or 0) >= MAX_FILES:
        raise ValidationFailed(
            [Problem("content", "count", f"at most {MAX_FILES} files", {"limit": MAX_FILES})]
        )
    if session.scalar(count.where(UnitFile.sha256 == digest)):
        raise Conflict("file_known", "the same file is there already")


def _log(session: TenantSession, actor: Actor, row: UnitFile, action: str) -> None:
    audit.record(
        session,
        actor,
        action,
        subject_type="unit_file",
        subject_id=row.id,
        details={"kind": row.kind, "unit": str(row.unit_id)},
    )
