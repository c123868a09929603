"""A landlord event stands and falls with its act, and says nothing about anybody."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select

from hemvist.db import Audience
from hemvist.ids import new_id
from hemvist.landlord_events import EVENT_RECORDED, TYPES, tell_landlord
from hemvist.landlord_events.models import LandlordEvent
from hemvist.landlords.service import find_or_register
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import tenant_session


def landlord(tenant: UUID) -> UUID:
    """A landlord of the register."""
    with tenant_session(Audience.STAFF, tenant) as session:
        return find_or_register(
            session, organisation_number="5561234567", name="Hyresbolaget AB"
        ).id


def test_it_is_written_with_the_act_and_relayed(tenant: UUID) -> None:
    of, subject = landlord(tenant), new_id()
    before = datetime.now(UTC)
    with tenant_session(Audience.STAFF, tenant) as session:
        event_id = tell_landlord(
            session,
            "offer.made",
            landlord_id=of,
            subject_id=subject,
            property_designation="Kvarnen 7",
        )
    with tenant_session(Audience.WORKER, tenant) as session:
        event = session.find(LandlordEvent, event_id)
        assert (event.landlord_id, event.subject_id, event.type) == (of, subject, "offer.made")
        assert event.property_designation == "Kvarnen 7"
        assert before <= event.occurred_at <= datetime.now(UTC)
        sent = session.scalars(select(OutboxEvent).where(OutboxEvent.type == EVENT_RECORDED)).one()
        assert sent.payload == {"landlord_event_id": str(event_id)}


def test_an_act_that_fails_tells_nobody(tenant: UUID) -> None:
    of = landlord(tenant)
    with pytest.raises(ZeroDivisionError), tenant_session(Audience.STAFF, tenant) as session:
        tell_landlord(session, "agreement.changed", landlord_id=of, subject_id=new_id())
        raise ZeroDivisionError
    with tenant_session(Audience.WORKER, tenant) as session:
        assert session.scalar(select(func.count()).select_from(LandlordEvent)) == 0


def test_a_type_that_is_none_is_refused(tenant: UUID) -> None:
    with tenant_session(Audience.STAFF, tenant) as session, pytest.raises(ValueError):
        tell_landlord(session, "offer.exploded", landlord_id=new_id(), subject_id=new_id())


def test_types_are_named_concept_dot_past_tense() -> None:
    for type_ in TYPES:
        concept, happened = type_.split(".")
        assert concept.isidentifier() and happened.isidentifier()
