"""Units (bostäder) and whether they are vacant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import WRITE, Base, Owned, TenantScoped, Versioned, one_of

STATES = ("vacant", "offered", "reserved", "let", "returned")
SOURCES = ("owner_agreement", "own_rental", "rented_in", "tenant_owned", "freehold")
TRANSITIONS: dict[str, tuple[str, ...]] = {
    "vacant": ("offered", "returned"),
    "offered": ("vacant", "reserved"),
    "reserved": ("vacant", "let"),
    "let": ("vacant", "returned"),
    "returned": (),
}


class Unit(TenantScoped, Versioned, Base):
    """A home that the property office has, or has been promised."""

    __tablename__ = "units"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "UPDATE")})
    __table_args__ = (
        UniqueConstraint("tenant_id", "property_designation", "street_address", "apartment_number"),
        one_of("state", STATES),
        one_of("source", SOURCES),
        CheckConstraint("rooms BETWEEN 1 AND 20", name="rooms"),
        CheckConstraint("rent_ore >= 0", name="rent"),
        Index(None, "tenant_id", "state", "available_from"),
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
    floor: Mapped[int]
    lift: Mapped[bool]
    step_free: Mapped[bool]
    adapted: Mapped[bool]
    available_from: Mapped[date]
    state: Mapped[str] = mapped_column(default="vacant")
