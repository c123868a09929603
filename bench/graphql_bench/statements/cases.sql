WITH asking AS MATERIALIZED (
  SELECT set_config('hemvist.tenant_id', :tenant, true)::uuid AS of_tenant,
         set_config('hemvist.principal_id', :principal, true) AS of_principal),
page AS MATERIALIZED (
  SELECT c.*, row_number() OVER (ORDER BY c.opened_on DESC, c.id DESC) AS n
  FROM asking, LATERAL (
    SELECT id, tenant_id, number, state, department, opened_on, closed_on, programme, household_id,
      handler_id
    FROM cases WHERE tenant_id = asking.of_tenant AND department = :department AND state = :state
    ORDER BY opened_on DESC, id DESC LIMIT 51) c),
answer AS MATERIALIZED (
  SELECT '{"cases":{"edges":' || coalesce(json_agg(row_to_json(e) ORDER BY e.n)
      FILTER (WHERE e.n <= 50), '[]')::text
    || ',"pageInfo":{"hasNextPage":' || (count(*) > 50)::text || '}}}' AS data
  FROM (SELECT c.n, (SELECT row_to_json(node) FROM (SELECT
      c.id, c.number, c.state, c.department, c.programme, c.opened_on AS "openedOn",
      c.closed_on AS "closedOn",
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
      (SELECT row_to_json(w) FROM (SELECT w.display_name AS name
        FROM principals w WHERE w.tenant_id = c.tenant_id AND w.id = c.handler_id) w) AS "handler"
    ) node) AS node FROM page c) e)
--audit
, laid AS (SELECT ARRAY(SELECT DISTINCT m.person_id FROM page c, LATERAL (
    SELECT person_id FROM household_members m
    WHERE m.tenant_id = c.tenant_id AND m.household_id = c.household_id OFFSET 0) m
  WHERE c.n <= 50
  ORDER BY 1) AS persons),
logged AS (INSERT INTO audit_entries (tenant_id, id, at, kind, principal_id, roles, channel,
    action, case_id, person_ids, details)
  SELECT asking.of_tenant, :audit_id, now(), 'read', :principal::uuid, '{caseworker}', 'api', 'Cases',
    NULL::uuid, laid.persons, jsonb_build_object('cases', (SELECT array_agg(id ORDER BY id) FROM page WHERE n <= 50)) FROM asking, laid)
--end
SELECT data FROM answer
