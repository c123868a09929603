"""Connections of landlords' own systems (lv_webhook_endpoints, lv_webhook_deliveries)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from hemvist.clock import real_now
from hemvist.landlord_events import TYPES
from hemvist.landlord_mails.contents import WORDS
from hemvist.webhooks import contents, service
from hemvist.webhooks.landlord_views import DELIVERIES, ENDPOINTS
from hemvist.webhooks.models import WebhookDelivery as DeliveryRow
from hemvist.webhooks.models import WebhookEndpoint as EndpointRow
from hemvist.webhooks.signing import secret_of
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.labels import DEFAULT_LANGUAGE, language
from hemvist_graphql.landlord.commands import Act, command
from hemvist_graphql.landlord.context import Info
from hemvist_graphql.landlord.declaring import Node, shown
from hemvist_graphql.landlord.refs import (
    KommunRef,
    LandlordRef,
    WebhookDeliveryRef,
    WebhookEndpointRef,
)
from hemvist_graphql.landlord.relations import to_many, to_one
from hemvist_graphql.landlord.roots import Ordering, listing, looked_up, root, whole
from hemvist_graphql.reading import computed


@shown(ENDPOINTS)
@strawberry.type(
    description="An address of the landlord's own system that is told of events, as CloudEvents"
    " signed after Standard Webhooks. Shown to administrators."
)
class WebhookEndpoint(Node):
    """An address that is told of events."""

    landlord: LandlordRef | None = to_one(
        "Landlord", {"landlord_id": "landlord_id"}, elsewhere=True
    )
    name: str
    url: str
    state: str = strawberry.field(
        description="on, off, or disabled: switched off since it took nothing for days."
    )
    made_at: dt.datetime
    failing_since: dt.datetime | None
    delivered_at: dt.datetime | None = strawberry.field(
        description="When a message was taken last."
    )
    disabled_at: dt.datetime | None
    version: int
    latest: list[WebhookDeliveryRef] = to_many(
        "WebhookDelivery",
        {"endpoint_id": "id"},
        order=lambda c: (c.made_at.desc(), c.id.desc()),
        limit=10,
        description="What it was sent last.",
    )

    @computed(needs=("types",), description="The events that it wants.")
    def types(self) -> list[str]:
        """The events that it wants."""
        found: list[str] = self.row["types"]
        return found

    @computed(
        needs=("old_secret_until",),
        description="Until when the secret from before signs beside the new one.",
    )
    def old_secret_until(self) -> dt.datetime | None:
        """Until when the secret from before still signs."""
        until: dt.datetime | None = self.row["old_secret_until"]
        return until if until is not None and until > real_now() else None

    @computed(
        needs=("secret_generation",),
        description="What messages are signed with (whsec_…): in the answer to the command that made"
        " it, and nowhere else.",
    )
    def secret(self, info: Info) -> str | None:
        """The secret, to who has just made it."""
        if self.row["id"] not in info.context.revealed:
            return None
        return secret_of(self.row["tenant_id"], self.row["id"], self.row["secret_generation"])


@shown(DELIVERIES)
@strawberry.type(description="A message to an endpoint, and what came of it.")
class WebhookDelivery(Node):
    """A message to an endpoint."""

    endpoint: WebhookEndpointRef | None = to_one("WebhookEndpoint", {"id": "endpoint_id"})
    kommun: KommunRef | None = to_one(
        "Kommun", {"tenant_id": "kommun_id", "landlord_id": "landlord_id"}, elsewhere=True
    )
    type: str
    occurred_at: dt.datetime
    state: str = strawberry.field(
        description="waiting, delivered, failed (given up), held (the endpoint was not on), dropped"
        " (the kommun has closed its door)."
    )
    attempts: int
    next_at: dt.datetime | None = strawberry.field(description="When it is tried next.")
    attempted_at: dt.datetime | None
    outcome: str | None = strawberry.field(
        description="What came of the last attempt: the HTTP status; or timeout, unreachable,"
        " unknown_host, address_refused, tls, broken, closed."
    )
    delivered_at: dt.datetime | None

    @computed(needs=("type",), description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The type in words."""
        return event_label(self.row["type"], lang)

    @computed(needs=("event_id",), description="Its webhook-id: the same whenever it is sent.")
    def message_id(self) -> str:
        """Its webhook-id."""
        return contents.message_id(self.row["event_id"])


@strawberry.type(description="A kind of event that an endpoint can be told of.")
class EventType:
    """A kind of event."""

    type: str

    @strawberry.field(description="In Swedish (sv) or English (en).")  # type: ignore[untyped-decorator]
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The type in words."""
        return event_label(self.type, lang)


def event_label(type_: str, lang: str) -> str:
    """An event's type in words."""
    tests = {"sv": "Provmeddelande", "en": "Test message"}
    return tests[language(lang)] if type_ == contents.TEST else WORDS[language(lang)][type_]


@root(description="Every kind of event that there is.", length=len(TYPES))
def event_types() -> list[EventType]:
    """Every kind of event."""
    return [EventType(type=type_) for type_ in TYPES]


