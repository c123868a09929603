"""Making a feed, revoking it, and finding whose it is by its address."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist.calendar_feeds.models import LANGUAGES, CalendarFeed
from hemvist.clock import now, real_now
from hemvist.errors import Conflict, NotFound, ValidationFailed
from hemvist.identity import Actor
from hemvist.identity.models import Principal
from hemvist.identity.principals import actor_for, memberships_of
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys

#: Roles are known from the last login. A feed of somebody who has not logged in for so long is empty: who
#: has left must not go on reading.
LOGIN_HOLDS = timedelta(days=45)
_PURPOSE = "calendar_feeds.secret"


def make(session: TenantSession, actor: Actor, *, language: str = "sv") -> CalendarFeed:
    """A new address for the actor's calendar; the one from before is revoked.

    Raises ``ValidationFailed`` for another language than Swedish and English.
    """
    if language not in LANGUAGES:
        raise ValidationFailed.one(
            "language", "unknown_choice", "sv or en", allowed=list(LANGUAGES)
        )
    assert actor.principal_id is not None
    before = living(session, actor.principal_id)
    if before is not None:
        before.revoked_at = now()
        session.flush()
    made = session.save(
        CalendarFeed(principal_id=actor.principal_id, language=language, made_at=now())
    )
    audit.record(
        session, actor, "calendar_feed.make", subject_type="calendar_feed", subject_id=made.id
    )
    return made


def revoke(session: TenantSession, actor: Actor, feed_id: UUID) -> CalendarFeed:
    """The address answers nobody any more. Raises ``NotFound`` for another's, ``Conflict``."""
    feed = session.find(CalendarFeed, feed_id)
    if feed.principal_id != actor.principal_id:
        raise NotFound("CalendarFeed")
    session.lock(feed)
    if feed.revoked_at is not None:
        raise Conflict("already_revoked", "the address has been revoked")
    feed.revoked_at = now()
    session.flush()
    audit.record(
        session, actor, "calendar_feed.revoke", subject_type="calendar_feed", subject_id=feed.id
    )
    return feed


def living(session: TenantSession, principal_id: UUID) -> CalendarFeed | None:
    """The principal's feed that is not revoked."""
    return session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.principal_id == principal_id, CalendarFeed.revoked_at.is_(None)
        )
    )


def secret_of(tenant_id: UUID, feed_id: UUID) -> str:
    """The secret part of a feed's address: derived by the tenant's key, so a copy of the database does
    not give it away."""
    derived = tenant_keys(tenant_id).blind_index(_PURPOSE, feed_id.hex)
    return urlsafe_b64encode(derived).rstrip(b"=").decode()


def reader_of(
    session: TenantSession, feed_id: UUID, secret: str
) -> tuple[CalendarFeed, Actor, bool] | None:
    """The feed that ``feed_id`` and ``secret`` name, who reads by it, and whether their login still
    holds; None when there is no such feed, it is revoked, or its owner is blocked."""
    right = secret_of(session.tenant_id, feed_id)
    if not hmac.compare_digest(right.encode(), secret.encode("utf-8", "surrogatepass")):
        return None
    feed = session.get(CalendarFeed, (session.tenant_id, feed_id))
    if feed is None or feed.revoked_at is not None:
        return None
    principal = session.get(Principal, (session.tenant_id, feed.principal_id))
    if principal is None or principal.status != "active":
        return None
    seen = principal.memberships_refreshed_at
    holds = seen is not None and seen > real_now() - LOGIN_HOLDS
    held = memberships_of(session, principal.id) if holds else frozenset()
    return feed, actor_for(principal, held, "calendar"), holds


def note_read(session: TenantSession, actor: Actor, feed: CalendarFeed) -> None:
    """Log that a calendar asked, and show its owner that one does."""
    at = now()
    if feed.read_at is None or feed.read_at.date() != at.date():
        feed.read_at = at
    audit.record(
        session,
        actor,
        "calendar_feed.read",
        kind="read",
        subject_type="calendar_feed",
        subject_id=feed.id,
    )
