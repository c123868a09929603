"""What landlords have delivered on their quotas, said once more from the words of the definition.

Straight over the tables, by SQL, with nothing of ``hemvist.quotas``. A home's *turn* begins with the
day on which the landlord offered it, and ends when the kommun gives it back; it is delivered once, on
the day on which it was first let or, where the agreement counts so, taken in. It counts towards the
quota in which a person has placed it, or else towards the first one over a time that held on the day
of the offer and that it fits; and then towards those that the quota lies within. A quota counts in
the month in which its period ends.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg

_DELIVERED = """
WITH RECURSIVE
agreed AS (
  SELECT id, landlord_id, starts_on, coalesce(ended_on, ends_on, 'infinity') AS last_on
    FROM agreements WHERE state IN ('in_force', 'ended')),
versions AS (
  SELECT v.id, v.holds_from,
         least(a.last_on, lead(v.holds_from) OVER (PARTITION BY a.id ORDER BY v.holds_from) - 1) AS to_on
    FROM agreement_versions v JOIN agreed a ON a.id = v.agreement_id WHERE v.state = 'in_force'),
terms AS (
  SELECT a.landlord_id, a.starts_on, a.last_on, v.holds_from, v.to_on, t.*
    FROM quota_terms t JOIN versions v ON v.id = t.version_id JOIN agreed a ON a.id = t.agreement_id
   WHERE v.holds_from <= v.to_on),
lines AS (
  SELECT s.*, count(*) FILTER (WHERE s.state = 'returned')
           OVER (PARTITION BY s.unit_id ORDER BY s.id ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) AS turn
    FROM unit_states s),
turns AS (
  SELECT unit_id, landlord_id, turn,
         (array_agg(since ORDER BY id) FILTER (WHERE state <> 'returned'))[1] AS came_on,
         (array_agg(since ORDER BY id) FILTER (WHERE state = 'let'))[1] AS let_on
    FROM lines GROUP BY unit_id, landlord_id, turn HAVING bool_or(state <> 'returned')),
offered AS (
  SELECT t.*, u.area, u.property_designation, p.id AS placement, p.agreement_id, p.code,
         least(t.came_on, (
           SELECT v.reported_on FROM vacancies v
            WHERE v.unit_id = t.unit_id AND v.state = 'taken_in' AND v.answered_on >= t.came_on
              AND v.answered_on < coalesce((SELECT n.came_on FROM turns n
                   WHERE n.unit_id = t.unit_id AND n.turn > t.turn ORDER BY n.turn LIMIT 1), 'infinity')
            ORDER BY v.answered_on, v.id LIMIT 1)) AS offered_on
    FROM turns t JOIN units u ON u.id = t.unit_id
    LEFT JOIN quota_placements p ON p.unit_id = t.unit_id),
credited AS (
  SELECT o.unit_id, o.turn, o.came_on, o.let_on,
         coalesce(o.agreement_id, f.agreement_id) AS agreement_id, coalesce(o.code, f.code) AS code
    FROM offered o LEFT JOIN LATERAL (
      SELECT t.agreement_id, t.code FROM terms t
       WHERE o.placement IS NULL AND t.landlord_id = o.landlord_id AND t.per <> 'standing'
         AND o.offered_on BETWEEN t.holds_from AND t.to_on
         AND t.kind <> 'beside_requirements' AND t.within_code IS NULL
         AND o.area <> ALL (t.excluded_areas)
         AND CASE WHEN t.delivered_in = 'existing' THEN o.property_designation <> ALL (t.properties)
                  ELSE cardinality(t.properties) = 0 OR o.property_designation = ANY (t.properties) END
       ORDER BY t.position, t.agreement_id LIMIT 1) f ON true
  UNION
  SELECT c.unit_id, c.turn, c.came_on, c.let_on, t.agreement_id, t.within_code
    FROM credited c JOIN terms t ON t.agreement_id = c.agreement_id AND t.code = c.code
   WHERE t.within_code IS NOT NULL),
quotas AS (
  SELECT DISTINCT ON (agreement_id, code) agreement_id, code, per, starts_on, last_on
    FROM terms ORDER BY agreement_id, code, holds_from DESC),
periods AS (
  SELECT q.agreement_id, q.code, from_on, to_on FROM quotas q CROSS JOIN LATERAL (
    SELECT make_date(y, 1, 1) AS from_on, make_date(y, 12, 31) AS to_on
      FROM generate_series(extract(year FROM q.starts_on)::int, %(year)s) y WHERE q.per = 'year'
    UNION ALL
    SELECT make_date(y, h, 1), (make_date(y, h, 1) + interval '6 months' - interval '1 day')::date
      FROM generate_series(extract(year FROM q.starts_on)::int, %(year)s) y, unnest(ARRAY[1, 7]) h
     WHERE q.per = 'half_year'
    UNION ALL
    SELECT q.starts_on, q.last_on WHERE q.per = 'agreement' AND q.last_on < 'infinity') p
  WHERE p.from_on <= q.last_on AND p.to_on >= q.starts_on AND p.to_on <= %(until)s),
lasting AS (
  SELECT DISTINCT ON (p.agreement_id, p.code, p.to_on) p.*, t.counts, t.within_code, t.per
    FROM periods p JOIN terms t ON t.agreement_id = p.agreement_id AND t.code = p.code
     AND t.holds_from <= p.to_on
   WHERE EXISTS (SELECT FROM terms h WHERE h.agreement_id = p.agreement_id AND h.code = p.code
                    AND h.holds_from <= p.to_on AND h.to_on >= p.from_on)
   ORDER BY p.agreement_id, p.code, p.to_on, t.holds_from DESC)
SELECT date_trunc('month', l.to_on)::date, count(*)
  FROM lasting l JOIN credited c ON c.agreement_id = l.agreement_id AND c.code = l.code
 WHERE l.within_code IS NULL AND l.per <> 'standing'
   AND CASE l.counts WHEN 'let' THEN c.let_on ELSE c.came_on END BETWEEN l.from_on AND l.to_on
 GROUP BY 1
"""


def delivered(database: psycopg.Connection[Any], until: date) -> dict[date, int]:
    """Homes by the first day of the month in which their quota's period ended, ``until`` at the latest.

    ``database`` sees one kommun and nothing else. Months without any are left out.
    """
    return dict(database.execute(_DELIVERED, {"until": until, "year": until.year}).fetchall())