@whole(
    "WebhookEndpoint",
    order=lambda c: (c.name, c.id),
    length=3,
    description="The endpoints of the landlords whose administrator the caller is.",
)
def webhook_endpoints() -> Sequence[ColumnElement[bool]]:
    """All of them."""
    return ()


@listing(
    "WebhookDelivery",
    Ordering(("made_at", "id")),
    description="Messages to the endpoints, the latest first.",
)
def webhook_deliveries(
    endpoint: strawberry.ID | None = None, state: str | None = None
) -> Sequence[ColumnElement[bool]]:
    """Those to an endpoint, and those in a state."""
    found = []
    if endpoint is not None:
        found.append(DELIVERIES.c.endpoint_id == row_id_of("WebhookEndpoint", endpoint))
    if state is not None:
        found.append(DELIVERIES.c.state == state)
    return found


looked_up("WebhookEndpoint")
looked_up("WebhookDelivery")


@strawberry.input(description="Have a system of one's own told of events.")
class AddWebhookEndpointInput:
    """Have a system of one's own told of events."""

    idempotency_key: str
    landlord_id: strawberry.ID = refers_to("Landlord")
    name: str = text(service.MAX_NAME)
    url: str = text(500)
    types: list[str]


@strawberry.input(description="Change an endpoint, or switch it on or off.")
class ChangeWebhookEndpointInput:
    """Change an endpoint, or switch it on or off."""

    idempotency_key: str
    endpoint_id: strawberry.ID = refers_to("WebhookEndpoint")
    name: str = text(service.MAX_NAME)
    url: str = text(500)
    types: list[str]
    on: bool
    expected_version: int


@strawberry.input(description="Take an endpoint away for good.")
class RemoveWebhookEndpointInput:
    """Take an endpoint away for good."""

    idempotency_key: str
    endpoint_id: strawberry.ID = refers_to("WebhookEndpoint")
    expected_version: int


@strawberry.input(description="A new secret; the one before it signs beside it for a day.")
class RenewWebhookSecretInput:
    """A new secret."""

    idempotency_key: str
    endpoint_id: strawberry.ID = refers_to("WebhookEndpoint")
    expected_version: int


@strawberry.input(description="Send an endpoint a test message.")
class TestWebhookEndpointInput:
    """Send an endpoint a test message."""

    idempotency_key: str
    endpoint_id: strawberry.ID = refers_to("WebhookEndpoint")


@strawberry.input(description="Send one message again, under the id it had.")
class SendWebhookAgainInput:
    """Send one message again."""

    idempotency_key: str
    delivery_id: strawberry.ID = refers_to("WebhookDelivery")


@strawberry.input(description="Send again everything that happened from an instant on.")
class SendWebhooksSinceInput:
    """Send again everything that happened from an instant on."""

    idempotency_key: str
    endpoint_id: strawberry.ID = refers_to("WebhookEndpoint")
    since: dt.datetime


@command(
    AddWebhookEndpointInput,
    gives="webhook_endpoint",
    description="Have a system of one's own told of events; the answer has its secret.",
    reveals=True,
)
def add_webhook_endpoint(act: Act, values: dict[str, Any]) -> EndpointRow:
    """Set up an endpoint."""
    return service.add(act.session, act.actor, act.landlord_id, **values)


@command(
    ChangeWebhookEndpointInput,
    gives="webhook_endpoint",
    description="Change an endpoint, or switch it on or off.",
)
def change_webhook_endpoint(act: Act, values: dict[str, Any]) -> EndpointRow:
    """Change an endpoint."""
    return service.change(act.session, act.actor, **values)


@command(
    RemoveWebhookEndpointInput,
    gives="webhook_endpoint",
    description="Take an endpoint away for good.",
)
def remove_webhook_endpoint(act: Act, values: dict[str, Any]) -> EndpointRow:
    """Take an endpoint away."""
    return service.remove(act.session, act.actor, **values)


@command(
    RenewWebhookSecretInput,
    gives="webhook_endpoint",
    description="Make a new secret, which the answer has; the one before signs too for a day.",
    reveals=True,
)
def renew_webhook_secret(act: Act, values: dict[str, Any]) -> EndpointRow:
    """Make a new secret."""
    return service.renew_secret(act.session, act.actor, **values)


@command(
    TestWebhookEndpointInput,
    gives="webhook_delivery",
    description="Send an endpoint a test message.",
)
def test_webhook_endpoint(act: Act, values: dict[str, Any]) -> DeliveryRow:
    """Send an endpoint a test message."""
    return service.send_test(act.session, act.actor, **values)


@command(
    SendWebhookAgainInput,
    gives="webhook_delivery",
    description="Send one message again, under the id it had.",
)
def send_webhook_again(act: Act, values: dict[str, Any]) -> DeliveryRow:
    """Send one message again."""
    return service.send_again(act.session, act.actor, **values)


@command(
    SendWebhooksSinceInput,
    gives="webhook_endpoint",
    description="Send again everything that happened from an instant on, within what is kept.",
)
def send_webhooks_since(act: Act, values: dict[str, Any]) -> EndpointRow:
    """Send again everything from an instant on."""
    endpoint, _ = service.send_since(act.session, act.actor, **values)
    return endpoint
