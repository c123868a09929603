"""A month's sample of looks, and what became of each."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    READ,
    WRITE,
    Base,
    Owned,
    SealedOptionalText,
    TenantScoped,
    Versioned,
    one_of,
    sealed_column,
    tenant_reference,
)

#: ``open`` until somebody has looked; a ``matter`` is being gone into; ``founded`` and ``unfounded`` are
#: what a matter came to.
STATES = ("open", "signed_off", "matter", "founded", "unfounded")


class LogSample(TenantScoped, Base):
    """A month's sample (stickprov). Drawn once by the worker; the same seed draws the same again."""

    __tablename__ = "log_samples"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": APPEND})
    __table_args__ = (UniqueConstraint("tenant_id", "month"),)

    #: Its first day.
    month: Mapped[date]
    #: 64 hexadecimal digits.
    seed: Mapped[str]
    drawn_at: Mapped[datetime]
    #: Entries and looks that the month had, of which the sample was drawn.
    entries: Mapped[int]
    looks: Mapped[int]


class StaffAddress(TenantScoped, Base):
    """Where somebody of the staff lives, as a keyed digest alone (granne)."""

    __tablename__ = "staff_addresses"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": READ})
    __table_args__ = (
        tenant_reference("principals", "principal_id"),
        UniqueConstraint("tenant_id", "principal_id"),
    )

    principal_id: Mapped[UUID]
    #: Of street, number and postal code: see ``neighbours.digest_of``.
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    stated_at: Mapped[datetime]


class LogLook(TenantScoped, Versioned, Base):
    """One look of the sample (slagning): somebody, on a day, at a case or at somebody's data."""

    __tablename__ = "log_looks"
    __tenancy__ = Owned({"hemvist_staff": ("SELECT", "UPDATE"), "hemvist_worker": APPEND})
    __table_args__ = (
        tenant_reference("log_samples", "sample_id"),
        tenant_reference("principals", "principal_id"),
        tenant_reference("principals", "reviewed_by"),
        one_of("state", STATES),
        CheckConstraint("(state = 'open') = (reviewed_at IS NULL)", name="reviewed_when_not_open"),
        CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL)", name="reviewed_by_someone"
        ),
        Index(None, "tenant_id", "sample_id"),
        Index(None, "tenant_id", "state", "weight", "id"),
    )

    sample_id: Mapped[UUID]
    #: The first entry of the look, and how many there were that day. What is needed of it is copied:
    #: whoever reviews a look reads no more of the log.
    entry_id: Mapped[UUID]
    entries: Mapped[int]
    principal_id: Mapped[UUID]
    on_day: Mapped[date]
    #: As the first entry has it: when, in what roles, through what, and the operation's name.
    at: Mapped[datetime]
    roles: Mapped[list[str]]
    channel: Mapped[str]
    action: Mapped[str]
    #: The case, by the number by which a reviewer asks for it; of no case, how many people it was about.
    case_number: Mapped[str | None]
    persons: Mapped[int]
    #: Codes of ``weighing.REASONS``, the heaviest first; empty for one drawn by chance alone.
    reasons: Mapped[list[str]]
    weight: Mapped[int]
    state: Mapped[str]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[UUID | None]
    #: What the reviewer says of it.
    remark_sealed: Mapped[bytes | None] = sealed_column("log_looks.remark")
    remark = SealedOptionalText("remark_sealed")
