WITH asking AS MATERIALIZED (
  SELECT set_config('hemvist.tenant_id', :tenant, true)::uuid AS of_tenant,
         set_config('hemvist.principal_id', :principal, true) AS of_principal),
matter AS MATERIALIZED (
  SELECT c.* FROM asking, LATERAL (SELECT * FROM cases
    WHERE tenant_id = asking.of_tenant AND id = :case AND department = :department LIMIT 1) c),
answer AS MATERIALIZED (
  SELECT '{"case":' || coalesce((SELECT row_to_json(c) FROM (SELECT
      c.id, c.number, c.state, c.department, c.programme, c.pack, c.pack_version AS "packVersion",
      c.opened_on AS "openedOn", c.closed_on AS "closedOn", c.version,
      (SELECT row_to_json(h) FROM (SELECT h.id, h.alias,
          EXISTS (SELECT 1 FROM household_members m JOIN persons p
            ON p.tenant_id = m.tenant_id AND p.id = m.person_id
            WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id AND m.until IS NULL
            AND p.protection <> 'none' OFFSET 0) AS "anyoneProtected",
          (SELECT coalesce(json_agg(row_to_json(m)), '[]') FROM (SELECT m.role,
              (SELECT row_to_json(p) FROM (SELECT p.id, CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.given_name_sealed, 'hex') END AS "givenName",
                CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.family_name_sealed, 'hex') END AS "familyName", p.protection <> 'none' AS "isProtected"
                FROM persons p WHERE p.tenant_id = m.tenant_id AND p.id = m.person_id) p) AS person
            FROM household_members m WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id
            ORDER BY array_position(ARRAY['applicant', 'partner', 'child', 'other'], m.role), m.id
          ) m) AS members
        FROM households h WHERE h.tenant_id = c.tenant_id AND h.id = c.household_id) h) AS household,
      (SELECT coalesce(json_agg(row_to_json(o)), '[]') FROM (SELECT o.id, o.code, o.label, o.ordinal, o.due_on AS "dueOn", o.departments, o.cite, o.state,
          o.state = 'open' AND o.due_on < current_date AS overdue, o.done_on AS "doneOn", o.creates = 'plan' AS "createsPlan", o.by,
          (SELECT row_to_json(f) FROM (SELECT f.id
        FROM follow_ups f WHERE f.tenant_id = o.tenant_id AND f.obligation_id = o.id) f) AS "followUp"
        FROM obligations o WHERE o.tenant_id = c.tenant_id AND o.case_id = c.id
        ORDER BY o.due_on, o.code, o.id) o) AS "obligations",
      (SELECT coalesce(json_agg(row_to_json(f)), '[]') FROM (SELECT f.id, f.held_on AS "heldOn", f.departments, f.resident_took_part AS "residentTookPart",
          f.in_the_home AS "inTheHome", f.agenda_done AS "agendaDone", encode(f.notes_sealed, 'hex') AS notes,
      (SELECT row_to_json(w) FROM (SELECT w.display_name AS name
        FROM principals w WHERE w.tenant_id = f.tenant_id AND w.id = f.recorded_by) w) AS "recordedBy",
      (SELECT row_to_json(o) FROM (SELECT o.id, o.label, o.due_on AS "dueOn", o.agenda
        FROM obligations o WHERE o.tenant_id = f.tenant_id AND o.id = f.obligation_id) o) AS "obligation"
        FROM follow_ups f WHERE f.tenant_id = c.tenant_id AND f.case_id = c.id
        ORDER BY f.held_on, f.id) f) AS "followUps",
      (SELECT coalesce(json_agg(row_to_json(s)), '[]') FROM (SELECT s.id, s.kind, s.state, s.agreed_on AS "agreedOn", encode(s.content_sealed, 'hex') AS content,
      (SELECT row_to_json(w) FROM (SELECT w.display_name AS name
        FROM principals w WHERE w.tenant_id = s.tenant_id AND w.id = s.agreed_by) w) AS "agreedBy"
        FROM support_plans s WHERE s.tenant_id = c.tenant_id AND s.case_id = c.id
        ORDER BY s.agreed_on DESC, s.id DESC) s) AS "plans"
    FROM matter c) c)::text, 'null') || '}' AS data FROM asking)
--audit
, laid AS (SELECT ARRAY(SELECT DISTINCT m.person_id FROM matter c, LATERAL (
    SELECT person_id FROM household_members m
    WHERE m.tenant_id = c.tenant_id AND m.household_id = c.household_id OFFSET 0) m
  ORDER BY 1) AS persons),
logged AS (INSERT INTO audit_entries (tenant_id, id, at, kind, principal_id, roles, channel,
    action, case_id, person_ids, details)
  SELECT asking.of_tenant, :audit_id, now(), 'read', :principal::uuid, '{caseworker}', 'api', 'FollowUpsPage',
    matter.id, laid.persons, '{}'::jsonb FROM asking, matter, laid)
--end
SELECT data FROM answer
