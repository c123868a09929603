"""Keys and inspections of a home, with their photographs."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from hemvist.documents.uploads import TYPES
from hemvist.tenancy import (
    APPEND,
    Base,
    Owned,
    SealedFile,
    SealedObjects,
    SealedText,
    TenantScoped,
    one_of,
    sealed_column,
    tenant_reference,
)

INSPECTIONS = ("move_in", "status", "move_out")
KEY_KINDS = ("flat", "entrance", "storage", "laundry", "post", "spare")
HOLDERS = ("tenant", "support", "property")
MOVES = ("handed_out", "returned", "lost")
CONDITIONS = ("good", "worn", "damaged", "missing")
COST_BEARERS = ("none", "tenant", "landlord")


class Inspection(TenantScoped, Base):
    """A protocol of the home's condition (besiktningsprotokoll). Never changed."""

    __tablename__ = "inspections"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("contracts", "contract_id"),
        tenant_reference("cases", "case_id"),
        one_of("kind", INSPECTIONS),
        Index(None, "tenant_id", "contract_id", "held_on"),
        Index(None, "tenant_id", "case_id"),
    )

    contract_id: Mapped[UUID]
    case_id: Mapped[UUID]
    kind: Mapped[str]
    held_on: Mapped[date]
    #: Parties that were there, in the pack's words: resident, property, landlord …
    present: Mapped[list[str]]
    #: Lines of the protocol: room, part, condition, note, cost_bearer, cost_ore.
    items_sealed: Mapped[bytes] = sealed_column("inspections.items")
    items = SealedObjects("items_sealed")
    signed_by_tenant: Mapped[bool]
    notes_sealed: Mapped[bytes] = sealed_column("inspections.notes")
    notes = SealedText("notes_sealed")
    recorded_by: Mapped[UUID | None]


class InspectionFile(TenantScoped, Base):
    """A photograph or a signed protocol of an inspection. Its bytes stand in ``file_bytes``."""

    __tablename__ = "inspection_files"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("inspections", "inspection_id"),
        tenant_reference("cases", "case_id"),
        one_of("media_type", TYPES),
        UniqueConstraint("tenant_id", "inspection_id", "sha256"),
        CheckConstraint("size_bytes > 0", name="size"),
    )

    inspection_id: Mapped[UUID]
    case_id: Mapped[UUID]
    name_sealed: Mapped[bytes] = sealed_column("inspection_files.name")
    name = SealedText("name_sealed")
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    caption_sealed: Mapped[bytes] = sealed_column("inspection_files.caption")
    caption = SealedText("caption_sealed")
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]


class FileBytes(TenantScoped, Base):
    """A file's bytes, apart from what lists read of it."""

    __tablename__ = "file_bytes"
    __tenancy__ = Owned({"hemvist_staff": APPEND})
    __table_args__ = (
        tenant_reference("inspection_files", "file_id"),
        UniqueConstraint("tenant_id", "file_id"),
    )

    file_id: Mapped[UUID]
    content_sealed: Mapped[bytes] = sealed_column("file_bytes.content", large=True)
    content = SealedFile("content_sealed")


class KeyMovement(TenantScoped, Base):
    """Keys or tags that went out or came back (nyckelkvittens). Never changed."""

    __tablename__ = "key_movements"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("contracts", "contract_id"),
        tenant_reference("cases", "case_id"),
        one_of("move", MOVES),
        one_of("key_kind", KEY_KINDS),
        one_of("holder", HOLDERS),
        CheckConstraint("quantity BETWEEN 1 AND 50", name="quantity"),
        Index(None, "tenant_id", "contract_id", "moved_on"),
        Index(None, "tenant_id", "case_id"),
    )

    contract_id: Mapped[UUID]
    case_id: Mapped[UUID]
    move: Mapped[str]
    key_kind: Mapped[str]
    holder: Mapped[str]
    quantity: Mapped[int]
    moved_on: Mapped[date]
    #: When a key that others than the tenant hold may be used, as agreed with the tenant.
    terms_sealed: Mapped[bytes] = sealed_column("key_movements.terms")
    terms = SealedText("terms_sealed")
    terms_agreed_on: Mapped[date | None]
    receipt_signed: Mapped[bool]
    registered_by: Mapped[UUID | None]
