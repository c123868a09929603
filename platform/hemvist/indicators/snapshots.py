"""What each month showed when it was over: kept once, never changed (ögonblicksbilder).

Done again, it writes what is missing and nothing else. A definition of another version has a series of
its own, counted back as far as facts reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hemvist.clock import now
from hemvist.indicators.definitions import Definition, catalogue
from hemvist.policy import add_months
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import NEW_ID, answered

#: How far back a series begins, months.
BACK = 120

#: Facts of the months asked for, and the cells that they stand in: one of each margin.
_COUNTED = (
    "WITH months AS (SELECT month, (month + interval '1 month')::date AS after"
    "  FROM unnest(%(months)s::date[]) AS month),"
    " counted AS ("
    "  SELECT m.month, f.case_id, f.programme, f.step, f.area, f.groups, f.met, f.amount"
    "  FROM months m JOIN indicator_facts f ON f.tenant_id = %(tenant)s"
    "  AND f.indicator = %(indicator)s AND {holds}),"
    " celled AS ("
    "  SELECT c.*, margin.name AS margin, margin.cell FROM counted c CROSS JOIN LATERAL (VALUES"
    "   ('all', ''), ('programme', c.programme), ('step', c.programme || ':' || c.step),"
    "   ('area', c.area),"
    "   ('sex', coalesce((SELECT g FROM unnest(c.groups) g WHERE g LIKE 'sex:%%'), '')),"
    "   ('age', coalesce((SELECT g FROM unnest(c.groups) g WHERE g LIKE 'age:%%'), '')),"
    "   ('children', coalesce((SELECT g FROM unnest(c.groups) g WHERE g LIKE 'children:%%'), ''))"
    "  ) AS margin (name, cell) WHERE margin.name = ANY(%(margins)s)),"
    " made AS ("
    "  SELECT c.month, c.margin, c.cell, count(*) AS facts,"
    "   count(DISTINCT k.household_id) AS households, count(*) FILTER (WHERE c.met) AS met,"
    "   coalesce(sum(c.amount), 0) AS amount,"
    "   percentile_disc(0.5) WITHIN GROUP (ORDER BY c.amount) AS middle"
    "  FROM celled c JOIN cases k ON k.tenant_id = %(tenant)s AND k.id = c.case_id"
    "  GROUP BY 1, 2, 3"
    "  UNION ALL SELECT month, 'all', '', 0, 0, 0, 0, NULL FROM months m"
    "   WHERE NOT EXISTS (SELECT FROM counted c WHERE c.month = m.month))"
    " INSERT INTO indicator_snapshots (tenant_id, id, indicator, version, month, margin, cell, facts,"
    "  households, met, amount, middle, counted_at)"
    " SELECT %(tenant)s, {new_id}, %(indicator)s, %(version)s, month, margin, cell, facts, households,"
    "  met, amount, middle, %(at)s FROM made"
    " ON CONFLICT (tenant_id, indicator, version, month, margin, cell) DO NOTHING"
    " RETURNING 1"
)
_HOLDS = {
    "flow": "f.begins >= m.month AND f.begins < m.after",
    # On the month's last day.
    "stock": "f.begins < m.after AND (f.ends IS NULL OR f.ends >= m.after)",
}


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def keep(session: TenantSession, today: date) -> int:
    """Keep what the months before ``today``'s showed that are not kept yet; how many cells.

    The facts must have been counted. Does not commit.
    """
    kept: dict[tuple[str, int], set[date]] = {}
    for indicator, version, month in answered(
        session,
        "SELECT indicator, version, month FROM indicator_snapshots"
        " WHERE tenant_id = %(tenant)s AND margin = 'all'",
        {},
    ):
        kept.setdefault((indicator, version), set()).add(month)
    months = _months(session, today)
    written = 0
    for definition in catalogue().values():
        if definition.about == "nobody":
            continue
        there = kept.get((definition.code, definition.version), set())
        missing = [month for month in months if month not in there]
        if missing:
            written += _keep(session, definition, missing)
    return written


def _months(session: TenantSession, today: date) -> list[date]:
    """The months that are over, from that of the first fact, at most ``BACK``."""
    ((first,),) = answered(
        session,
        "SELECT min(begins) FROM indicator_facts WHERE tenant_id = %(tenant)s",
        {},
    )
    if first is None:
        return []
    this = month_of(today)
    month = max(month_of(first), add_months(this, -BACK))
    found = []
    while month < this:
        found.append(month)
        month = add_months(month, 1)
    return found


def _keep(session: TenantSession, definition: Definition, months: Sequence[date]) -> int:
    text = _COUNTED.format(holds=_HOLDS[definition.kind], new_id=NEW_ID)
    return len(
        answered(
            session,
            text,
            {
                "months": list(months),
                "indicator": definition.code,
                "version": definition.version,
                "margins": ["all", *definition.by],
                "at": now(),
            },
        )
    )
