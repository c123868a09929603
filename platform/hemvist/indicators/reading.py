"""Reading what was told: numbers of stretches of months and cells, and nothing beside them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from hemvist.indicators.models import IndicatorTold
from hemvist.tenancy import TenantSession


def told(
    session: TenantSession,
    code: str,
    margin: str,
    from_month: date,
    to_month: date,
    version: int | None = None,
) -> list[IndicatorTold]:
    """What was told of an indicator in a margin, of stretches that reach into these months.

    By month and cells. Without a version that of the highest number told.
    """
    if version is None:
        version = next(iter(versions(session, code)), None)
    return list(
        session.scalars(
            select(IndicatorTold)
            .where(
                IndicatorTold.indicator == code,
                IndicatorTold.version == version,
                IndicatorTold.margin == margin,
                IndicatorTold.from_month <= to_month,
                IndicatorTold.to_month >= from_month,
            )
            .order_by(IndicatorTold.from_month, IndicatorTold.cells)
        )
    )


def versions(session: TenantSession, code: str) -> list[int]:
    """The versions of an indicator that numbers were told of, the newest first."""
    return list(
        session.scalars(
            select(IndicatorTold.version)
            .where(IndicatorTold.indicator == code)
            .distinct()
            .order_by(IndicatorTold.version.desc())
        )
    )
