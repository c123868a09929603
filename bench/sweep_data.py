"""A country's obligations for ``bench/sweep.py``, made by the database itself.

Every kommun has as many cases of two persons, opened in turns, so that one kommun's rows lie among the
others'. Of a case's obligations one in five is done; the others are open, their days spread over two
years from ``FIRST``. Nothing of it is anybody's.
"""

from __future__ import annotations

from datetime import date, timedelta

import psycopg

KOMMUNER, CASES, OBLIGATIONS = 290, 1000, 3_000_000
PACK, VERSION, PROGRAMME = "helsingborg/bostadssociala-lagenheter", "2026.3.0", "municipal_contract"
#: The first day on which one of the open obligations is due, and over how many they are spread.
FIRST, DAYS = date(2026, 11, 1), 730
#: The day of which the horizons are: in each case something comes within it in the next quarter.
TODAY = date(2026, 11, 21)
#: What has happened in each case.
EVENTS = (
    *("case_opened", "decision_granted", "referral_submitted", "referral_registered", "offer_made"),
    *("offer_accepted", "contract_signed", "moved_in", "plan_signed", "follow_up_recorded"),
)

_FILL = (
    """
INSERT INTO tenants (id, kommun_code, slug, name, created_at)
SELECT gen_random_uuid(), (9000 + n)::text, 'bench' || n, 'Bench ' || n, now()
  FROM generate_series(1, %(kommuner)s) n
""",
    "INSERT INTO pack_adoptions (tenant_id, id, pack, since)"
    " SELECT id, uuidv7(), %(pack)s, DATE '2020-01-01' FROM tenants",
    """
CREATE TEMP TABLE plan ON COMMIT DROP AS
SELECT t.id AS tenant_id, n, t.kommun_code, uuidv7() AS household_id, uuidv7() AS case_id
  FROM generate_series(1, %(cases)s) n CROSS JOIN tenants t ORDER BY n, t.id
""",
    """
INSERT INTO households (tenant_id, id, alias, department, registered_on, version)
SELECT tenant_id, household_id, 'H-' || n, 'SOF-VUX', DATE '2026-01-01', 1 FROM plan
""",
    """
INSERT INTO persons (tenant_id, id, department, given_name_sealed, family_name_sealed,
                     number_sealed, number_index, number_kind, birth_date_sealed, protection, version)
SELECT tenant_id, id, 'SOF-VUX', 'Test', 'Testsson', 'x', uuid_send(id), 'personal',
       'x', 'unknown', 1
  FROM plan CROSS JOIN LATERAL unnest(ARRAY[household_id, case_id]) AS id
""",
    """
INSERT INTO household_members (tenant_id, id, household_id, person_id, role, since)
SELECT tenant_id, uuidv7(), household_id, id, 'other', DATE '2026-01-01'
  FROM plan CROSS JOIN LATERAL unnest(ARRAY[household_id, case_id]) AS id
""",
    """
INSERT INTO cases (tenant_id, id, number, household_id, department, pack, pack_version, programme,
                   state, opened_on, version)
SELECT tenant_id, case_id, '2026-' || n, household_id, 'SOF-VUX', %(pack)s, %(version)s,
       %(programme)s, 'open', DATE '2026-01-01', 1 FROM plan
""",
    """
INSERT INTO case_events (tenant_id, id, case_id, kind, occurred_on, recorded_at, actor_name,
                         subject_type, subject_id, data)
SELECT p.tenant_id, uuidv7(), p.case_id, k.kind, DATE '2026-01-01', now(), 'x', 'case', p.case_id, '{}'
  FROM plan p CROSS JOIN unnest(%(events)s::text[]) AS k(kind)
""",
    """
INSERT INTO obligation_horizons (tenant_id, id, case_id, events, next_on)
SELECT tenant_id, uuidv7(), case_id, cardinality(%(events)s::text[]),
       %(today)s::date + INTERVAL '24 months' + (n %% 91 + 1) * INTERVAL '1 day' FROM plan
""",
    """
INSERT INTO obligations (tenant_id, id, case_id, programme, code, ordinal, due_on, anchor, anchor_id,
                         anchored_on, by, departments, cite, label, agenda, pack, pack_version, state,
                         done_on, version)
SELECT p.tenant_id, uuidv7(), p.case_id, %(programme)s, 'follow_up', o.n,
       %(first)s::date
       + (hashint8(p.kommun_code::bigint * 10000000 + p.n * 1000 + o.n) & 65535) %% %(days)s,
       'moved_in', p.household_id,
       DATE '2026-01-01', '{referring}', '{SOF-VUX}', 'guideline 4.1',
       '{"sv": "Uppf\\u00f6ljning", "en": "Follow-up"}',
       '[{"id": "a", "label": {"sv": "Hur det g\\u00e5r", "en": "How it goes"}, "cite": ["4.1"]}]',
       %(pack)s, %(version)s, CASE WHEN o.n %% 5 = 0 THEN 'done' ELSE 'open' END,
       CASE WHEN o.n %% 5 = 0 THEN DATE '2026-10-01' END, 1
  FROM plan p CROSS JOIN LATERAL (
    SELECT n FROM generate_series(1, %(each)s) n) o
""",
)


def fill(connection: psycopg.Connection, kommuner: int, obligations: int) -> None:
    """Make the rows, as a superuser."""
    each = -(-obligations // (kommuner * CASES))
    values = {
        "kommuner": kommuner,
        "cases": CASES,
        "each": each,
        "events": list(EVENTS),
        "today": TODAY,
        "first": FIRST,
        "days": DAYS,
        "pack": PACK,
        "version": VERSION,
        "programme": PROGRAMME,
    }
    for statement in _FILL:
        connection.execute(statement, values)
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM (ANALYZE)")
    connection.execute("CHECKPOINT")
    connection.autocommit = False


def day(number: int) -> date:
    """The day ``number`` days after the first."""
    return FIRST + timedelta(days=number)
