"""What somebody would write by hand for ``reads.ONE``: tenant, need-to-know, masking, audit row.

``reads.BY_HAND`` is the list; its EXISTS gets the same ``OFFSET 0`` that plans have, since without
it PostgreSQL hashes a whole kommun and nothing else can be seen.
"""

from __future__ import annotations

from reads import BY_HAND

LIST_BY_HAND = BY_HAND.replace(
    "p.protection <> 'none'),\n      'members'",
    "p.protection <> 'none' OFFSET 0),\n      'members'",
)
assert LIST_BY_HAND != BY_HAND

#: $1 tenant, $2 principal, $3 departments, $4 case, $5 audit id, $6 principal, $7 roles.
ONE_BY_HAND = """
WITH asking AS MATERIALIZED (
  SELECT set_config('hemvist.tenant_id', $1, true)::uuid AS t,
         set_config('hemvist.principal_id', $2, true) AS p),
one AS MATERIALIZED (
  SELECT c.* FROM asking, LATERAL (SELECT * FROM cases
    WHERE tenant_id = asking.t AND id = $4 AND department = ANY ($3) LIMIT 1) c),
answer AS MATERIALIZED (SELECT json_build_object(
  'id', c.id, 'number', c.number, 'state', c.state, 'openedOn', c.opened_on,
  'programme', c.programme, 'version', c.version,
  'household', (SELECT json_build_object('id', h.id, 'alias', h.alias, 'members',
      (SELECT json_agg(json_build_object('role', m.role, 'since', m.since, 'person',
          json_build_object('id', p.id,
            'givenName', CASE WHEN p.protection = 'none' OR p.department = ANY ($3)
              THEN encode(p.given_name_sealed, 'hex') END,
            'familyName', CASE WHEN p.protection = 'none' OR p.department = ANY ($3)
              THEN encode(p.family_name_sealed, 'hex') END, 'birthDate', encode(p.birth_date_sealed, 'hex'))))
        FROM household_members m JOIN persons p
          ON p.tenant_id = m.tenant_id AND p.id = m.person_id
        WHERE m.tenant_id = h.tenant_id AND m.household_id = h.id))
    FROM households h WHERE h.tenant_id = c.tenant_id AND h.id = c.household_id),
  'referrals', (SELECT coalesce(json_agg(json_build_object('id', r.id, 'state', r.state,
      'draftedOn', r.drafted_on,
      'signatures', (SELECT coalesce(json_agg(json_build_object('kind', s.kind,
          'signedOn', s.signed_on) ORDER BY s.recorded_at, s.id), '[]')
        FROM referral_signatures s WHERE s.tenant_id = r.tenant_id AND s.referral_id = r.id),
      'offers', (SELECT coalesce(json_agg(json_build_object('state', o.state, 'unit',
          (SELECT json_build_object('streetAddress', u.street_address, 'rentOre', u.rent_ore,
              'sizeM2', u.size_m2, 'landlord', (SELECT json_build_object('name', l.name)
                FROM landlords l WHERE l.id = u.landlord_id))
            FROM units u WHERE u.tenant_id = o.tenant_id AND u.id = o.unit_id))
          ORDER BY o.made_on, o.id), '[]')
        FROM offers o WHERE o.tenant_id = r.tenant_id AND o.referral_id = r.id))
      ORDER BY r.drafted_on, r.id), '[]')
    FROM referrals r WHERE r.tenant_id = c.tenant_id AND r.case_id = c.id),
  'decisions', (SELECT coalesce(json_agg(json_build_object('id', d.id, 'kind', d.kind,
      'outcome', d.outcome, 'state', d.state, 'motivation', encode(d.motivation_sealed, 'hex'), 'decidedBy',
      (SELECT json_build_object('name', p.display_name) FROM principals p
        WHERE p.tenant_id = d.tenant_id AND p.id = d.decided_by))
      ORDER BY d.proposed_on, d.id), '[]')
    FROM decisions d WHERE d.tenant_id = c.tenant_id AND d.case_id = c.id),
  'contracts', (SELECT coalesce(json_agg(json_build_object('id', k.id, 'kind', k.kind,
      'state', k.state, 'startsOn', k.starts_on, 'rentOre', k.rent_ore, 'unit',
      (SELECT json_build_object('streetAddress', u.street_address) FROM units u
        WHERE u.tenant_id = k.tenant_id AND u.id = k.unit_id)) ORDER BY k.signed_on, k.id), '[]')
    FROM contracts k WHERE k.tenant_id = c.tenant_id AND k.case_id = c.id),
  'guarantees', (SELECT coalesce(json_agg(json_build_object('state', g.state)
      ORDER BY g.issued_on, g.id), '[]')
    FROM guarantees g WHERE g.tenant_id = c.tenant_id AND g.case_id = c.id),
  'followUps', (SELECT coalesce(json_agg(json_build_object('heldOn', f.held_on,
      'notes', encode(f.notes_sealed, 'hex'))
      ORDER BY f.held_on, f.id), '[]')
    FROM follow_ups f WHERE f.tenant_id = c.tenant_id AND f.case_id = c.id),
  'plans', (SELECT coalesce(json_agg(json_build_object('agreedOn', s.agreed_on, 'state', s.state)
      ORDER BY s.agreed_on, s.id), '[]')
    FROM support_plans s WHERE s.tenant_id = c.tenant_id AND s.case_id = c.id),
  'timeline', (SELECT coalesce(json_agg(json_build_object('id', e.id, 'kind', e.kind,
      'occurredOn', e.occurred_on, 'recordedAt', e.recorded_at, 'actorName', e.actor_name,
      'data', e.data) ORDER BY e.occurred_on, e.recorded_at, e.id), '[]')
    FROM case_events e WHERE e.tenant_id = c.tenant_id AND e.case_id = c.id)
  )::text AS data FROM one c),
laid AS (SELECT coalesce(array_agg(DISTINCT m.person_id), '{}') AS persons FROM one c
  JOIN household_members m ON m.tenant_id = c.tenant_id AND m.household_id = c.household_id),
logged AS (INSERT INTO audit_entries (tenant_id, id, at, kind, principal_id, roles, channel,
    action, case_id, person_ids, details)
  SELECT asking.t, $5, now(), 'read', $6, $7, 'portal', 'One', $4, laid.persons, '{}'::jsonb
  FROM asking, laid)
SELECT data FROM answer
"""
