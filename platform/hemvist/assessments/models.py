"""Assessments (utredning, bedömning): answers with their source, the engine's trace, a conclusion."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    WRITE,
    Base,
    Owned,
    SealedJson,
    SealedObjects,
    SealedText,
    TenantScoped,
    one_of,
    sealed_column,
    tenant_reference,
)

OUTCOMES = ("true", "false", "unknown")


class Answer(TenantScoped, Base):
    """One fact of a case as somebody answered it. Earlier answers stay, marked as replaced."""

    __tablename__ = "answers"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        Index(
            "uq_answers_current",
            "tenant_id",
            "case_id",
            "fact",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    case_id: Mapped[UUID]
    fact: Mapped[str]
    #: The value as JSON, of the type that the pack gives the fact.
    value_sealed: Mapped[bytes] = sealed_column("answers.value")
    value = SealedJson("value_sealed")
    #: Compulsory where the pack marks the fact as a judgement.
    reason_sealed: Mapped[bytes] = sealed_column("answers.reason")
    reason = SealedText("reason_sealed")
    #: From what it is known: conversation, register, document …
    source: Mapped[str]
    effective_on: Mapped[date]
    answered_at: Mapped[datetime]
    answered_by: Mapped[UUID | None]
    replaced_at: Mapped[datetime | None]


class Assessment(TenantScoped, Base):
    """What the engine said of one rule on one day, and what a person concluded from it."""

    __tablename__ = "assessments"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": ("SELECT",)})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("evaluations", "evaluation_id"),
        one_of("outcome", OUTCOMES),
        UniqueConstraint("tenant_id", "case_id", "rule", "concluded_at"),
    )

    case_id: Mapped[UUID]
    rule: Mapped[str]
    outcome: Mapped[str]
    trace_sealed: Mapped[bytes] = sealed_column("assessments.trace")
    trace = SealedObjects("trace_sealed")
    pack_version: Mapped[str]
    evaluated_on: Mapped[date]
    #: The person's own conclusion: it may differ from the advice, and then says why.
    conclusion: Mapped[bool]
    reason_sealed: Mapped[bytes] = sealed_column("assessments.reason")
    reason = SealedText("reason_sealed")
    #: The reason is a note among staff: it does not stand on the sheet for the applicant. So were
    #: those from before anybody was asked.
    reason_internal: Mapped[bool] = mapped_column(server_default=true())
    concluded_by: Mapped[UUID | None]
    concluded_at: Mapped[datetime]
    #: What the engine was asked and answered, to be asked again; none from before that was kept.
    evaluation_id: Mapped[UUID | None]
