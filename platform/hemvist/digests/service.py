"""Asking for the weekly mail, and letting it be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select

from hemvist import audit
from hemvist.clock import now
from hemvist.digests.models import DigestSubscription
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys

ADDRESS_FIELD = "digest_subscriptions.address"
MAX_ADDRESS = 254
# What SMTP takes without quoting: no blank, no line break, nothing that could become a header.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9.-]{1,253})")


def subscribe(
    session: TenantSession,
    actor: Actor,
    *,
    address: str,
    domains: Sequence[str],
    language: str = "sv",
) -> DigestSubscription:
    """The actor wants the weekly mail at ``address``, which must be in one of the kommun's ``domains``.

    Raises ``ValidationFailed`` naming the field.
    """
    problems = []
    if language not in ("sv", "en"):
        problems.append(
            Problem("language", "unknown_choice", "sv or en", {"allowed": ["sv", "en"]})
        )
    found = _ADDRESS.fullmatch(address.strip())
    if found is None or len(address.strip()) > MAX_ADDRESS:
        problems.append(Problem("address", "mail_address_form", "not an address for mail"))
    elif found[1].lower() not in domains:
        problems.append(
            Problem(
                "address",
                "mail_domain",
                "the weekly mail goes to the kommun's own addresses only",
                {"domains": ", ".join(domains)},
            )
        )
    if problems:
        raise ValidationFailed(problems)
    assert actor.principal_id is not None
    sealed = tenant_keys(session.tenant_id).seal(ADDRESS_FIELD, address.strip())
    row = subscription_of(session, actor)
    if row is None:
        row = session.save(
            DigestSubscription(
                principal_id=actor.principal_id,
                state="on",
                language=language,
                address_sealed=sealed,
                changed_at=now(),
            )
        )
    else:
        session.lock(row)
        row.state, row.address_sealed, row.language = "on", sealed, language
        row.changed_at = now()
        row.version += 1
        session.flush()
    _log(session, actor, "digest.subscribe", row)
    return row


def unsubscribe(session: TenantSession, actor: Actor) -> DigestSubscription:
    """The actor wants no more of it; the address is forgotten. Raises ``NotFound``, ``Conflict``."""
    row = subscription_of(session, actor)
    if row is None:
        raise NotFound("DigestSubscription")
    session.lock(row)
    if row.state == "off":
        raise Conflict("already_off", "the weekly mail is off")
    row.state, row.address_sealed = "off", None
    row.changed_at = now()
    row.version += 1
    session.flush()
    _log(session, actor, "digest.unsubscribe", row)
    return row


def subscription_of(session: TenantSession, actor: Actor) -> DigestSubscription | None:
    """The actor's wish, on or off."""
    return session.scalar(
        select(DigestSubscription).where(DigestSubscription.principal_id == actor.principal_id)
    )


def address_of(row: DigestSubscription) -> str:
    """Where the mail goes. Raises ``ValueError`` when it is off."""
    if row.address_sealed is None:
        raise ValueError("it is off")
    return tenant_keys(row.tenant_id).open(ADDRESS_FIELD, row.address_sealed)


def _log(session: TenantSession, actor: Actor, action: str, row: DigestSubscription) -> None:
    audit.record(session, actor, action, subject_type="digest_subscription", subject_id=row.id)
