"""Decisions (biståndsbeslut): always apart from the contract."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    WRITE,
    Base,
    Owned,
    TenantScoped,
    Versioned,
    one_of,
    tenant_reference,
)

KINDS = ("support_to_obtain_housing", "housing")
OUTCOMES = ("granted", "refused")
STATES = ("proposed", "decided", "returned")


class Decision(TenantScoped, Versioned, Base):
    """A proposal (förslag till beslut) and, when someone with the right has decided, the decision."""

    __tablename__ = "decisions"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("evaluations", "evaluation_id"),
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
    )

    case_id: Mapped[UUID]
    programme: Mapped[str]
    kind: Mapped[str]
    outcome: Mapped[str]
    state: Mapped[str] = mapped_column(default="proposed")
    #: Citations in force on the day of the decision, as the pack dates them.
    legal_basis: Mapped[list[str]]
    motivation: Mapped[str]
    #: The child's best interests (SoL 3:1): compulsory where a child is in the household.
    child_assessment: Mapped[str]
    #: What the engine advised when it was proposed, and why it was not followed where it was not.
    advice: Mapped[str]
    departure_reason: Mapped[str]
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
    return_reason: Mapped[str | None]
    #: Conditions of the decision: their kind out of ``hemvist.policy.clauses`` and their wording.
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'::jsonb"))
    #: What guideline and law said of the proposal, and why the person went on if warned.
    legal_findings: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'::jsonb"))
    went_on_because: Mapped[str] = mapped_column(server_default="")
    #: The advice with what it rested on, to be asked again; none from before that was kept.
    evaluation_id: Mapped[UUID | None]
