"""Landlord events: that something happened, of which a landlord is to be told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import APPEND, Base, Owned, TenantScoped


class LandlordEvent(TenantScoped, Base):
    """One thing that one landlord is told of: what kind, about which row, when.

    It says nothing about anybody: whoever is told looks the subject up with the rights they have.
    """

    __tablename__ = "landlord_events"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT", "INSERT", "DELETE")})
    __table_args__ = (
        # The list of types is the code's (``hemvist.landlord_events.TYPES``): it grows with each release.
        CheckConstraint("strpos(type, '.') > 1", name="type"),
        Index(None, "tenant_id", "landlord_id", "occurred_at", "id"),
    )

    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    occurred_at: Mapped[datetime]
    type: Mapped[str]
    #: The kommun's row that it is about; which kind of row follows from the type.
    subject_id: Mapped[UUID]
    #: Fastighetsbeteckning, where it is about a home: an agent is told of its own districts only.
    property_designation: Mapped[str | None]
