WITH asking AS MATERIALIZED (
  SELECT set_config('hemvist.tenant_id', :tenant, true)::uuid AS of_tenant,
         set_config('hemvist.principal_id', :principal, true) AS of_principal),
home AS MATERIALIZED (
  SELECT h.*, h.id AS household_id FROM asking, LATERAL (SELECT * FROM households
    WHERE tenant_id = asking.of_tenant AND id = :household AND department = :department LIMIT 1) h),
answer AS MATERIALIZED (
  SELECT '{"household":' || coalesce((SELECT row_to_json(h) FROM (SELECT
      h.id, h.alias, h.department, h.registered_on AS "registeredOn", h.version,
      EXISTS (SELECT 1 FROM household_members m JOIN persons p
            ON p.tenant_id = m.tenant_id AND p.id = m.person_id
            WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id AND m.until IS NULL
            AND p.protection <> 'none' OFFSET 0) AS "anyoneProtected",
      (SELECT coalesce(json_agg(row_to_json(m)), '[]') FROM (SELECT m.role, m.since, m.until,
              (SELECT row_to_json(p) FROM (SELECT p.id, CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.given_name_sealed, 'hex') END AS "givenName",
                CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.family_name_sealed, 'hex') END AS "familyName", p.number_kind AS "numberKind", encode(p.birth_date_sealed, 'hex') AS "birthDate",
                CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN p.registered_kommun END AS "registeredKommun",
                p.protection, encode(p.protection_source_sealed, 'hex') AS "protectionSource",
                p.protection_checked_on AS "protectionCheckedOn",
                p.protection <> 'none' AS "isProtected", p.version
                FROM persons p WHERE p.tenant_id = m.tenant_id AND p.id = m.person_id) p) AS person
            FROM household_members m WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id
            ORDER BY array_position(ARRAY['applicant', 'partner', 'child', 'other'], m.role), m.id
          ) m) AS members,
      (SELECT coalesce(json_agg(row_to_json(c)), '[]') FROM (SELECT c.id, c.number, c.state, c.department,
          c.programme, c.opened_on AS "openedOn", c.closed_on AS "closedOn"
        FROM cases c WHERE c.tenant_id = h.tenant_id AND c.household_id = h.id
        AND c.department = :department ORDER BY c.opened_on DESC, c.id DESC) c) AS cases
    FROM home h) h)::text, 'null') || '}' AS data FROM asking)
--audit
, laid AS (SELECT ARRAY(SELECT DISTINCT m.person_id FROM home c, LATERAL (
    SELECT person_id FROM household_members m
    WHERE m.tenant_id = c.tenant_id AND m.household_id = c.household_id OFFSET 0) m
  ORDER BY 1) AS persons),
logged AS (INSERT INTO audit_entries (tenant_id, id, at, kind, principal_id, roles, channel,
    action, case_id, person_ids, details)
  SELECT asking.of_tenant, :audit_id, now(), 'read', :principal::uuid, '{caseworker}', 'api', 'HouseholdPage',
    NULL::uuid, laid.persons, jsonb_build_object('cases', (SELECT array_agg(c.id ORDER BY c.id) FROM home h, cases c WHERE c.tenant_id = h.tenant_id AND c.household_id = h.id)) FROM asking, laid)
--end
SELECT data FROM answer
