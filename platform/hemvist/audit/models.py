"""The audit log's rows: who read or wrote what about whom, append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import APPEND, Base, Owned, TenantScoped, one_of

KINDS = ("read", "write")


class AuditEntry(TenantScoped, Base):
    """One act. Holds identifiers and field names, never the values that were read or written."""

    __tablename__ = "audit_entries"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": APPEND})
    __table_args__ = (
        one_of("kind", KINDS),
        # None on person_ids: @> is not leakproof, so no role under row security could use it.
        Index(None, "tenant_id", "at"),
    )

    at: Mapped[datetime]
    kind: Mapped[str]
    #: Who acted; empty only for the platform itself.
    principal_id: Mapped[UUID | None]
    roles: Mapped[list[str]]
    channel: Mapped[str]
    #: What was done: an action of the role matrix, or a read operation's name.
    action: Mapped[str]
    case_id: Mapped[UUID | None]
    #: Every person whose data was returned or changed.
    person_ids: Mapped[list[UUID]]
    subject_type: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
