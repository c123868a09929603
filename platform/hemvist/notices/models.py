"""Notices inside the portal: what became somebody's to do or to know."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from hemvist.tenancy import WRITE, Base, Owned, TenantScoped, tenant_reference


class Notice(TenantScoped, Base):
    """A notice to a role in a department, so that an absent colleague stops nothing."""

    __tablename__ = "notices"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        UniqueConstraint("tenant_id", "source_id", "role", "department"),
        Index(None, "tenant_id", "department", "role", "created_at"),
        # Unread ones, the newest first: read ones gather for ten years.
        Index(
            "ix_notices_unread",
            "tenant_id",
            "department",
            "role",
            "created_at",
            "id",
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    created_at: Mapped[datetime]
    #: The event type or deadline state it tells of; the portal words it.
    kind: Mapped[str]
    role: Mapped[str]
    department: Mapped[str]
    case_id: Mapped[UUID]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    #: The event or obligation that caused it: one cause gives one notice.
    source_id: Mapped[UUID]
    #: Whose act it was, when it was somebody's: to that person it is no news.
    caused_by: Mapped[UUID | None]
    read_at: Mapped[datetime | None]
    read_by: Mapped[UUID | None]
