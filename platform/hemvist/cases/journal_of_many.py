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

from hemvist.audit.marks import one_time_key
from hemvist.cases.packs import departments_with
from hemvist.clock import now
from hemvist.identity import Actor
from hemvist.pack_versions import library, packs_of
from hemvist.pipelined import PipelinedConnection
from hemvist.policy.events import EVENTS
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.statements import NEW_ID, answered

#: The statement is the same for every kommun and every day. PostgreSQL would plan it anew each time,
#: for it takes a plan that knows the day to be cheaper; planning costs as much as marking ten rows.
_ONE_PLAN = "SET LOCAL plan_cache_mode = force_generic_plan"


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

    Whom a guideline tells, only Python knows. One statement is enough for the cases under installed
    guidelines; a second is sent for those under versions that the kommun has made itself.
    Rows that somebody else is changing are left for the next time: nobody waits for anybody, and two
    sweeps at once share the rows out.
    """
    known = {
        _key(pack.name, pack.version): departments_with(pack, "property")
        for pack in library.installed().packs()
    }
    changed, unknown = _carry_out(session, actor, sweep, limit, values, known, installed=True)
    if unknown:
        packs = packs_of(session)
        own = {
            _key(name, version): departments_with(packs.get(name, version), "property")
            for name, version in unknown
        }
        more, _ = _carry_out(session, actor, sweep, limit - changed, values, own, installed=False)
        changed += more
    return changed


def _key(name: str, version: str) -> str:
    return f"{name} {version}"


def _carry_out(
    session: TenantSession,
    actor: Actor,
    sweep: Sweep,
    limit: int,
    values: Mapping[str, Any],
    known: Mapping[str, list[str]],
    *,
    installed: bool,
) -> tuple[int, list[tuple[str, str]]]:
    """How many were changed, and the guidelines that are not ``known``, whose cases' rows were left.

    What is ``known`` of an ``installed`` guideline does not hold where the kommun has made a version of
    the same number.
    """
    carrier: dict[str, Any] = {}
    inject(carrier)
    driver = session.driver
    if isinstance(driver, PipelinedConnection):
        driver.open_with(_ONE_PLAN)
    ((changed, unknown),) = answered(
        session,
        _statement(sweep),
        {
            **values,
            "limit": limit,
            "known": json.dumps(known),
            "installed": installed,
            "now": now(),
            "principal": actor.principal_id,
            "actor": actor.name,
            "roles": sorted(role.value for role in actor.roles),
            "channel": actor.channel,
            "log_key": one_time_key(tenant_keys(session.tenant_id)),
            "trace": json.dumps(carrier),
        },
    )
    return int(changed), [(name, version) for name, version in unknown or ()]


@lru_cache(maxsize=16)
def _statement(sweep: Sweep) -> str:
    return f"""
WITH known AS MATERIALIZED (
  SELECT %(known)s::jsonb - ARRAY(
           SELECT pack || ' ' || number FROM pack_versions
            WHERE tenant_id = %(tenant)s::uuid AND approved_at IS NOT NULL AND %(installed)s::boolean
         ) AS departments
), due AS MATERIALIZED (
  SELECT s.id, s.case_id FROM {sweep.table} s
   WHERE s.tenant_id = %(tenant)s::uuid AND {sweep.due}
   ORDER BY {sweep.order}
   LIMIT %(limit)s::bigint
     FOR UPDATE SKIP LOCKED
), told AS MATERIALIZED (
  SELECT due.id, c.household_id, c.department, c.pack, c.pack_version,
         known.departments -> (c.pack || ' ' || c.pack_version) AS property_departments
    FROM due
   CROSS JOIN LATERAL (
           -- Looked up by its key, however many rows PostgreSQL believes to be due: it cannot know
           -- that nearly all whose day has passed have been swept.
           SELECT household_id, department, pack, pack_version FROM cases
            WHERE tenant_id = %(tenant)s::uuid AND id = due.case_id LIMIT 1
         ) c
   CROSS JOIN known
), changed AS (
  UPDATE {sweep.table} s SET {sweep.change}
    FROM told
   WHERE s.tenant_id = %(tenant)s::uuid AND s.id = told.id
     AND told.property_departments IS NOT NULL
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
                             person_ids, subject_type, subject_id, details, mac)
  SELECT %(tenant)s::uuid, {NEW_ID}, %(now)s::timestamptz, 'write', %(principal)s::uuid,
         %(roles)s::text[], %(channel)s::text, '{sweep.action}', case_id,
         ARRAY(SELECT DISTINCT m.person_id FROM household_members m
                WHERE m.tenant_id = %(tenant)s::uuid AND m.household_id = changed.household_id
                ORDER BY m.person_id),
         '{sweep.subject_type}', id, jsonb_build_object('event', '{sweep.kind}'), %(log_key)s::bytea
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
SELECT (SELECT count(*) FROM changed),
       (SELECT jsonb_agg(DISTINCT jsonb_build_array(pack, pack_version)) FROM told
         WHERE property_departments IS NULL)
"""  # noqa: S608 - words of this module alone
