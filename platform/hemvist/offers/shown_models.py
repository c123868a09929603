"""What a landlord is shown of an offer: kept beside it, since no view of a landlord reads persons."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import WRITE, Base, Owned, TenantScoped, tenant_reference

#: What a home must have for the household, in codes: that alone concerns the landlord.
NEEDS = ("lift", "step_free", "adapted")


class LandlordOffer(TenantScoped, Base):
    """One offer as the landlord of the home sees it: under an alias, and how many are to live there.

    The alias is drawn for this offer and leads nowhere else: the same household has another one in
    every other home. Of a household that is protected, or not known to be unprotected, there is the
    alias and nothing more; the trigger ``withhold_from_landlords`` sees to it when that changes.
    """

    __tablename__ = "landlord_offers"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "UPDATE")})
    __table_args__ = (
        tenant_reference("offers", "offer_id"),
        tenant_reference("cases", "case_id"),
        tenant_reference("households", "household_id"),
        tenant_reference("units", "unit_id"),
        CheckConstraint("(adults IS NULL) = (children IS NULL)", name="size_whole_or_none"),
        Index(None, "tenant_id", "offer_id", unique=True),
        Index(None, "tenant_id", "landlord_id", "id"),
        Index(None, "tenant_id", "unit_id"),
        Index(None, "tenant_id", "household_id"),
        Index(None, "tenant_id", "case_id"),
    )

    offer_id: Mapped[UUID]
    case_id: Mapped[UUID]
    household_id: Mapped[UUID]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    unit_id: Mapped[UUID]
    alias: Mapped[str]
    adults: Mapped[int | None]
    children: Mapped[int | None]
    #: Out of ``NEEDS``.
    needs: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
