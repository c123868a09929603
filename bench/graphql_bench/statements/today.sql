WITH asking AS MATERIALIZED (
  SELECT set_config('hemvist.tenant_id', :tenant, true)::uuid AS of_tenant,
         set_config('hemvist.principal_id', :principal, true) AS of_principal),
overdue AS MATERIALIZED (
  SELECT o.code AS kind, o.due_on AS due_on, o.id, o.case_id, o.tenant_id, o.household_id, o.at FROM asking, LATERAL (
    SELECT x.*, c.household_id, row_number() OVER (ORDER BY x.due_on, x.id) AS at
    FROM obligations x, LATERAL (SELECT household_id FROM cases c WHERE c.tenant_id = x.tenant_id
      AND c.id = x.case_id AND c.department = :department AND c.state = 'open' OFFSET 0) c
    WHERE x.tenant_id = asking.of_tenant AND x.state = 'open' AND x.due_on < current_date AND x.departments && ARRAY[:department]
    ORDER BY x.due_on, x.id LIMIT 100) o),
due_soon AS MATERIALIZED (
  SELECT o.code AS kind, o.due_on AS due_on, o.id, o.case_id, o.tenant_id, o.household_id, o.at FROM asking, LATERAL (
    SELECT x.*, c.household_id, row_number() OVER (ORDER BY x.due_on, x.id) AS at
    FROM obligations x, LATERAL (SELECT household_id FROM cases c WHERE c.tenant_id = x.tenant_id
      AND c.id = x.case_id AND c.department = :department AND c.state = 'open' OFFSET 0) c
    WHERE x.tenant_id = asking.of_tenant AND x.state = 'open' AND x.due_on BETWEEN current_date AND current_date + 14 AND x.departments && ARRAY[:department]
    ORDER BY x.due_on, x.id LIMIT 100) o),
to_answer AS MATERIALIZED (
  SELECT 'answer_offer' AS kind, o.answer_by AS due_on, o.id, o.case_id, o.tenant_id, o.household_id, o.at FROM asking, LATERAL (
    SELECT x.*, c.household_id, row_number() OVER (ORDER BY x.answer_by, x.id) AS at
    FROM offers x, LATERAL (SELECT household_id FROM cases c WHERE c.tenant_id = x.tenant_id
      AND c.id = x.case_id AND c.department = :department AND c.state = 'open' OFFSET 0) c
    WHERE x.tenant_id = asking.of_tenant AND x.state = 'made'
    ORDER BY x.answer_by, x.id LIMIT 100) o),
drafts AS MATERIALIZED (
  SELECT 'draft_referral' AS kind, NULL::date AS due_on, o.id, o.case_id, o.tenant_id, o.household_id, o.at FROM asking, LATERAL (
    SELECT x.*, c.household_id, row_number() OVER (ORDER BY x.drafted_on, x.id) AS at
    FROM referrals x, LATERAL (SELECT household_id FROM cases c WHERE c.tenant_id = x.tenant_id
      AND c.id = x.case_id AND c.department = :department AND c.state = 'open' OFFSET 0) c
    WHERE x.tenant_id = asking.of_tenant AND x.state = 'draft' AND x.drafted_by = :principal::uuid
    ORDER BY x.drafted_on, x.id LIMIT 100) o),
to_continue AS MATERIALIZED (
  SELECT c.*, row_number() OVER (ORDER BY c.opened_on, c.id) AS at FROM asking, LATERAL (
    SELECT * FROM cases c WHERE c.tenant_id = asking.of_tenant AND c.department = :department
      AND c.handler_id = :principal::uuid AND c.state = 'open'
      AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.tenant_id = c.tenant_id AND d.case_id = c.id
        AND d.state = 'proposed' OFFSET 0)
      AND NOT EXISTS (SELECT 1 FROM referrals r WHERE r.tenant_id = c.tenant_id AND r.case_id = c.id
        AND r.state IN ('draft', 'submitted', 'registered', 'extended', 'fulfilled') OFFSET 0)
    ORDER BY opened_on, id LIMIT 10) c),
