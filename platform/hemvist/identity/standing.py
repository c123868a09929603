"""How somebody stands with us now: one statement, sent with every request.

A session that has been shut, a person who is blocked and a role taken away are gone at the next
request: what is remembered of it (``remembered``) is no answer, only what a statement that reads for
them has to prove (``Proof``). It is one statement over three primary keys that
sets its own tenant, as plans of reads do (see ``docs/decisions/0011``), and not a transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from psycopg import OperationalError, RawCursor

from hemvist.clock import real_now
from hemvist.db import Audience, reading_connection
from hemvist.identity.actor import Actor, Membership, Role
from hemvist.kept import Kept
from hemvist.settings import get_settings
from hemvist.tenancy.declaration import PRINCIPAL_SETTING, TENANT_SETTING
from hemvist.tenancy.models import ACTIVE

# The tenant is taken from the CTE that sets it: compared with the parameter itself, PostgreSQL would
# ask row security before it is set.
_ASKING = f"""WITH asking AS MATERIALIZED (
  SELECT set_config('{TENANT_SETTING}', $1, true)::uuid AS tenant,
         set_config('{PRINCIPAL_SETTING}', '', true))
"""
_PRINCIPAL = """p.id, p.status, p.display_name, p.memberships_refreshed_at, ARRAY(
    SELECT ARRAY[m.role, m.department] FROM memberships m
    WHERE m.tenant_id = p.tenant_id AND m.principal_id = p.id ORDER BY m.role, m.department)"""
# In a kommun that is not open nobody stands anyhow, from the next request on.
_OPEN = f"""LATERAL (SELECT 1 FROM tenants WHERE id = asking.tenant AND status = '{ACTIVE}'
    LIMIT 1) k"""  # noqa: S608 - words of this module alone
_BY_SESSION = f"""{_ASKING}SELECT {_PRINCIPAL}, s.secret_sha256, s.csrf_secret, s.last_seen_at,
  s.idle_expires_at, s.ends_at, s.revoked_at
FROM asking, {_OPEN},
  LATERAL (SELECT * FROM login_sessions WHERE tenant_id = asking.tenant AND id = $2 LIMIT 1) s,
  LATERAL (SELECT * FROM principals WHERE tenant_id = asking.tenant AND id = s.principal_id
    LIMIT 1) p"""  # noqa: S608 - words of this module alone
_BY_SUBJECT = f"""{_ASKING}SELECT {_PRINCIPAL}
FROM asking, {_OPEN},
  LATERAL (SELECT * FROM principals WHERE tenant_id = asking.tenant AND issuer = $2
    AND subject = $3 LIMIT 1) p"""  # noqa: S608 - words of this module alone


def _by_value(statement: str) -> str:
    """``statement`` for a database over many machines: the transaction has set the tenant, and each
    table is compared with its value (decision 0052)."""
    whose, _, rest = statement.partition("FROM asking, LATERAL")
    whose = whose.removeprefix(_ASKING).replace("p.tenant_id", "$1::uuid")
    return f"{whose}FROM{rest.replace('asking.tenant', '$1::uuid')}"


#: Signs between a role and its department, and between memberships, where those are one text.
WITHIN, BETWEEN = "\x1f", "\x1e"
#: How many are remembered, to be proved by the statement that reads for them.
KEPT_STANDINGS = 4_096


class Proving(StrEnum):
    """What a statement has to prove: that a session lives, or only how its principal stands."""

    SESSION = "session"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Proof:
    """What is taken for granted of somebody, for a statement to prove (see ``Proving``)."""

    proving: Proving
    granted: Mapping[str, Any]

    def values(self) -> dict[str, Any]:
        """The statement's parameters."""
        return {**self.granted, "proof_now": real_now()}


