"""Taking back what landlords were shown of a household when a check of protection has grown too old.

A protection that is set takes it back in its own transaction, by triggers. That a day passes sets
nothing: it is swept.
"""

from __future__ import annotations

from datetime import date

from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import answered

#: From what is shown to whom it is of: that is far less than everybody who was ever looked up.
_STALE = """
WITH shown AS (
  SELECT household_id FROM landlord_disclosures
   WHERE tenant_id = %(tenant)s AND sealed_name IS NOT NULL
  UNION
  SELECT household_id FROM landlord_offers
   WHERE tenant_id = %(tenant)s AND (adults IS NOT NULL OR needs <> '{}')
  UNION
  SELECT c.household_id FROM presented_households p
    JOIN cases c ON c.tenant_id = p.tenant_id AND c.id = p.case_id
   WHERE p.tenant_id = %(tenant)s AND p.size_shown
), stale AS (
  SELECT s.household_id FROM shown s
   WHERE EXISTS (
     SELECT FROM household_members m
       JOIN persons p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
      WHERE m.tenant_id = %(tenant)s AND m.household_id = s.household_id
        AND COALESCE(p.unprotected_until < %(day)s, true))
   ORDER BY s.household_id LIMIT %(most)s
)
SELECT household_id, hemvist_withhold(%(tenant)s, household_id)::text FROM stale
"""


def withhold_stale(session: TenantSession, on: date, most: int) -> int:
    """Take back names, sizes and needs of households in which somebody counts as protected on a day.

    At most ``most`` households; returns how many.
    """
    return len(answered(session, _STALE, {"day": on, "most": most}))
