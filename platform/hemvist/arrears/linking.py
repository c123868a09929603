"""Whose tenancy it is: the kommun's own contract, a household in the records, its case."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from hemvist.arrears.models import RentAccount
from hemvist.cases.access import reading_departments
from hemvist.clock import today
from hemvist.households.models import Person
from hemvist.identity import Action, Actor
from hemvist.policy import add_months
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.statements import answered

#: By the home: a running contract of a case that the importer sees. By the number: a person in the
#: same department's records. A case of the household is taken where it is the department's own.
_LINK = """
WITH these AS (
  SELECT a.* FROM rent_accounts a
   WHERE a.tenant_id = %(tenant)s AND a.id = ANY(%(accounts)s)
), homes AS (
  SELECT DISTINCT ON (a.id) a.id, c.id AS contract_id, c.case_id, k.household_id
    FROM these a
    JOIN jsonb_to_recordset(%(homes)s::jsonb) AS h(id uuid, street text, apartment text)
      ON h.id = a.id
    JOIN units u ON u.tenant_id = a.tenant_id
     AND lower(u.street_address) = lower(h.street)
     AND ltrim(u.apartment_number, '0') = ltrim(h.apartment, '0')
    JOIN contracts c ON c.tenant_id = u.tenant_id AND c.unit_id = u.id AND c.state = 'signed'
    JOIN cases k ON k.tenant_id = c.tenant_id AND k.id = c.case_id
     AND (k.department = ANY(%(own)s) OR EXISTS (
       SELECT FROM case_disclosures d
        WHERE d.tenant_id = k.tenant_id AND d.case_id = k.id AND d.ended_on IS NULL
          AND d.department = ANY(%(disclosed)s)))
   ORDER BY a.id, c.starts_on DESC
), people AS (
  SELECT DISTINCT ON (a.id) a.id, m.household_id, k.id AS case_id
    FROM these a
    JOIN persons p ON p.tenant_id = a.tenant_id AND p.department = a.department
     AND p.number_index = a.number_index
    JOIN household_members m ON m.tenant_id = p.tenant_id AND m.person_id = p.id
     AND (m.until IS NULL OR m.until > %(day)s)
    LEFT JOIN cases k ON k.tenant_id = m.tenant_id AND k.household_id = m.household_id
     AND k.state = 'open' AND k.department = a.department
   ORDER BY a.id, k.opened_on DESC NULLS LAST
), linked AS (
  SELECT a.id, COALESCE(homes.contract_id, a.contract_id) AS contract_id,
         COALESCE(homes.case_id, a.case_id, people.case_id) AS case_id,
         COALESCE(homes.household_id, people.household_id, a.household_id) AS household_id
    FROM these a LEFT JOIN homes ON homes.id = a.id LEFT JOIN people ON people.id = a.id
)
UPDATE rent_accounts a
   SET contract_id = linked.contract_id, case_id = linked.case_id,
       household_id = linked.household_id,
       protected = linked.household_id IS NOT NULL AND EXISTS (
         SELECT FROM household_members m
           JOIN persons p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
          WHERE m.tenant_id = a.tenant_id AND m.household_id = linked.household_id
            AND COALESCE(p.unprotected_until < %(day)s, true))
  FROM linked
 WHERE a.tenant_id = %(tenant)s AND a.id = linked.id
RETURNING a.id
"""

_LIVING_THERE = """
SELECT a.id, p.birth_date_sealed
  FROM rent_accounts a
  JOIN household_members m ON m.tenant_id = a.tenant_id AND m.household_id = a.household_id
   AND (m.until IS NULL OR m.until > %(day)s)
  JOIN persons p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
 WHERE a.tenant_id = %(tenant)s AND a.id = ANY(%(accounts)s) AND a.children <> 'yes'
"""
_WITH_CHILDREN = (
    "UPDATE rent_accounts SET children = 'yes'"
    " WHERE tenant_id = %(tenant)s AND id = ANY(%(accounts)s) RETURNING id"
)
_HOMES = (
    "SELECT id, street_address_sealed, apartment_number_sealed FROM rent_accounts"
    " WHERE tenant_id = %(tenant)s AND id = ANY(%(accounts)s)"
)


def link(session: TenantSession, actor: Actor, accounts: Sequence[UUID]) -> None:
    """Find the contract, household and case of each tenancy, as far as the actor may see them.

    A household with anybody to be treated as protected marks the tenancy; one with a child under 18
    says that children live there. That none is registered says nothing of children.
    """
    if not accounts:
        return
    own, disclosed = reading_departments(actor, Action.CASE_READ)
    day = today()
    answered(
        session,
        _LINK,
        {
            "accounts": list(accounts),
            "homes": json.dumps(_homes(session, accounts), ensure_ascii=False),
            "own": sorted(own),
            "disclosed": sorted(disclosed),
            "day": day,
        },
    )
    with_children = _with_children(session, accounts, day)
    if with_children:
        answered(session, _WITH_CHILDREN, {"accounts": with_children})


def _with_children(session: TenantSession, accounts: Sequence[UUID], day: date) -> list[UUID]:
    """Tenancies of households with somebody under 18, as far as nobody has said so yet."""
    found = answered(session, _LIVING_THERE, {"accounts": list(accounts), "day": day})
    keys, grown = tenant_keys(session.tenant_id), add_months(day, -18 * 12)
    return sorted(
        {row_id for row_id, born in found if Person.birth_date.read(keys, bytes(born)) > grown}
    )


def _homes(session: TenantSession, accounts: Sequence[UUID]) -> list[dict[str, str]]:
    """Where each tenancy is, where that is known: sealed, so that only here it can be compared."""
    found = answered(session, _HOMES, {"accounts": list(accounts)})
    keys = tenant_keys(session.tenant_id)
    homes = [
        {
            "id": str(row_id),
            "street": RentAccount.street_address.read(keys, street),
            "apartment": RentAccount.apartment_number.read(keys, apartment),
        }
        for row_id, street, apartment in found
    ]
    return [home for home in homes if home["street"]]
