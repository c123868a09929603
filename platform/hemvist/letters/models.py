"""Letters of a case: a draft that follows the records until a person releases it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    SealedOptionalText,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

KINDS = (
    *("decision", "referral", "offer", "contract", "waiver", "guarantee"),
    *("demand", "notice", "explanation"),
    *("ladder_demand", "board_notice", "meeting_call", "eviction_answer"),
)
STATES = ("draft", "released", "discarded")


class Letter(TenantScoped, Versioned, Base):
    """A letter about one record of a case. Once released, the database refuses to change it."""

    __tablename__ = "letters"
    __tenancy__ = Owned(
        {"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)}, triggers=("kept", "join_circle")
    )
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("documents", "document_id"),
        one_of("kind", KINDS),
        one_of("state", STATES),
        CheckConstraint(
            "state <> 'released' OR (document_id IS NOT NULL AND released_at IS NOT NULL)",
            name="released",
        ),
        Index(None, "tenant_id", "case_id", "drafted_on"),
    )

    case_id: Mapped[UUID]
    kind: Mapped[str]
    #: The record that it is about: ``decision``, ``contract`` …
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="draft")
    #: What the person who wrote it added, in the household's words.
    own_words_sealed: Mapped[bytes] = sealed_column("letters.own_words")
    own_words = SealedText("own_words_sealed")
    drafted_by: Mapped[UUID | None]
    drafted_on: Mapped[date]
    #: The bytes that were released.
    document_id: Mapped[UUID | None]
    #: Of the released document, so that a list needs not read it.
    sha256_sealed: Mapped[bytes | None] = sealed_column("letters.sha256")
    sha256 = SealedOptionalText("sha256_sealed")
    pack_version: Mapped[str | None]
    template_version: Mapped[str | None]
    released_by: Mapped[UUID | None]
    released_on: Mapped[date | None]
    released_at: Mapped[datetime | None]
