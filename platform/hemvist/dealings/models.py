"""Dealings with landlords: times for viewing and signing, and who learned whose name."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.policy.landlord import NAME_STEPS
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

#: Visning, undertecknande.
TIME_KINDS = ("viewing", "signing")
TIME_STATES = ("proposed", "agreed", "declined", "withdrawn")
SIDES = ("kommun", "landlord")
#: Where one meets, in codes: no free text goes from the kommun to a landlord.
PLACES = ("home", "landlord_office", "kommun_office", "remote")
#: What lets a name be told: the household's consent (OSL 10:1), or that the landlord is the tenant's
#: own party in a lease.
GROUNDS = ("consent", "party")
#: Why a name that was told is shown no more.
WITHHELD = ("protected", "consent_withdrawn")


class LandlordTime(TenantScoped, Versioned, Base):
    """A time for viewing the home or signing the lease, proposed by one side and agreed by the other."""

    __tablename__ = "landlord_times"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("offers", "offer_id"),
        tenant_reference("cases", "case_id"),
        one_of("kind", TIME_KINDS),
        one_of("state", TIME_STATES),
        one_of("side", SIDES),
        one_of("place", PLACES),
        CheckConstraint(
            "(state IN ('agreed', 'declined')) = (answered_at IS NOT NULL)", name="answered"
        ),
        Index(None, "tenant_id", "case_id"),
        Index(None, "tenant_id", "offer_id", "starts_at"),
        # One time of a kind is on the table at once: another comes in its place.
        Index(
            "uq_landlord_times_open",
            "tenant_id",
            "offer_id",
            "kind",
            unique=True,
            postgresql_where=text("state IN ('proposed', 'agreed')"),
        ),
    )

    offer_id: Mapped[UUID]
    case_id: Mapped[UUID]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    kind: Mapped[str]
    state: Mapped[str]
    #: Whose proposal it is.
    side: Mapped[str]
    starts_at: Mapped[datetime]
    place: Mapped[str]
    #: The landlord's words to the kommun; the kommun writes none.
    note_sealed: Mapped[bytes] = sealed_column("landlord_times.note")
    note = SealedText("note_sealed", default="")
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]


class NameConsent(TenantScoped, Versioned, Base):
    """The household's consent that one landlord learns who they are, recorded per recipient (OSL 12:2)."""

    __tablename__ = "landlord_name_consents"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        CheckConstraint("withdrawn_on >= consented_on", name="period"),
        Index(None, "tenant_id", "case_id"),
        Index(
            "uq_landlord_name_consents_open",
            "tenant_id",
            "case_id",
            "landlord_id",
            unique=True,
            postgresql_where=text("withdrawn_on IS NULL"),
        ),
    )

    case_id: Mapped[UUID]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    consented_on: Mapped[date]
    withdrawn_on: Mapped[date | None]
    recorded_by: Mapped[UUID | None]


class Disclosure(TenantScoped, Base):
    """That a landlord learned who the tenants are: on which ground, at which step, by which source (LF-10).

    The line stays; the name goes as soon as it may not be shown. Where somebody in the household is
    protected a trigger takes it away in the same transaction, so that it cannot be forgotten.
    """

    __tablename__ = "landlord_disclosures"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("households", "household_id"),
        tenant_reference("offers", "offer_id"),
        one_of("step", NAME_STEPS[:-1]),
        one_of("ground", GROUNDS),
        one_of("withheld", WITHHELD),
        CheckConstraint("(sealed_name IS NULL) = (withheld IS NOT NULL)", name="shown_or_withheld"),
        Index(None, "tenant_id", "case_id"),
        Index(None, "tenant_id", "household_id"),
        Index(
            "uq_landlord_disclosures_shown",
            "tenant_id",
            "offer_id",
            unique=True,
            postgresql_where=text("sealed_name IS NOT NULL"),
        ),
    )

    case_id: Mapped[UUID]
    household_id: Mapped[UUID]
    #: The offer of the home; leases that came of it are the same home's.
    offer_id: Mapped[UUID]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    #: The landlord's name on the day: the recipient.
    recipient: Mapped[str]
    step: Mapped[str]
    ground: Mapped[str]
    #: The guideline's citation of the step, or the law's.
    source: Mapped[str]
    #: Sealed under the kommun's key; gone when it is withheld.
    sealed_name: Mapped[bytes | None] = sealed_column("landlord_disclosures.sealed_name")
    withheld: Mapped[str | None]
    disclosed_on: Mapped[date]
    disclosed_at: Mapped[datetime]
    disclosed_by: Mapped[UUID | None]
