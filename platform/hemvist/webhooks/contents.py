"""What a webhook says: a CloudEvent 1.0 in structured JSON, with identifiers and nothing of anybody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from hemvist.landlord_events import TYPES

MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"
#: Types are names of our own under this one, as CloudEvents recommends.
TYPE_PREFIX = "se.hemvist."
#: Sent when somebody asks for it, to see that an endpoint is set up right.
TEST = "webhook.test"
#: What the landlords' API calls the rows that events are about: its ids are ``Name_`` and hex digits.
NAMES: Mapping[str, str] = {
    "unit": "Unit",
    "vacancy": "Vacancy",
    "offer": "Offer",
    "presentation": "Presentation",
    "contract": "Tenancy",
    "takeover": "Takeover",
    "report": "Report",
    "paper": "Paper",
    "agreement": "Agreement",
    # A kommun is shown to a landlord by its door.
    "access": "Kommun",
}

assert set(NAMES) == set(TYPES.values())


@dataclass(frozen=True, slots=True)
class Told:
    """What an endpoint is told. ``kommun`` is its name in addresses; a test has none."""

    event_id: UUID
    type: str
    occurred_at: datetime
    landlord_number: str
    kommun: str | None
    #: The subject's id in the landlords' API, which is where it is looked up.
    subject: str | None


def subject_id(type_: str, row_id: UUID | None) -> str | None:
    """The id in the landlords' API of what an event is about; None for a test."""
    kind = TYPES.get(type_)
    return None if kind is None or row_id is None else f"{NAMES[kind]}_{row_id.hex}"


def message_id(event_id: UUID) -> str:
    """The ``webhook-id``: the same for every attempt and every time that it is sent again."""
    return f"evt_{event_id.hex}"


def body(told: Told, base_url: str) -> bytes:
    """The message's bytes, as they are signed and sent."""
    source = f"{base_url.rstrip('/')}/landlord"
    event = {
        "specversion": "1.0",
        "id": message_id(told.event_id),
        "source": source if told.kommun is None else f"{source}/{told.kommun}",
        "type": TYPE_PREFIX + told.type,
        "time": told.occurred_at.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
        "datacontenttype": "application/json",
        **({} if told.subject is None else {"subject": told.subject}),
        "data": {
            "landlord": told.landlord_number,
            "kommun": told.kommun,
            "subjectId": told.subject,
        },
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
