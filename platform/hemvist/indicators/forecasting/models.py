"""The table of forecasts that were kept: what was said, and what it was made of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import APPEND, READ, Base, Owned, TenantScoped


class IndicatorForecast(TenantScoped, Base):
    """A forecast of twelve months. Never changed: it is held against what came."""

    __tablename__ = "indicator_forecasts"
    __tenancy__ = Owned({"hemvist_staff": READ, "hemvist_worker": APPEND})
    __table_args__ = (
        UniqueConstraint(
            "tenant_id", "first_month", "model", name="uq_indicator_forecasts_first_month"
        ),
        CheckConstraint("extract(day FROM first_month) = 1", name="month_by_its_first_day"),
    )

    #: The number of the model that made it.
    model: Mapped[int]
    #: The first of the twelve months.
    first_month: Mapped[date]
    basis: Mapped[dict[str, Any]] = mapped_column(JSONB)
    result: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_on: Mapped[date]
    made_at: Mapped[datetime]
