"""Rows of a network. What could lead to a household, a flat or a kommun is sealed with its key.

A sealed row is found by a keyed digest of its name in the network (``index``), so that neither a dump
nor whoever reads the tables joins it to a row of a kommun.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    FULL,
    WRITE,
    Base,
    Owned,
    TenantScoped,
    one_of,
    sealed_column,
    tenant_reference,
)

ROUND_KINDS = ("regular", "acute")
ROUND_STATES = ("collecting", "answering", "closed")
BOARD_STATES = ("free", "held", "gone")
#: ``failed`` came to nothing before both had said yes, ``cancelled`` after.
MOVE_STATES = ("proposed", "agreed", "moved", "failed", "cancelled")
#: Holding a request, a flat and a reservation.
HOLDING = ("proposed", "agreed")
SAID = ("", "yes", "no")
DIRECTIONS = ("out", "in")


class ExchangeFlat(TenantScoped, Base):
    """A flat on the board (anslagen bostad): kommun, rooms, steps, days. Nobody browses it."""

    __tablename__ = "exchange_flats"
    __tenancy__ = Owned({"hemvist_exchange": WRITE})
    __table_args__ = (
        one_of("state", BOARD_STATES),
        UniqueConstraint("tenant_id", "index"),
        Index(
            "ix_exchange_flats_there", "tenant_id", "id", postgresql_where=text("state <> 'gone'")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, sort_order=-1)
    index: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = sealed_column("exchange_flats.said")
    state: Mapped[str] = mapped_column(default="free")


class ExchangeRound(TenantScoped, Base):
    """A round (omgång): collected, cleared, answered, cleared again as answers come, closed."""

    __tablename__ = "exchange_rounds"
    __tenancy__ = Owned({"hemvist_exchange": WRITE})
    __table_args__ = (
        one_of("kind", ROUND_KINDS),
        one_of("state", ROUND_STATES),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        # One at a time.
        Index(
            "ix_exchange_rounds_running",
            "tenant_id",
            unique=True,
            postgresql_where=text("state <> 'closed'"),
        ),
    )

    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="collecting")
    begun_at: Mapped[datetime]
    #: SHA-256 of the seed, told before anything is collected: nobody can choose it afterwards.
    seed_digest: Mapped[bytes] = mapped_column(LargeBinary)
    seed_sealed: Mapped[bytes] = sealed_column("exchange_rounds.seed")
    #: Codes of the kommuner whose part is in, since it was last asked for.
    collected: Mapped[list[str]]
    clearings: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]


class ExchangeEntry(TenantScoped, Base):
    """A request in a round: whose it is, how pressing, and the flats it could take. Gone with the round."""

    __tablename__ = "exchange_entries"
    __tenancy__ = Owned({"hemvist_exchange": FULL})
    __table_args__ = (
        tenant_reference("exchange_rounds", "round_id"),
        UniqueConstraint("tenant_id", "round_id", "index"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, sort_order=-1)
    round_id: Mapped[UUID]
    index: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = sealed_column("exchange_entries.said")


class ExchangeClearing(TenantScoped, Base):
    """A clearing as it was: its input and its answer word for word, so that it can be made again."""

    __tablename__ = "exchange_clearings"
    __tenancy__ = Owned({"hemvist_exchange": APPEND})
    __table_args__ = (
        tenant_reference("exchange_rounds", "round_id"),
        UniqueConstraint("tenant_id", "round_id", "number"),
    )

    round_id: Mapped[UUID]
    number: Mapped[int]
    cleared_at: Mapped[datetime]
    input_sealed: Mapped[bytes] = sealed_column("exchange_clearings.input")
    answer_sealed: Mapped[bytes] = sealed_column("exchange_clearings.answer")
    #: SHA-256 of the input before it was sealed.
    input_digest: Mapped[bytes] = mapped_column(LargeBinary)


class ExchangeMove(TenantScoped, Base):
    """A move as the network proposed it, and what each side has said."""

    __tablename__ = "exchange_moves"
    __tenancy__ = Owned({"hemvist_exchange": WRITE})
    __table_args__ = (
        tenant_reference("exchange_rounds", "round_id"),
        one_of("state", MOVE_STATES),
        one_of("sending_said", SAID),
        one_of("receiving_said", SAID),
        UniqueConstraint("tenant_id", "sending_index"),
        UniqueConstraint("tenant_id", "receiving_index"),
        CheckConstraint(
            "state NOT IN ('agreed', 'moved') OR (sending_said = 'yes' AND receiving_said = 'yes')",
            name="both",
        ),
        Index(None, "tenant_id", "round_id", "state"),
        Index(
            "ix_exchange_moves_due",
            "tenant_id",
            "answer_by",
            postgresql_where=text("state = 'proposed'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, sort_order=-1)
    round_id: Mapped[UUID]
    #: ``hemvist.exchange.sealing.Pair``: both kommuner, what request and flat are called, both slips.
    sealed: Mapped[bytes] = sealed_column("exchange_moves.said")
    #: Digests of the names that either side has for it.
    sending_index: Mapped[bytes] = mapped_column(LargeBinary)
    receiving_index: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(default="proposed")
    sending_said: Mapped[str] = mapped_column(default="")
    receiving_said: Mapped[str] = mapped_column(default="")
    answer_by: Mapped[datetime]
    #: Beside the plan, because a coordinator asked for it.
    by_override: Mapped[bool] = mapped_column(default=False)
    #: The pair is not proposed again in the round: refused, or nobody answered.
    banned: Mapped[bool] = mapped_column(default=False)


class ExchangeLetter(TenantScoped, Base):
    """A letter to a kommun that waits to be carried, or the mark of one from a kommun."""

    __tablename__ = "exchange_letters"
    __tenancy__ = Owned({"hemvist_exchange": FULL})
    __table_args__ = (
        one_of("direction", DIRECTIONS),
        Index(
            "ix_exchange_letters_waiting",
            "tenant_id",
            "kommun_id",
            "id",
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    kommun_id: Mapped[UUID]
    direction: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
