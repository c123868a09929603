"""What a network keeps of flats, requests and moves, under its own key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys
from hemvist.transfers.entering import Entry, Wish
from hemvist.transfers.needs import Edge, Flat

#: Sizes come in steps of this, so that they do not tell how many flats a request could take.
STEP = 1024


@dataclass(frozen=True, slots=True)
class Pair:
    """Who and what is in a move."""

    sender: UUID
    receiver: UUID
    pseudonym: UUID
    token: UUID
    sending_slip: UUID
    receiving_slip: UUID
    urgency: str
    surplus: int


@dataclass(frozen=True, slots=True)
class Entered:
    """A request in a round, and whose it is."""

    kommun: str
    entry: Entry


def index(session: TenantSession, kind: str, name: UUID) -> bytes:
    """The keyed digest by which a sealed row is found."""
    return tenant_keys(session.tenant_id).blind_index(f"exchange.{kind}", str(name))


def sealed(session: TenantSession, field: str, content: Any) -> bytes:
    """``content`` under the network's key, its size rounded up."""
    said = json.dumps(content, default=str, sort_keys=True, separators=(",", ":"))
    room = -(-len(said) // STEP) * STEP
    return tenant_keys(session.tenant_id).seal(field, said.ljust(room))


def opened(session: TenantSession, field: str, value: bytes) -> Any:
    """What was sealed."""
    return json.loads(tenant_keys(session.tenant_id).open(field, value))


def sealed_flat(session: TenantSession, flat: Flat) -> bytes:
    """A flat of the board."""
    return sealed(
        session,
        "exchange_flats.said",
        [flat.token, flat.kommun, flat.rooms, flat.step_free, flat.first_on, flat.last_on],
    )


def opened_flat(session: TenantSession, value: bytes) -> Flat:
    """A flat of the board."""
    token, kommun, rooms, step_free, first_on, last_on = opened(
        session, "exchange_flats.said", value
    )
    return Flat(
        UUID(token),
        kommun,
        rooms,
        step_free,
        date.fromisoformat(first_on),
        date.fromisoformat(last_on),
    )


def sealed_entry(session: TenantSession, one: Entered) -> bytes:
    """A request in a round."""
    entry = one.entry
    return sealed(
        session,
        "exchange_entries.said",
        [
            one.kommun,
            entry.pseudonym,
            entry.urgency,
            entry.waiting_weeks,
            [[edge.token, edge.surplus] for edge in entry.edges],
            [[wish.letter, wish.kommun] for wish in entry.wishes],
        ],
    )


def opened_entry(session: TenantSession, value: bytes) -> Entered:
    """A request in a round."""
    kommun, pseudonym, urgency, weeks, edges, wishes = opened(
        session, "exchange_entries.said", value
    )
    could = tuple(Edge(UUID(token), surplus) for token, surplus in edges)
    asked = tuple(Wish(UUID(letter), wanted) for letter, wanted in wishes)
    return Entered(kommun, Entry(UUID(pseudonym), urgency, weeks, could, asked))


def sealed_pair(session: TenantSession, pair: Pair) -> bytes:
    """Who and what is in a move."""
    return sealed(
        session, "exchange_moves.said", {name: getattr(pair, name) for name in Pair.__slots__}
    )


def opened_pair(session: TenantSession, value: bytes) -> Pair:
    """Who and what is in a move."""
    said: Mapping[str, Any] = opened(session, "exchange_moves.said", value)
    return Pair(
        sender=UUID(said["sender"]),
        receiver=UUID(said["receiver"]),
        pseudonym=UUID(said["pseudonym"]),
        token=UUID(said["token"]),
        sending_slip=UUID(said["sending_slip"]),
        receiving_slip=UUID(said["receiving_slip"]),
        urgency=str(said["urgency"]),
        surplus=int(said["surplus"]),
    )
