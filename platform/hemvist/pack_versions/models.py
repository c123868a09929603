"""Versions of a guideline that the kommun has made itself, their files and their history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    FULL,
    READ,
    WRITE,
    Base,
    Owned,
    TenantScoped,
    Versioned,
    one_of,
    tenant_reference,
)

STATES = (
    "draft",
    "checked",
    "submitted",
    "approved",
    "active",
    "frozen",
    "withdrawn",
    "rejected",
)

#: The moves that there are. Who may make each is the service's matter.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    "draft": ("checked", "withdrawn"),
    "checked": ("draft", "submitted", "withdrawn"),
    "submitted": ("approved", "rejected", "withdrawn"),
    #: Nobody is judged by it yet: its day has not come.
    "approved": ("active", "withdrawn"),
    "active": ("frozen", "withdrawn"),
    #: No new case is judged by it for the time being; those that are pinned to it stay.
    "frozen": ("active", "withdrawn"),
    "withdrawn": (),
    #: What was wrong may be mended.
    "rejected": ("draft", "withdrawn"),
}
#: Where the files may still be changed.
OPEN = ("draft", "checked", "rejected")
#: Where a new case may be pinned to it, from its day on.
BINDING = ("approved", "active")


class PackVersion(TenantScoped, Versioned, Base):
    """One version of one guideline as the kommun has written it.

    From approval on nothing in it changes: ``content_hash`` holds its files to what was approved.
    """

    __tablename__ = "pack_versions"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (
        UniqueConstraint("tenant_id", "pack", "number"),
        one_of("state", STATES),
        Index(None, "tenant_id", "state", "in_force_from"),
    )

    #: Name of the guideline: "kommun/guideline".
    pack: Mapped[str]
    #: The version that its ``pack.yaml`` states: "2026.3.0".
    number: Mapped[str]
    in_force_from: Mapped[date]
    in_force_to: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="draft")
    #: SHA-256 of all its files, hexadecimal.
    content_hash: Mapped[str]
    #: The version that it was started from.
    based_on: Mapped[str]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    #: What the latest check found, and of which content.
    check_result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    checked_hash: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    submitted_by: Mapped[UUID | None]
    submitted_at: Mapped[datetime | None]
    #: Once approved, cases may be pinned to it, whatever becomes of it afterwards.
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    activated_at: Mapped[datetime | None]
    #: Why it was rejected, frozen or withdrawn; empty else.
    reason: Mapped[str] = mapped_column(default="")


class PackVersionFile(TenantScoped, Base):
    """A file of a version as text."""

    __tablename__ = "pack_version_files"
    __tenancy__ = Owned({"hemvist_staff": FULL, "hemvist_worker": READ})
    __table_args__ = (
        tenant_reference("pack_versions", "pack_version_id"),
        UniqueConstraint("tenant_id", "pack_version_id", "name"),
    )

    pack_version_id: Mapped[UUID]
    name: Mapped[str]
    content: Mapped[str]


class PackVersionEvent(TenantScoped, Base):
    """A step in the life of a version, append-only."""

    __tablename__ = "pack_version_events"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": APPEND})
    __table_args__ = (
        tenant_reference("pack_versions", "pack_version_id"),
        Index(None, "tenant_id", "pack_version_id", "at"),
    )

    pack_version_id: Mapped[UUID]
    at: Mapped[datetime]
    #: Past tense: drafted, changed, checked, submitted, approved …
    kind: Mapped[str]
    #: The state that it led to.
    state: Mapped[str]
    content_hash: Mapped[str]
    principal_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    #: Names of files, parameters and days that the step concerns.
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
