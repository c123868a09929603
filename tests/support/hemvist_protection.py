"""How long checks are relied on, and persons who were looked up so many days ago."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hemvist.clock import today
from hemvist_world import as_owner


def rely_for(tenant_id: UUID, days: int) -> None:
    """Let the kommun rely on a check for so many days."""
    with as_owner(tenant_id) as connection:
        connection.execute(
            "UPDATE tenants SET protection_days = %s WHERE id = %s", (days, tenant_id)
        )


def looked_up(tenant_id: UUID, household_id: UUID, days_ago: int) -> None:
    """As if everybody in the household had been looked up so many days ago, and not since."""
    with as_owner(tenant_id) as connection:
        connection.execute(
            "UPDATE persons SET protection = 'none', protection_checked_on = %s WHERE id IN"
            " (SELECT person_id FROM household_members WHERE household_id = %s)",
            (today() - timedelta(days=days_ago), household_id),
        )
