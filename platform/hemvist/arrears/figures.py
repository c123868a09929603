"""What the months of a tenancy come to: balance, since when, and early signals."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import answered

#: Rents before the position's day count as due. What is due later is nobody's debt yet.
_RECKON = """
WITH told AS (
  SELECT a.id,
         COALESCE(sum(m.owed_ore) FILTER (WHERE m.due_on < a.position_on), 0)::bigint AS balance,
         min(m.due_on) FILTER (WHERE m.owed_ore > 0 AND m.due_on < a.position_on) AS since,
         count(*) FILTER (WHERE m.owed_ore > 0 AND m.due_on < a.position_on) AS owing,
         count(*) FILTER (
           WHERE m.due_on < a.position_on AND m.due_on >= (a.position_on - interval '12 months')
             AND (m.owed_ore > 0 OR m.paid_on > m.due_on)) AS late,
         COALESCE(bool_or(m.paid_on > m.due_on AND m.month = latest.month), false) AS paid_late
    FROM rent_accounts a
    LEFT JOIN rent_months m ON m.tenant_id = a.tenant_id AND m.account_id = a.id
    LEFT JOIN LATERAL (
      SELECT max(l.month) AS month FROM rent_months l
       WHERE l.tenant_id = a.tenant_id AND l.account_id = a.id AND l.due_on < a.position_on
    ) latest ON true
   WHERE a.tenant_id = %(tenant)s AND a.id = ANY(%(accounts)s)
   GROUP BY a.id
), before AS (
  SELECT a.id, a.balance_ore FROM rent_accounts a
   WHERE a.tenant_id = %(tenant)s AND a.id = ANY(%(accounts)s)
)
UPDATE rent_accounts a
   SET balance_ore = told.balance,
       owing_since = told.since,
       months_owing = told.owing,
       late_months = told.late,
       signals = array_remove(ARRAY[
         CASE WHEN told.balance > 0 OR told.paid_late THEN 'late' END,
         CASE WHEN told.late >= 2 AND (told.balance > 0 OR told.paid_late) THEN 'second_time' END,
         CASE WHEN before.balance_ore > 0 AND told.balance > before.balance_ore THEN 'rising' END,
         CASE WHEN told.owing >= 2 THEN 'several_rents' END,
         CASE WHEN a.collection AND told.balance > 0 THEN 'collection' END,
         CASE WHEN a.eviction_applied AND told.balance > 0 THEN 'eviction_applied' END
       ], NULL)
  FROM told JOIN before ON before.id = told.id
 WHERE a.tenant_id = %(tenant)s AND a.id = told.id
RETURNING a.id, before.balance_ore, a.balance_ore, a.case_id
"""


def reckon(
    session: TenantSession, accounts: Sequence[UUID]
) -> list[tuple[UUID, int, int, UUID | None]]:
    """Reckon the tenancies anew: id, balance before and now in öre, and the case of each."""
    if not accounts:
        return []
    session.expire_all()
    rows = answered(session, _RECKON, {"accounts": list(accounts)})
    return [tuple(row) for row in rows]
