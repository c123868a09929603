"""The audit log's chains: what was written is linked within seconds, and anchors are told outside."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hemvist.audit import anchors, linking
from hemvist.db import Audience, engine
from hemvist.tenancy import Tenant
from hemvist.tenancy.key_folder import KeysErased

#: How much of one log is done before the next one's turn comes: what was there before the chain waits
#: for several.
BATCHES = 5


def everyone() -> list[UUID]:
    """Whoever has a log: kommuner, also those that are closed, the landlords' own tenant, networks."""
    with Session(engine(Audience.WORKER)) as session:
        found = list(session.scalars(select(Tenant.id).order_by(Tenant.id)))
    # Another one first each time: a task that is stopped at its limit is stopped at others.
    first = int(time.monotonic()) % len(found)
    return found[first:] + found[:first]


def link(tenant_id: UUID, back: timedelta | None = linking.RECENT) -> int:
    """Link what waits in one log, and tell its new anchors outside; returns how many entries.

    A log whose keys were erased stays as it is.
    """
    try:
        linked = linking.link(tenant_id, back, batches=BATCHES)
    except KeysErased:
        return 0
    file = anchors.anchor_file()
    if linked.anchored and file is not None:
        anchors.carry_out(tenant_id, file)
    return linked.entries
