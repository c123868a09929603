"""What is counted of homes and of moving on, found a second time by SQL over the tables.

Written from the words of the definitions, with nothing of the code under test. A fact is told as (case,
indicator, of, begins, ends, programme, step, area, groups, amount, met).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

import psycopg

from hemvist.households.models import Person
from hemvist.tenancy.keys import tenant_keys

#: A fact as both sides tell it.
Told = tuple[Any, ...]
NUMBER = "persons.number"

_COMMON = """
WITH placed AS (
  SELECT k.*, r.programme, btrim(u.area) AS area
    FROM contracts k
    JOIN offers o ON o.id = k.offer_id
    JOIN referrals r ON r.id = o.referral_id
    JOIN units u ON u.id = k.unit_id),
homes AS (
  SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY starts_on, signed_on, id) AS place,
         count(*) OVER (PARTITION BY case_id) AS places
    FROM placed WHERE follows_id IS NULL AND end_reason IS DISTINCT FROM 'never_began'),
thrown_out AS (
  SELECT id AS contract_id FROM contracts WHERE end_reason = 'evicted'
  UNION
  SELECT l.contract_id FROM evictions e JOIN ladders l ON l.id = e.ladder_id
   WHERE e.state = 'carried_out' AND l.contract_id IS NOT NULL),
gone_on AS (
  SELECT * FROM homes WHERE state = 'ended' AND end_reason = 'taken_over'
  UNION
  SELECT h.* FROM homes h JOIN cases c ON c.id = h.case_id
   WHERE h.place = h.places AND h.state = 'ended' AND c.state = 'closed'
     AND EXISTS (SELECT FROM case_events e WHERE e.case_id = c.id AND e.kind = 'case_closed'
                  AND e.data ->> 'reason' IN ('own_home', 'own_lease'))
     AND NOT EXISTS (SELECT FROM contracts t WHERE t.case_id = c.id AND t.end_reason = 'taken_over')
     AND h.id NOT IN (SELECT contract_id FROM thrown_out))
