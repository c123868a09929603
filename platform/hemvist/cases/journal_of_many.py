"""What an act leaves behind, written by the database itself for many rows at once.

``journal.record`` writes a line, an audit entry and an event for one row that a person has changed.
What time brings about happens to thousands of rows on the same night: one statement changes them and
writes the same three for each. Row security holds in it as everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from opentelemetry.propagate import inject

from hemvist.cases.packs import property_departments
from hemvist.clock import now
from hemvist.identity import Actor
from hemvist.policy.events import EVENTS
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import NEW_ID, answered


@dataclass(frozen=True, slots=True)
class Sweep:
    """Rows of one table that time changes, and what is told of each. Parts of SQL, all of ours.

    In them the row is ``s``; each has a ``case_id``. ``due`` says which rows, with values by name.
    ``change`` is what is set, so that a row is no longer due afterwards. ``day`` and ``data`` are
    those of the line, ``kind``, ``action`` and ``subject_type`` as ``journal.record`` has them.
    """

    table: str
    due: str
    order: str
    change: str
    day: str
    data: str
    kind: str
    action: str
    subject_type: str

    def __post_init__(self) -> None:
        # What packs count from would have to be planned, case by case.
        if self.kind in EVENTS:
            raise ValueError(f"{self.kind} is an event that obligations count from")


def carry_out(
    session: TenantSession, actor: Actor, sweep: Sweep, limit: int, values: Mapping[str, Any]
) -> int:
    """Change at most ``limit`` of the rows that are due, and tell of each; returns how many.

    Rows that somebody else is changing are left for the next time: nobody waits for anybody, and two
    sweeps at once share the rows out.
    """
    given = {**values, "limit": limit}
    packs = answered(session, _packs(sweep), given)
    if not packs:
        return 0
    carrier: dict[str, Any] = {}
    inject(carrier)
    known = [
        {
            "pack": name,
            "pack_version": version,
            "property_departments": property_departments(session, name, version),
        }
        for name, version in packs
    ]
    ((changed,),) = answered(
        session,
        _statement(sweep),
        {
            **given,
            "known": json.dumps(known),
            "now": now(),
            "principal": actor.principal_id,
            "actor": actor.name,
            "roles": sorted(role.value for role in actor.roles),
            "channel": actor.channel,
            "trace": json.dumps(carrier),
        },
    )
    return int(changed)


#: The case of a row, looked up by its key whatever PostgreSQL believes of how many rows are due: it
#: cannot know that nearly all whose day has passed have been swept.
_CASE = (
    "SELECT household_id, department, pack, pack_version FROM cases"
    " WHERE tenant_id = %(tenant)s::uuid AND id = due.case_id LIMIT 1"
)


def _due(sweep: Sweep) -> str:
    return (
        f"SELECT s.id, s.case_id FROM {sweep.table} s"  # noqa: S608
        f" WHERE s.tenant_id = %(tenant)s::uuid AND {sweep.due}"
        f" ORDER BY {sweep.order} LIMIT %(limit)s::bigint"
    )


@lru_cache(maxsize=16)
def _packs(sweep: Sweep) -> str:
    """The guidelines of the cases whose rows are due: whom a pack tells, only Python knows."""
    return f"""
WITH due AS MATERIALIZED ({_due(sweep)})
SELECT DISTINCT c.pack, c.pack_version FROM due CROSS JOIN LATERAL ({_CASE}) c
"""  # noqa: S608


@lru_cache(maxsize=16)
def _statement(sweep: Sweep) -> str:
    return f"""
WITH known AS (
  SELECT * FROM jsonb_to_recordset(%(known)s::jsonb)
    AS k(pack text, pack_version text, property_departments jsonb)
), due AS MATERIALIZED (
  {_due(sweep)} FOR UPDATE OF s SKIP LOCKED
), told AS MATERIALIZED (
  SELECT due.id, c.household_id, c.department, k.property_departments
    FROM due CROSS JOIN LATERAL ({_CASE}) c
    JOIN known k ON k.pack = c.pack AND k.pack_version = c.pack_version
), changed AS (
  UPDATE {sweep.table} s SET {sweep.change}
    FROM told
   WHERE s.tenant_id = %(tenant)s::uuid AND s.id = told.id
  RETURNING s.id, s.case_id, told.household_id, told.department, told.property_departments,
            {sweep.day} AS day, {sweep.data} AS data
), lines AS (
  INSERT INTO case_events (tenant_id, id, case_id, kind, occurred_on, recorded_at, principal_id,
                           actor_name, subject_type, subject_id, data)
  SELECT %(tenant)s::uuid, {NEW_ID}, case_id, '{sweep.kind}', day, %(now)s::timestamptz,
         %(principal)s::uuid, %(actor)s::text, '{sweep.subject_type}', id, data
    FROM changed
), entries AS (
  INSERT INTO audit_entries (tenant_id, id, at, kind, principal_id, roles, channel, action, case_id,
                             person_ids, subject_type, subject_id, details)
  SELECT %(tenant)s::uuid, {NEW_ID}, %(now)s::timestamptz, 'write', %(principal)s::uuid,
         %(roles)s::text[], %(channel)s::text, '{sweep.action}', case_id,
         ARRAY(SELECT DISTINCT m.person_id FROM household_members m
                WHERE m.tenant_id = %(tenant)s::uuid AND m.household_id = changed.household_id
                ORDER BY m.person_id),
         '{sweep.subject_type}', id, jsonb_build_object('event', '{sweep.kind}')
    FROM changed
), events AS (
  INSERT INTO outbox_events (tenant_id, id, occurred_at, type, payload, trace_context)
  SELECT %(tenant)s::uuid, {NEW_ID}, %(now)s::timestamptz, '{sweep.kind}',
         jsonb_build_object('case_id', case_id, 'department', department,
                            'property_departments', property_departments,
                            'subject_type', '{sweep.subject_type}', 'subject_id', id,
                            'on', day, 'by', %(principal)s::uuid),
         %(trace)s::jsonb
    FROM changed
)
SELECT count(*) FROM changed
"""  # noqa: S608
