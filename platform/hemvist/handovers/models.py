"""Tables of handovers: a kommun's half, who is named, what is to be seen to, and the sealed parcel."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.handovers.checklist import ITEM_STATES, ITEMS
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

SIDES = ("sending", "receiving")
#: The sending side prepares and sends; the receiving one expects, opens and takes in.
STATES = ("prepared", "sent", "expected", "opened", "taken_in", "moved", "cancelled")
#: Legal ground for what is told (OSL 10:1 with 12:2, OSL 10:2).
GROUNDS = ("consent", "osl_10_2")
DIRECTIONS = ("out", "in")


class Handover(TenantScoped, Versioned, Base):
    """A kommun's half of a handover. It says nothing of the other kommun: the proposal does, for a time."""

    __tablename__ = "handovers"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "UPDATE")})
    __table_args__ = (
        tenant_reference("transfer_proposals", "proposal_id"),
        tenant_reference("cases", "case_id"),
        tenant_reference("households", "household_id"),
        tenant_reference("principals", "started_by"),
        UniqueConstraint("tenant_id", "proposal_id"),
        one_of("side", SIDES),
        one_of("state", STATES),
        CheckConstraint(
            "ground IS NULL OR ground IN ('consent', 'osl_10_2')",
            name="ground",
        ),
        # What is told says why; a consent has its day.
        CheckConstraint(
            "(sent_on IS NULL) = (ground IS NULL) AND (sent_on IS NULL) = (cardinality(fields) = 0)"
            " AND (consent_on IS NOT NULL) = (ground IS NOT DISTINCT FROM 'consent')",
            name="disclosure",
        ),
        CheckConstraint("side = 'sending' OR sent_on IS NULL", name="only_one_tells"),
        CheckConstraint(
            "side = 'sending' OR (household_id IS NULL) = (case_id IS NULL)", name="taken_in_whole"
        ),
        Index(None, "tenant_id", "case_id"),
        Index(
            "ix_handovers_running",
            "tenant_id",
            "state",
            postgresql_where=text("forgotten_on IS NULL"),
        ),
    )

    proposal_id: Mapped[UUID]
    side: Mapped[str]
    state: Mapped[str]
    #: Sending: the case that the household leaves. Receiving: the case that begins.
    case_id: Mapped[UUID | None]
    #: Receiving: the household under its new alias.
    household_id: Mapped[UUID | None]
    started_on: Mapped[date]
    started_by: Mapped[UUID]
    sent_on: Mapped[date | None]
    ground: Mapped[str | None]
    #: Kinds of data that were told.
    fields: Mapped[list[str]]
    consent_on: Mapped[date | None]
    opened_on: Mapped[date | None]
    moved_on: Mapped[date | None]
    #: Until this day the named handlers see who the other kommun is.
    counterpart_until: Mapped[date | None]
    #: From this day nobody does: parcel and counterpart are gone from the database.
    forgotten_on: Mapped[date | None]


class HandoverHandler(TenantScoped, Base):
    """Somebody who is named for a handover (utpekad handläggare)."""

    __tablename__ = "handover_handlers"
    __tenancy__ = Owned({"hemvist_staff": WRITE})
    __table_args__ = (
        tenant_reference("handovers", "handover_id"),
        tenant_reference("principals", "principal_id"),
        tenant_reference("principals", "named_by"),
        CheckConstraint("until IS NULL OR until >= since", name="period"),
        Index(
            "ix_handover_handlers_named",
            "tenant_id",
            "handover_id",
            "principal_id",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
    )

    handover_id: Mapped[UUID]
    principal_id: Mapped[UUID]
    since: Mapped[date]
    named_by: Mapped[UUID]
    #: The first day on which it is no longer this person.
    until: Mapped[date | None]


class HandoverItem(TenantScoped, Versioned, Base):
    """A line of a side's checklist."""

    __tablename__ = "handover_items"
    # The worker forgets what is noted, when the other kommun is forgotten.
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "UPDATE")})
    __table_args__ = (
        tenant_reference("handovers", "handover_id"),
        UniqueConstraint("tenant_id", "handover_id", "item"),
        one_of("item", tuple(sorted({item for items in ITEMS.values() for item in items}))),
        one_of("state", ITEM_STATES),
        CheckConstraint("(state = 'open') = (settled_on IS NULL)", name="settled"),
    )

    handover_id: Mapped[UUID]
    item: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    settled_on: Mapped[date | None]
    settled_by: Mapped[UUID | None]
    note_sealed: Mapped[bytes | None] = sealed_column("handover_items.note")
    note = SealedOptionalText("note_sealed")


class HandoverParcel(TenantScoped, Base):
    """What is told, sealed to the receiving kommun, all of one size; empty when it came to nothing."""

    __tablename__ = "handover_parcels"
    __tenancy__ = Owned(
        {
            "hemvist_staff": ("SELECT", "INSERT"),
            "hemvist_worker": ("SELECT", "INSERT", "UPDATE", "DELETE"),
        }
    )
    __table_args__ = (
        tenant_reference("transfer_proposals", "proposal_id"),
        one_of("direction", DIRECTIONS),
        # A household is told of once.
        UniqueConstraint("tenant_id", "proposal_id"),
        Index(
            "ix_handover_parcels_waiting",
            "tenant_id",
            "id",
            postgresql_where=text("direction = 'out' AND carried_at IS NULL"),
        ),
    )

    proposal_id: Mapped[UUID]
    direction: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime]
    carried_at: Mapped[datetime | None]
