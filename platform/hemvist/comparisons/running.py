"""A comparison's round, done by the worker: each kommun gives, then each is shown what all have given.

Kommuner are visited one after the other as ``hemvist_worker``, each in its own tenant; between them
told numbers alone are held, in the worker. A round can be done again and leaves the same, so a process
that dies anywhere leaves it to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, select

from hemvist.comparisons.giving import Key, give, given, open_sharing
from hemvist.comparisons.receiving import combined, forget, receive
from hemvist.db import Audience
from hemvist.tenancy import Tenant, tenant_session
from hemvist.tenancy.models import ACTIVE

log = structlog.get_logger("hemvist.comparisons")


def run(comparison: str, only: Mapping[str, UUID] | None = None) -> int:
    """Carry a comparison's figures; how many kommuner take part.

    What fails with one kommun stops no other; the first failure is raised at the end. One that could
    not be asked counts as not taking part, so that nobody is shown what it may have taken back.
    ``only`` are the kommuner to visit by code, every active one unless given.
    """
    kommuner, gathered_at = _kommuner()
    if only is not None:
        kommuner = only
    failures: list[Exception] = []
    parts: dict[str, dict[Key, dict[str, Any]]] = {}
    for code, tenant in kommuner.items():
        try:
            with tenant_session(Audience.WORKER, tenant) as session:
                sharing = open_sharing(session, comparison)
                if sharing is None:
                    forget(session, comparison)
                else:
                    give(session, sharing)
                    parts[code] = given(session, sharing)
        except Exception as error:
            failures.append(error)
            log.warning("comparison_not_given", error=type(error).__name__)
    figures = combined(parts)
    for code in parts:
        try:
            with tenant_session(Audience.WORKER, kommuner[code]) as session:
                sharing = open_sharing(session, comparison)
                # Who has left in between is shown nothing; its event brings the next round.
                if sharing is not None:
                    receive(session, sharing, figures, list(parts), gathered_at)
        except Exception as error:
            failures.append(error)
            log.warning("comparison_not_received", error=type(error).__name__)
    if failures:
        raise failures[0]
    return len(parts)


def _kommuner() -> tuple[Mapping[str, UUID], datetime]:
    """The active kommuner by code, and when it was by the database's clock."""
    with tenant_session(Audience.WORKER, UUID(int=0)) as session:
        found = session.execute(
            select(Tenant.kommun_code, Tenant.id)
            .where(Tenant.kind == "kommun", Tenant.status == ACTIVE)
            .order_by(Tenant.kommun_code)
        )
        kommuner = dict(found.tuples().all())
        began: datetime = session.scalars(select(func.clock_timestamp())).one()
        return kommuner, began
