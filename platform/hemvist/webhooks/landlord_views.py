"""What a landlord sees of what it was told, and an administrator of its connections."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from hemvist.landlord_events.models import LandlordEvent
from hemvist.landlords.models import LandlordMember
from hemvist.landlords.views import READER, guarded, landlord_view, within_reach
from hemvist.tenancy.platform import PLATFORM_TENANT
from hemvist.webhooks.models import WebhookDelivery, WebhookEndpoint

#: What happened, in every kommun within reach; of homes, those of the reader's districts.
EVENTS = landlord_view(
    "lv_events",
    within_reach(
        select(
            LandlordEvent.tenant_id,
            LandlordEvent.id,
            LandlordEvent.landlord_id,
            LandlordEvent.type,
            LandlordEvent.occurred_at,
            LandlordEvent.subject_id,
            LandlordEvent.property_designation,
        ),
        LandlordEvent.tenant_id,
        LandlordEvent.landlord_id,
        designation=LandlordEvent.property_designation,
        # An agreement, a quota: every member's.
        nowhere=True,
    ),
)

_me = aliased(LandlordMember)


def _administered(landlord: Any) -> ColumnElement[bool]:
    return exists(
        select(1).where(
            _me.tenant_id == PLATFORM_TENANT,
            _me.principal_id == READER,
            _me.landlord_id == landlord,
            _me.level == "administrator",
            _me.status == "active",
        )
    )


guarded(
    WebhookEndpoint,
    condition=WebhookEndpoint.__table__.c.tenant_id == PLATFORM_TENANT,
)
guarded(WebhookDelivery, through=(WebhookDelivery.endpoint_id, WebhookEndpoint))

#: The endpoints of landlords whose administrator the reader is.
ENDPOINTS = landlord_view(
    "lv_webhook_endpoints",
    select(
        WebhookEndpoint.tenant_id,
        WebhookEndpoint.id,
        WebhookEndpoint.landlord_id,
        WebhookEndpoint.name,
        WebhookEndpoint.url,
        WebhookEndpoint.types,
        WebhookEndpoint.state,
        WebhookEndpoint.made_at,
        WebhookEndpoint.secret_generation,
        WebhookEndpoint.old_secret_until,
        WebhookEndpoint.failing_since,
        WebhookEndpoint.delivered_at,
        WebhookEndpoint.disabled_at,
        WebhookEndpoint.version,
    ).where(
        WebhookEndpoint.tenant_id == PLATFORM_TENANT,
        WebhookEndpoint.state != "removed",
        _administered(WebhookEndpoint.landlord_id),
    ),
)

#: What was sent to them, and what came of it.
DELIVERIES = landlord_view(
    "lv_webhook_deliveries",
    select(
        WebhookDelivery.tenant_id,
        WebhookDelivery.id,
        WebhookEndpoint.landlord_id,
        WebhookDelivery.endpoint_id,
        WebhookDelivery.event_id,
        WebhookDelivery.type,
        WebhookDelivery.kommun_id,
        WebhookDelivery.subject_id,
        WebhookDelivery.occurred_at,
        WebhookDelivery.made_at,
        WebhookDelivery.state,
        WebhookDelivery.attempts,
        WebhookDelivery.next_at,
        WebhookDelivery.attempted_at,
        WebhookDelivery.outcome,
        WebhookDelivery.delivered_at,
    )
    .join(
        WebhookEndpoint,
        (WebhookEndpoint.tenant_id == WebhookDelivery.tenant_id)
        & (WebhookEndpoint.id == WebhookDelivery.endpoint_id),
    )
    .where(
        WebhookDelivery.tenant_id == PLATFORM_TENANT,
        WebhookEndpoint.state != "removed",
        _administered(WebhookEndpoint.landlord_id),
    ),
)
