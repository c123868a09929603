"""Kept answers (prövningar): the question, the facts as they were, and the answer, word for word."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    READ,
    Base,
    Owned,
    SealedObject,
    SealedText,
    TenantScoped,
    sealed_column,
    tenant_reference,
)


class KeptEvaluation(TenantScoped, Base):
    """One question to a pack and its answer. Never changed: ``seal`` shows whether it was."""

    __tablename__ = "evaluations"
    __tenancy__ = Owned({"hemvist_staff": APPEND, "hemvist_worker": READ})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        Index(None, "tenant_id", "case_id"),
    )

    case_id: Mapped[UUID]
    rule: Mapped[str]
    evaluated_on: Mapped[date]
    pack: Mapped[str]
    pack_version: Mapped[str]
    #: SHA-256 of the pack's files, in hex.
    pack_hash: Mapped[str]
    #: Every fact that was known: name → {"value": JSON data, "kind": asked | assessment | derived}.
    facts_sealed: Mapped[bytes] = sealed_column("evaluations.facts")
    facts = SealedObject("facts_sealed")
    #: ``hemvist.policy.canonical.canonical_answer``, as text so that no byte of it moves.
    answer_sealed: Mapped[bytes] = sealed_column("evaluations.answer")
    answer = SealedText("answer_sealed")
    kept_at: Mapped[datetime]
    #: Keyed digest of all of the above under the kommun's key.
    seal: Mapped[bytes] = mapped_column(LargeBinary)
