"""How somebody stands with us now: one statement, sent with every request.

A session that has been shut, a person who is blocked and a role taken away are gone at the next
request, so nothing of this is kept in the process. It is one statement over three primary keys that
sets its own tenant, as plans of reads do (see ``docs/decisions/0011``), and not a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from psycopg import OperationalError, RawCursor

from hemvist.db import Audience, engine, reading_connection
from hemvist.identity.actor import Actor, Membership, Role
from hemvist.tenancy.declaration import PRINCIPAL_SETTING, TENANT_SETTING

# The tenant is taken from the CTE that sets it: compared with the parameter itself, PostgreSQL would
# ask row security before it is set.
_ASKING = f"""WITH asking AS MATERIALIZED (
  SELECT set_config('{TENANT_SETTING}', $1, true)::uuid AS tenant,
         set_config('{PRINCIPAL_SETTING}', '', true))
"""
_PRINCIPAL = """p.id, p.status, p.display_name, ARRAY(
    SELECT ARRAY[m.role, m.department] FROM memberships m
    WHERE m.tenant_id = p.tenant_id AND m.principal_id = p.id ORDER BY m.role, m.department)"""
_BY_SESSION = f"""{_ASKING}SELECT {_PRINCIPAL}, s.secret_sha256, s.csrf_secret, s.last_seen_at,
  s.idle_expires_at, s.ends_at, s.revoked_at
FROM asking,
  LATERAL (SELECT * FROM login_sessions WHERE tenant_id = asking.tenant AND id = $2 LIMIT 1) s,
  LATERAL (SELECT * FROM principals WHERE tenant_id = asking.tenant AND id = s.principal_id
    LIMIT 1) p"""  # noqa: S608 - words of this module alone
_BY_SUBJECT = f"""{_ASKING}SELECT {_PRINCIPAL}, p.memberships_refreshed_at
FROM asking,
  LATERAL (SELECT * FROM principals WHERE tenant_id = asking.tenant AND issuer = $2
    AND subject = $3 LIMIT 1) p"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Standing:
    """A principal, and the memberships that the issuer last told us of."""

    tenant_id: UUID
    principal_id: UUID
    status: str
    name: str
    memberships: frozenset[Membership]

    def actor(
        self, memberships: frozenset[Membership] | None = None, channel: str = "portal"
    ) -> Actor:
        """The actor that the principal is, with ``memberships`` where those are fewer."""
        held = self.memberships if memberships is None else memberships
        return Actor(self.tenant_id, self.principal_id, self.name, held, channel)


@dataclass(frozen=True, slots=True)
class SessionStanding(Standing):
    """And the session by which they come."""

    secret_sha256: bytes
    csrf_secret: str
    last_seen_at: datetime
    idle_expires_at: datetime
    ends_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class SubjectStanding(Standing):
    """And when the issuer last told us of their memberships."""

    refreshed_at: datetime | None


def by_session(tenant_id: UUID, session_id: UUID) -> SessionStanding | None:
    """Whose session this is, living or not; None where there is none."""
    row = _row(_BY_SESSION, (str(tenant_id), session_id))
    if row is None:
        return None
    who, status, name, pairs, *session = row
    return SessionStanding(tenant_id, who, status, name, _memberships(pairs), *session)


def by_subject(tenant_id: UUID, issuer: str, subject: str) -> SubjectStanding | None:
    """Whom ``issuer`` calls ``subject``; None where nobody has been seen under that name."""
    row = _row(_BY_SUBJECT, (str(tenant_id), issuer, subject))
    if row is None:
        return None
    who, status, name, pairs, refreshed_at = row
    return SubjectStanding(tenant_id, who, status, name, _memberships(pairs), refreshed_at)


def _row(statement: str, given: Sequence[Any]) -> tuple[Any, ...] | None:
    try:
        with reading_connection(Audience.STAFF) as connection:
            return _asked(connection, statement, given)
    except OperationalError:
        # The connection had died in its pool, perhaps with all of them. The other pool tries its
        # connections before it lends them; if the server is away, it says so.
        with engine(Audience.STAFF).connect() as lent:
            return _asked(lent.connection.driver_connection, statement, given)


def _asked(connection: Any, statement: str, given: Sequence[Any]) -> tuple[Any, ...] | None:
    with RawCursor(connection) as cursor:
        cursor.execute(statement, given, prepare=True)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def _memberships(pairs: Sequence[Sequence[str]]) -> frozenset[Membership]:
    return _known(tuple((role, department) for role, department in pairs))


@lru_cache(maxsize=4096)
def _known(pairs: tuple[tuple[str, str], ...]) -> frozenset[Membership]:
    # The same set for the same roles: it is part of every plan's key, and knows its own hash.
    return frozenset(Membership(Role(role), department) for role, department in pairs)
