"""Acts of letting oneself see an address (adressvisning)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from hemvist.tenancy import (
    APPEND,
    Base,
    Owned,
    SealedText,
    TenantScoped,
    sealed_column,
    tenant_reference,
)


class AddressReveal(TenantScoped, Base):
    """Somebody let the address of a protected household be shown: to themself, for a reason, for a while."""

    __tablename__ = "address_reveals"
    __tenancy__ = Owned({"hemvist_staff": APPEND})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("households", "household_id"),
        CheckConstraint("ends_at > revealed_at", name="period"),
        Index(None, "tenant_id", "principal_id", "household_id", "ends_at"),
        Index(None, "tenant_id", "household_id"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    household_id: Mapped[UUID]
    principal_id: Mapped[UUID]
    #: In the person's own words, for those who review the log.
    reason_sealed: Mapped[bytes] = sealed_column("address_reveals.reason")
    reason = SealedText("reason_sealed")
    #: By the real clock, whatever day is shown.
    revealed_at: Mapped[datetime]
    ends_at: Mapped[datetime]