"""
#: case, indicator, of, begins, ends, programme, step, area, the groups wanted, amount, met
_ASKED = (
    """SELECT r.case_id, 'waiting', r.id, r.submitted_on, over.on_day, r.programme, '', '', '',
              NULL::int, NULL::boolean
         FROM referrals r
         LEFT JOIN LATERAL (SELECT min(e.occurred_on) AS on_day FROM case_events e
                             WHERE e.subject_id = r.id AND e.kind IN ('referral_fulfilled',
                               'referral_withdrawn', 'referral_expired', 'referral_returned')) over
                ON true
        WHERE r.submitted_on IS NOT NULL
          AND (over.on_day IS NULL OR over.on_day > r.submitted_on)""",
    """SELECT h.case_id, 'time_to_home', h.id, h.starts_on, NULL::date, h.programme, '', '', 'all',
              greatest(h.starts_on - c.opened_on, 0), NULL::boolean
         FROM homes h JOIN cases c ON c.id = h.case_id WHERE h.place = 1""",
    """SELECT r.case_id, 'step_time', r.id, r.submitted_on, NULL::date, r.programme, 'assessment', '',
              '', greatest(r.submitted_on - c.opened_on, 0), NULL::boolean
         FROM referrals r JOIN cases c ON c.id = r.case_id
        WHERE r.submitted_on IS NOT NULL
          AND NOT EXISTS (SELECT FROM referrals s WHERE s.case_id = r.case_id AND s.id < r.id
                           AND s.submitted_on IS NOT NULL)""",
    """SELECT r.case_id, 'step_time', r.id, r.registered_on, NULL::date, r.programme, 'registration',
              '', '', greatest(r.registered_on - r.submitted_on, 0), NULL::boolean
         FROM referrals r WHERE r.submitted_on IS NOT NULL AND r.registered_on IS NOT NULL""",
    """SELECT r.case_id, 'step_time', r.id, min(o.made_on), NULL::date, r.programme, 'offer', '', '',
              greatest(min(o.made_on) - r.registered_on, 0), NULL::boolean
         FROM referrals r JOIN offers o ON o.referral_id = r.id
        WHERE r.registered_on IS NOT NULL GROUP BY r.id, r.case_id, r.programme, r.registered_on""",
    """SELECT o.case_id, 'step_time', o.id, o.answered_on, NULL::date, r.programme, 'answer', '', '',
              greatest(o.answered_on - o.made_on, 0), NULL::boolean
         FROM offers o JOIN referrals r ON r.id = o.referral_id
        WHERE o.state IN ('accepted', 'declined') AND o.answered_on IS NOT NULL""",
    """SELECT h.case_id, 'step_time', h.id, h.signed_on, NULL::date, h.programme, 'contract', '', '',
              greatest(h.signed_on - o.answered_on, 0), NULL::boolean
         FROM homes h JOIN offers o ON o.id = h.offer_id WHERE o.answered_on IS NOT NULL""",
    """SELECT h.case_id, 'step_time', h.id, h.starts_on, NULL::date, h.programme, 'move_in', '', '',
              greatest(h.starts_on - h.signed_on, 0), NULL::boolean FROM homes h""",
    """SELECT h.case_id, 'homes_running', h.id, h.starts_on, h.ended_on, h.programme, '', h.area,
              'children', NULL::int, NULL::boolean
         FROM homes h
        WHERE h.kind IN ('sublease', 'three_party')
          AND (h.ended_on IS NULL OR h.ended_on > h.starts_on)""",
    """SELECT h.case_id, 'moved_in', h.id, h.starts_on, NULL::date, h.programme, '', h.area, '',
              NULL::int, NULL::boolean FROM homes h""",
    """SELECT o.case_id, 'offers_declined', o.id, o.answered_on, NULL::date, r.programme, '', '', '',
              NULL::int, o.state = 'declined'
         FROM offers o JOIN referrals r ON r.id = o.referral_id
        WHERE o.state IN ('accepted', 'declined') AND o.answered_on IS NOT NULL""",
    """SELECT g.case_id, 'moved_on', g.id, g.ended_on, NULL::date, g.programme, '', g.area, '',
              NULL::int, NULL::boolean FROM gone_on g""",
    """SELECT g.case_id, 'stay', g.id, g.ended_on, NULL::date, g.programme, '', '', '',
              greatest(g.ended_on - h.starts_on, 0), NULL::boolean
         FROM gone_on g JOIN homes h ON h.case_id = g.case_id AND h.place = 1""",
    """SELECT h.case_id, 'ended', h.id, h.ended_on, NULL::date, h.programme, '', h.area, '',
              NULL::int, NULL::boolean
         FROM homes h
        WHERE h.state = 'ended' AND h.id NOT IN (SELECT id FROM gone_on)
          AND h.id NOT IN (SELECT contract_id FROM thrown_out)""",
    """SELECT e.case_id, 'evicted', e.id, e.ended_on, NULL::date,
              coalesce(p.programme, c.programme, ''), '', '', '', NULL::int, NULL::boolean
         FROM evictions e JOIN ladders l ON l.id = e.ladder_id JOIN cases c ON c.id = e.case_id
         LEFT JOIN placed p ON p.id = l.contract_id
        WHERE e.state = 'carried_out'
          AND NOT EXISTS (SELECT FROM evictions f JOIN ladders m ON m.id = f.ladder_id
                           WHERE f.state = 'carried_out' AND m.contract_id = l.contract_id
                             AND (f.ended_on, f.id) < (e.ended_on, e.id))""",
    """SELECT p.case_id, 'evicted', p.id, p.ended_on, NULL::date, p.programme, '', '', '', NULL::int,
              NULL::boolean
         FROM placed p
        WHERE p.end_reason = 'evicted'
          AND NOT EXISTS (SELECT FROM evictions f JOIN ladders m ON m.id = f.ladder_id
                           WHERE f.state = 'carried_out' AND m.contract_id = p.id)""",
    """SELECT c.id, 'returned', c.id, c.opened_on, NULL::date, '', '', '', '', NULL::int, NULL::boolean
         FROM cases c
        WHERE EXISTS (SELECT FROM cases b JOIN contracts k ON k.case_id = b.id
                       WHERE b.id <> c.id AND b.household_id = c.household_id
                         AND b.department = c.department AND b.closed_on <= c.opened_on
                         AND k.end_reason IS DISTINCT FROM 'never_began')""",
    """SELECT t.case_id, 'takeovers_due', t.id, t.eligible_on, NULL::date, t.programme, '', '', '',
              NULL::int, NULL::boolean
         FROM takeovers t JOIN contracts k ON k.id = t.contract_id
        WHERE t.eligible_on IS NOT NULL AND (k.ended_on IS NULL OR k.ended_on >= t.eligible_on)""",
    """SELECT t.case_id, 'takeovers_done', t.id, t.taken_over_on, NULL::date, t.programme, '', '', '',
              NULL::int, NULL::boolean
         FROM takeovers t WHERE t.state = 'done'""",
)


def facts(database: psycopg.Connection[Any], tenant_id: UUID) -> set[Told]:
    """All facts of these indicators in a kommun. ``database`` sees the kommun and nothing else."""
    people = _people(database, tenant_id)
    found: set[Told] = set()
    for asked in _ASKED:
        for row in database.execute(_COMMON + asked).fetchall():  # type: ignore[arg-type]
            case, day, groups = row[0], row[3], _groups(people[row[0]], row[8], row[3])
            assert day is not None, (case, row[1])
            told = (*row[:8], groups, *row[9:])
            assert told not in found, told
            found.add(told)
    return found


#: role, until, born, sex
Somebody = tuple[str, date | None, date, str]


def _people(database: psycopg.Connection[Any], tenant_id: UUID) -> dict[UUID, list[Somebody]]:
    keys = tenant_keys(tenant_id)
    found: dict[UUID, list[Somebody]] = defaultdict(list)
    for case, role, until, born, kind, number in database.execute(
        "SELECT c.id, m.role, m.until, p.birth_date_sealed, p.number_kind, p.number_sealed"
        " FROM cases c JOIN household_members m ON m.household_id = c.household_id"
        " JOIN persons p ON p.id = m.person_id ORDER BY m.id"
    ):
        sex = ""
        if kind == "personal":
            sex = "man" if keys.open(NUMBER, number)[10] in "13579" else "woman"
        found[case].append((role, until, Person.birth_date.read(keys, born), sex))
    return found


def _groups(people: list[Somebody], wanted: str, day: date) -> tuple[str, ...]:
    if not wanted:
        return ()
    there = [born for _, until, born, _ in people if until is None or until > day]
    children = "yes" if any(_age(born, day) < 18 for born in there) else "no"
    told = []
    if wanted == "all":
        _, _, born, sex = next(one for one in people if one[0] == "applicant")
        bands = ((18, 24, "18-24"), (25, 44, "25-44"), (45, 64, "45-64"), (65, 200, "65-"))
        told += [f"sex:{sex}"] if sex else []
        told += [f"age:{name}" for least, most, name in bands if least <= _age(born, day) <= most]
    return (*told, f"children:{children}")


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
