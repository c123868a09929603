"""What a sweep of deadlines leaves behind, and ways to stop one in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

import psycopg

from hemvist.audit import AuditEntry
from hemvist.cases.models import CaseEvent
from hemvist.cases.overdue import OBLIGATION_OVERDUE
from hemvist.db import Audience, audience_url
from hemvist.deadlines.models import Obligation
from hemvist.outbox import OutboxEvent
from hemvist_rows import owner_engine
from hemvist_world import World


def due(world: World, on: date) -> list[UUID]:
    """The obligations that a sweep has to mark on the day ``on``."""
    rows = world.rows(Obligation, state="open")
    return sorted(row.id for row in rows if row.due_on < on)


def told_once(world: World, expected: list[UUID]) -> None:
    """Each of them has its mark, line, audit entry and event, and no other has."""
    assert sorted(row.id for row in world.rows(Obligation) if row.overdue_since) == expected
    lines = world.rows(CaseEvent, kind=OBLIGATION_OVERDUE)
    entries = world.rows(AuditEntry, action="obligation.mark_overdue")
    events = world.rows(OutboxEvent, type=OBLIGATION_OVERDUE)
    assert sorted(row.subject_id for row in lines) == expected
    assert sorted(row.subject_id or UUID(int=0) for row in entries) == expected
    assert sorted(UUID(row.payload["subject_id"]) for row in events) == expected
    assert all(row.version == 2 for row in world.rows(Obligation) if row.overdue_since)


@contextmanager
def held(what: str) -> Iterator[None]:
    """Let whoever writes to the table get so far and no further, while this is open."""
    with owner_engine().connect() as connection:
        connection.exec_driver_sql(f"LOCK TABLE {what} IN SHARE MODE")
        yield
        connection.rollback()


def drop_connections_that_wait() -> None:
    """End the connections of workers whose statements wait for a lock; the role may end its own."""
    url = audience_url(Audience.WORKER).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND usename = 'hemvist_worker'"
        )
