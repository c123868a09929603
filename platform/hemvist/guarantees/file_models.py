"""What a landlord sent with a claim, as files. Never changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from hemvist.documents.uploads import TYPES
from hemvist.tenancy import (
    APPEND,
    Base,
    Owned,
    SealedFile,
    SealedText,
    TenantScoped,
    one_of,
    sealed_column,
    tenant_reference,
)


class ClaimFile(TenantScoped, Base):
    """A document or a photograph of a claim. Its bytes stand in ``claim_file_bytes``."""

    __tablename__ = "claim_files"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("guarantee_claims", "claim_id"),
        tenant_reference("cases", "case_id"),
        one_of("media_type", TYPES),
        UniqueConstraint("tenant_id", "claim_id", "sha256"),
        CheckConstraint("size_bytes > 0", name="size"),
        Index(None, "tenant_id", "case_id"),
    )

    claim_id: Mapped[UUID]
    case_id: Mapped[UUID]
    name_sealed: Mapped[bytes] = sealed_column("claim_files.name")
    name = SealedText("name_sealed")
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    caption_sealed: Mapped[bytes] = sealed_column("claim_files.caption")
    caption = SealedText("caption_sealed")
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]


class ClaimFileBytes(TenantScoped, Base):
    """A file's bytes, apart from what lists read of it."""

    __tablename__ = "claim_file_bytes"
    __tenancy__ = Owned({"hemvist_staff": APPEND})
    __table_args__ = (
        tenant_reference("claim_files", "file_id"),
        UniqueConstraint("tenant_id", "file_id"),
    )

    file_id: Mapped[UUID]
    content_sealed: Mapped[bytes] = sealed_column("claim_file_bytes.content", large=True)
    content = SealedFile("content_sealed")
