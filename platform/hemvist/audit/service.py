"""Writing the audit log, in the transaction of the act: no entry, no act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from hemvist.audit.marks import one_time_key
from hemvist.audit.models import AuditEntry
from hemvist.audit.origin import origin
from hemvist.clock import now
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.statements import Computed, append


def record(
    session: TenantSession,
    actor: Actor,
    action: str,
    *,
    kind: str = "write",
    persons: Iterable[UUID] | Computed = (),
    case_id: UUID | None = None,
    subject_type: str | None = None,
    subject_id: UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> UUID:
    """Append one entry; its id. ``persons`` may be for PostgreSQL to find.

    ``details`` may hold names of fields and codes, never personal data. Raises ``KeysMissing`` where
    the kommun has no key for its log: then there is no act either.

    Source: SoLPUL (2001:454) section 10: access to social-services data is logged.
    """
    # Written with the act's next statement, at the latest when the transaction ends.
    return append(
        session,
        AuditEntry,
        at=now(),
        kind=kind,
        principal_id=actor.principal_id,
        roles=sorted(role.value for role in actor.roles),
        channel=actor.channel,
        action=action,
        case_id=case_id,
        person_ids=persons if isinstance(persons, Computed) else sorted(set(persons)),
        subject_type=subject_type,
        subject_id=subject_id,
        details=dict(details or {}),
        origin=origin(),
        mac=one_time_key(tenant_keys(session.tenant_id)),
    )
