"""Tables of retention: what stands in the way of thinning, runs and their cases, and what bookkeeping
keeps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    READ,
    WRITE,
    Base,
    Owned,
    SealedBytes,
    SealedObject,
    SealedText,
    TenantScoped,
    Versioned,
    codes_only,
    one_of,
    sealed_column,
    tenant_reference,
)

#: hold: somebody needs the case for now; child_placement: it tells of a child placed outside its home;
#: child_inquiry: it holds an inquiry into a child's need of protection.
MARKS = ("hold", "child_placement", "child_inquiry")
#: requested: the worker gathers what is due; proposed: it waits for another person.
RUN_STATES = ("requested", "proposed", "approved", "running", "done", "withdrawn")
#: In these a run is under way.
UNDER_WAY = RUN_STATES[:4]
ITEM_STATES = ("waiting", "thinned", "left")
BOOK_KINDS = ("entry", "file")


class RetentionMark(TenantScoped, Versioned, Base):
    """Something that keeps a case from being thinned (gallringsstopp): why, by whom, until when.

    An open hold and a child's placement are kept to by the database too: it removes neither.
    """

    __tablename__ = "retention_marks"
    __tenancy__ = Owned(
        {"hemvist_staff": WRITE, "hemvist_worker": READ}, triggers=("held_from_thinning",)
    )
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        tenant_reference("persons", "person_id"),
        tenant_reference("principals", "placed_by"),
        one_of("kind", MARKS),
        # Only a hold ends by itself; only an inquiry needs to be told whose it was.
        CheckConstraint("until IS NULL OR kind = 'hold'", name="until"),
        CheckConstraint("(person_id IS NOT NULL) = (kind = 'child_inquiry')", name="person"),
        CheckConstraint("(lifted_on IS NULL) = (lifted_by IS NULL)", name="lifted"),
        Index(None, "tenant_id", "case_id"),
        Index(None, "tenant_id", "placed_on", "id"),
    )

    case_id: Mapped[UUID]
    kind: Mapped[str]
    #: The child that an inquiry was about.
    person_id: Mapped[UUID | None]
    reason_sealed: Mapped[bytes] = sealed_column("retention_marks.reason")
    reason = SealedText("reason_sealed")
    placed_by: Mapped[UUID]
    placed_on: Mapped[date]
    #: The hold's last day; without one it holds until somebody lifts it.
    until: Mapped[date | None]
    lifted_on: Mapped[date | None]
    lifted_by: Mapped[UUID | None]


class ThinningRun(TenantScoped, Versioned, Base):
    """A thinning (gallring): proposed by one person, approved by another, carried out by the worker."""

    __tablename__ = "thinning_runs"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("principals", "proposed_by"),
        tenant_reference("principals", "approved_by"),
        tenant_reference("principals", "stopped_by"),
        one_of("state", RUN_STATES),
        # Nobody approves their own, whoever writes the row.
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="second_person"),
        CheckConstraint(
            "(state IN ('approved', 'running', 'done')) = (approved_by IS NOT NULL)",
            name="approved",
        ),
        CheckConstraint("(state = 'done') = (certificate IS NOT NULL)", name="certificate"),
        # Only what was approved is stopped; what was not is withdrawn.
        CheckConstraint("(stopped_at IS NULL) = (stopped_by IS NULL)", name="stopped"),
        CheckConstraint("stopped_at IS NULL OR approved_by IS NOT NULL", name="stopped_approved"),
        # One at a time, so that no case is in two.
        Index(
            "uq_thinning_runs_under_way",
            "tenant_id",
            unique=True,
            postgresql_where=text("state IN ('requested', 'proposed', 'approved', 'running')"),
        ),
        Index(None, "tenant_id", "proposed_at"),
    )

    state: Mapped[str] = mapped_column(default="requested")
    #: The day on which each case is judged.
    on_day: Mapped[date]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    #: Who stopped it after it was approved: the worker leaves the cases that still wait.
    stopped_by: Mapped[UUID | None]
    stopped_at: Mapped[datetime | None]
    #: How far the worker has come in looking for what is due, by the case's id.
    gathered_to: Mapped[UUID | None]
    cases_total: Mapped[int] = mapped_column(default=0)
    cases_done: Mapped[int] = mapped_column(default=0)
    #: Rows by table: what would go, as it was previewed.
    preview: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Cases looked at, by the rule that says what becomes of them.
    judged: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Closed cases by the year in which they come due, and by rule: what is to be expected.
    forecast: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default=text("'{}'::jsonb")
    )
    #: When the worker last did something for it.
    stirred_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: What was thinned, by which rule, who and when: see ``hemvist.retention.certificate``.
    certificate: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    #: SHA-256 of the certificate as canonical JSON.
    certificate_sha256: Mapped[str | None]
    #: The last day on which a backup may still hold what was thinned.
    backups_until: Mapped[date | None]


class ThinningItem(TenantScoped, Base):
    """One case of a run. It outlives the case, so nothing in it says whose it was.

    The reference (case number, household's alias) is sealed, and goes when no backup can bring the case
    back any more: until then a restored backup is thinned anew by it.
    """

    __tablename__ = "thinning_items"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": WRITE})
    __table_args__ = (
        tenant_reference("thinning_runs", "run_id"),
        UniqueConstraint("tenant_id", "run_id", "case_id"),
        one_of("state", ITEM_STATES),
        CheckConstraint("(state = 'left') = (left_because <> '')", name="left_because"),
        codes_only("counts"),
        Index(None, "tenant_id", "run_id", "state"),
        Index(None, "tenant_id", "run_id", "id"),
        Index(None, "tenant_id", "case_id"),
    )

    run_id: Mapped[UUID]
    #: The case's id: no foreign key, for the case goes.
    case_id: Mapped[UUID]
    department: Mapped[str]
    #: SHA-256 of the kommun's id and the case's number.
    number_hash: Mapped[str]
    #: Code of the rule that gives the day, its day, and by when it is done at the latest.
    rule: Mapped[str]
    due_on: Mapped[date]
    done_by: Mapped[date]
    state: Mapped[str] = mapped_column(default="waiting")
    #: Why the case was left after all: code.
    left_because: Mapped[str] = mapped_column(default="", server_default="")
    #: Rows by table that went.
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    thinned_at: Mapped[datetime | None]
    reference_sealed: Mapped[bytes | None] = sealed_column("thinning_items.reference")
    reference = SealedObject("reference_sealed")


class KeptVoucher(TenantScoped, Base):
    """What bookkeeping keeps longer than the case (räkenskapsinformation): an entry of a guarantee's
    ledger, or a file that a claim was paid by. Points at no case, household or person."""

    __tablename__ = "kept_vouchers"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": ("SELECT", "DELETE")})
    __table_args__ = (
        tenant_reference("thinning_runs", "run_id"),
        UniqueConstraint("tenant_id", "kind", "voucher_id"),
        one_of("kind", BOOK_KINDS),
        CheckConstraint("(kind = 'entry') = (amount_ore IS NOT NULL)", name="amount"),
        CheckConstraint("(kind = 'file') = (content_sealed IS NOT NULL)", name="content"),
        Index(None, "tenant_id", "keep_until"),
    )

    run_id: Mapped[UUID]
    landlord_id: Mapped[UUID] = mapped_column(ForeignKey("landlords.id"))
    kind: Mapped[str]
    #: The entry's or file's own id, and the guarantee's, as they were.
    voucher_id: Mapped[UUID]
    guarantee_id: Mapped[UUID]
    #: What happened with money, the accounts that it was put to and taken from; of a file its type.
    what: Mapped[str]
    debit: Mapped[str] = mapped_column(default="", server_default="")
    credit: Mapped[str] = mapped_column(default="", server_default="")
    amount_ore: Mapped[int | None]
    booked_on: Mapped[date]
    #: The payment's own number.
    reference: Mapped[str] = mapped_column(default="", server_default="")
    content_sealed: Mapped[bytes | None] = sealed_column("kept_vouchers.content", large=True)
    content = SealedBytes("content_sealed")
    #: The last day on which it is kept.
    keep_until: Mapped[date]
