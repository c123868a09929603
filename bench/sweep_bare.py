"""The sweep as somebody would write it by hand: one statement, no limit, no locks, no row security.

It leaves the same rows behind. Ids are PostgreSQL's own UUIDv7, and whom to tell is written into it.
"""

from __future__ import annotations

BARE = """
WITH marked AS (
  UPDATE obligations o SET overdue_since = o.due_on + 1, version = o.version + 1
   WHERE o.state = 'open' AND o.due_on < %(on)s AND o.overdue_since IS NULL
  RETURNING o.tenant_id, o.id, o.case_id, o.code, o.due_on, o.overdue_since
), changed AS MATERIALIZED (
  SELECT marked.*, c.household_id, c.department
    FROM marked JOIN cases c ON c.tenant_id = marked.tenant_id AND c.id = marked.case_id
), lines AS (
  INSERT INTO case_events (tenant_id, id, case_id, kind, occurred_on, recorded_at, actor_name,
                           subject_type, subject_id, data)
  SELECT tenant_id, uuidv7(), case_id, 'obligation_overdue', overdue_since, now(), 'Hemvist',
         'obligation', id, jsonb_build_object('code', code, 'due_on', due_on)
    FROM changed
), entries AS (
  INSERT INTO audit_entries (tenant_id, id, at, kind, roles, channel, action, case_id, person_ids,
                             subject_type, subject_id, details)
  SELECT tenant_id, uuidv7(), now(), 'write', '{}', 'system', 'obligation.mark_overdue', case_id,
         ARRAY(SELECT DISTINCT m.person_id FROM household_members m
                WHERE m.tenant_id = changed.tenant_id
                  AND m.household_id = changed.household_id ORDER BY 1),
         'obligation', id, '{"event": "obligation_overdue"}'
    FROM changed
), events AS (
  INSERT INTO outbox_events (tenant_id, id, occurred_at, type, payload, trace_context)
  SELECT tenant_id, uuidv7(), now(), 'obligation_overdue',
         jsonb_build_object('case_id', case_id, 'department', department,
                            'property_departments', '["FF"]'::jsonb, 'subject_type', 'obligation',
                            'subject_id', id, 'on', overdue_since, 'by', NULL),
         '{}'
    FROM changed
)
SELECT count(*) FROM changed
"""
