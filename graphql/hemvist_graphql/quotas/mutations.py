"""Commands on the figures of quotas, and on what a home counts towards."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.quotas import service
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class RecordQuotaBaseInput:
    """A figure that shares are taken of."""

    idempotency_key: str
    kind: str = text(20, description="vacated, stock, market, production or need")
    landlord_organisation_number: str | None = text(
        20, default=None, description="Left out of market and need."
    )
    agreement_id: strawberry.ID | None = refers_to(
        "Agreement", default=None, description="The land deal that homes were completed under."
    )
    area: str | None = text(service.MAX_AREA, default=None)
    homes: int
    from_on: dt.date
    to_on: dt.date | None = strawberry.field(default=None, description="Of vacated only.")
    source: str = text(service.MAX_TEXT, description="Where the figure is from.")
    on: dt.date | None = None


@command(RecordQuotaBaseInput, gives="quota_base", description="Record a figure for shares.")
def record_quota_base(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Record a figure."""
    return service.record_base(session, actor, **values)


@strawberry.input
class TakeBackQuotaBaseInput:
    """A figure that was wrong."""

    idempotency_key: str
    quota_base_id: strawberry.ID = refers_to("QuotaBase")
    on: dt.date | None = None
    expected_version: int


@command(TakeBackQuotaBaseInput, gives="quota_base", description="Take a wrong figure back.")
def take_back_quota_base(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take a figure back."""
    values["base_id"] = values.pop("quota_base_id")
    return service.take_back_base(session, actor, **values)


@strawberry.input
class PlaceHomeInQuotaInput:
    """What one home counts towards."""

    idempotency_key: str
    unit_id: strawberry.ID = refers_to("Unit")
    agreement_id: strawberry.ID | None = refers_to(
        "Agreement", default=None, description="Left out with code: counts towards nothing."
    )
    code: str | None = text(60, default=None)
    because: str = text(service.MAX_TEXT)


@command(
    PlaceHomeInQuotaInput,
    gives="quota_placement",
    description="Say which quota a home counts towards, in the place of the quotas' order.",
)
def place_home_in_quota(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Say which quota a home counts towards."""
    return service.place_home(session, actor, **values)
