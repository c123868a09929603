"""A form as a department prepares it, and the rows of its cases that its figures are made of."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.authority_forms.definitions import REACHES
from hemvist.tenancy import (
    FULL,
    READ,
    WRITE,
    Base,
    Owned,
    SealedObject,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: ``counting`` until the worker has counted it.
STATES = ("counting", "draft", "ready", "sent")


class AuthorityForm(TenantScoped, Versioned, Base):
    """A form of an authority for one period of a department.

    Its figures are whole, cases in closed circles among them, since an authority is told what is
    true; which cases they are stands in ``AuthorityFormLine``. Once ready it stays as it is.
    """

    __tablename__ = "authority_forms"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("principals", "prepared_by"),
        tenant_reference("principals", "ready_by"),
        tenant_reference("principals", "sent_by"),
        UniqueConstraint("tenant_id", "department", "form", "period"),
        one_of("state", STATES),
        one_of("reach", REACHES),
        CheckConstraint("last_day >= first_day", name="period_in_order"),
        CheckConstraint("state = 'counting' OR counted_at IS NOT NULL", name="counted"),
        CheckConstraint("(state = 'sent') = (sent_on IS NOT NULL)", name="sent"),
    )

    #: Code and version of its definition.
    form: Mapped[str]
    form_version: Mapped[int]
    department: Mapped[str]
    #: Whether cases that only lie open to the department are counted.
    reach: Mapped[str]
    #: ``2026``, ``2026-Q4``, ``2029-W14``, and its first and last day.
    period: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    state: Mapped[str] = mapped_column(default="counting")
    counted_at: Mapped[datetime | None]
    #: Number by question.
    figures_sealed: Mapped[bytes] = sealed_column("authority_forms.figures")
    figures = SealedObject("figures_sealed", default={})
    #: What people answered, by question: value, by, on.
    answers_sealed: Mapped[bytes] = sealed_column("authority_forms.answers")
    answers = SealedObject("answers_sealed", default={})
    prepared_by: Mapped[UUID | None]
    prepared_at: Mapped[datetime]
    ready_by: Mapped[UUID | None]
    ready_at: Mapped[datetime | None]
    sent_on: Mapped[date | None]
    sent_by: Mapped[UUID | None]


class AuthorityFormLine(TenantScoped, Base):
    """A row of a case that a question's figure is made of. Goes with its case; the figure stays."""

    __tablename__ = "authority_form_lines"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": FULL})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("authority_forms", "form_id"),
        UniqueConstraint(
            "tenant_id", "form_id", "question", "of", name="uq_authority_form_lines_of"
        ),
        Index(None, "tenant_id", "case_id"),
    )

    form_id: Mapped[UUID]
    question: Mapped[str]
    case_id: Mapped[UUID]
    #: The row that it stems from: a contract, a guarantee, a decision.
    of: Mapped[UUID]
    #: The day that it happened on, or from which it holds.
    on_day: Mapped[date]
    #: Homes, persons or öre.
    amount: Mapped[int]
    #: What is handed in of each row, as the fields of a grant's application; mostly nothing.
    fields_sealed: Mapped[bytes] = sealed_column("authority_form_lines.fields")
    fields = SealedObject("fields_sealed", default={})
