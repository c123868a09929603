WITH asking AS MATERIALIZED (
  SELECT set_config('hemvist.tenant_id', :tenant, true)::uuid AS of_tenant,
         set_config('hemvist.principal_id', :principal, true) AS of_principal),
home AS MATERIALIZED (
  SELECT h.* FROM asking, LATERAL (SELECT id, tenant_id FROM households
    WHERE tenant_id = asking.of_tenant AND id = :household AND department = :department FOR UPDATE) h
  WHERE NOT EXISTS (SELECT 1 FROM cases c WHERE c.tenant_id = h.tenant_id AND c.household_id = h.id
    AND c.department = :department AND c.state = 'open' OFFSET 0)),
numbered AS (INSERT INTO counters (tenant_id, id, series, last)
  SELECT tenant_id, gen_random_uuid(), 'case-' || extract(year FROM current_date), 1 FROM home
  ON CONFLICT (tenant_id, series) DO UPDATE SET last = counters.last + 1 RETURNING last),
opened AS (INSERT INTO cases (tenant_id, id, number, household_id, department, handler_id, pack,
    pack_version, state, opened_on, version)
  SELECT home.tenant_id, :audit_id, extract(year FROM current_date) || '-' || lpad(last::text, 6, '0'), home.id,
    :department, :principal::uuid, :pack, :version, 'open',
    current_date, 1 FROM home, numbered RETURNING tenant_id, id, number, household_id),
told AS (INSERT INTO case_events (tenant_id, id, case_id, kind, occurred_on, recorded_at, principal_id,
    actor_name, subject_type, subject_id, data)
  SELECT tenant_id, gen_random_uuid(), id, 'case_opened', current_date, now(), :principal::uuid, :name,
    'case', id, jsonb_build_object('pack', :pack::text, 'version', :version::text) FROM opened),
logged AS (INSERT INTO audit_entries (tenant_id, id, at, kind, principal_id, roles, channel, action,
    case_id, person_ids, subject_type, subject_id, details)
  SELECT o.tenant_id, gen_random_uuid(), now(), 'write', :principal::uuid, '{caseworker}', 'api', 'case.open',
    o.id, ARRAY(SELECT person_id FROM household_members m WHERE m.tenant_id = o.tenant_id
      AND m.household_id = o.household_id), 'case', o.id, '{"event": "case_opened"}' FROM opened o),
emitted AS (INSERT INTO outbox_events (tenant_id, id, occurred_at, type, payload, trace_context)
  SELECT tenant_id, gen_random_uuid(), now(), 'case_opened', jsonb_build_object('case_id', id, 'department',
    :department, 'property_departments', '["FF"]'::jsonb, 'subject_type', 'case', 'subject_id', id,
    'on', current_date, 'by', :principal), '{}' FROM opened),
kept AS (INSERT INTO command_receipts (tenant_id, id, principal_id, key, command, request_hash, response,
    created_at)
  SELECT tenant_id, gen_random_uuid(), :principal::uuid, :key, 'openCase', sha256(convert_to(:household::text, 'UTF8')),
    jsonb_build_object('id', id), now() FROM opened)
SELECT coalesce((SELECT '{"openCase":{"case":' || row_to_json(o) || '}}' FROM (SELECT id, number FROM opened) o),
  '{"errors":[]}') AS data FROM asking
