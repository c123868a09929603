"""Entering the kommuner of ``tenants/`` in the database's register."""

from __future__ import annotations

from hemvist.db import owner_url
from hemvist_infra.database import migrating_connection
from hemvist_tenants import load_tenants, onboard


def onboard_all() -> list[str]:
    """Enter every kommun that has a file, or bring its name up to date; their slugs.

    Raises ``TenantFileError`` when a file does not hold, ``HemvistError`` when the database does
    not answer.
    """
    tenants = load_tenants()
    url = owner_url().render_as_string(hide_password=False)
    with migrating_connection(url) as connection:
        for tenant in tenants.values():
            onboard(connection, tenant)
        connection.commit()
    return list(tenants)
