"""Telling a landlord: one verb for every concept."""

from __future__ import annotations

from uuid import UUID

from hemvist.clock import now
from hemvist.landlord_events.models import LandlordEvent
from hemvist.landlord_events.types import EVENT_RECORDED, TYPES
from hemvist.outbox import emit
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import append


def tell_landlord(
    session: TenantSession,
    type_: str,
    *,
    landlord_id: UUID,
    subject_id: UUID,
    property_designation: str | None = None,
) -> UUID:
    """Write, in the act's own transaction, that the landlord is to be told; the event's id.

    ``subject_id`` is a row of this kommun of the kind that ``TYPES`` has for ``type_``.
    ``property_designation`` (fastighetsbeteckning) is given wherever a home is concerned: it decides
    which of the landlord's people are told. Nothing about a person goes in. Members are mailed and
    webhooks sent by workers afterwards. Raises ``ValueError`` for a type that is none.
    """
    if type_ not in TYPES:
        raise ValueError(f"no landlord event: {type_}")
    event_id = append(
        session,
        LandlordEvent,
        landlord_id=landlord_id,
        occurred_at=now(),
        type=type_,
        subject_id=subject_id,
        property_designation=property_designation,
    )
    emit(session, EVENT_RECORDED, {"landlord_event_id": event_id})
    return event_id
