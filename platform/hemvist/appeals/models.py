"""Appeals (överklaganden): an aggregate of their own, from the paper to the court's answer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

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

STATES = (
    *("received", "accepted", "dismissed", "lapsed", "forwarded", "remanded", "settled"),
    "withdrawn",
)
#: The kommun has the next step.
TO_ACT_ON = ("received", "accepted", "remanded")
#: Not over: another appeal of the same decision goes with this one.
LIVE = (*TO_ACT_ON, "forwarded")
TRANSITIONS: dict[str, tuple[str, ...]] = {
    "received": ("accepted", "dismissed", "withdrawn"),
    "accepted": ("lapsed", "forwarded", "withdrawn", "accepted"),
    "forwarded": ("settled", "remanded", "withdrawn"),
    "remanded": ("settled",),
    "dismissed": (),
    "lapsed": (),
    "settled": (),
    "withdrawn": (),
}
#: Why an appeal that came late is tried all the same (FL 45 §).
LATE_GROUNDS = ("wrong_information", "came_in_time_elsewhere")
#: What the kommun's own reconsideration (omprövning, FL 37–39 §§) came to.
RECONSIDERED = ("unchanged", "changed_as_asked", "changed_in_part")
#: What the court came to: avslag, bifall, delvis bifall, återförvisning, avvisning, avskrivning.
COURT_OUTCOMES = (
    *("rejected", "granted", "granted_in_part", "remanded", "dismissed", "struck_out"),
)
#: What the court came to that gives the person something: a decision of the kommun's follows it.
WON = ("granted", "granted_in_part")
RECEIVED_HOW = ("letter", "email", "e_service", "handed_in", "told")


class Appeal(TenantScoped, Versioned, Base):
    """An appeal of one decision. The one who received it does not judge it."""

    __tablename__ = "appeals"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("decisions", "decision_id"),
        tenant_reference("decisions", "new_decision_id"),
        one_of("state", STATES),
        one_of("received_how", RECEIVED_HOW),
        Index(None, "tenant_id", "case_id"),
        Index(None, "tenant_id", "decision_id", "received_on"),
        # What the kommun has to act on, the oldest first.
        Index(
            "ix_appeals_to_act_on",
            "tenant_id",
            "received_on",
            "id",
            postgresql_where=text("state IN ('received', 'accepted', 'remanded')"),
        ),
        Index(
            "uq_appeals_live",
            "tenant_id",
            "decision_id",
            unique=True,
            postgresql_where=text("state IN ('received', 'accepted', 'forwarded', 'remanded')"),
        ),
    )

    case_id: Mapped[UUID]
    decision_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="received")
    received_on: Mapped[date]
    received_how: Mapped[str]
    received_by: Mapped[UUID | None]
    #: What the person wants and why, in the office's summary.
    asks_sealed: Mapped[bytes] = sealed_column("appeals.asks")
    asks = SealedText("asks_sealed")
    #: Last day for it, as counted when it came; null where the person had not been told yet.
    deadline: Mapped[date | None]
    #: Whether it came in time; a fact. ``late_ground`` says why a late one is tried all the same.
    timely: Mapped[bool]
    late_ground_sealed: Mapped[bytes] = sealed_column("appeals.late_ground")
    late_ground = SealedText("late_ground_sealed", default="")
    judged_on: Mapped[date | None]
    judged_by: Mapped[UUID | None]
    dismissal_reason_sealed: Mapped[bytes] = sealed_column("appeals.dismissal_reason")
    dismissal_reason = SealedText("dismissal_reason_sealed", default="")
    reconsidered_on: Mapped[date | None]
    reconsidered_by: Mapped[UUID | None]
    reconsideration: Mapped[str] = mapped_column(server_default="")
    reconsideration_reason_sealed: Mapped[bytes] = sealed_column("appeals.reconsideration_reason")
    reconsideration_reason = SealedText("reconsideration_reason_sealed", default="")
    #: The decision that reconsideration or the court's remand led to.
    new_decision_id: Mapped[UUID | None]
    forwarded_on: Mapped[date | None]
    #: Day by which it is passed on to the court, and the court.
    forward_by: Mapped[date]
    court: Mapped[str] = mapped_column(server_default="")
    court_number: Mapped[str] = mapped_column(server_default="")
    outcome: Mapped[str] = mapped_column(server_default="")
    outcome_on: Mapped[date | None]
