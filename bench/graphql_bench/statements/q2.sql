WITH asking AS MATERIALIZED (
  SELECT set_config('hemvist.tenant_id', :tenant, true)::uuid AS of_tenant,
         set_config('hemvist.principal_id', :principal, true) AS of_principal),
matter AS MATERIALIZED (
  SELECT c.* FROM asking, LATERAL (SELECT id, tenant_id, number, state, opened_on, programme,
      version, household_id, handler_id
    FROM cases WHERE tenant_id = asking.of_tenant AND id = :case AND department = :department LIMIT 1) c),
answer AS MATERIALIZED (
  SELECT '{"case":' || coalesce((SELECT row_to_json(c) FROM (SELECT
      c.id, c.number, c.state, c.opened_on AS "openedOn", c.programme, c.version,
      (SELECT row_to_json(h) FROM (SELECT h.id, h.alias,
          (SELECT coalesce(json_agg(row_to_json(m)), '[]') FROM (SELECT m.role, m.since,
              (SELECT row_to_json(p) FROM (SELECT p.id,
                CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.given_name_sealed, 'hex') END AS "givenName",
                CASE WHEN p.protection = 'none' OR p.department = :department
                  THEN encode(p.family_name_sealed, 'hex') END AS "familyName", encode(p.birth_date_sealed, 'hex') AS "birthDate"
                FROM persons p WHERE p.tenant_id = m.tenant_id AND p.id = m.person_id) p) AS person
            FROM household_members m WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id
            ORDER BY array_position(ARRAY['applicant', 'partner', 'child', 'other'], m.role), m.id
          ) m) AS members
        FROM households h WHERE h.tenant_id = c.tenant_id AND h.id = c.household_id) h) AS household,
      (SELECT row_to_json(p) FROM (SELECT display_name AS name FROM principals p
        WHERE p.tenant_id = c.tenant_id AND p.id = c.handler_id) p) AS handler,
      (SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM (SELECT r.id, r.state,
          r.drafted_on AS "draftedOn",
          (SELECT coalesce(json_agg(row_to_json(s)), '[]') FROM (SELECT s.kind,
              s.signed_on AS "signedOn" FROM referral_signatures s
            WHERE s.tenant_id = r.tenant_id AND s.referral_id = r.id ORDER BY recorded_at, id) s) AS signatures,
          (SELECT coalesce(json_agg(row_to_json(o)), '[]') FROM (SELECT o.state,
              (SELECT row_to_json(u) FROM (SELECT u.street_address AS "streetAddress",
                  u.rent_ore AS "rentOre",
                  (SELECT row_to_json(l) FROM (SELECT name FROM landlords l WHERE l.id = u.landlord_id) l) AS landlord
                FROM units u WHERE u.tenant_id = o.tenant_id AND u.id = o.unit_id) u) AS unit
            FROM offers o WHERE o.tenant_id = r.tenant_id AND o.referral_id = r.id
            ORDER BY o.made_on, o.id) o) AS offers
        FROM referrals r WHERE r.tenant_id = c.tenant_id AND r.case_id = c.id
        ORDER BY r.drafted_on, r.id) r) AS referrals,
      (SELECT coalesce(json_agg(row_to_json(d)), '[]') FROM (SELECT d.id, d.kind, d.outcome, d.state,
          encode(d.motivation_sealed, 'hex') AS motivation, (SELECT row_to_json(p) FROM (SELECT display_name AS name FROM principals p
            WHERE p.tenant_id = d.tenant_id AND p.id = d.decided_by) p) AS "decidedBy"
        FROM decisions d WHERE d.tenant_id = c.tenant_id AND d.case_id = c.id
        ORDER BY d.proposed_on, d.id) d) AS decisions,
      (SELECT coalesce(json_agg(row_to_json(k)), '[]') FROM (SELECT k.id, k.kind, k.state,
          k.starts_on AS "startsOn", k.rent_ore AS "rentOre",
          (SELECT row_to_json(u) FROM (SELECT u.street_address AS "streetAddress" FROM units u
            WHERE u.tenant_id = k.tenant_id AND u.id = k.unit_id) u) AS unit
        FROM contracts k WHERE k.tenant_id = c.tenant_id AND k.case_id = c.id
        ORDER BY k.signed_on, k.id) k) AS contracts,
      (SELECT coalesce(json_agg(row_to_json(g)), '[]') FROM (SELECT g.state FROM guarantees g
        WHERE g.tenant_id = c.tenant_id AND g.case_id = c.id ORDER BY g.issued_on, g.id) g) AS guarantees,
      (SELECT coalesce(json_agg(row_to_json(f)), '[]') FROM (SELECT f.held_on AS "heldOn", encode(f.notes_sealed, 'hex') AS notes
        FROM follow_ups f WHERE f.tenant_id = c.tenant_id AND f.case_id = c.id
        ORDER BY f.held_on, f.id) f) AS "followUps",
      (SELECT coalesce(json_agg(row_to_json(s)), '[]') FROM (SELECT s.agreed_on AS "agreedOn", s.state
        FROM support_plans s WHERE s.tenant_id = c.tenant_id AND s.case_id = c.id
        ORDER BY s.agreed_on DESC, s.id DESC) s) AS plans,
      (SELECT coalesce(json_agg(row_to_json(t)), '[]') FROM (SELECT t.id, t.kind,
          t.occurred_on AS "occurredOn", t.recorded_at AS "recordedAt", t.actor_name AS "actorName", t.data
        FROM case_events t WHERE t.tenant_id = c.tenant_id AND t.case_id = c.id
        ORDER BY t.occurred_on, t.recorded_at, t.id) t) AS timeline
    FROM matter c) c)::text, 'null') || '}' AS data FROM asking)
--audit
, laid AS (SELECT ARRAY(SELECT DISTINCT m.person_id FROM matter c, LATERAL (
    SELECT person_id FROM household_members m
    WHERE m.tenant_id = c.tenant_id AND m.household_id = c.household_id OFFSET 0) m
  ORDER BY 1) AS persons),
logged AS (INSERT INTO audit_entries (tenant_id, id, at, kind, principal_id, roles, channel,
    action, case_id, person_ids, details)
  SELECT asking.of_tenant, :audit_id, now(), 'read', :principal::uuid, '{caseworker}', 'api', 'One',
    matter.id, laid.persons, '{}' FROM asking, matter, laid)
--end
SELECT data FROM answer
