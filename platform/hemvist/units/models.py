"""Units (bostäder), their states over time, their pictures and plans."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.documents.uploads import TYPES
from hemvist.tenancy import (
    APPEND,
    WRITE,
    Base,
    Owned,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

STATES = ("vacant", "offered", "reserved", "let", "returned")
#: By agreement with the owner, own, rented in, a whole block hired, tenant-owned, freehold.
SOURCES = (
    "owner_agreement",
    "own_rental",
    "rented_in",
    "block_hired",
    "tenant_owned",
    "freehold",
)
#: A flat that went back to its owner may be let to the kommun anew.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    "vacant": ("offered", "returned"),
    "offered": ("vacant", "reserved"),
    "reserved": ("vacant", "let"),
    "let": ("vacant", "returned"),
    "returned": ("vacant",),
}
#: Why a unit stands as it does. The first two give a unit to the kommun.
CAUSES = (
    "registered",
    "taken_in",
    "offer_made",
    "offer_accepted",
    "offer_declined",
    "offer_withdrawn",
    "offer_expired",
    "contract_signed",
    "contract_ended",
    "taken_over",
    "given_back",
    #: Units there were before their states were kept.
    "known_before",
)
#: What a monthly rent is made of (hyrans delar).
RENT_PARTS = (
    "base",
    "heating",
    "electricity",
    "water",
    "parking",
    "internet",
    "furniture",
    "other",
)
#: Why a flat is kept for another household rather than given up.
KEPT_FOR = ("large", "adapted", "other")
FILE_KINDS = ("picture", "plan")


class Unit(TenantScoped, Versioned, Base):
    """A home that the property office has, or has been promised."""

    __tablename__ = "units"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "UPDATE")})
    __table_args__ = (
        UniqueConstraint("tenant_id", "property_designation", "street_address", "apartment_number"),
        one_of("state", STATES),
        one_of("source", SOURCES),
        one_of("kept_for", ("", *KEPT_FOR)),
        CheckConstraint("rooms BETWEEN 1 AND 20", name="rooms"),
        CheckConstraint("rent_ore >= 0", name="rent"),
        CheckConstraint("step_free_width_cm BETWEEN 50 AND 300", name="step_free_width"),
        Index(None, "tenant_id", "state", "available_from"),
        Index(None, "tenant_id", "landlord_id", "state"),
    )

    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    #: Fastighetsbeteckning.
    property_designation: Mapped[str]
    street_address: Mapped[str]
    postal_code: Mapped[str]
    city: Mapped[str]
    area: Mapped[str]
    #: Lägenhetsnummer, four digits, unique only with the address.
    apartment_number: Mapped[str]
    source: Mapped[str]
    #: Rooms besides the kitchen.
    rooms: Mapped[int]
    size_m2: Mapped[Decimal] = mapped_column(Numeric(6, 1))
    #: Monthly rent in öre.
    rent_ore: Mapped[int]
    #: Part (``RENT_PARTS``) → öre a month; their sum is the rent. Empty: nobody has said.
    rent_parts: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    floor: Mapped[int]
    lift: Mapped[bool]
    step_free: Mapped[bool]
    #: The narrowest passage from the street into the flat, where it is without steps.
    step_free_width_cm: Mapped[int | None]
    adapted: Mapped[bool]
    available_from: Mapped[date]
    #: Large or adapted flats that are hard to come by are kept for the next household.
    kept_for: Mapped[str] = mapped_column(server_default="")
    kept_because_sealed: Mapped[bytes] = sealed_column("units.kept_because")
    kept_because = SealedText("kept_because_sealed", default="")
    state: Mapped[str] = mapped_column(default="vacant")


class UnitStateLine(TenantScoped, Base):
    """A state that a unit came into: on which day, by which act. Never changed."""

    __tablename__ = "unit_states"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": APPEND})
    __table_args__ = (
        tenant_reference("units", "unit_id"),
        one_of("state", STATES),
        one_of("cause", CAUSES),
        Index(None, "tenant_id", "unit_id", "id"),
        Index(None, "tenant_id", "landlord_id", "since"),
    )

    unit_id: Mapped[UUID]
    #: Whose it was then.
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    state: Mapped[str]
    #: The day that the act took effect; lines follow each other by their ids.
    since: Mapped[date]
    cause: Mapped[str]
    #: What it was: "offer", "contract", "vacancy" and its id, where it was something.
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]


class UnitFile(TenantScoped, Base):
    """A picture or a plan of a unit. Its bytes stand in ``unit_file_bytes``."""

    __tablename__ = "unit_files"
    __tenancy__ = Owned({"hemvist_staff": ("SELECT", "INSERT", "DELETE")})
    __table_args__ = (
        tenant_reference("units", "unit_id"),
        one_of("kind", FILE_KINDS),
        one_of("media_type", TYPES),
        UniqueConstraint("tenant_id", "unit_id", "sha256"),
        CheckConstraint("size_bytes > 0", name="size"),
        CheckConstraint("kind = 'plan' OR media_type <> 'application/pdf'", name="picture"),
    )

    unit_id: Mapped[UUID]
    kind: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    caption: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]


class UnitFileBytes(TenantScoped, Base):
    """A file's bytes, apart from what lists read of it."""

    __tablename__ = "unit_file_bytes"
    __tenancy__ = Owned({"hemvist_staff": ("SELECT", "INSERT", "DELETE")})
    __table_args__ = (
        tenant_reference("unit_files", "file_id"),
        UniqueConstraint("tenant_id", "file_id"),
    )

    file_id: Mapped[UUID]
    content: Mapped[bytes] = mapped_column(LargeBinary)