answer AS MATERIALIZED (
  SELECT (SELECT row_to_json(answered) FROM (SELECT (SELECT row_to_json(day) FROM (SELECT
    (SELECT coalesce(json_agg(row_to_json(t) ORDER BY t.at), '[]') FROM (SELECT x.at, x.kind,
      x.due_on AS "dueOn", x.id AS "subjectId",
      (SELECT row_to_json(c) FROM (SELECT c.id, c.number,
        (SELECT row_to_json(h) FROM (SELECT h.id, h.alias,
          EXISTS (SELECT 1 FROM household_members m JOIN persons p
            ON p.tenant_id = m.tenant_id AND p.id = m.person_id
            WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id AND m.until IS NULL
            AND p.protection <> 'none' OFFSET 0) AS "anyoneProtected",
          (SELECT coalesce(json_agg(row_to_json(m)), '[]') FROM (SELECT m.role,
              (SELECT row_to_json(p) FROM (SELECT CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.given_name_sealed, 'hex') END AS "givenName",
                CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.family_name_sealed, 'hex') END AS "familyName"
                FROM persons p WHERE p.tenant_id = m.tenant_id AND p.id = m.person_id) p) AS person
            FROM household_members m WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id
            ORDER BY array_position(ARRAY['applicant', 'partner', 'child', 'other'], m.role), m.id
          ) m) AS members
        FROM households h WHERE h.tenant_id = c.tenant_id AND h.id = c.household_id) h) AS household
        FROM cases c WHERE c.tenant_id = x.tenant_id AND c.id = x.case_id) c) AS "case"
    FROM overdue x) t) AS overdue,
    (SELECT coalesce(json_agg(row_to_json(t) ORDER BY t.at), '[]') FROM (SELECT x.at, x.kind,
      x.due_on AS "dueOn", x.id AS "subjectId",
      (SELECT row_to_json(c) FROM (SELECT c.id, c.number,
        (SELECT row_to_json(h) FROM (SELECT h.id, h.alias,
          EXISTS (SELECT 1 FROM household_members m JOIN persons p
            ON p.tenant_id = m.tenant_id AND p.id = m.person_id
            WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id AND m.until IS NULL
            AND p.protection <> 'none' OFFSET 0) AS "anyoneProtected",
          (SELECT coalesce(json_agg(row_to_json(m)), '[]') FROM (SELECT m.role,
              (SELECT row_to_json(p) FROM (SELECT CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.given_name_sealed, 'hex') END AS "givenName",
                CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.family_name_sealed, 'hex') END AS "familyName"
                FROM persons p WHERE p.tenant_id = m.tenant_id AND p.id = m.person_id) p) AS person
            FROM household_members m WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id
            ORDER BY array_position(ARRAY['applicant', 'partner', 'child', 'other'], m.role), m.id
          ) m) AS members
        FROM households h WHERE h.tenant_id = c.tenant_id AND h.id = c.household_id) h) AS household
        FROM cases c WHERE c.tenant_id = x.tenant_id AND c.id = x.case_id) c) AS "case"
    FROM due_soon x) t) AS "dueSoon",
    (SELECT coalesce(json_agg(row_to_json(t) ORDER BY t.at), '[]') FROM (SELECT x.at, x.kind,
      x.due_on AS "dueOn", x.id AS "subjectId",
      (SELECT row_to_json(c) FROM (SELECT c.id, c.number,
        (SELECT row_to_json(h) FROM (SELECT h.id, h.alias,
          EXISTS (SELECT 1 FROM household_members m JOIN persons p
            ON p.tenant_id = m.tenant_id AND p.id = m.person_id
            WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id AND m.until IS NULL
            AND p.protection <> 'none' OFFSET 0) AS "anyoneProtected",
          (SELECT coalesce(json_agg(row_to_json(m)), '[]') FROM (SELECT m.role,
              (SELECT row_to_json(p) FROM (SELECT CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.given_name_sealed, 'hex') END AS "givenName",
                CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.family_name_sealed, 'hex') END AS "familyName"
                FROM persons p WHERE p.tenant_id = m.tenant_id AND p.id = m.person_id) p) AS person
            FROM household_members m WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id
            ORDER BY array_position(ARRAY['applicant', 'partner', 'child', 'other'], m.role), m.id
          ) m) AS members
        FROM households h WHERE h.tenant_id = c.tenant_id AND h.id = c.household_id) h) AS household
        FROM cases c WHERE c.tenant_id = x.tenant_id AND c.id = x.case_id) c) AS "case"
    FROM to_answer x) t) AS "toAnswer",
    (SELECT coalesce(json_agg(row_to_json(t) ORDER BY t.at), '[]') FROM (SELECT x.at, x.kind,
      x.due_on AS "dueOn", x.id AS "subjectId",
      (SELECT row_to_json(c) FROM (SELECT c.id, c.number,
        (SELECT row_to_json(h) FROM (SELECT h.id, h.alias,
          EXISTS (SELECT 1 FROM household_members m JOIN persons p
            ON p.tenant_id = m.tenant_id AND p.id = m.person_id
            WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id AND m.until IS NULL
            AND p.protection <> 'none' OFFSET 0) AS "anyoneProtected",
          (SELECT coalesce(json_agg(row_to_json(m)), '[]') FROM (SELECT m.role,
              (SELECT row_to_json(p) FROM (SELECT CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.given_name_sealed, 'hex') END AS "givenName",
                CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.family_name_sealed, 'hex') END AS "familyName"
                FROM persons p WHERE p.tenant_id = m.tenant_id AND p.id = m.person_id) p) AS person
            FROM household_members m WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id
            ORDER BY array_position(ARRAY['applicant', 'partner', 'child', 'other'], m.role), m.id
          ) m) AS members
        FROM households h WHERE h.tenant_id = c.tenant_id AND h.id = c.household_id) h) AS household
        FROM cases c WHERE c.tenant_id = x.tenant_id AND c.id = x.case_id) c) AS "case"
    FROM drafts x) t) AS drafts,
    (SELECT coalesce(json_agg(row_to_json(t) ORDER BY t.at), '[]') FROM (SELECT c.at, c.id, c.number, c.state,
      c.department, c.programme, c.opened_on AS "openedOn",
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
        FROM households h WHERE h.tenant_id = c.tenant_id AND h.id = c.household_id) h) AS household
      FROM to_continue c) t) AS "toContinue",
    (SELECT coalesce(json_agg(row_to_json(n)), '[]') FROM (SELECT n.id, n.kind, n.created_at AS "createdAt",
      n.subject_type AS "subjectType", n.subject_id AS "subjectId"
      FROM notices n WHERE n.tenant_id = asking.of_tenant AND n.role = 'caseworker'
      AND n.department = :department AND n.read_at IS NULL ORDER BY n.created_at DESC, n.id DESC LIMIT 100) n) AS notices
  ) day) AS today) answered)::text AS data FROM asking)
--audit
, seen AS (SELECT tenant_id, case_id, household_id FROM overdue UNION SELECT tenant_id, case_id, household_id
  FROM due_soon UNION SELECT tenant_id, case_id, household_id FROM to_answer UNION SELECT tenant_id, case_id,
  household_id FROM drafts UNION SELECT tenant_id, id, household_id FROM to_continue),
laid AS (SELECT ARRAY(SELECT DISTINCT m.person_id FROM seen c, LATERAL (
    SELECT person_id FROM household_members m
    WHERE m.tenant_id = c.tenant_id AND m.household_id = c.household_id OFFSET 0) m
  ORDER BY 1) AS persons),
logged AS (INSERT INTO audit_entries (tenant_id, id, at, kind, principal_id, roles, channel,
    action, case_id, person_ids, details)
  SELECT asking.of_tenant, :audit_id, now(), 'read', :principal::uuid, '{caseworker}', 'api', 'Today',
    NULL::uuid, laid.persons, jsonb_build_object('cases', (SELECT array_agg(case_id ORDER BY case_id) FROM seen)) FROM asking, laid)
--end
SELECT data FROM answer
