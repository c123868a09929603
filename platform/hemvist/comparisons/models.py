"""Tables of comparisons: that a kommun takes part, what it has given, and what it was given.

All of them are the kommun's own rows. What one gives another is carried by the worker, so that no
session sees two kommuner; nobody's rows point at a case, a fact or a small number.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
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
from hemvist.tenancy.models import Versioned

STATES = ("proposed", "open", "ended")


class IndicatorSharing(TenantScoped, Versioned, Base):
    """That the kommun takes part in a comparison: from when it was agreed on until it was ended.

    Whoever takes part again begins a new one.
    """

    __tablename__ = "indicator_sharings"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "UPDATE")})
    __table_args__ = (
        tenant_reference("principals", "proposed_by"),
        tenant_reference("principals", "agreed_by"),
        tenant_reference("principals", "ended_by"),
        one_of("state", STATES),
        # Nobody agrees to their own, whoever writes the row.
        CheckConstraint("agreed_by <> proposed_by", name="second_person"),
        CheckConstraint("(agreed_by IS NULL) = (agreed_at IS NULL)", name="agreed"),
        CheckConstraint("state <> 'open' OR agreed_by IS NOT NULL", name="open_when_agreed"),
        CheckConstraint("state <> 'proposed' OR agreed_by IS NULL", name="proposed_until_agreed"),
        CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(state = 'ended') = (ended_by IS NOT NULL)", name="ended_by_somebody"),
        # Nobody is told anything of the others without taking part.
        CheckConstraint("state = 'open' OR members = '{}'", name="members_when_open"),
        Index(
            "uq_indicator_sharings_under_way",
            "tenant_id",
            "comparison",
            unique=True,
            postgresql_where=text("state <> 'ended'"),
        ),
    )

    #: The code of the comparison, and the version of it that was agreed on.
    comparison: Mapped[str]
    comparison_version: Mapped[int]
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    agreed_by: Mapped[UUID | None]
    agreed_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    #: Codes of the kommuner that took part when figures were last carried, this one among them.
    members: Mapped[list[str]] = mapped_column(default=list, server_default=text("'{}'"))
    #: When those figures were begun to be gathered, by the database's clock.
    gathered_at: Mapped[datetime | None]


class SharedFigure(TenantScoped, Base):
    """A year of an indicator that the kommun gives those it compares itself with. Never changed.

    Stays when the kommun leaves, as its own account of what others may have kept; only those of a
    sharing that is open are carried to anybody.
    """

    __tablename__ = "shared_figures"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": APPEND})
    __table_args__ = (
        tenant_reference("indicator_sharings", "sharing_id"),
        UniqueConstraint(
            "tenant_id", "sharing_id", "indicator", "version", "year", name="uq_shared_figures_year"
        ),
        CheckConstraint("facts >= 0", name="facts"),
        CheckConstraint("to_month >= from_month", name="from_before_to"),
        CheckConstraint("met_least <= met_most", name="met"),
        CheckConstraint("middle_least <= middle_most", name="middle"),
    )

    sharing_id: Mapped[UUID]
    indicator: Mapped[str]
    #: Of the indicator's definition.
    version: Mapped[int]
    year: Mapped[int]
    #: The months that were told: a stretch need not end with a year, and a stock is of one month.
    from_month: Mapped[date]
    to_month: Mapped[date]
    facts: Mapped[int | None]
    met_least: Mapped[int | None]
    met_most: Mapped[int | None]
    amount: Mapped[int | None]
    #: The amount in the middle lies between them; the same twice where it was told as one.
    middle_least: Mapped[int | None]
    middle_most: Mapped[int | None]
    given_at: Mapped[datetime]


class ComparedFigure(TenantScoped, Base):
    """A year of an indicator as all who take part have given it: what this kommun is shown.

    There is none unless enough of them have. The kommun's own go in the act by which it leaves.
    """

    __tablename__ = "compared_figures"
    __tenancy__ = Owned({"hemvist_staff": ("SELECT", "DELETE"), "hemvist_worker": FULL})
    __table_args__ = (
        tenant_reference("indicator_sharings", "sharing_id"),
        UniqueConstraint(
            "tenant_id",
            "sharing_id",
            "indicator",
            "version",
            "year",
            name="uq_compared_figures_year",
        ),
        CheckConstraint(
            "jsonb_typeof(figures) = 'object' AND figures <> '{}'::jsonb", name="somebodys"
        ),
    )

    sharing_id: Mapped[UUID]
    indicator: Mapped[str]
    version: Mapped[int]
    year: Mapped[int]
    #: By kommunkod: months and numbers, named as the columns of a figure given.
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB())
