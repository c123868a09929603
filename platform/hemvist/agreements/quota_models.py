"""Quotas (kvoter) as a version of an agreement has them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.policy.quotas import KINDS as FORCES
from hemvist.policy.quotas import PERIODS
from hemvist.tenancy import FULL, Base, Owned, TenantScoped, one_of, tenant_reference

#: How the figure comes about. A ``number`` may be fixed in the agreement or by an owner directive;
#: ``beside_requirements`` is a number of homes for households that do not meet the landlord's demands.
KINDS = (
    *("number", "vacated_share", "stock_share", "market_share", "production_share"),
    *("owner_directive", "beside_requirements"),
)
#: Kinds whose figure is a number of homes; the others are shares of something.
NUMBERS = ("number", "owner_directive", "beside_requirements")
#: To the nearest whole home (half a home is one), always up, or always down.
ROUNDINGS = ("nearest", "up", "down")
#: What is counted as delivered: homes let to a household, or homes that the kommun took in.
COUNTS = ("let", "taken_in")
#: Where the homes of a land deal are delivered.
DELIVERED_IN = ("any", "new", "existing")


class QuotaTerm(TenantScoped, Base):
    """One quota as a version of an agreement has it. ``code`` is the same in every version."""

    __tablename__ = "quota_terms"
    # A draft's quotas are taken out and put in; a version in force keeps what it has.
    __tenancy__ = Owned({"hemvist_staff": FULL, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("agreements", "agreement_id"),
        tenant_reference("agreement_versions", "version_id"),
        UniqueConstraint("tenant_id", "version_id", "code"),
        one_of("kind", KINDS),
        one_of("force", FORCES),
        one_of("per", PERIODS),
        one_of("rounding", ROUNDINGS),
        one_of("counts", COUNTS),
        one_of("delivered_in", DELIVERED_IN),
        CheckConstraint(
            "(kind IN ('number', 'owner_directive', 'beside_requirements')) = (homes IS NOT NULL)",
            name="figure",
        ),
        CheckConstraint(
            "(homes IS NULL OR share_bp IS NULL)"
            " AND (homes IS NOT NULL OR kind = 'market_share' OR share_bp IS NOT NULL)",
            name="share",
        ),
        CheckConstraint("homes IS NULL OR homes BETWEEN 0 AND 100000", name="homes"),
        CheckConstraint("share_bp IS NULL OR share_bp BETWEEN 1 AND 10000", name="share_bp"),
        CheckConstraint("(pack IS NULL) = (pack_quota IS NULL)", name="of_the_guideline"),
        Index(None, "tenant_id", "agreement_id"),
    )

    agreement_id: Mapped[UUID]
    version_id: Mapped[UUID]
    #: Its order within the agreement: a home counts towards the first that it fits.
    position: Mapped[int]
    code: Mapped[str]
    label: Mapped[str]
    kind: Mapped[str]
    #: binding, target or observed, as the guidelines call it.
    force: Mapped[str]
    per: Mapped[str]
    homes: Mapped[int | None]
    #: Hundredths of a percent: 1000 is ten percent.
    share_bp: Mapped[int | None]
    rounding: Mapped[str] = mapped_column(default="nearest")
    counts: Mapped[str] = mapped_column(default="let")
    delivered_in: Mapped[str] = mapped_column(default="any")
    #: Areas whose homes are left out of the figure that a share is taken of.
    excluded_areas: Mapped[list[str]]
    #: Properties (fastighetsbeteckningar) that its homes lie in; those of the new houses where homes
    #: are delivered in the existing stock instead.
    properties: Mapped[list[str]]
    #: The quota of the same agreement that its homes count towards as well.
    within_code: Mapped[str | None]
    #: The guideline and its id of the quota, where it has one.
    pack: Mapped[str | None]
    pack_quota: Mapped[str | None]
    groups: Mapped[str] = mapped_column(server_default="")
