"""The audit log's rows: who read or wrote what about whom, append-only, and the chain over them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import APPEND, Base, Owned, TenantScoped, one_of, tenant_reference

#: ``refused``: a command that was tried and not carried out.
KINDS = ("read", "write", "refused")
#: ``before``: what was written before entries had marks.
SECTIONS = ("before", "marked")


class AuditEntry(TenantScoped, Base):
    """One act. Holds identifiers and field names, never the values that were read or written."""

    __tablename__ = "audit_entries"
    __tenancy__ = Owned(
        {"hemvist_staff": APPEND, "hemvist_worker": APPEND}, triggers=("mark_audit_entry",)
    )
    __table_args__ = (
        one_of("kind", KINDS),
        # The trigger makes the mark of what an act gives; without it no act is carried out.
        CheckConstraint("octet_length(mac) = 49", name="mac"),
        # None on person_ids: @> is not leakproof, so no role under row security could use it.
        Index(None, "tenant_id", "at"),
    )

    at: Mapped[datetime]
    kind: Mapped[str]
    #: Who acted; empty only for the platform itself.
    principal_id: Mapped[UUID | None]
    roles: Mapped[list[str]]
    channel: Mapped[str]
    #: What was done: an action of the role matrix, a read operation's or a refused command's name.
    action: Mapped[str]
    case_id: Mapped[UUID | None]
    #: Every person whose data was returned or changed.
    person_ids: Mapped[list[UUID]]
    subject_type: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: The network that the request came from, never a whole address; "" where nobody knows.
    origin: Mapped[str] = mapped_column(default="", server_default="")
    #: See ``hemvist.audit.marks``; null for what was written before there were any.
    mac: Mapped[bytes | None] = mapped_column(LargeBinary)


class AuditLink(TenantScoped, Base):
    """An entry's place in the kommun's chain (kedja). Its id is the entry's."""

    __tablename__ = "audit_links"
    __tenancy__ = Owned({"hemvist_worker": APPEND})
    __table_args__ = (
        one_of("section", SECTIONS),
        tenant_reference("audit_entries", "id"),
        UniqueConstraint("tenant_id", "ordinal"),
    )

    #: From 1, without a gap.
    ordinal: Mapped[int]
    section: Mapped[str]
    #: Of the audit key that the hash is made with.
    generation: Mapped[int]
    linked_at: Mapped[datetime]
    #: Over this link, its entry and the link before it.
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditAnchor(TenantScoped, Base):
    """How long the chain was at a moment, and its last hash (ankare). The same is told outside."""

    __tablename__ = "audit_anchors"
    __tenancy__ = Owned({"hemvist_worker": APPEND})
    __table_args__ = (UniqueConstraint("tenant_id", "ordinal"),)

    ordinal: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    generation: Mapped[int]
    made_at: Mapped[datetime]
    mac: Mapped[bytes] = mapped_column(LargeBinary)
