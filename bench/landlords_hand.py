"""The start page's things by hand, for ``bench/landlords.py``: SQL with the reach written out, a dict.

As a superuser, past row security: what somebody would write who needs no second guard.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg

_REACH = """
WITH reach AS (
  SELECT a.tenant_id, a.landlord_id, a.id, m.districts, t.name AS kommun, l.name AS landlord
    FROM landlord_members m
    JOIN landlord_access a ON a.landlord_id = m.landlord_id AND a.status = 'open'
    JOIN tenants t ON t.id = a.tenant_id AND t.status = 'active'
    JOIN landlords l ON l.id = m.landlord_id
   WHERE m.principal_id = %(who)s AND m.status = 'active'
)
"""
_KOMMUNER = _REACH + "SELECT tenant_id, landlord_id, kommun, landlord FROM reach ORDER BY kommun"
_UNITS = (
    _REACH
    + """
SELECT u.tenant_id, u.state, count(*)
  FROM reach r JOIN units u ON u.tenant_id = r.tenant_id AND u.landlord_id = r.landlord_id
 WHERE cardinality(r.districts) = 0 OR EXISTS (
       SELECT 1 FROM landlord_district_properties p
        WHERE p.district_id = ANY (r.districts) AND p.kommun_id = u.tenant_id
          AND p.property_designation = u.property_designation)
 GROUP BY u.tenant_id, u.state
"""
)
_EVENTS = (
    _REACH
    + """
SELECT e.type, e.occurred_at, e.subject_id, r.kommun
  FROM reach r JOIN landlord_events e
    ON e.tenant_id = r.tenant_id AND e.landlord_id = r.landlord_id
 WHERE cardinality(r.districts) = 0 OR e.property_designation IS NULL OR EXISTS (
       SELECT 1 FROM landlord_district_properties p
        WHERE p.district_id = ANY (r.districts) AND p.kommun_id = e.tenant_id
          AND p.property_designation = e.property_designation)
 ORDER BY e.occurred_at DESC LIMIT 20
"""
)


def by_hand(connection: psycopg.Connection[Any], principal: UUID) -> dict[str, Any]:
    """What the start page shows of a person."""
    who = {"who": principal}
    with connection.transaction():
        kommuner = connection.execute(_KOMMUNER, who).fetchall()
        units = connection.execute(_UNITS, who).fetchall()
        events = connection.execute(_EVENTS, who).fetchall()
    return {
        "kommuner": [
            {"id": str(tenant), "name": kommun, "landlord": landlord}
            for tenant, _, kommun, landlord in kommuner
        ],
        "units": [
            {"kommun": str(tenant), "state": state, "count": number}
            for tenant, state, number in units
        ],
        "events": [
            {"type": kind, "at": at.isoformat(), "subject": str(subject), "kommun": kommun}
            for kind, at, subject, kommun in events
        ],
    }
