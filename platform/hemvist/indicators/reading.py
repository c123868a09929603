"""Reading what was told: all that pages, plots, papers and other kommuner's comparison read."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from hemvist.indicators.models import IndicatorTold
from hemvist.tenancy import TenantSession


def told(
    session: TenantSession,
    code: str,
    margin: str = "all",
    from_month: date | None = None,
    to_month: date | None = None,
    version: int | None = None,
) -> list[IndicatorTold]:
    """What was told of an indicator, by month and cells; of its newest version where none is named.

    A number that reaches into the time asked for comes whole. Each has its indicator's own measure: a
    count has ``facts``, a share ``facts`` and its bounds, a sum ``amount``, a median ``middle``; of
    transfers the bounds are of the number itself. A month without a number had too few, which is not
    none: it is told later, together with others.
    """
    if version is None:
        version = max(versions(session, code), default=0)
    asked = select(IndicatorTold).where(
        IndicatorTold.indicator == code,
        IndicatorTold.margin == margin,
        IndicatorTold.version == version,
    )
    if from_month is not None:
        asked = asked.where(IndicatorTold.to_month >= from_month)
    if to_month is not None:
        asked = asked.where(IndicatorTold.from_month <= to_month)
    ordered = asked.order_by(IndicatorTold.from_month, IndicatorTold.cells)
    return list(session.scalars(ordered))


def versions(session: TenantSession, code: str) -> list[int]:
    """The versions that something was told of, the oldest first. Each is a series of its own."""
    asked = select(IndicatorTold.version).where(IndicatorTold.indicator == code)
    return list(
        session.scalars(
            asked.group_by(IndicatorTold.version).order_by(func.min(IndicatorTold.version))
        )
    )
