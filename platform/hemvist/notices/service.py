"""Giving notice, and marking a notice as read."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from hemvist.clock import now
from hemvist.errors import NotFound
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.notices.models import Notice
from hemvist.tenancy import TenantSession


def notify(
    session: TenantSession,
    *,
    kind: str,
    role: str,
    department: str,
    case_id: UUID,
    subject_type: str,
    subject_id: UUID,
    source_id: UUID,
    caused_by: UUID | None = None,
) -> bool:
    """Give notice to everybody with ``role`` in ``department``; False when it was given before.

    ``source_id`` is the event or the obligation that is the cause: one cause, one notice.
    ``caused_by`` is the principal whose act it was, to whom it is not shown.
    """
    statement = (
        insert(Notice)
        .values(
            tenant_id=session.tenant_id,
            id=new_id(),
            created_at=now(),
            kind=kind,
            role=role,
            department=department,
            case_id=case_id,
            subject_type=subject_type,
            subject_id=subject_id,
            source_id=source_id,
            caused_by=caused_by,
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "source_id", "role", "department"])
        .returning(Notice.id)
    )
    return session.execute(statement).first() is not None


def mark_read(session: TenantSession, actor: Actor, notice_id: UUID) -> Notice:
    """The actor has read the notice, for everybody whom it was given to.

    Raises ``NotFound`` for a notice that was not given to one of the actor's roles.
    """
    notice = session.find(Notice, notice_id)
    held = {(membership.role.value, membership.department) for membership in actor.memberships}
    if (notice.role, notice.department) not in held:
        raise NotFound("Notice")
    if notice.read_at is None:
        notice.read_at = now()
        notice.read_by = actor.principal_id
        session.flush()
    return notice
