"""A round as a kommun meets it: what it is called there, what is proposed, what it has refused."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import WRITE, Base, Owned, TenantScoped, Versioned, one_of, tenant_reference

SIDES = ("sending", "receiving")
#: ``failed`` is all that a side learns when the other one refused, kept silent or withdrew;
#: ``cancelled`` is what had been agreed on.
PROPOSAL_STATES = (
    "proposed",
    "accepted",
    "refused",
    "expired",
    "withdrawn",
    "failed",
    "agreed",
    "cancelled",
    "moved",
)
#: The other side, or time, has not settled it yet.
UNSETTLED = ("proposed", "accepted")
#: Reasons to refuse, by side. The other side is not told which.
REFUSALS: dict[str, tuple[str, ...]] = {
    "sending": ("threat_near", "household_declines", "flat_unfit", "network_of_threat", "other"),
    "receiving": ("no_support", "flat_gone", "threat_near", "capacity", "other"),
}
DIRECTIONS = ("out", "in")


class TransferProposal(TenantScoped, Versioned, Base):
    """A proposed move (förslag) as one side has it. The other side's row has nothing in common."""

    __tablename__ = "transfer_proposals"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "INSERT", "UPDATE")})
    __table_args__ = (
        tenant_reference("transfer_requests", "request_id"),
        tenant_reference("transfer_offers", "offer_id"),
        one_of("side", SIDES),
        one_of("state", PROPOSAL_STATES),
        CheckConstraint(
            "(side = 'sending') = (request_id IS NOT NULL)"
            " AND (side = 'receiving') = (offer_id IS NOT NULL)",
            name="of_its_side",
        ),
        # Who the other is stands here while both have said yes, and at no other time.
        CheckConstraint(
            "(counterpart_id IS NULL) = (counterpart_slip IS NULL)"
            " AND (counterpart_id IS NULL OR state IN ('agreed', 'moved'))",
            name="blind_until_agreed",
        ),
        UniqueConstraint("tenant_id", "slip"),
        Index(None, "tenant_id", "network_id", "state"),
        Index(
            "ix_transfer_proposals_request",
            "tenant_id",
            "request_id",
            unique=True,
            postgresql_where=text("state IN ('proposed', 'accepted', 'agreed')"),
        ),
        Index(
            "ix_transfer_proposals_offer",
            "tenant_id",
            "offer_id",
            unique=True,
            postgresql_where=text("state IN ('proposed', 'accepted', 'agreed')"),
        ),
    )

    network_id: Mapped[UUID] = mapped_column(ForeignKey("networks.id"))
    #: The only name that this side and the network have for it; the other side has another.
    slip: Mapped[UUID]
    side: Mapped[str]
    request_id: Mapped[UUID | None]
    offer_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    #: One of ``REFUSALS``, for the own record.
    refused_because: Mapped[str | None]
    agreed_at: Mapped[datetime | None]
    counterpart_id: Mapped[UUID | None]
    counterpart_slip: Mapped[UUID | None]
    moved_on: Mapped[date | None]


class TransferEntry(TenantScoped, Base):
    """What a request is called in one round; gone when the round is closed."""

    __tablename__ = "transfer_entries"
    __tenancy__ = Owned(
        {"hemvist_staff": ("SELECT",), "hemvist_worker": ("SELECT", "INSERT", "DELETE")}
    )
    __table_args__ = (
        tenant_reference("transfer_requests", "request_id"),
        UniqueConstraint("tenant_id", "round_id", "request_id"),
        UniqueConstraint("tenant_id", "pseudonym"),
    )

    network_id: Mapped[UUID] = mapped_column(ForeignKey("networks.id"))
    round_id: Mapped[UUID]
    request_id: Mapped[UUID]
    pseudonym: Mapped[UUID]


class TransferBan(TenantScoped, Base):
    """A flat of the network that a request is not proposed again. Nobody here knows whose it is."""

    __tablename__ = "transfer_bans"
    __tenancy__ = Owned({"hemvist_worker": ("SELECT", "INSERT")})
    __table_args__ = (
        tenant_reference("transfer_requests", "request_id"),
        UniqueConstraint("tenant_id", "request_id", "token"),
    )

    request_id: Mapped[UUID]
    token: Mapped[UUID]


class TransferLetter(TenantScoped, Base):
    """A letter to the network or from it: sealed, of one size, handled once."""

    __tablename__ = "transfer_letters"
    __tenancy__ = Owned(
        {"hemvist_staff": ("INSERT",), "hemvist_worker": ("SELECT", "INSERT", "UPDATE", "DELETE")}
    )
    __table_args__ = (
        one_of("direction", DIRECTIONS),
        Index(
            "ix_transfer_letters_waiting",
            "tenant_id",
            "network_id",
            "direction",
            "id",
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    network_id: Mapped[UUID] = mapped_column(ForeignKey("networks.id"))
    direction: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime]
    #: Handed over, or handled.
    done_at: Mapped[datetime | None]
