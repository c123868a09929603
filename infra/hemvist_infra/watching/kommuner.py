"""Each kommun by counts and ages: one statement for each, in its own context, as a worker."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hemvist.clock import SWEDISH_TIME, now, today
from hemvist.db import Audience, TimeLimits, engine
from hemvist.exchange.running import every_network
from hemvist.tenancy import Tenant, tenant_session
from hemvist.tenancy.statements import answered
from hemvist_infra.watching.seen import Clearing, Kommun

#: No look makes a person wait: what takes longer is left out of it.
_LIMITS = TimeLimits(2_000, 10_000, 5_000)

# Ages are counted by the clock that wrote the instants: what is written by the platform's is measured by
# it, the log by the database's machine.
_LOOK = """
SELECT outbox.waiting, outbox.oldest, parked.waiting, parked.oldest,
       days.waiting + clocks.waiting, greatest(days.lag, clocks.lag),
       unlinked.oldest, anchor.lag, acts.counted
  FROM (SELECT count(*) waiting,
               coalesce(extract(epoch FROM %(now)s - min(occurred_at)), 0)::float8 oldest
          FROM outbox_events WHERE tenant_id = %(tenant)s AND relayed_at IS NULL) outbox,
       (SELECT count(*) waiting,
               coalesce(extract(epoch FROM %(now)s - min(parked_at)), 0)::float8 oldest
          FROM event_troubles WHERE tenant_id = %(tenant)s AND parked_at IS NOT NULL) parked,
       (SELECT count(*) waiting, coalesce(extract(epoch FROM %(now)s
               - ((min(due_on) + 1)::timestamp AT TIME ZONE %(zone)s)), 0)::float8 lag
          FROM obligations WHERE tenant_id = %(tenant)s AND state = 'open' AND overdue_since IS NULL
           AND due_on < %(day)s) days,
       (SELECT count(*) waiting,
               coalesce(extract(epoch FROM %(now)s - min(due_at)), 0)::float8 lag
          FROM service_clocks WHERE tenant_id = %(tenant)s AND stopped_at IS NULL
           AND escalated_at IS NULL AND due_at < %(now)s) clocks,
       (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(first.at)), 0)::float8 oldest
          FROM (SELECT at FROM audit_entries e WHERE e.tenant_id = %(tenant)s
                   AND e.id > coalesce((SELECT max(latest.id::text)::uuid
                         FROM (SELECT id FROM audit_links WHERE tenant_id = %(tenant)s
                                ORDER BY ordinal DESC LIMIT 100) latest),
                       '00000000-0000-0000-0000-000000000000')
                 ORDER BY e.id LIMIT 1) first) unlinked,
       (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(linked_at)), 0)::float8 lag
          FROM audit_links WHERE tenant_id = %(tenant)s
           AND ordinal = 1 + coalesce((SELECT max(ordinal) FROM audit_anchors
                                        WHERE tenant_id = %(tenant)s), 0)) anchor,
       (SELECT count(*) counted FROM audit_entries WHERE tenant_id = %(tenant)s
           AND at > clock_timestamp() - interval '15 minutes') acts
"""
_ROUNDS = """
SELECT coalesce(extract(epoch FROM %(now)s - min(greatest(r.begun_at, coalesce(
         (SELECT max(c.cleared_at) FROM exchange_clearings c
           WHERE c.tenant_id = %(tenant)s AND c.round_id = r.id), r.begun_at)))), 0)::float8
  FROM exchange_rounds r WHERE r.tenant_id = %(tenant)s AND r.state = 'collecting'
"""
_LAST = """
SELECT extract(epoch FROM %(now)s - max(cleared_at))::float8 FROM exchange_clearings
 WHERE tenant_id = %(tenant)s
"""


def look(told: Callable[[UUID, Exception], None]) -> tuple[Kommun, ...]:
    """Every tenant. ``told`` is called with one that could not be looked at, which is left out."""
    with Session(engine(Audience.WORKER)) as session:
        rows = session.execute(
            select(Tenant.id, Tenant.slug, Tenant.kind, Tenant.status).order_by(Tenant.slug)
        ).all()
    found = []
    for tenant_id, slug, kind, status in rows:
        try:
            found.append(_one(tenant_id, slug, kind, status))
        except Exception as error:
            told(tenant_id, error)
    return tuple(found)


def _one(tenant_id: UUID, slug: str, kind: str, status: str) -> Kommun:
    values = {"now": now(), "day": today(), "zone": SWEDISH_TIME.key}
    with tenant_session(Audience.WORKER, tenant_id, limits=_LIMITS) as session:
        ((waiting, oldest, parked, since, passed, lag, unlinked, anchor, acts),) = answered(
            session, _LOOK, values
        )
    return Kommun(
        tenant_id=tenant_id,
        slug=slug,
        kind=kind,
        status=status,
        acts=acts,
        outbox=waiting,
        outbox_oldest=max(oldest, 0.0),
        parked=parked,
        parked_oldest=max(since, 0.0),
        unhandled=passed,
        deadline_lag=max(lag, 0.0),
        unlinked=max(unlinked, 0.0),
        anchor_lag=max(anchor, 0.0),
    )


def look_at_clearings() -> Clearing:
    """All networks together: which of them is nobody's business here."""
    waiting, last = 0.0, list[float]()
    for network_id in every_network():
        with tenant_session(Audience.EXCHANGE, network_id, limits=_LIMITS) as session:
            ((since,),) = answered(session, _ROUNDS, {"now": now()})
            ((ago,),) = answered(session, _LAST, {"now": now()})
        waiting = max(waiting, since)
        last += [] if ago is None else [max(ago, 0.0)]
    return Clearing(waiting, min(last, default=None))
