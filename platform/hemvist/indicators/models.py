"""Tables of the figures: facts by case, what a month showed, what was told of it, how far it is counted."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    FULL,
    READ,
    WRITE,
    Base,
    Owned,
    TenantScoped,
    one_of,
    tenant_reference,
)

#: What a fact's households are told by. ``all`` is the whole.
MARGINS = ("all", "programme", "step", "area", "sex", "age", "children")


class IndicatorFact(TenantScoped, Base):
    """Something of a case that an indicator counts: on a day, or from one day to another.

    Made anew from the case's rows whenever the case changes; nothing else writes here.
    """

    __tablename__ = "indicator_facts"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": FULL})
    __table_args__ = (
        tenant_reference("cases", "case_id"),
        UniqueConstraint(
            "tenant_id",
            "case_id",
            "indicator",
            "of",
            "begins",
            "step",
            name="uq_indicator_facts_of",
        ),
        CheckConstraint("ends IS NULL OR ends > begins", name="ends_after_it_begins"),
        Index(None, "tenant_id", "indicator", "begins"),
    )

    case_id: Mapped[UUID]
    #: The code of its definition.
    indicator: Mapped[str]
    #: The row that it stems from: a contract, a decision, an incident.
    of: Mapped[UUID]
    begins: Mapped[date]
    #: The first day on which it no longer holds; None while it holds, and for what happens on a day.
    ends: Mapped[date | None]
    programme: Mapped[str]
    step: Mapped[str]
    #: The home's area.
    area: Mapped[str]
    #: Groups that it may be told by, as ``sex:woman``.
    groups: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    #: Days, öre or persons, as its definition says.
    amount: Mapped[int | None]
    #: Whether what was to be done was done; None where the definition asks for no such thing.
    met: Mapped[bool | None]


class IndicatorSnapshot(TenantScoped, Base):
    """What a month showed when it was over, in one cell. Never changed; holds small numbers.

    The cells of a margin divide all facts between them, so that they sum to the cell ``all``.
    """

    __tablename__ = "indicator_snapshots"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": APPEND})
    __table_args__ = (
        UniqueConstraint(
            "tenant_id",
            "indicator",
            "version",
            "month",
            "margin",
            "cell",
            name="uq_indicator_snapshots_cell",
        ),
        one_of("margin", MARGINS),
        CheckConstraint("extract(day FROM month) = 1", name="month_by_its_first_day"),
    )

    indicator: Mapped[str]
    #: The version of the definition: another version is another series.
    version: Mapped[int]
    #: The month's first day. What is counted on a day is counted on the month's last.
    month: Mapped[date]
    margin: Mapped[str]
    #: A code of the margin; empty in the margin ``all`` and for facts that have none.
    cell: Mapped[str]
    facts: Mapped[int]
    #: How many households the facts are of.
    households: Mapped[int]
    met: Mapped[int]
    amount: Mapped[int]
    #: Half of the amounts lie at or below it; None where there are none.
    middle: Mapped[int | None]
    counted_at: Mapped[datetime]


class IndicatorTold(TenantScoped, Base):
    """A number that was told of a stretch of months and some cells: what everybody may read.

    Never changed and never cut otherwise: who asks again is answered the same.
    """

    __tablename__ = "indicator_told"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": APPEND})
    __table_args__ = (
        UniqueConstraint(
            "tenant_id",
            "indicator",
            "version",
            "margin",
            "from_month",
            "cells",
            name="uq_indicator_told_block",
        ),
        one_of("margin", MARGINS),
        CheckConstraint("to_month >= from_month", name="from_before_to"),
    )

    indicator: Mapped[str]
    version: Mapped[int]
    margin: Mapped[str]
    #: The cells that the number is of, together.
    cells: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    from_month: Mapped[date]
    to_month: Mapped[date]
    #: How many facts; in steps of five where it is a stock. None: too few to be told.
    facts: Mapped[int | None]
    #: Between how many of them it was done; the same twice where that can be told.
    met_least: Mapped[int | None]
    met_most: Mapped[int | None]
    amount: Mapped[int | None]
    middle: Mapped[int | None]
    told_at: Mapped[datetime]


class IndicatorRun(TenantScoped, Base):
    """How far a kommun's figures are counted, and what the last count from nothing found otherwise."""

    __tablename__ = "indicator_runs"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": WRITE})
    __table_args__ = (UniqueConstraint("tenant_id", "part"),)

    #: ``facts``; one row for each thing that goes on by itself.
    part: Mapped[str]
    #: What was registered before it is counted.
    counted_to: Mapped[datetime | None]
    #: The fingerprint of the definitions that it was counted by.
    definitions: Mapped[str]
    full_at: Mapped[datetime | None]
    #: Facts that the last count from nothing found other than they stood.
    differed: Mapped[int] = mapped_column(default=0)
