"""A request like one before, answered from the event loop: one round trip, and bytes go out as they came.

Only where nothing is left to do but to send a statement and to put a frame around its texts. Whatever
else there is (a plan to be made, computed fields, no connection at hand) is a thread's work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog
from psycopg.errors import InvalidTextRepresentation, NumericValueOutOfRange

from hemvist.db import Audience, reading_at_hand
from hemvist.identity import Actor
from hemvist.identity.standing import Proof
from hemvist.outages import Outage, outage_of
from hemvist.wire import Sent, Unsendable, first_row
from hemvist_graphql.compiled.execution import values_of
from hemvist_graphql.compiled.parameters import Shared
from hemvist_graphql.compiled.proof import Unproven
from hemvist_graphql.compiled.repeated import recall
from hemvist_graphql.compiled.roots import Root
from hemvist_graphql.telling import statement

_log = structlog.get_logger("hemvist.graphql")


@dataclass(frozen=True, slots=True)
class Ready:
    """A statement and all that it is sent with."""

    sql: bytes
    sent: Sent
    roots: list[Root]


def ready(
    actor: Actor, text: str, name: str | None, variables: Mapping[str, Any], proof: Proof
) -> Ready | None:
    """What answers the request of somebody who is taken for granted; None where that needs a thread."""
    known = recall(actor, text, name, variables, proof.proving)
    if known is None:
        return None
    like = known.like
    plan = like.plan.text
    if like.plan.finishing is not None or not isinstance(plan, Shared) or plan.sending is None:
        return None
    values = values_of(actor, like.asked.name, proof)
    values.update(known.own)
    try:
        return Ready(plan.sql, plan.sending.filled(plan.own(values)), like.roots)
    except Unsendable:
        return None


async def data_of(asked: Ready) -> bytes | None:
    """The response's ``data``; None where no connection is at hand.

    Raises ``Unproven`` where the statement was sent in vain, whatever for: nothing was read or
    logged then. Raises for time limits and a caller who is gone.
    """
    try:
        with reading_at_hand(Audience.STAFF) as connection:
            if connection is None:
                return None
            with statement():
                row = await first_row(connection, asked.sql, asked.sent)
    except (InvalidTextRepresentation, NumericValueOutOfRange):
        raise Unproven from None
    except psycopg.Error as error:
        if outage_of(error) in (Outage.TIMEOUT, Outage.BUSY):
            raise
        _log.warning("graphql.plan_failed", sqlstate=error.sqlstate, error=type(error).__name__)
        raise Unproven from None
    if row is None:
        raise Unproven
    return _told(asked.roots, row)


def _told(roots: list[Root], row: list[bytes | None]) -> bytes:
    found = iter(row)
    parts = []
    for root in roots:
        told = next(found) if root.target else b'"Query"' if root.how is None else None
        parts.append(b'"%b":%b' % (root.field.key.encode(), told or b"null"))
    return b"{%b}" % b",".join(parts)
