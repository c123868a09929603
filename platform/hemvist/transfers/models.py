"""What a kommun asks of a network and gives to it: its people, its requests, its flats."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.networks.rules import URGENCIES
from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: Who does the daily work, and who answers for it.
FUNCTION_ROLES = ("operative", "manager")
#: A request waits for a coordinator, is in the network, has a proposal, is agreed on, is done.
REQUEST_STATES = ("prepared", "open", "proposed", "agreed", "moved", "withdrawn")
#: States in which a case has one request and no more.
LIVE = ("prepared", "open", "proposed", "agreed")
OFFER_STATES = ("offered", "proposed", "agreed", "taken", "withdrawn")
ON_OFFER = ("offered", "proposed", "agreed")
#: Why a flat is no longer offered: the kommun's own word, or it was found let to somebody else.
OFFER_ENDS = ("", "own_need", "unfit", "not_vacant")
#: Why a request is withdrawn; nobody outside the kommun is told which.
WITHDRAWALS = ("", "household_declines", "solved_otherwise", "threat_changed", "own_error")


def _listed(states: tuple[str, ...]) -> str:
    return "state IN (" + ", ".join(f"'{state}'" for state in states) + ")"


class TransferFunction(TenantScoped, Versioned, Base):
    """A named person in the kommun's transfer function for a network (utpekad kontakt)."""

    __tablename__ = "transfer_functions"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("principals", "principal_id"),
        tenant_reference("principals", "named_by"),
        one_of("role", FUNCTION_ROLES),
        CheckConstraint("until IS NULL OR until >= since", name="period"),
        Index(
            "ix_transfer_functions_named",
            "tenant_id",
            "network_id",
            "principal_id",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
    )

    network_id: Mapped[UUID] = mapped_column(ForeignKey("networks.id"))
    principal_id: Mapped[UUID]
    role: Mapped[str]
    since: Mapped[date]
    named_by: Mapped[UUID]
    #: The first day on which it is no longer this person.
    until: Mapped[date | None]


class TransferRequest(TenantScoped, Versioned, Base):
    """A household of the kommun that has to move to another (begäran om skyddad flytt).

    What it needs and where it cannot go is sealed: at a network's volumes an exclusion list alone
    tells who it is.
    """

    __tablename__ = "transfer_requests"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "UPDATE")})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("principals", "prepared_by"),
        one_of("urgency", URGENCIES),
        one_of("state", REQUEST_STATES),
        one_of("withdrawn_because", WITHDRAWALS),
        Index(None, "tenant_id", "network_id", "state"),
        Index(
            "ix_transfer_requests_live",
            "tenant_id",
            "case_id",
            unique=True,
            postgresql_where=text(_listed(LIVE)),
        ),
    )

    network_id: Mapped[UUID] = mapped_column(ForeignKey("networks.id"))
    case_id: Mapped[UUID]
    urgency: Mapped[str]
    #: ``hemvist.transfers.needs.Needs`` as JSON, under the kommun's own key.
    needs_sealed: Mapped[bytes] = sealed_column("transfer_requests.needs")
    state: Mapped[str] = mapped_column(default="prepared")
    prepared_on: Mapped[date]
    prepared_by: Mapped[UUID]
    opened_on: Mapped[date | None]
    opened_by: Mapped[UUID | None]
    closed_on: Mapped[date | None]
    withdrawn_because: Mapped[str] = mapped_column(default="")


class TransferOffer(TenantScoped, Versioned, Base):
    """A vacant flat that the kommun offers to a network. No address ever leaves the kommun."""

    __tablename__ = "transfer_offers"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "UPDATE")})
    __table_args__ = (
        tenant_reference("units", "unit_id"),
        tenant_reference("principals", "offered_by"),
        one_of("state", OFFER_STATES),
        one_of("ended_because", OFFER_ENDS),
        CheckConstraint("last_on >= first_on", name="days"),
        UniqueConstraint("tenant_id", "token"),
        Index(
            "ix_transfer_offers_live",
            "tenant_id",
            "unit_id",
            unique=True,
            postgresql_where=text(_listed(ON_OFFER)),
        ),
    )

    network_id: Mapped[UUID] = mapped_column(ForeignKey("networks.id"))
    unit_id: Mapped[UUID]
    #: What the flat is called in the network: drawn by lot, leads to nothing.
    token: Mapped[UUID]
    rooms: Mapped[int]
    step_free: Mapped[bool]
    #: The household can move in between these days.
    first_on: Mapped[date]
    last_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="offered")
    offered_on: Mapped[date]
    offered_by: Mapped[UUID]
    ended_on: Mapped[date | None]
    ended_because: Mapped[str] = mapped_column(default="")


class TransferOverride(TenantScoped, Base):
    """A coordinator asked for a proposal beside the clearing's plan, and why."""

    __tablename__ = "transfer_overrides"
    __tenancy__ = Owned({"hemvist_staff": ("SELECT", "INSERT")})
    __table_args__ = (
        tenant_reference("transfer_requests", "request_id"),
        tenant_reference("principals", "asked_by"),
        Index(None, "tenant_id", "request_id"),
    )

    request_id: Mapped[UUID]
    #: The kommun asked for and the reason in words, under the kommun's own key.
    reason_sealed: Mapped[bytes] = sealed_column("transfer_overrides.reason")
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID]
