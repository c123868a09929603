"""An agreement's documents, as files. Never changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.documents.uploads import TYPES
from hemvist.tenancy import APPEND, Base, Owned, TenantScoped, one_of, tenant_reference


class AgreementFile(TenantScoped, Base):
    """A document of an agreement. Its bytes stand in ``agreement_file_bytes``."""

    __tablename__ = "agreement_files"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("agreements", "agreement_id"),
        one_of("media_type", TYPES),
        UniqueConstraint("tenant_id", "agreement_id", "sha256"),
        CheckConstraint("size_bytes > 0", name="size"),
    )

    agreement_id: Mapped[UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    caption: Mapped[str]
    #: Whether the landlord may open it too.
    shared: Mapped[bool] = mapped_column(server_default=text("false"))
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]


class AgreementFileBytes(TenantScoped, Base):
    """A file's bytes, apart from what lists read of it."""

    __tablename__ = "agreement_file_bytes"
    __tenancy__ = Owned({"hemvist_staff": APPEND})
    __table_args__ = (
        tenant_reference("agreement_files", "file_id"),
        UniqueConstraint("tenant_id", "file_id"),
    )

    file_id: Mapped[UUID]
    content: Mapped[bytes] = mapped_column(LargeBinary)
