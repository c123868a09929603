"""Documents that are kept: bytes that nobody changes or removes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from hemvist.tenancy import (
    APPEND,
    Base,
    Owned,
    SealedFile,
    SealedText,
    TenantScoped,
    sealed_column,
)
from hemvist.tenancy.keys import OVERHEAD

#: Bytes that a document may have.
MAX_SIZE = 10_000_000


class Document(TenantScoped, Base):
    """A document as it was given out, sealed. The database refuses to change it.

    ``hemvist keys reseal`` may seal it with another key. Its hash is sealed too, for it would tell
    whether a letter is one that somebody guesses; who opens the document compares the two.
    """

    __tablename__ = "documents"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": APPEND}, triggers=("kept",))
    __table_args__ = (
        CheckConstraint(
            f"octet_length(content_sealed) BETWEEN {OVERHEAD + 1} AND {OVERHEAD + MAX_SIZE}",
            name="size",
        ),
    )

    #: What it is, as its maker calls it: "letter.decision".
    kind: Mapped[str]
    #: What it is and its case's number, nobody's name.
    file_name: Mapped[str]
    media_type: Mapped[str]
    content_sealed: Mapped[bytes] = sealed_column("documents.content", large=True)
    content = SealedFile("content_sealed")
    #: SHA-256 of the bytes, hexadecimal.
    sha256_sealed: Mapped[bytes] = sealed_column("documents.sha256")
    sha256 = SealedText("sha256_sealed")
    #: Template and its version: a hash of everything that sets the page.
    template: Mapped[str]
    template_version: Mapped[str]
    #: Guideline and version that it was written by; empty where it rests on none.
    pack: Mapped[str]
    pack_version: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
