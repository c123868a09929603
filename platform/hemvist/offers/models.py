"""Offers (erbjudanden) of a unit on a referral."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    SealedOptionalText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

STATES = ("made", "accepted", "declined", "withdrawn", "expired")
HOUSEHOLD_ANSWERS = ("yes", "no")


class Offer(TenantScoped, Versioned, Base):
    """One unit offered on one referral, and the referring department's answer."""

    __tablename__ = "offers"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("referrals", "referral_id"),
        tenant_reference("units", "unit_id"),
        tenant_reference("match_runs", "run_id"),
        one_of("state", STATES),
        one_of("household_answer", HOUSEHOLD_ANSWERS),
        Index(None, "tenant_id", "case_id"),
        Index(None, "tenant_id", "referral_id"),
        # Whether a unit was offered in a case that somebody sees is asked for each unit they read.
        Index(None, "tenant_id", "unit_id"),
        # What waits for an answer, the most urgent first.
        Index(
            "ix_offers_made_answer_by",
            "tenant_id",
            "answer_by",
            "id",
            postgresql_where=text("state='made'"),
        ),
        # The one truth that two officers cannot get past at the same moment.
        Index(
            "uq_offers_open_unit",
            "tenant_id",
            "unit_id",
            unique=True,
            postgresql_where=text("state IN ('made', 'accepted') AND home_free_on IS NULL"),
        ),
    )

    case_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="made")
    made_on: Mapped[date]
    made_by: Mapped[UUID | None]
    #: Last day for the department's answer.
    answer_by: Mapped[date]
    answered_on: Mapped[date | None]
    answered_by: Mapped[UUID | None]
    #: The pack's code, and the department's own words.
    decline_code: Mapped[str | None]
    decline_reason_sealed: Mapped[bytes | None] = sealed_column("offers.decline_reason")
    decline_reason = SealedOptionalText("decline_reason_sealed")
    #: Whether a declined offer uses up the household's right to one, as the pack says.
    counts: Mapped[bool] = mapped_column(default=True)
    viewing_on: Mapped[date | None]
    viewing_held_on: Mapped[date | None]
    #: The household's own answer, after the department's, where the pack asks both.
    household_answer: Mapped[str | None]
    household_answered_on: Mapped[date | None]
    #: What the pack lets follow on the decline, and who set it aside with which reason.
    consequence: Mapped[str | None]
    overridden_on: Mapped[date | None]
    overridden_by: Mapped[UUID | None]
    override_reason_sealed: Mapped[bytes | None] = sealed_column("offers.override_reason")
    override_reason = SealedOptionalText("override_reason_sealed")
    #: The matching that it was made from, and the household's rank there.
    run_id: Mapped[UUID | None]
    rank: Mapped[int | None]
    #: The day on which the contract that came of it had ended: the home may be offered again.
    home_free_on: Mapped[date | None]
