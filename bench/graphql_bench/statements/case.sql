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
      (SELECT row_to_json(w) FROM (SELECT w.display_name AS name
        FROM principals w WHERE w.tenant_id = c.tenant_id AND w.id = c.handler_id) w) AS "handler",
      (SELECT coalesce(json_agg(row_to_json(a)), '[]') FROM (SELECT a.id, a.rule, a.outcome, a.conclusion, encode(a.reason_sealed, 'hex') AS reason, a.evaluated_on AS "evaluatedOn",
          a.concluded_at AS "concludedAt",
      (SELECT row_to_json(w) FROM (SELECT w.display_name AS name
        FROM principals w WHERE w.tenant_id = a.tenant_id AND w.id = a.concluded_by) w) AS "concludedBy"
        FROM assessments a WHERE a.tenant_id = c.tenant_id AND a.case_id = c.id
        ORDER BY a.concluded_at DESC, a.id DESC) a) AS "assessments",
      (SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM (SELECT r.id, r.state, r.programme, r.drafted_on AS "draftedOn", r.submitted_on AS "submittedOn",
          r.registered_on AS "registeredOn", r.valid_until AS "validUntil"
        FROM referrals r WHERE r.tenant_id = c.tenant_id AND r.case_id = c.id
        ORDER BY r.drafted_on, r.id) r) AS "referrals",
      (SELECT coalesce(json_agg(row_to_json(d)), '[]') FROM (SELECT d.id, d.kind, d.outcome, d.state, d.programme, d.valid_from AS "validFrom",
          d.valid_until AS "validUntil", d.proposed_on AS "proposedOn", d.decided_on AS "decidedOn",
      (SELECT row_to_json(w) FROM (SELECT w.display_name AS name
        FROM principals w WHERE w.tenant_id = d.tenant_id AND w.id = d.decided_by) w) AS "decidedBy"
        FROM decisions d WHERE d.tenant_id = c.tenant_id AND d.case_id = c.id
        ORDER BY d.proposed_on, d.id) d) AS "decisions",
      (SELECT coalesce(json_agg(row_to_json(o)), '[]') FROM (SELECT o.id, o.state, o.made_on AS "madeOn", o.answer_by AS "answerBy", o.answered_on AS "answeredOn",
      (SELECT row_to_json(u) FROM (SELECT u.id, u.street_address AS "streetAddress", u.apartment_number AS "apartmentNumber", u.area
        FROM units u WHERE u.tenant_id = o.tenant_id AND u.id = o.unit_id) u) AS "unit"
        FROM offers o WHERE o.tenant_id = c.tenant_id AND o.case_id = c.id
        ORDER BY o.made_on, o.id) o) AS "offers",
      (SELECT coalesce(json_agg(row_to_json(k)), '[]') FROM (SELECT k.id, k.form, k.kind, k.state, k.signed_on AS "signedOn", k.starts_on AS "startsOn",
          k.ends_on AS "endsOn", k.rent_ore AS "rentOre",
      (SELECT row_to_json(u) FROM (SELECT u.id, u.street_address AS "streetAddress", u.apartment_number AS "apartmentNumber"
        FROM units u WHERE u.tenant_id = k.tenant_id AND u.id = k.unit_id) u) AS "unit"
        FROM contracts k WHERE k.tenant_id = c.tenant_id AND k.case_id = c.id
        ORDER BY k.signed_on, k.id) k) AS "contracts",
      (SELECT coalesce(json_agg(row_to_json(g)), '[]') FROM (SELECT g.id, g.state, g.months, g.starts_on AS "startsOn", g.ends_on AS "endsOn",
          g.contract_id AS contract
        FROM guarantees g WHERE g.tenant_id = c.tenant_id AND g.case_id = c.id
        ORDER BY g.issued_on, g.id) g) AS "guarantees",
      (SELECT coalesce(json_agg(row_to_json(o)), '[]') FROM (SELECT o.id, o.code, o.label, o.ordinal, o.due_on AS "dueOn", o.departments, o.cite, o.state,
          o.state = 'open' AND o.due_on < current_date AS overdue, o.done_on AS "doneOn", o.creates = 'plan' AS "createsPlan",
          (SELECT row_to_json(f) FROM (SELECT f.id
        FROM follow_ups f WHERE f.tenant_id = o.tenant_id AND f.obligation_id = o.id) f) AS "followUp"
        FROM obligations o WHERE o.tenant_id = c.tenant_id AND o.case_id = c.id
        ORDER BY o.due_on, o.code, o.id) o) AS "obligations",
      (SELECT coalesce(json_agg(row_to_json(s)), '[]') FROM (SELECT s.id, s.kind, s.state, s.agreed_on AS "agreedOn"
        FROM support_plans s WHERE s.tenant_id = c.tenant_id AND s.case_id = c.id
        ORDER BY s.agreed_on DESC, s.id DESC) s) AS "plans",
      (SELECT coalesce(json_agg(row_to_json(m)), '[]') FROM (SELECT m.id, m.code, m.happened_on AS "happenedOn", m.parties, encode(m.notes_sealed, 'hex') AS notes,
          m.legal_findings AS "legalFindings"
        FROM milestones m WHERE m.tenant_id = c.tenant_id AND m.case_id = c.id
        ORDER BY m.happened_on, m.id) m) AS "milestones",
      (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (SELECT x.department, x.ground, x.fields, x.disclosed_on AS "disclosedOn",
          x.ended_on AS "endedOn"
        FROM case_disclosures x WHERE x.tenant_id = c.tenant_id AND x.case_id = c.id
        ORDER BY x.disclosed_on, x.id) x) AS "disclosures",
      (SELECT coalesce(json_agg(row_to_json(t)), '[]') FROM (SELECT t.id, t.kind, t.occurred_on AS "occurredOn", t.recorded_at AS "recordedAt",
          t.actor_name AS "actorName", t.subject_type AS "subjectType", t.subject_id AS "subjectId"
        FROM case_events t WHERE t.tenant_id = c.tenant_id AND t.case_id = c.id
        ORDER BY t.occurred_on, t.recorded_at, t.id) t) AS "timeline"
    FROM matter c) c)::text, 'null') || '}' AS data FROM asking)
--audit
, laid AS (SELECT ARRAY(SELECT DISTINCT m.person_id FROM matter c, LATERAL (
    SELECT person_id FROM household_members m
    WHERE m.tenant_id = c.tenant_id AND m.household_id = c.household_id OFFSET 0) m
  ORDER BY 1) AS persons),
logged AS (INSERT INTO audit_entries (tenant_id, id, at, kind, principal_id, roles, channel,
    action, case_id, person_ids, details)
  SELECT asking.of_tenant, :audit_id, now(), 'read', :principal::uuid, '{caseworker}', 'api', 'CasePage',
    matter.id, laid.persons, '{}'::jsonb FROM asking, matter, laid)
--end
SELECT data FROM answer
