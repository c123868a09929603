"""Agreements with landlords, what each version says, and what is done in practice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    FULL,
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

#: Samarbetsavtal, ägardirektiv, markanvisning or exploateringsavtal, avsiktsförklaring.
KINDS = ("cooperation", "owner_directive", "land_deal", "letter_of_intent", "other")
STATES = ("draft", "in_force", "ended", "discarded")
VERSION_STATES = ("draft", "in_force", "discarded")
ROLES = ("kommun", "landlord", "department", "provider", "other")


class Agreement(TenantScoped, Versioned, Base):
    """What a kommun and a landlord have agreed on for a time; what it says stands in versions."""

    __tablename__ = "agreements"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("state", STATES),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="period"),
        CheckConstraint(
            "(state = 'ended') = (ended_on IS NOT NULL AND ended_because <> '')", name="ended"
        ),
        Index(None, "tenant_id", "landlord_id"),
        Index(None, "tenant_id", "state", "id"),
    )

    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    kind: Mapped[str]
    title: Mapped[str]
    #: The kommun's registration number (diarienummer) or the like.
    reference: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(default="draft")
    starts_on: Mapped[date]
    #: The last day of the term as agreed; None holds until further notice.
    ends_on: Mapped[date | None]
    #: Months of notice (uppsägningstid) that either side has.
    notice_months: Mapped[int | None]
    #: The last day on which it held, where it ended before its term.
    ended_on: Mapped[date | None]
    ended_because: Mapped[str] = mapped_column(server_default="")
    opened_by: Mapped[UUID | None]


class AgreementVersion(TenantScoped, Versioned, Base):
    """What an agreement says from a day. It never changes once another person has confirmed it."""

    __tablename__ = "agreement_versions"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("agreements", "agreement_id"),
        UniqueConstraint("tenant_id", "agreement_id", "number"),
        one_of("state", VERSION_STATES),
        CheckConstraint(
            "(state = 'in_force') = (confirmed_on IS NOT NULL AND confirmed_by IS NOT NULL)",
            name="confirmed",
        ),
        # Four eyes, once more where nobody can get past it.
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> ALL (hands)", name="four_eyes"),
        Index(
            "uq_agreement_versions_day",
            "tenant_id",
            "agreement_id",
            "holds_from",
            unique=True,
            postgresql_where=text("state = 'in_force'"),
        ),
        Index(
            "uq_agreement_versions_draft",
            "tenant_id",
            "agreement_id",
            unique=True,
            postgresql_where=text("state = 'draft'"),
        ),
    )

    agreement_id: Mapped[UUID]
    #: From 1.
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="draft")
    holds_from: Mapped[date]
    signed_on: Mapped[date | None]
    #: Whom it is for, in the agreement's words.
    target_groups: Mapped[str] = mapped_column(server_default="")
    #: Why there is a new version.
    because: Mapped[str] = mapped_column(server_default="")
    #: Whether a home that the landlord reports is the kommun's at once, without being taken in.
    takes_in_at_once: Mapped[bool] = mapped_column(server_default=text("false"))
    #: Who has written in it: none of them confirms it.
    hands: Mapped[list[UUID]]
    confirmed_on: Mapped[date | None]
    confirmed_by: Mapped[UUID | None]


class AgreementParty(TenantScoped, Base):
    """Who stands in a version: the kommun, the landlord, and agreed further parties."""

    __tablename__ = "agreement_parties"
    # A draft's parties are written anew; those of a version in force stay.
    __tenancy__ = Owned({"hemvist_staff": FULL, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("agreement_versions", "version_id"),
        one_of("role", ROLES),
        UniqueConstraint("tenant_id", "version_id", "position"),
    )

    agreement_id: Mapped[UUID]
    version_id: Mapped[UUID]
    position: Mapped[int]
    role: Mapped[str]
    name_sealed: Mapped[bytes] = sealed_column("agreement_parties.name")
    name = SealedText("name_sealed")
    #: What it undertakes, in the agreement's words.
    undertakes_sealed: Mapped[bytes] = sealed_column("agreement_parties.undertakes")
    undertakes = SealedText("undertakes_sealed", default="")


class AgreementTerm(TenantScoped, Versioned, Base):
    """One term as it is written and, beside it, as it is kept in practice."""

    __tablename__ = "agreement_terms"
    __tenancy__ = Owned({"hemvist_staff": FULL, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("agreement_versions", "version_id"),
        UniqueConstraint("tenant_id", "version_id", "position"),
        CheckConstraint("written <> '' OR actual <> ''", name="says_something"),
        CheckConstraint("(actual = '') = (actual_noted_on IS NULL)", name="actual_dated"),
    )

    agreement_id: Mapped[UUID]
    version_id: Mapped[UUID]
    position: Mapped[int]
    subject: Mapped[str]
    written: Mapped[str] = mapped_column(server_default="")
    actual: Mapped[str] = mapped_column(server_default="")
    actual_noted_on: Mapped[date | None]
    actual_noted_by: Mapped[UUID | None]


class AgreementNote(TenantScoped, Base):
    """A line of the agreement's own record. Never changed."""

    __tablename__ = "agreement_notes"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("agreements", "agreement_id"),
        Index(None, "tenant_id", "agreement_id", "noted_on", "id"),
    )

    agreement_id: Mapped[UUID]
    noted_on: Mapped[date]
    what_sealed: Mapped[bytes] = sealed_column("agreement_notes.what")
    what = SealedText("what_sealed")
    noted_by: Mapped[UUID | None]
