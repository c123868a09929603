"""Papers between a kommun and a landlord: who sent what, and whether the other side opened it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.documents.uploads import TYPES
from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    SealedFile,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: Who sent it: the kommun to the landlord, or the landlord to the kommun.
DIRECTIONS = ("to_landlord", "to_kommun")
#: agreement (avtal), plan (ritning), protocol (protokoll), invoice (faktura), rents (hyresfil: a list
#: of rents and arrears, CSV or Excel), terms (villkor), other.
KINDS = ("agreement", "plan", "protocol", "invoice", "rents", "terms", "other")
#: There; taken back by whoever sent it; read in as a file of rents. In the last two its bytes are gone.
STATES = ("there", "taken_back", "read_in")
SHEETS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MEDIA_TYPES = (*TYPES, *SHEETS.values())


class LandlordPaper(TenantScoped, Versioned, Base):
    """One paper. Its bytes stand in ``landlord_paper_bytes``.

    It is about a home or about none; an agent of a district sees those of its homes and those that
    are about none.
    """

    __tablename__ = "landlord_papers"
    __tenancy__ = Owned({"hemvist_staff": WRITE})
    __table_args__ = (
        tenant_reference("units", "unit_id"),
        tenant_reference("arrears_files", "arrears_file_id"),
        one_of("direction", DIRECTIONS),
        one_of("kind", KINDS),
        one_of("state", STATES),
        one_of("media_type", MEDIA_TYPES),
        CheckConstraint("octet_length(title_sealed) > 29", name="title"),
        CheckConstraint("size_bytes > 0", name="size"),
        CheckConstraint("(state = 'read_in') = (arrears_file_id IS NOT NULL)", name="read_in"),
        CheckConstraint("(state = 'there') = (ended_at IS NULL)", name="ended"),
        # The same file is there once.
        Index(
            "uq_landlord_papers_sha256",
            "tenant_id",
            "landlord_id",
            "direction",
            "sha256",
            unique=True,
            postgresql_where=text("state <> 'taken_back'"),
        ),
        Index(None, "tenant_id", "landlord_id", "sent_at", "id"),
        Index(None, "tenant_id", "sent_at", "id"),
    )

    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    unit_id: Mapped[UUID | None]
    direction: Mapped[str]
    kind: Mapped[str]
    title_sealed: Mapped[bytes] = sealed_column("landlord_papers.title")
    title = SealedText("title_sealed")
    name_sealed: Mapped[bytes] = sealed_column("landlord_papers.name")
    name = SealedText("name_sealed")
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    state: Mapped[str] = mapped_column(default="there")
    sent_at: Mapped[datetime]
    sent_by: Mapped[UUID | None]
    #: When the other side opened it for the first time.
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    arrears_file_id: Mapped[UUID | None]


class LandlordPaperBytes(TenantScoped, Base):
    """A paper's bytes, apart from what lists read of it."""

    __tablename__ = "landlord_paper_bytes"
    __tenancy__ = Owned({"hemvist_staff": ("SELECT", "INSERT", "DELETE")})
    __table_args__ = (
        tenant_reference("landlord_papers", "paper_id"),
        UniqueConstraint("tenant_id", "paper_id"),
    )

    paper_id: Mapped[UUID]
    content_sealed: Mapped[bytes] = sealed_column("landlord_paper_bytes.content", large=True)
    content = SealedFile("content_sealed")
