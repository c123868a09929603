"""A country's landlords for ``bench/landlords.py``, made by the database itself.

Some landlords are large and let in many kommuner, most are small and let in a few: of 500, the first
twenty have a third of the homes. Each has an administrator who sees everything and two agents with a
district each. Nothing of it is anybody's.
"""

from __future__ import annotations

from datetime import date

import psycopg

from hemvist.incidents.report_models import LandlordReport
from hemvist.tenancy.platform import PLATFORM_TENANT

KOMMUNER, LANDLORDS, UNITS = 30, 500, 60_000
#: The first so many let in most kommuner and have this share of the homes.
LARGE, LARGE_SHARE = 20, 3
#: Kommuner of a large and of another landlord.
MANY, FEW = 20, 4
MEMBERS = 3
PROPERTIES = 8
TODAY = date(2026, 11, 21)
ISSUER = "https://bench.invalid/hyresvard"

_FILL = (
    """
INSERT INTO tenants (id, kommun_code, slug, name, created_at)
SELECT uuidv7(), (9000 + n)::text, 'bench' || n, 'Bench ' || n, now()
  FROM generate_series(1, %(kommuner)s) n
""",
    """
INSERT INTO landlords (id, organisation_number, name, created_at)
SELECT uuidv7(), (5560000000 + n)::text, 'Hyresvärd ' || n, now()
  FROM generate_series(1, %(landlords)s) n
""",
    """
CREATE TEMP TABLE bench_landlords AS
SELECT id AS landlord_id, row_number() OVER (ORDER BY organisation_number) AS n,
       CASE WHEN row_number() OVER (ORDER BY organisation_number) <= %(large)s
            THEN %(many)s ELSE %(few)s END AS kommuner
  FROM landlords
""",
    """
CREATE TEMP TABLE bench_places AS
SELECT l.landlord_id, l.n, t.id AS tenant_id, k.k
  FROM bench_landlords l
  CROSS JOIN LATERAL generate_series(0, l.kommuner - 1) AS k(k)
  JOIN (SELECT id, row_number() OVER (ORDER BY kommun_code) - 1 AS at FROM tenants
         WHERE kind = 'kommun') t ON t.at = (l.n * 7 + k.k) %% %(kommuner)s
""",
    """
INSERT INTO principals (tenant_id, id, issuer, subject, kind, status, display_name, created_at)
SELECT %(platform)s, uuidv7(), %(issuer)s, l.n || '-' || m, 'person', 'active',
       'Medlem ' || m || ' av ' || l.n, now()
  FROM bench_landlords l CROSS JOIN generate_series(1, %(members)s) m
""",
    """
INSERT INTO memberships (tenant_id, id, principal_id, role, department, since)
SELECT tenant_id, uuidv7(), id, 'landlord_agent', '', now() FROM principals
 WHERE tenant_id = %(platform)s
""",
    """
INSERT INTO landlord_access (tenant_id, id, landlord_id, status, proposed_by, proposed_at,
                             decided_by, decided_at, version)
SELECT tenant_id, uuidv7(), landlord_id, 'open', uuidv7(), now(), uuidv7(), now(), 1
  FROM bench_places
""",
    """
INSERT INTO landlord_districts (tenant_id, id, landlord_id, name, version)
SELECT %(platform)s, uuidv7(), landlord_id, d, 1
  FROM bench_landlords CROSS JOIN unnest(ARRAY['Norr', 'Söder']) AS d
""",
    """
INSERT INTO landlord_district_properties (tenant_id, id, district_id, kommun_id,
                                          property_designation)
SELECT %(platform)s, uuidv7(), d.id, p.tenant_id,
       'Provet ' || p.n || ':' || (2 * half + CASE d.name WHEN 'Norr' THEN 1 ELSE 2 END)
  FROM bench_places p JOIN landlord_districts d ON d.landlord_id = p.landlord_id
  CROSS JOIN generate_series(0, %(properties)s / 2 - 1) half
""",
    """
INSERT INTO landlord_members (tenant_id, id, principal_id, landlord_id, level, districts, status,
                              invitation_id, since, version)
SELECT %(platform)s, uuidv7(), p.id, l.landlord_id,
       CASE m WHEN 1 THEN 'administrator' ELSE 'agent' END,
       CASE m WHEN 1 THEN '{}'::uuid[] ELSE ARRAY[d.id] END, 'active', uuidv7(), now(), 1
  FROM bench_landlords l CROSS JOIN generate_series(1, %(members)s) m
  JOIN principals p ON p.subject = l.n || '-' || m AND p.tenant_id = %(platform)s
  LEFT JOIN landlord_districts d ON d.landlord_id = l.landlord_id
       AND d.name = CASE m WHEN 2 THEN 'Norr' WHEN 3 THEN 'Söder' END
""",
    """
INSERT INTO units (tenant_id, id, landlord_id, property_designation, street_address, postal_code,
                   city, area, apartment_number, source, rooms, size_m2, rent_ore, floor, lift,
                   step_free, adapted, available_from, state, rent_parts, kept_because_sealed, version)
SELECT p.tenant_id, uuidv7(), p.landlord_id,
       'Provet ' || p.n || ':' || (u %% %(properties)s + 1), 'Provgatan ' || p.n || '-' || u,
       '12345', 'Provstad', 'Område ' || u %% 6, (1001 + u %% 9)::text, 'owner_agreement',
       1 + u %% 5, 30 + u %% 70, 500000 + u * 100, u %% 9, u %% 2 = 0, u %% 2 = 0, u %% 20 = 0,
       %(today)s::date - (u %% 400)::int,
       CASE WHEN u %% 10 < 7 THEN 'let' WHEN u %% 10 = 7 THEN 'vacant' WHEN u %% 10 = 8
            THEN 'offered' ELSE 'returned' END, '{}', '\\x00', 1
  FROM bench_places p
  CROSS JOIN LATERAL generate_series(1, CASE WHEN p.n <= %(large)s
       THEN %(units)s / %(large_share)s / (%(large)s * %(many)s)
       ELSE %(units)s * (%(large_share)s - 1) / %(large_share)s
            / ((%(landlords)s - %(large)s) * %(few)s) END) AS u
""",
    """
CREATE TEMP TABLE bench_agreements AS
SELECT tenant_id, landlord_id, uuidv7() AS id, uuidv7() AS version_id FROM bench_places
""",
    """
INSERT INTO agreements (tenant_id, id, landlord_id, kind, title, state, starts_on, version)
SELECT tenant_id, id, landlord_id, 'cooperation', 'Samverkan', 'in_force', DATE '2024-01-01', 1
  FROM bench_agreements
""",
    """
INSERT INTO agreement_versions (tenant_id, id, agreement_id, number, state, holds_from, hands,
                                confirmed_on, confirmed_by, version)
SELECT tenant_id, version_id, id, 1, 'in_force', DATE '2024-01-01', ARRAY[uuidv7()],
       DATE '2024-01-01', uuidv7(), 1
  FROM bench_agreements
""",
    """
INSERT INTO quota_terms (tenant_id, id, agreement_id, version_id, position, code, label, kind,
                         force, per, homes, rounding, counts, delivered_in, excluded_areas,
                         properties)
SELECT tenant_id, uuidv7(), id, version_id, 1, 'hem', 'Hem till kommunen', 'number', 'binding',
       'year', 10, 'nearest', 'let', 'any', '{}', '{}'
  FROM bench_agreements
""",
    """
INSERT INTO unit_states (tenant_id, id, unit_id, landlord_id, state, since, cause, subject_type,
                         recorded_at)
SELECT tenant_id, uuidv7(), id, landlord_id, 'vacant', available_from, 'taken_in', 'unit',
       now() FROM units
""",
    """
CREATE TEMP TABLE bench_offers AS
SELECT tenant_id, landlord_id, id AS unit_id, state, available_from, rent_ore, uuidv7() AS id,
       uuidv7() AS contract_id, uuidv7() AS case_id, row_number() OVER () AS n
  FROM units WHERE state IN ('let', 'offered')
""",
    """
INSERT INTO offers (tenant_id, id, case_id, referral_id, unit_id, state, made_on, answer_by, counts,
                    version)
SELECT tenant_id, id, case_id, case_id, unit_id,
       CASE state WHEN 'let' THEN 'accepted' ELSE 'made' END, available_from, available_from + 7,
       true, 1
  FROM bench_offers
""",
    """
INSERT INTO landlord_offers (tenant_id, id, offer_id, case_id, household_id, landlord_id, unit_id,
                             alias)
SELECT tenant_id, uuidv7(), id, case_id, case_id, landlord_id, unit_id, 'A' || n FROM bench_offers
""",
    """
INSERT INTO landlord_times (tenant_id, id, offer_id, case_id, landlord_id, kind, state, side,
                            starts_at, place, note_sealed, proposed_at, version)
SELECT tenant_id, uuidv7(), id, case_id, landlord_id, 'viewing', 'proposed', 'kommun',
       %(today)s::date + INTERVAL '3 days', 'home', '\\x00', now(), 1
  FROM bench_offers WHERE state = 'offered' AND hashint8(n) %% 4 = 0
""",
    """
INSERT INTO contracts (tenant_id, id, case_id, unit_id, offer_id, form, kind, state, signed_on,
                       starts_on, rent_ore, terms_sealed, clauses_sealed, waiver_sealed,
                       went_on_because_sealed, version)
SELECT tenant_id, contract_id, case_id, unit_id, id, 'municipal_contract', 'sublease', 'signed',
       available_from, available_from, rent_ore, '\\x00', '\\x00', '\\x00', '\\x00', 1
  FROM bench_offers WHERE state = 'let'
""",
    """
INSERT INTO takeovers (tenant_id, id, case_id, contract_id, programme, state,
                       postponed_because_sealed, answer_reason_sealed, version)
SELECT tenant_id, uuidv7(), case_id, contract_id, 'municipal_contract',
       CASE hashint8(n) %% 40 WHEN 0 THEN 'asked' ELSE 'waiting' END, '\\x00', '\\x00', 1
  FROM bench_offers WHERE state = 'let'
""",
    """
INSERT INTO landlord_reports (tenant_id, id, landlord_id, unit_id, incident_id, case_id, kind, what_sealed,
                              happened_on, received_at)
SELECT tenant_id, uuidv7(), landlord_id, unit_id, uuidv7(), case_id, 'disturbance', '\\x00',
       %(today)s::date - 1, now()
  FROM bench_offers WHERE state = 'let' AND hashint8(n) %% 50 = 0
""",
    """
INSERT INTO landlord_events (tenant_id, id, landlord_id, occurred_at, type, subject_id,
                             property_designation)
SELECT tenant_id, uuidv7(), landlord_id,
       now() - (row_number() OVER (ORDER BY id) %% 400) * INTERVAL '1 day', 'unit.taken_in', id,
       property_designation
  FROM units
""",
)


def fill(connection: psycopg.Connection, units: int = UNITS) -> None:
    """Make the rows, as a superuser."""
    values = {
        "kommuner": KOMMUNER,
        "landlords": LANDLORDS,
        "units": units,
        "large": LARGE,
        "large_share": LARGE_SHARE,
        "many": MANY,
        "few": FEW,
        "members": MEMBERS,
        "properties": PROPERTIES,
        "platform": PLATFORM_TENANT,
        "issuer": ISSUER,
        "today": TODAY,
    }
    # What is a kommun's own, cases and households, is not read by landlords: it is left out, and the
    # keys that point at it are not checked.
    connection.execute("SET session_replication_role = replica")
    for statement in _FILL:
        connection.execute(statement, values)
    for (tenant_id,) in connection.execute("SELECT DISTINCT tenant_id FROM landlord_reports"):
        connection.execute(
            "UPDATE landlord_reports SET what_sealed = %s WHERE tenant_id = %s",
            (LandlordReport.what.sealed(tenant_id, "Musik om natten"), tenant_id),
        )
    connection.execute("SET session_replication_role = DEFAULT")
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM (ANALYZE)")
    connection.execute("CHECKPOINT")
    connection.autocommit = False
