"""What an administrator of a landlord does with its connections (kopplingar): sets them up, changes,
renews their secret, tries them, has messages sent again. All in the landlords' own tenant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from hemvist import audit
from hemvist.clock import now, real_now
from hemvist.errors import Conflict, Problem, ValidationFailed, too_long
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.landlord_events import TYPES
from hemvist.tenancy import TenantSession
from hemvist.webhooks import backing_off, queue
from hemvist.webhooks.addresses import check_address
from hemvist.webhooks.contents import TEST
from hemvist.webhooks.models import WebhookDelivery, WebhookEndpoint
from hemvist.webhooks.queue import Happened
from hemvist.webhooks.rights import require_administrator
from hemvist.webhooks.signing import secret_of

MAX_NAME = 80
#: Endpoints that a landlord may have: each event is sent to all of them.
MOST_ENDPOINTS = 10
#: Tests of an endpoint that may wait at once.
MOST_TESTS = 5


def add(
    session: TenantSession,
    actor: Actor,
    landlord_id: UUID,
    *,
    name: str,
    url: str,
    types: Sequence[str],
) -> WebhookEndpoint:
    """Set up an endpoint; what happens from now on is sent to it. ``secret`` gives what it is signed with.

    Raises ``NotFound`` for who is no administrator of the landlord, ``ValidationFailed``,
    ``Conflict`` when there are as many as there may be.
    """
    require_administrator(session, actor, landlord_id)
    _check(name, url, types)
    # Two at once count one after the other.
    session.locked_for(landlord_id.int % 2**63)
    number = session.scalar(
        select(func.count())
        .select_from(WebhookEndpoint)
        .where(WebhookEndpoint.landlord_id == landlord_id, WebhookEndpoint.state != "removed")
    )
    if (number or 0) >= MOST_ENDPOINTS:
        raise Conflict("too_many_endpoints", f"at most {MOST_ENDPOINTS}", limit=MOST_ENDPOINTS)
    assert actor.principal_id is not None
    made = session.save(
        WebhookEndpoint(
            landlord_id=landlord_id,
            name=name.strip(),
            url=url.strip(),
            types=_ordered(types),
            made_at=now(),
            made_by=actor.principal_id,
        )
    )
    _log(session, actor, "webhook.add", made)
    return made


def change(
    session: TenantSession,
    actor: Actor,
    endpoint_id: UUID,
    *,
    name: str,
    url: str,
    types: Sequence[str],
    on: bool,
    expected_version: int,
) -> WebhookEndpoint:
    """Change where an endpoint is and what it wants, and whether it is on.

    What waits goes to the new address; once it is off, what waits is held. One that was switched off
    by us is on again with a clean record. Raises ``NotFound``, ``ValidationFailed``, ``Conflict``.
    """
    endpoint = _own(session, actor, endpoint_id)
    session.change(endpoint, expected_version)
    _check(name, url, types)
    moved = endpoint.url != url.strip()
    endpoint.name, endpoint.url, endpoint.types = name.strip(), url.strip(), _ordered(types)
    if moved or (on and endpoint.state != "on"):
        endpoint.failing_since, endpoint.failures = None, 0
        endpoint.rests_until, endpoint.disabled_at = None, None
    if not on and endpoint.state == "on":
        queue.hold(session, endpoint.id)
    if on or endpoint.state == "on":
        endpoint.state = "on" if on else "off"
    session.flush()
    _log(session, actor, "webhook.change", endpoint)
    return endpoint


def remove(
    session: TenantSession, actor: Actor, endpoint_id: UUID, *, expected_version: int
) -> WebhookEndpoint:
    """Take the endpoint away for good; nothing is sent to it any more. Raises ``NotFound``, ``Conflict``."""
    endpoint = _own(session, actor, endpoint_id)
    session.change(endpoint, expected_version)
    endpoint.state = "removed"
    session.flush()
    queue.hold(session, endpoint.id)
    _log(session, actor, "webhook.remove", endpoint)
    return endpoint


def renew_secret(
    session: TenantSession, actor: Actor, endpoint_id: UUID, *, expected_version: int
) -> WebhookEndpoint:
    """A new secret. The one before it signs beside it for a day, so that no message is lost.

    Raises ``NotFound``, ``Conflict`` while the one before still signs.
    """
    endpoint = _own(session, actor, endpoint_id)
    session.change(endpoint, expected_version)
    at = real_now()
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > at:
        raise Conflict("secret_renewed_lately", "the secret from before still holds")
    endpoint.secret_generation += 1
    endpoint.old_secret_until = at + backing_off.OLD_SECRET_HOLDS
    session.flush()
    _log(session, actor, "webhook.renew_secret", endpoint)
    return endpoint


def secret(endpoint: WebhookEndpoint) -> str:
    """The secret that signs now: shown to who has just made or renewed it, and never again."""
    return secret_of(endpoint.tenant_id, endpoint.id, endpoint.secret_generation)


def secrets_of(endpoint: WebhookEndpoint, at: datetime) -> list[str]:
    """All secrets that sign at ``at``: the newest, and the one before it for as long as it holds."""
    found = [secret(endpoint)]
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > at:
        generation = endpoint.secret_generation - 1
        found.append(secret_of(endpoint.tenant_id, endpoint.id, generation))
    return found


def send_test(session: TenantSession, actor: Actor, endpoint_id: UUID) -> WebhookDelivery:
    """Send the endpoint a test message of its own type. Raises ``NotFound``, ``Conflict``."""
    endpoint = _own(session, actor, endpoint_id)
    _require_on(endpoint)
    waiting = session.scalar(
        select(func.count())
        .select_from(WebhookDelivery)
        .where(
            WebhookDelivery.endpoint_id == endpoint.id,
            WebhookDelivery.type == TEST,
            WebhookDelivery.state == "waiting",
        )
    )
    if (waiting or 0) >= MOST_TESTS:
        raise Conflict("tests_wait", f"{waiting} tests wait already", number=waiting)
    at = real_now()
    happened = Happened(new_id(), endpoint.landlord_id, TEST, None, None, now())
    queue.put_in_for(session, endpoint.id, True, happened, at)
    _log(session, actor, "webhook.test", endpoint)
    return session.execute(
        select(WebhookDelivery).where(
            WebhookDelivery.endpoint_id == endpoint.id,
            WebhookDelivery.event_id == happened.event_id,
        )
    ).scalar_one()


def send_again(session: TenantSession, actor: Actor, delivery_id: UUID) -> WebhookDelivery:
    """Send one message again, under the id it had. Raises ``NotFound``, ``Conflict``."""
    delivery = session.find(WebhookDelivery, delivery_id)
    endpoint = _own(session, actor, delivery.endpoint_id)
    _require_on(endpoint)
    session.lock(delivery)
    if delivery.state not in queue.SENT_AGAIN:
        raise Conflict("not_sent_again", f"the message is {delivery.state}", state=delivery.state)
    queue.again(session, endpoint.id, real_now(), delivery_id=delivery.id)
    session.refresh(delivery)
    _log(session, actor, "webhook.send_again", endpoint)
    return delivery


def send_since(
    session: TenantSession, actor: Actor, endpoint_id: UUID, *, since: datetime
) -> tuple[WebhookEndpoint, int]:
    """Send everything again that happened from ``since`` on; how many messages.

    Messages keep their ids, so a receiver that had one does nothing twice. Raises ``NotFound``,
    ``Conflict``, ``ValidationFailed`` for a time before what is kept.
    """
    endpoint = _own(session, actor, endpoint_id)
    _require_on(endpoint)
    if since < now() - queue.KEPT - timedelta(days=1):
        raise ValidationFailed.one(
            "since", "not_kept_so_long", "older messages are gone", days=queue.KEPT.days
        )
    number = queue.again(session, endpoint.id, real_now(), since=since)
    _log(session, actor, "webhook.send_since", endpoint)
    return endpoint, number


def _own(session: TenantSession, actor: Actor, endpoint_id: UUID) -> WebhookEndpoint:
    endpoint = session.find(WebhookEndpoint, endpoint_id)
    require_administrator(session, actor, endpoint.landlord_id)
    if endpoint.state == "removed":
        raise Conflict("endpoint_removed", "the endpoint was removed")
    return endpoint


def _require_on(endpoint: WebhookEndpoint) -> None:
    if endpoint.state != "on":
        raise Conflict("endpoint_off", "the endpoint is off", state=endpoint.state)


def _check(name: str, url: str, types: Sequence[str]) -> None:
    problems = [*too_long("name", name.strip(), MAX_NAME), *check_address(url.strip())]
    if not name.strip():
        problems.append(Problem("name", "required", "give it a name"))
    if not types:
        problems.append(Problem("types", "required", "choose at least one"))
    unknown = sorted(set(types) - set(TYPES))
    if unknown:
        problems.append(
            Problem("types", "unknown_choice", "no such event", {"allowed": list(TYPES)})
        )
    if problems:
        raise ValidationFailed(problems)


def _ordered(types: Sequence[str]) -> list[str]:
    return [one for one in TYPES if one in set(types)]


def _log(session: TenantSession, actor: Actor, action: str, endpoint: WebhookEndpoint) -> None:
    audit.record(
        session,
        actor,
        action,
        subject_type="webhook_endpoint",
        subject_id=endpoint.id,
        details={"state": endpoint.state, "types": endpoint.types},
    )
