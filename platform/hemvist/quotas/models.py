"""Figures that the shares of quotas are taken of, and what a home counts towards."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
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

#: Figures that shares are taken of: homes that became vacant, the landlord's stock, all the stock of
#: the kommun's market, homes of a land deal that were completed, homes that the kommun needs a year.
BASES = ("vacated", "stock", "market", "production", "need")
#: Figures that hold from a day until the next one; the others belong to a period.
STANDING_BASES = ("stock", "market", "need")
#: Figures of the kommun's whole market, not of one landlord.
MARKET_WIDE = ("market", "need")


class QuotaBase(TenantScoped, Versioned, Base):
    """A figure that shares are taken of. Taken back, never changed, when it was wrong."""

    __tablename__ = "quota_bases"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        one_of("kind", BASES),
        tenant_reference("agreements", "agreement_id"),
        CheckConstraint("homes BETWEEN 0 AND 10000000", name="homes"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="period"),
        CheckConstraint("(kind = 'vacated') = (to_on IS NOT NULL)", name="kind_of_period"),
        CheckConstraint(
            "(kind IN ('market', 'need')) = (landlord_id IS NULL)", name="whose_figure"
        ),
        CheckConstraint(
            "kind = 'production' OR agreement_id IS NULL", name="land_deal_of_production"
        ),
        Index(None, "tenant_id", "landlord_id", "kind", "from_on"),
    )

    landlord_id: Mapped[UUID | None] = mapped_column(ForeignKey("landlords.id"))
    #: The land deal that homes were completed under.
    agreement_id: Mapped[UUID | None]
    kind: Mapped[str]
    #: The area it is a figure of; empty for what is not told by area.
    area: Mapped[str] = mapped_column(server_default="")
    #: The day it holds from, the first day of its period, or the day on which homes were completed.
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    homes: Mapped[int]
    #: Where the figure is from.
    source: Mapped[str]
    recorded_on: Mapped[date]
    recorded_by: Mapped[UUID | None]
    taken_back_on: Mapped[date | None]
    taken_back_by: Mapped[UUID | None]


class QuotaPlacement(TenantScoped, Versioned, Base):
    """A person's word on what one home counts towards, in the place of the order of the quotas."""

    __tablename__ = "quota_placements"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("units", "unit_id"),
        tenant_reference("agreements", "agreement_id"),
        UniqueConstraint("tenant_id", "unit_id"),
        CheckConstraint("octet_length(because_sealed) > 29", name="because"),
        CheckConstraint("(agreement_id IS NULL) = (code IS NULL)", name="whole"),
        Index(None, "tenant_id", "agreement_id", postgresql_where=text("agreement_id IS NOT NULL")),
    )

    unit_id: Mapped[UUID]
    #: None counts towards nothing.
    agreement_id: Mapped[UUID | None]
    code: Mapped[str | None]
    because_sealed: Mapped[bytes] = sealed_column("quota_placements.because")
    because = SealedText("because_sealed")
    placed_on: Mapped[date]
    placed_by: Mapped[UUID | None]
