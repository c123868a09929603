"""Documents that are kept: bytes that nobody changes or removes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import APPEND, Base, Owned, TenantScoped

#: Bytes that a document may have.
MAX_SIZE = 10_000_000


class Document(TenantScoped, Base):
    """A document as it was given out. The database refuses to change it, and checks its hash."""

    __tablename__ = "documents"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": APPEND}, triggers=("kept",))
    __table_args__ = (
        CheckConstraint("sha256 = encode(sha256(content), 'hex')", name="sha256"),
        CheckConstraint(f"octet_length(content) BETWEEN 1 AND {MAX_SIZE}", name="size"),
    )

    #: What it is, as its maker calls it: "letter.decision".
    kind: Mapped[str]
    file_name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    #: SHA-256 of the bytes, hexadecimal.
    sha256: Mapped[str]
    #: Template and its version: a hash of everything that sets the page.
    template: Mapped[str]
    template_version: Mapped[str]
    #: Guideline and version that it was written by; empty where it rests on none.
    pack: Mapped[str]
    pack_version: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
