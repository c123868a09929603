"""Telling: what everybody may read of the figures."""

from __future__ import annotations

from datetime import date

from hemvist.clock import now
from hemvist.indicators.definitions import catalogue
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import NEW_ID, answered


def tell(session: TenantSession, today: date) -> int:
    """Tell what is of no household and was not told yet; how many numbers. Does not commit."""
    return len(
        answered(
            session,
            "INSERT INTO indicator_told (tenant_id, id, indicator, version, margin, cells, from_month,"
            " to_month, facts, amount, told_at)"
            f" SELECT tenant_id, {NEW_ID}, indicator, version, margin, ARRAY[cell], month, month, facts,"  # noqa: S608 - a text of ours
            " amount, %(at)s FROM indicator_snapshots WHERE tenant_id = %(tenant)s"
            " AND indicator = ANY(%(codes)s) AND month < %(today)s"
            " ON CONFLICT (tenant_id, indicator, version, margin, from_month, cells) DO NOTHING RETURNING 1",
            {
                "at": now(),
                "today": today,
                "codes": [one.code for one in catalogue().values() if one.about == "nobody"],
            },
        )
    )
