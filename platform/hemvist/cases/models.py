"""Cases (ärenden): a household in a programme under one department, and the case's timeline."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    WRITE,
    Base,
    Owned,
    TenantScoped,
    Versioned,
    codes_only,
    one_of,
    tenant_reference,
)

STATES = ("open", "closed")


class Case(TenantScoped, Versioned, Base):
    """One household's matter. Pins the pack's version, so that it is judged by one text to its end."""

    __tablename__ = "cases"
    # A new case of a household that is closed to a circle is closed to the same one.
    __tenancy__ = Owned(
        {"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)},
        triggers=("join_circle", "thinned_when_approved"),
    )
    __table_args__ = (
        tenant_reference("households", "household_id"),
        tenant_reference("principals", "handler_id"),
        UniqueConstraint("tenant_id", "number"),
        one_of("state", STATES),
        Index(None, "tenant_id", "department", "opened_on"),
        Index(None, "tenant_id", "household_id"),
        # Whose turn it is: a handler's open cases, the oldest first.
        Index(
            "ix_cases_open_handler",
            "tenant_id",
            "handler_id",
            "opened_on",
            "id",
            postgresql_where=text("state='open'"),
        ),
    )

    #: Case number (ärendenummer): "2026-000042".
    number: Mapped[str]
    household_id: Mapped[UUID]
    department: Mapped[str]
    #: The caseworker who handles it now.
    handler_id: Mapped[UUID | None]
    pack: Mapped[str]
    pack_version: Mapped[str]
    #: The programme chosen in the referral; not known while the case is assessed.
    programme: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]


class CaseEvent(TenantScoped, Base):
    """A line of the timeline: what happened, on which day, registered when and by whom."""

    __tablename__ = "case_events"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": APPEND})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        codes_only("data"),
        Index(None, "tenant_id", "case_id", "occurred_on"),
    )

    case_id: Mapped[UUID]
    #: Past tense, ``concept.happened``; the portal words it.
    kind: Mapped[str]
    occurred_on: Mapped[date]
    recorded_at: Mapped[datetime]
    principal_id: Mapped[UUID | None]
    #: Name of who acted, as it was then.
    actor_name: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    #: Codes and dates that the line needs; the database takes no free text.
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class CaseDisclosure(TenantScoped, Base):
    """The case was laid open to another department: on which ground, and what of it.

    Source: OSL 8:1, 10:1, 10:2, 26:1 (each message over a secrecy border stores its ground).
    """

    __tablename__ = "case_disclosures"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        Index(None, "tenant_id", "case_id"),
        Index(None, "tenant_id", "department", "case_id"),
    )

    case_id: Mapped[UUID]
    department: Mapped[str]
    ground: Mapped[str]
    fields: Mapped[list[str]]
    disclosed_on: Mapped[date]
    ended_on: Mapped[date | None]