#: Names of every proof's parameters.
PROOF_NAMES = (
    *("proof_status", "proof_refreshed", "proof_held"),
    *("proof_session", "proof_secret", "proof_now"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A principal, and the memberships that the issuer last told us of."""

    tenant_id: UUID
    principal_id: UUID
    status: str
    name: str
    refreshed_at: datetime | None
    memberships: frozenset[Membership]
    #: The memberships as one text, in the database's order.
    held: str

    def actor(
        self, memberships: frozenset[Membership] | None = None, channel: str = "portal"
    ) -> Actor:
        """The actor that the principal is, with ``memberships`` where those are fewer."""
        held = self.memberships if memberships is None else memberships
        return Actor(self.tenant_id, self.principal_id, self.name, held, channel)

    def proof(self) -> Proof:
        """That the principal still stands like this."""
        return Proof(Proving.SUBJECT, self._granted())

    def _granted(self) -> dict[str, Any]:
        return {
            "proof_status": self.status,
            "proof_refreshed": self.refreshed_at,
            "proof_held": self.held,
        }


@dataclass(frozen=True, slots=True)
class SessionStanding(Standing):
    """And the session by which they come."""

    session_id: UUID
    secret_sha256: bytes
    csrf_secret: str
    last_seen_at: datetime
    idle_expires_at: datetime
    ends_at: datetime
    revoked_at: datetime | None

    def proof(self) -> Proof:
        """That the principal stands like this, and the session lives."""
        session = {"proof_session": self.session_id, "proof_secret": self.secret_sha256}
        return Proof(Proving.SESSION, {**self._granted(), **session})


_sessions: Kept[SessionStanding] = Kept(KEPT_STANDINGS)
_subjects: Kept[Standing] = Kept(KEPT_STANDINGS)


def by_session(
    tenant_id: UUID, session_id: UUID, *, remembered: bool = False
) -> SessionStanding | None:
    """Whose session this is, living or not; None where there is none, or the kommun is not open.

    With ``remembered``, how it stood when it was last looked up, or None: good only for a statement
    that proves it.
    """
    key = (tenant_id, session_id)
    if remembered:
        return _sessions.find(key)
    row = _row(_BY_SESSION, (str(tenant_id), session_id))
    if row is None:
        _sessions.drop(key)
        return None
    who, status, name, refreshed, pairs, *session = row
    roles, held = _memberships(pairs)
    found = SessionStanding(
        tenant_id, who, status, name, refreshed, roles, held, session_id, *session
    )
    _sessions.keep(key, found)
    return found


def by_subject(
    tenant_id: UUID, issuer: str, subject: str, *, remembered: bool = False
) -> Standing | None:
    """Whom ``issuer`` calls ``subject``; None where nobody has been seen under that name, or the
    kommun is not open.

    With ``remembered`` as with ``by_session``.
    """
    key = (tenant_id, issuer, subject)
    if remembered:
        return _subjects.find(key)
    row = _row(_BY_SUBJECT, (str(tenant_id), issuer, subject))
    if row is None:
        _subjects.drop(key)
        return None
    who, status, name, refreshed, pairs = row
    found = Standing(tenant_id, who, status, name, refreshed, *_memberships(pairs))
    _subjects.keep(key, found)
    return found


def _row(statement: str, given: Sequence[Any]) -> tuple[Any, ...] | None:
    try:
        return _asked(statement, given)
    except OperationalError:
        # The connection had died in its pool, and all that lay there have gone with it: the next
        # is a new one. If the server is away, it says so.
        return _asked(statement, given)


def _asked(statement: str, given: Sequence[Any]) -> tuple[Any, ...] | None:
    if get_settings().database_distributed:
        return _asked_of_many(_by_value(statement), given)
    with reading_connection(Audience.STAFF) as connection, RawCursor(connection) as cursor:
        cursor.execute(statement, given, prepare=True)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def _asked_of_many(statement: str, given: Sequence[Any]) -> tuple[Any, ...] | None:
    with (
        reading_connection(Audience.STAFF) as connection,
        connection.transaction(),
        RawCursor(connection) as cursor,
    ):
        # The id alone: it is sent as it stands.
        context = (
            f"SET LOCAL {TENANT_SETTING} = '{UUID(given[0])}'; SET LOCAL {PRINCIPAL_SETTING} = ''"
        )
        cursor.execute(context.encode(), prepare=False)
        cursor.execute(statement, given, prepare=True)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def _memberships(pairs: Sequence[Sequence[str]]) -> tuple[frozenset[Membership], str]:
    held = tuple((role, department) for role, department in pairs)
    return _known(held), BETWEEN.join(f"{role}{WITHIN}{department}" for role, department in held)


@lru_cache(maxsize=4096)
def _known(pairs: tuple[tuple[str, str], ...]) -> frozenset[Membership]:
    # The same set for the same roles: it is part of every plan's key, and knows its own hash.
    return frozenset(Membership(Role(role), department) for role, department in pairs)
