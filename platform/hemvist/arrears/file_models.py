"""Files of rents that landlords send in, and how each landlord's columns are read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    SealedFile,
    SealedObject,
    SealedObjects,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

FORMATS = ("csv", "xlsx")
FILE_STATES = ("read", "imported", "discarded")
#: ``known`` says just what an earlier file has said; ``left_out`` was good and nobody chose it.
ROW_STATES = ("good", "faulty", "known", "imported", "left_out")


class ArrearsMapping(TenantScoped, Versioned, Base):
    """Under which headings a landlord's files have what: used for its next file."""

    __tablename__ = "arrears_mappings"
    __tenancy__ = Owned({"hemvist_staff": WRITE})
    __table_args__ = (UniqueConstraint("tenant_id", "department", "landlord_id"),)

    department: Mapped[str]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    #: Field (``hemvist.arrears.columns.FIELDS``) → heading.
    columns: Mapped[dict[str, Any]]
    #: Whether 03/04/2026 is the third of April. Null: nobody has said.
    day_first: Mapped[bool | None]
    updated_by: Mapped[UUID | None]


class ArrearsFile(TenantScoped, Versioned, Base):
    """A file that was read: a preview until somebody imports its good rows, or throws it away."""

    __tablename__ = "arrears_files"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        one_of("format", FORMATS),
        one_of("state", FILE_STATES),
        CheckConstraint("size_bytes > 0", name="size"),
        # The same file is there once; what was thrown away may come again.
        Index(
            "uq_arrears_files_sha256",
            "tenant_id",
            "department",
            "landlord_id",
            "sha256",
            unique=True,
            postgresql_where=text("state <> 'discarded'"),
        ),
        Index(None, "tenant_id", "department", "read_at"),
    )

    department: Mapped[str]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    name_sealed: Mapped[bytes] = sealed_column("arrears_files.name")
    name = SealedText("name_sealed")
    format: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    state: Mapped[str] = mapped_column(default="read")
    #: The day as of which it shows what is owed.
    position_on: Mapped[date]
    headings: Mapped[list[str]]
    columns: Mapped[dict[str, Any]]
    day_first: Mapped[bool | None]
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_good: Mapped[int] = mapped_column(default=0)
    rows_faulty: Mapped[int] = mapped_column(default=0)
    rows_known: Mapped[int] = mapped_column(default=0)
    rows_imported: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime]
    read_by: Mapped[UUID | None]
    ended_on: Mapped[date | None]
    ended_by: Mapped[UUID | None]


class ArrearsFileBytes(TenantScoped, Base):
    """The file itself, so that its columns can be told anew. Removed when it is imported or not."""

    __tablename__ = "arrears_file_bytes"
    __tenancy__ = Owned({"hemvist_staff": ("SELECT", "INSERT", "DELETE")})
    __table_args__ = (
        tenant_reference("arrears_files", "file_id"),
        UniqueConstraint("tenant_id", "file_id"),
    )

    file_id: Mapped[UUID]
    content_sealed: Mapped[bytes] = sealed_column("arrears_file_bytes.content", large=True)
    content = SealedFile("content_sealed")


class ArrearsRow(TenantScoped, Base):
    """A row of a file as it was read, and what is wrong with it."""

    __tablename__ = "arrears_rows"
    __tenancy__ = Owned({"hemvist_staff": ("SELECT", "INSERT", "UPDATE", "DELETE")})
    __table_args__ = (
        tenant_reference("arrears_files", "file_id"),
        one_of("state", ROW_STATES),
        CheckConstraint(
            # Longer than an empty list.
            "state <> 'faulty' OR octet_length(problems_sealed) > 31",
            name="faulty_with_reason",
        ),
        UniqueConstraint("tenant_id", "file_id", "number"),
        Index(None, "tenant_id", "file_id", "state", "number"),
    )

    file_id: Mapped[UUID]
    #: As the spreadsheet numbers it: the heading's row is counted.
    number: Mapped[int]
    state: Mapped[str]
    #: Field → value, as they would be imported; no personal number.
    values_sealed: Mapped[bytes] = sealed_column("arrears_rows.values")
    values = SealedObject("values_sealed")
    #: Each with ``column``, ``rule``, ``given`` and ``params``.
    problems_sealed: Mapped[bytes] = sealed_column("arrears_rows.problems")
    problems = SealedObjects("problems_sealed")
