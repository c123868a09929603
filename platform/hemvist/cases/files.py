"""Files that belong to a case: counted, kept once and as they are, opened by who reads the case."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from hemvist import audit
from hemvist.cases.access import case_for
from hemvist.cases.checks import raise_if
from hemvist.cases.journal import person_ids
from hemvist.cases.models import Case
from hemvist.errors import Conflict, NotFound, Problem
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import SealBroken


def require_room(
    session: TenantSession, model: Any, beside: ColumnElement[bool], digest: str, most: int
) -> None:
    """Raise when there are ``most`` files beside it, or the same one (by its SHA-256) already.

    The caller holds the row that they belong to. Raises ``ValidationFailed``, ``Conflict``.
    """
    count = select(func.count()).select_from(model).where(beside)
    if (session.scalar(count) or 0) >= most:
        raise_if([Problem("content", "count", f"at most {most} files", {"limit": most})])
    if session.scalar(count.where(model.sha256 == digest)):
        raise Conflict("file_known", "the same file is there already")


def keep_bytes(
    session: TenantSession, actor: Actor, case: Case, row: Any, stored: Any, action: Action
) -> None:
    """Keep the bytes of a file beside its row, and log who added it."""
    session.save(stored)
    _log(session, actor, case, row, action)


def open_bytes(
    session: TenantSession, actor: Actor, model: Any, bytes_of: Any, file_id: UUID
) -> tuple[Any, bytes]:
    """A file and its bytes, for who may read the case; the reading is logged.

    Bytes that are no longer what was kept are given to nobody. Raises ``NotFound``.
    """
    row = session.find(model, file_id)
    try:
        case = case_for(session, actor, row.case_id, Action.CASE_READ)
    except NotFound as hidden:
        raise NotFound(model.__name__) from hidden
    kept = session.scalar(select(bytes_of).where(bytes_of.file_id == row.id))
    content = None if kept is None else opened_whole(kept, row.sha256)
    if content is None:
        raise NotFound(model.__name__)
    _log(session, actor, case, row, f"{_subject(row)}.read", kind="read")
    return row, content


def opened_whole(kept: Any, digest: str) -> bytes | None:
    """The bytes of ``kept.content``; None where they are not those that were kept."""
    try:
        content: bytes = kept.content
    except SealBroken:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None


def _log(
    session: TenantSession, actor: Actor, case: Case, row: Any, action: Any, **more: Any
) -> None:
    audit.record(
        session,
        actor,
        action,
        persons=person_ids(session, case.household_id),
        case_id=case.id,
        subject_type=_subject(row),
        subject_id=row.id,
        **more,
    )


def _subject(row: Any) -> str:
    return str(row.__tablename__).removesuffix("s")
