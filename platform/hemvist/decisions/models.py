"""Decisions (biståndsbeslut): always apart from the contract."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    SealedObjects,
    SealedOptionalText,
    SealedText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: Kinds that alter an earlier decision and name it.
ALTERING = ("extension", "change", "end")
KINDS = (
    *("support_to_obtain_housing", "housing", "support_measure"),
    *ALTERING,
    "takeover_recommendation",
)
OUTCOMES = ("granted", "refused")
STATES = ("proposed", "decided", "returned")
#: How somebody came to know of the decision.
HOW_NOTIFIED = ("handed_over", "letter", "registered_letter", "digital_mail", "served", "told")
#: On which ground a favourable decision is altered to the person's disadvantage
#: (FL 37 §, SoL 14:9, HFD 2019:63), or that the person asked for it.
ALTER_GROUNDS = (
    *("reservation", "open_ended", "misleading", "safety", "need_ceased", "own_request"),
)


class Decision(TenantScoped, Versioned, Base):
    """A proposal (förslag till beslut) and, when someone with the right has decided, the decision."""

    __tablename__ = "decisions"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("evaluations", "evaluation_id"),
        tenant_reference("decisions", "alters_id"),
        tenant_reference("decisions", "altered_by_id"),
        one_of("kind", KINDS),
        one_of("outcome", OUTCOMES),
        one_of("state", STATES),
        Index(None, "tenant_id", "case_id"),
        # Two caseworkers cannot have a proposal of the same kind waiting at once.
        Index(
            "uq_decisions_waiting",
            "tenant_id",
            "case_id",
            "kind",
            unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
        Index("ix_decisions_alters", "tenant_id", "alters_id", "decided_on"),
        Index("ix_decisions_together", "tenant_id", "together_id", "id"),
        # Favourable decisions that somebody may still wait for, the oldest first.
        Index(
            "ix_decisions_to_execute",
            "tenant_id",
            "decided_on",
            "id",
            postgresql_where=text(
                "state = 'decided' AND outcome = 'granted' AND executed_on IS NULL"
                " AND ended_on IS NULL"
            ),
        ),
    )

    case_id: Mapped[UUID]
    programme: Mapped[str]
    kind: Mapped[str]
    #: What it is about: its own kind, or that of the decision it alters. Empty in old rows: ``kind``.
    about: Mapped[str] = mapped_column(server_default="")
    outcome: Mapped[str]
    state: Mapped[str] = mapped_column(default="proposed")
    #: Citations in force on the day of the decision, as the pack dates them.
    legal_basis: Mapped[list[str]]
    motivation_sealed: Mapped[bytes] = sealed_column("decisions.motivation")
    motivation = SealedText("motivation_sealed")
    #: The child's best interests (SoL 3:1): compulsory where a child is in the household.
    child_assessment_sealed: Mapped[bytes] = sealed_column("decisions.child_assessment")
    child_assessment = SealedText("child_assessment_sealed")
    #: What the engine advised when it was proposed, and why it was not followed where it was not.
    advice: Mapped[str]
    departure_reason_sealed: Mapped[bytes] = sealed_column("decisions.departure_reason")
    departure_reason = SealedText("departure_reason_sealed")
    pack_version: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    #: For a decision on housing: the contract it rests on, where the pack puts the contract first.
    contract_id: Mapped[UUID | None]
    proposed_by: Mapped[UUID | None]
    proposed_on: Mapped[date]
    decided_by: Mapped[UUID | None]
    decided_on: Mapped[date | None]
    decided_at: Mapped[datetime | None]
    return_reason_sealed: Mapped[bytes | None] = sealed_column("decisions.return_reason")
    return_reason = SealedOptionalText("return_reason_sealed")
    #: Conditions of the decision: their kind out of ``hemvist.policy.clauses`` and their wording.
    conditions_sealed: Mapped[bytes] = sealed_column("decisions.conditions")
    conditions = SealedObjects("conditions_sealed", default=[])
    #: What guideline and law said of the proposal, and why the person went on if warned.
    legal_findings: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'::jsonb"))
    went_on_because_sealed: Mapped[bytes] = sealed_column("decisions.went_on_because")
    went_on_because = SealedText("went_on_because_sealed", default="")
    #: The advice with what it rested on, to be asked again; none from before that was kept.
    evaluation_id: Mapped[UUID | None]
    #: Decisions proposed and decided in one act name the first of them here, itself too.
    together_id: Mapped[UUID | None]
    #: What it costs the kommun a month, in öre, where that decides who may decide.
    cost_ore: Mapped[int | None] = mapped_column(BigInteger)
    #: It says that it may be reassessed (omprövningsförbehåll).
    reservation: Mapped[bool] = mapped_column(server_default=text("false"))
    #: An extension, change or end: the decision that it alters, on which ground, whether to the
    #: person's disadvantage, and the day on which the person was told what it rests on (FL 25 §).
    alters_id: Mapped[UUID | None]
    alter_ground: Mapped[str] = mapped_column(server_default="")
    disadvantage: Mapped[bool] = mapped_column(server_default=text("false"))
    told_on: Mapped[date | None]
    #: Of the altered: what extended or changed it last, and the first day without the right.
    altered_by_id: Mapped[UUID | None]
    ended_on: Mapped[date | None]
    #: Who had the right to decide by the delegation order, where that stands, and the board's
    #: minute where the board decided.
    decided_level: Mapped[str] = mapped_column(server_default="")
    delegation_cite: Mapped[str] = mapped_column(server_default="")
    board_minute: Mapped[str] = mapped_column(server_default="")
    #: The day on which the person came to know of it, how, and who saw to it; then the last day for
    #: an appeal.
    notified_on: Mapped[date | None]
    notified_how: Mapped[str] = mapped_column(server_default="")
    notified_by: Mapped[UUID | None]
    appeal_until: Mapped[date | None]
    #: The day somebody noted that it has been carried out, where no event of the case says so.
    executed_on: Mapped[date | None]
