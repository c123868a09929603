"""Commands on the weekly mail."""

from __future__ import annotations

from typing import Any

import strawberry
from sqlalchemy import select

from hemvist.digests import service
from hemvist.identity import Actor
from hemvist.tenancy import Tenant, TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import text
from hemvist_tenants import known_tenants


@strawberry.input
class SubscribeDigestInput:
    """Where the weekly mail is wanted."""

    idempotency_key: str
    address: str = text(254, description="In one of the kommun's own domains.")
    language: str = text(2, default="sv", description="sv or en")


@command(
    SubscribeDigestInput,
    gives="digest_subscription",
    description="Ask for the weekly mail: how much waits, and nothing of whom it is about.",
)
def subscribe_digest(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Ask for the weekly mail."""
    slug = session.scalar(select(Tenant.slug).where(Tenant.id == session.tenant_id))
    kommun = known_tenants().get(slug or "")
    return service.subscribe(
        session, actor, **values, domains=kommun.mail_domains if kommun is not None else ()
    )


@strawberry.input
class UnsubscribeDigestInput:
    """That no weekly mail is wanted."""

    idempotency_key: str


@command(
    UnsubscribeDigestInput,
    gives="digest_subscription",
    description="No more weekly mail; the address is forgotten.",
)
def unsubscribe_digest(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """No more weekly mail."""
    return service.unsubscribe(session, actor)
