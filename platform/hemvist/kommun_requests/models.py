"""Requests between kommuner: applications in another kommun, and cases that another takes over.

Source: SoL (2025:400) 29:7-9 (ansökan i annan kommun) and 29:10-12 (överflyttning av ärende).
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    WRITE,
    Base,
    Owned,
    SealedOptionalText,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: An application by the person in another kommun; a kommun's request that another takes the case over.
KINDS = ("application", "takeover")
#: Ours to another kommun, or another's to us.
DIRECTIONS = ("outgoing", "incoming")
STATES = (
    *("drafted", "waiting", "agreed", "refused", "with_ivo", "moved_by_ivo", "kept_by_ivo"),
    *("carried_over", "withdrawn"),
)
#: Something is still to come.
LIVE = ("drafted", "waiting", "refused", "with_ivo", "agreed", "moved_by_ivo")
TRANSITIONS: dict[str, tuple[str, ...]] = {
    "drafted": ("waiting", "withdrawn"),
    "waiting": ("agreed", "refused", "with_ivo", "withdrawn"),
    "refused": ("with_ivo", "withdrawn"),
    # The kommuner may still come to terms while the inspectorate has it.
    "with_ivo": ("moved_by_ivo", "kept_by_ivo", "agreed", "withdrawn"),
    "agreed": ("carried_over", "withdrawn"),
    "moved_by_ivo": ("carried_over",),
    "kept_by_ivo": (),
    "carried_over": (),
    "withdrawn": (),
}
#: States in which the case is to go over to the other kommun.
TO_CARRY_OVER = ("agreed", "moved_by_ivo")
#: What the person says of it: it weighs where a case is to be taken over (SoL 29:10).
WISHES = ("wants", "accepts", "objects", "not_asked")
#: What the Inspectorate (IVO) came to: bifall, avslag, avvisning.
IVO_OUTCOMES = ("moved", "kept", "dismissed")
#: Lines of a request: what was done, one after the other.
STEPS = (
    *("opened", "sent", "arrived", "assistance_asked", "assistance_given", "agreed", "refused"),
    *("ivo_applied", "ivo_decided", "data_handed_over", "data_received", "carried_over"),
    *("handler_named", "withdrawn"),
)
#: What may be handed over. An address is not among them: where somebody lives is told by themselves
#: or by the register that protects them, never by a paper between offices.
FIELDS = (
    *(
        "identity",
        "members",
        "protection",
        "contacts",
        "investigation",
        "decisions",
        "support_plan",
    ),
    *("health", "threat"),
)
#: On which ground data go over the border of secrecy between two kommuner: with the case that goes
#: over (SoL 29:12), to help the other kommun's inquiry (SoL 29:9), by consent (OSL 10:1, 12:2),
#: because the office's own work needs it (OSL 10:2).
GROUNDS = ("sol_29_12", "sol_29_9", "consent", "osl_10_2")


class KommunRequest(TenantScoped, Versioned, Base):
    """One request between this kommun and another. Seen by its circle only, also inside the office.

    Which kommun it is tells where a threatened person is, or comes from: it lies sealed.
    """

    __tablename__ = "kommun_requests"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("principals", "handler_id"),
        one_of("kind", KINDS),
        one_of("direction", DIRECTIONS),
        one_of("state", STATES),
        one_of("wish", WISHES),
        CheckConstraint(
            "answer_by IS NULL OR (kind = 'takeover' AND arrived_on IS NOT NULL)", name="clock"
        ),
        # Only a case that is to be taken over has the Inspectorate's way.
        CheckConstraint(
            "kind = 'takeover' OR (ivo_applied_on IS NULL AND ivo_decided_on IS NULL)", name="ivo"
        ),
        Index(None, "tenant_id", "case_id"),
        Index(
            "ix_kommun_requests_waiting",
            "tenant_id",
            "answer_by",
            "id",
            postgresql_where=text("state = 'waiting'"),
        ),
        # A case is to be taken over by one kommun at a time; a person may apply in several.
        Index(
            "uq_kommun_requests_takeover",
            "tenant_id",
            "case_id",
            unique=True,
            postgresql_where=text(
                "kind = 'takeover' AND state IN ('drafted', 'waiting', 'refused', 'with_ivo',"
                " 'agreed', 'moved_by_ivo')"
            ),
        ),
    )

    case_id: Mapped[UUID]
    kind: Mapped[str]
    direction: Mapped[str]
    state: Mapped[str]
    #: Kommunkod of the other kommun.
    counterpart_sealed: Mapped[bytes] = sealed_column("kommun_requests.counterpart")
    counterpart = SealedText("counterpart_sealed")
    #: The function there that is written to (funktionsadress in SDK), never a person.
    function_address_sealed: Mapped[bytes] = sealed_column("kommun_requests.function_address")
    function_address = SealedText("function_address_sealed")
    #: Who handles it here, besides the managers of the department.
    handler_id: Mapped[UUID]
    opened_by: Mapped[UUID]
    opened_on: Mapped[date]
    #: Why: the ties to the other kommun, or what keeps the person from moving without support.
    reasons_sealed: Mapped[bytes] = sealed_column("kommun_requests.reasons")
    reasons = SealedText("reasons_sealed")
    wish: Mapped[str]
    sent_on: Mapped[date | None]
    sent_by: Mapped[UUID | None]
    #: The day the writing came in to the one who answers it: the month runs from it.
    arrived_on: Mapped[date | None]
    answer_by: Mapped[date | None]
    answered_on: Mapped[date | None]
    answered_by: Mapped[UUID | None]
    answer_reasons_sealed: Mapped[bytes | None] = sealed_column("kommun_requests.answer_reasons")
    answer_reasons = SealedOptionalText("answer_reasons_sealed")
    ivo_applied_on: Mapped[date | None]
    ivo_number_sealed: Mapped[bytes | None] = sealed_column("kommun_requests.ivo_number")
    ivo_number = SealedOptionalText("ivo_number_sealed")
    ivo_outcome: Mapped[str] = mapped_column(server_default="")
    ivo_decided_on: Mapped[date | None]
    carried_over_on: Mapped[date | None]


class KommunRequestStep(TenantScoped, Base):
    """A line of a request: what was done, on which day, by whom; what was told, and on which ground.

    Never changed. It stands here and not on the case's timeline, which more people read.
    """

    __tablename__ = "kommun_request_steps"
    __tenancy__ = Owned(
        {"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)},
        triggers=("kommun_request_steps_kept",),
    )
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("kommun_requests", "request_id"),
        one_of("kind", STEPS),
        one_of("ground", ("", *GROUNDS)),
        # What leaves the office says on which ground and to whom.
        CheckConstraint(
            "(ground = '') = (cardinality(fields) = 0) AND (ground = '') = (recipient_sealed IS NULL)",
            name="disclosure",
        ),
        CheckConstraint("(ground = 'consent') = (consent_on IS NOT NULL)", name="consent"),
        Index(None, "tenant_id", "request_id", "recorded_at"),
    )

    case_id: Mapped[UUID]
    request_id: Mapped[UUID]
    kind: Mapped[str]
    #: The day it was done.
    done_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]
    notes_sealed: Mapped[bytes | None] = sealed_column("kommun_request_steps.notes")
    notes = SealedOptionalText("notes_sealed")
    #: Of what was told: the ground, the kinds of data, to which function, and the day of a consent.
    ground: Mapped[str]
    fields: Mapped[list[str]]
    recipient_sealed: Mapped[bytes | None] = sealed_column("kommun_request_steps.recipient")
    recipient = SealedOptionalText("recipient_sealed")
    consent_on: Mapped[date | None]
