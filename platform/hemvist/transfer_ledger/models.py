"""The ledger (utbytesbalans) of a network of protected moves, what was told of it, and statements.

The ledger and the publications lie with the network, which no kommun's people read; a statement lies
with the kommun that it is given to.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    WRITE,
    Base,
    Owned,
    TenantScoped,
    one_of,
    tenant_reference,
)

#: Reserved when a move is proposed; booked when the household has moved, or released; what was booked
#: by mistake is reversed.
KINDS = ("reserved", "released", "booked", "reversed")
#: Urgency of a move: acute, high, normal.
URGENCIES = (3, 2, 1)


class TransferLedgerEntry(TenantScoped, Base):
    """A line: what a member took (+1) or sent (-1) in a move. Only ever added; two to each kind.

    Holds days and no instants, and ids without time: who moved with whom is not to be read off a row
    that was written in the same moment somewhere else.
    """

    __tablename__ = "transfer_ledger_entries"
    __tenancy__ = Owned(
        {"hemvist_exchange": APPEND},
        triggers=("transfer_ledger_entries_balance", "transfer_ledger_entries_kept"),
    )
    __table_args__ = (
        tenant_reference("transfer_ledger_entries", "settles_id"),
        one_of("kind", KINDS),
        # A line is settled once: released or booked, and what is booked reversed once.
        UniqueConstraint("tenant_id", "settles_id"),
        UniqueConstraint("tenant_id", "move_id", "member_id", "kind"),
        CheckConstraint("amount IN (-1, 1)", name="amount"),
        CheckConstraint("urgency BETWEEN 1 AND 3", name="urgency"),
        CheckConstraint("(kind = 'reserved') = (settles_id IS NULL)", name="settles"),
        Index(None, "tenant_id", "member_id"),
    )

    #: UUID by chance: the platform's ids tell the millisecond.
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, sort_order=-1)
    move_id: Mapped[UUID]
    #: The kommun.
    member_id: Mapped[UUID]
    kind: Mapped[str]
    amount: Mapped[int]
    urgency: Mapped[int]
    #: The day of the act, and the day on which it was written.
    booked_on: Mapped[date]
    recorded_on: Mapped[date]
    settles_id: Mapped[UUID | None]


class TransferPublication(TenantScoped, Base):
    """What was told of the ledger at the end of a quarter, and up to where each figure had come."""

    __tablename__ = "transfer_publications"
    __tenancy__ = Owned({"hemvist_exchange": APPEND}, triggers=("transfer_publications_kept",))
    __table_args__ = (UniqueConstraint("tenant_id", "as_of"),)

    as_of: Mapped[date]
    published_on: Mapped[date]
    #: By member: the band that its balance lay in at its cut, ``[low, high]``.
    bands: Mapped[dict[str, Any]] = mapped_column(JSONB())
    #: By cell: moves told so far.
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB())
    #: By member and by cell: the moves that had been told of then.
    told: Mapped[dict[str, Any]] = mapped_column(JSONB())


class TransferStatement(TenantScoped, Base):
    """A kommun's own balance, exactly, with what was last told of the others."""

    __tablename__ = "transfer_statements"
    __tenancy__ = Owned({"hemvist_staff": ("SELECT",), "hemvist_worker": WRITE})
    __table_args__ = (UniqueConstraint("tenant_id", "network_id"),)

    network_id: Mapped[UUID]
    stated_on: Mapped[date]
    #: Taken minus sent of the moves that are done; and of those that are proposed or under way.
    balance: Mapped[int]
    reserved: Mapped[int]
    as_of: Mapped[date | None]
    bands: Mapped[dict[str, Any]] = mapped_column(JSONB())
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB())
