"""Incidents, what was done about them, and what the landlord was told."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

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

#: What it is about: complaint (klagomål), disturbance (störning), neglect of the home (vanvård),
#: arrears (hyresskuld), something else.
KINDS = ("complaint", "disturbance", "neglect", "arrears", "other")
#: Whose report it is: landlord, neighbour, disturbance patrol (störningsjour), the kommun's own staff.
REPORTERS = ("landlord", "neighbour", "patrol", "staff")
#: How it reached the kommun.
CHANNELS = ("phone", "email", "letter", "meeting", "visit", "other")
#: By the landlord's own login; nobody else registers that.
BY_LOGIN = "portal"
SEVERITIES = ("minor", "serious", "especially_serious")
STATES = ("open", "closed")
#: How it ended. ``unfounded`` and ``duplicate`` say that there was nothing to act on.
OUTCOMES = ("corrected", "measures", "ladder", "moved_out", "unfounded", "duplicate")
#: Outcomes after which clocks that still run are of no use.
NOTHING_TO_DO = ("unfounded", "duplicate")
#: What was done; the first two are written by acts of their own.
ACTIONS = (
    *(
        "assessed",
        "shared",
        "called_out",
        "talked",
        "visited",
        "support_contacted",
        "landlord_contacted",
    ),
    *("neighbours_contacted", "inspected", "repaired", "child_protection", "other"),
)
#: How the landlord was told; the last where it reported through its login and reads it there.
TOLD_BY = ("phone", "email", "letter", "meeting", BY_LOGIN)
#: Why something may be said over the border of secrecy: consent (OSL 10:1, 12:2), or that our own
#: task cannot be done without (OSL 10:2).
GROUNDS = ("consent", "necessity")


class Incident(TenantScoped, Versioned, Base):
    """Something that somebody reports about a home, with when it happened and when it reached us.

    ``what`` and the reporter are for those who handle it; who reported is never for the household
    (OSL 26:5). An anonymous report has no name and no address.
    """

    __tablename__ = "incidents"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("contracts", "contract_id"),
        tenant_reference("units", "unit_id"),
        one_of("kind", KINDS),
        one_of("reported_by", REPORTERS),
        one_of("channel", (*CHANNELS, BY_LOGIN)),
        one_of("severity", SEVERITIES),
        one_of("state", STATES),
        one_of("outcome", OUTCOMES),
        CheckConstraint(
            f"NOT anonymous OR (octet_length(reporter_name_sealed) = {OVERHEAD}"
            f" AND octet_length(reporter_contact_sealed) = {OVERHEAD})",
            name="anonymous",
        ),
        CheckConstraint("happened_at IS NULL OR happened_at <= received_at", name="happened"),
        CheckConstraint(
            f"severity IS NULL OR (octet_length(severity_reason_sealed) > {OVERHEAD}"
            " AND assessed_at IS NOT NULL)",
            name="severity_with_reason",
        ),
        CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL AND outcome IS NOT NULL)", name="closed"
        ),
        Index(None, "tenant_id", "case_id", "received_at"),
        Index(None, "tenant_id", "received_at", "id"),
        # What waits for somebody, the oldest first.
        Index(
            "ix_incidents_open",
            "tenant_id",
            "received_at",
            "id",
            postgresql_where=text("state = 'open'"),
        ),
    )

    case_id: Mapped[UUID]
    #: The home that it is about, and the contract that the household had on it; None when neither is.
    contract_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    kind: Mapped[str]
    reported_by: Mapped[str]
    channel: Mapped[str]
    anonymous: Mapped[bool] = mapped_column(server_default="false")
    reporter_name_sealed: Mapped[bytes] = sealed_column("incidents.reporter_name")
    reporter_name = SealedText("reporter_name_sealed")
    reporter_contact_sealed: Mapped[bytes] = sealed_column("incidents.reporter_contact")
    reporter_contact = SealedText("reporter_contact_sealed")
    #: The day it happened, and the instant where it is known.
    happened_on: Mapped[date]
    happened_at: Mapped[datetime | None]
    #: When it reached the kommun: from here its clocks run.
    received_at: Mapped[datetime]
    #: The department (its secrecy zone) that took it in.
    department: Mapped[str]
    #: The day from which property departments that the case lies open to know of it.
    shared_on: Mapped[date | None]
    what_sealed: Mapped[bytes] = sealed_column("incidents.what")
    what = SealedText("what_sealed")
    severity: Mapped[str | None]
    severity_reason_sealed: Mapped[bytes] = sealed_column("incidents.severity_reason")
    severity_reason = SealedText("severity_reason_sealed")
    #: What it means for the children of the household; compulsory where there are any.
    children_note_sealed: Mapped[bytes] = sealed_column("incidents.children_note")
    children_note = SealedText("children_note_sealed")
    assessed_at: Mapped[datetime | None]
    assessed_by: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default="open")
    outcome: Mapped[str | None]
    #: Whether it was confirmed that it happened; None while that is not known.
    confirmed: Mapped[bool | None]
    closing_note_sealed: Mapped[bytes] = sealed_column("incidents.closing_note")
    closing_note = SealedText("closing_note_sealed")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    registered_by: Mapped[UUID | None]


class IncidentAction(TenantScoped, Base):
    """What was done about an incident: when, by whom. Never changed: a line of a record."""

    __tablename__ = "incident_actions"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("incidents", "incident_id"),
        one_of("kind", ACTIONS),
        one_of("severity", SEVERITIES),
        CheckConstraint("(kind = 'assessed') = (severity IS NOT NULL)", name="assessed"),
        Index(None, "tenant_id", "incident_id", "done_at"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    incident_id: Mapped[UUID]
    kind: Mapped[str]
    done_at: Mapped[datetime]
    #: Who did it, by name or office; the one who registered it unless said.
    done_by_sealed: Mapped[bytes] = sealed_column("incident_actions.done_by")
    done_by = SealedText("done_by_sealed")
    notes_sealed: Mapped[bytes] = sealed_column("incident_actions.notes")
    notes = SealedText("notes_sealed")
    #: What an assessment came to.
    severity: Mapped[str | None]
    #: Clocks that it answered, by their codes.
    clocks: Mapped[list[str]] = mapped_column(server_default=text("'{}'::text[]"))
    department: Mapped[str]
    recorded_by: Mapped[UUID | None]


class IncidentFeedback(TenantScoped, Base):
    """What a landlord was told of an incident: chosen words, on which ground. Never changed.

    Source: OSL 8:1, 10:1, 10:2, 26:1 (LF-10): a message over a border of secrecy stores its ground,
    its fields and its recipient.
    """

    __tablename__ = "incident_feedbacks"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("incidents", "incident_id"),
        one_of("ground", GROUNDS),
        one_of("told_how", TOLD_BY),
        CheckConstraint("cardinality(words) > 0", name="words"),
        CheckConstraint(
            "CASE ground WHEN 'consent' THEN consented_on IS NOT NULL"
            f" ELSE octet_length(ground_note_sealed) > {OVERHEAD} END",
            name="ground_told",
        ),
        Index(None, "tenant_id", "incident_id", "told_at"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    incident_id: Mapped[UUID]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    #: The landlord's name as it was.
    recipient: Mapped[str]
    ground: Mapped[str]
    #: The day the household consented; for necessity why it is needed instead. Not for the landlord.
    consented_on: Mapped[date | None]
    ground_note_sealed: Mapped[bytes] = sealed_column("incident_feedbacks.ground_note")
    ground_note = SealedText("ground_note_sealed", default="")
    #: What of the incident was laid open: codes, as in ``feedback.WORDS``.
    fields: Mapped[list[str]]
    #: Codes of the sentences that were said, in their order.
    words: Mapped[list[str]]
    told_how: Mapped[str]
    told_at: Mapped[datetime]
    told_by: Mapped[UUID | None]
