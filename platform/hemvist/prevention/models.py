"""Campaigns of prevention: rounds and letters to those who are late with the rent."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.policy.campaigns import CONTACTS
from hemvist.tenancy import (
    APPEND,
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
from hemvist.tenancy.keys import OVERHEAD

RUN_STATES = ("open", "closed")
ENTRY_STATES = ("open", "done")
#: What came of it.
OUTCOMES = (
    *("paid", "instalments", "applies_for_support", "consultant", "case_opened", "moved"),
    *("declined_help", "not_reached", "no_need", "other"),
)


class PreventionRun(TenantScoped, Versioned, Base):
    """One round of a campaign of the guideline, as its list was on the day it was made."""

    __tablename__ = "prevention_runs"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        one_of("state", RUN_STATES),
        UniqueConstraint("tenant_id", "department", "campaign", "period", "scope"),
        CheckConstraint("state <> 'closed' OR closed_on IS NOT NULL", name="closed"),
        Index(None, "tenant_id", "department", "made_on"),
    )

    department: Mapped[str]
    pack: Mapped[str]
    pack_version: Mapped[str]
    #: The pack's id of the campaign.
    campaign: Mapped[str]
    #: "2026-11" of a monthly one, else the day: the same round is not made twice.
    period: Mapped[str]
    #: Owner and area that it is held to, as text; empty for all.
    scope: Mapped[str]
    landlord_id: Mapped[UUID | None] = mapped_column(ForeignKey("landlords.id"))
    area: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(default="open")
    made_on: Mapped[date]
    made_by: Mapped[UUID | None]
    #: Tenancies that were looked at, and those that came on the list.
    accounts_seen: Mapped[int]
    entries_total: Mapped[int]
    #: Those of whom too little is known for the guideline to say.
    unknown_total: Mapped[int]
    closed_on: Mapped[date | None]


class PreventionEntry(TenantScoped, Versioned, Base):
    """A tenancy on a round's list: why it stands there, what was done, what came of it."""

    __tablename__ = "prevention_entries"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("prevention_runs", "run_id"),
        tenant_reference("rent_accounts", "account_id"),
        one_of("state", ENTRY_STATES),
        one_of("children", ("unknown", "yes", "no")),
        CheckConstraint(
            f"outcome IS NULL OR outcome IN ({', '.join(repr(one) for one in OUTCOMES)})",
            name="outcome",
        ),
        # Children are always raised: nobody is done with before it is known whether there are any.
        CheckConstraint(
            "state <> 'done' OR (outcome IS NOT NULL AND children <> 'unknown')",
            name="done_with_children_raised",
        ),
        CheckConstraint(
            "children <> 'yes' OR state <> 'done'"
            f" OR octet_length(children_note_sealed) > {OVERHEAD}",
            name="children_note",
        ),
        UniqueConstraint("tenant_id", "run_id", "account_id"),
        Index(None, "tenant_id", "run_id", "place"),
        Index(None, "tenant_id", "account_id"),
        Index(
            "ix_prevention_entries_open",
            "tenant_id",
            "department",
            "made_on",
            "id",
            postgresql_where=text("state = 'open'"),
        ),
    )

    department: Mapped[str]
    run_id: Mapped[UUID]
    account_id: Mapped[UUID]
    made_on: Mapped[date]
    #: Its place on the list, from 1: whom to see first.
    place: Mapped[int]
    #: Why it stands there, and why so high up: ids of the guideline's clauses, and signals.
    because: Mapped[list[str]]
    first: Mapped[list[str]]
    amount_ore: Mapped[int]
    area: Mapped[str]
    children: Mapped[str] = mapped_column(default="unknown")
    #: What it means for them, and what is done about it.
    children_note_sealed: Mapped[bytes] = sealed_column("prevention_entries.children_note")
    children_note = SealedText("children_note_sealed", default="")
    letter_on: Mapped[date | None]
    contacted_on: Mapped[date | None]
    reached: Mapped[bool | None]
    cannot_pay: Mapped[bool | None]
    reference_on: Mapped[date | None]
    consultant_on: Mapped[date | None]
    #: Monthly, against the line of income support (försörjningsstöd) for such a household.
    income_ore: Mapped[int | None]
    support_line_ore: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="open")
    outcome: Mapped[str | None]
    done_on: Mapped[date | None]
    done_by: Mapped[UUID | None]


class PreventionContact(TenantScoped, Base):
    """Something done towards a tenant on the list. Never changed: it is a line of a record."""

    __tablename__ = "prevention_contacts"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("prevention_entries", "entry_id"),
        one_of("kind", CONTACTS),
        Index(None, "tenant_id", "entry_id", "made_on"),
    )

    entry_id: Mapped[UUID]
    kind: Mapped[str]
    made_on: Mapped[date]
    #: Whether the tenant was reached; null of what nobody answers, such as a letter.
    reached: Mapped[bool | None]
    notes_sealed: Mapped[bytes] = sealed_column("prevention_contacts.notes")
    notes = SealedText("notes_sealed")
    recorded_by: Mapped[UUID | None]
