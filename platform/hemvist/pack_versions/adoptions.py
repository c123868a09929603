"""Which guidelines the kommun works by."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from hemvist.policy.models import PackAdoption
from hemvist.tenancy import TenantSession


def adopted_packs(session: TenantSession, on: date) -> list[str]:
    """Names of the packs that the kommun works by on a day."""
    return list(
        session.scalars(
            select(PackAdoption.pack)
            .where(
                PackAdoption.since <= on,
                or_(PackAdoption.until.is_(None), PackAdoption.until >= on),
            )
            .order_by(PackAdoption.pack)
        )
    )
