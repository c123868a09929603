"""Which cases were moved to another version, by whom, and what it changed for each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from hemvist.tenancy import APPEND, Base, Owned, TenantScoped, tenant_reference


class CaseMigration(TenantScoped, Base):
    """One choice: a list of open cases goes over to a version."""

    __tablename__ = "case_migrations"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (Index(None, "tenant_id", "migrated_at"),)

    pack: Mapped[str]
    to_version: Mapped[str]
    reason: Mapped[str]
    migrated_on: Mapped[date]
    migrated_at: Mapped[datetime]
    migrated_by: Mapped[UUID | None]


class MigratedCase(TenantScoped, Base):
    """One case of a migration, with what the guideline said before and after."""

    __tablename__ = "migrated_cases"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("case_migrations", "case_migration_id"),
        tenant_reference("cases", "case_id"),
        UniqueConstraint("tenant_id", "case_migration_id", "case_id"),
        Index(None, "tenant_id", "case_id"),
    )

    case_migration_id: Mapped[UUID]
    case_id: Mapped[UUID]
    from_version: Mapped[str]
    to_version: Mapped[str]
    #: Per programme: the entry rule's outcome and what to ask, under the old and the new version.
    programmes: Mapped[list[dict[str, Any]]]
    #: Obligations that came, went or moved.
    obligations: Mapped[list[dict[str, Any]]]
