"""A request like one before, answered from the event loop: one round trip, and bytes go out as they came.

Only where nothing is left to do but to send a statement, to open what is sealed in its texts and to
put a frame around them. Whatever else there is (a plan to be made, computed fields, no connection at
hand) is a thread's work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from hemvist_graphql.compiled.completing import Asked
from hemvist_graphql.compiled.execution import values_of
from hemvist_graphql.compiled.finishing import Finishing
from hemvist_graphql.compiled.parameters import Shared
from hemvist_graphql.compiled.proof import Unproven
from hemvist_graphql.compiled.repeated import recall
from hemvist_graphql.compiled.roots import Root
from hemvist_graphql.compiled.spread import spread
from hemvist_graphql.context import Context
from hemvist_graphql.telling import finished, statement

_log = structlog.get_logger("hemvist.graphql")


@dataclass(frozen=True, slots=True)
class Ready:
    """A statement and all that it is sent with."""

    sql: bytes
    sent: Sent
    roots: list[Root]
    #: Opens what is sealed; None where nothing is.
    finishing: Finishing | None
    asked: Asked | None


def ready(
    actor: Actor, text: str, name: str | None, variables: Mapping[str, Any], proof: Proof
) -> Ready | None:
    """What answers the request of somebody who is taken for granted; None where that needs a thread."""
    known = recall(actor, text, name, variables, proof.proving)
    if known is None or spread():
        return None
    like = known.like
    plan = like.plan.text
    finishing: Finishing | None = like.plan.finishing
    if finishing is not None and not finishing.only_opens:
        return None
    if not isinstance(plan, Shared) or plan.sending is None:
        return None
    values = values_of(actor, like.asked.name, proof)
    values.update(known.own)
    try:
        sent = plan.sending.filled(plan.own(values))
    except Unsendable:
        return None
    asked = finishing.asked(Context(actor, name), like.variables) if finishing else None
    return Ready(plan.sql, sent, like.roots, finishing, asked)


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
    found = iter(row)
    texts = [next(found) if root.target else None for root in asked.roots]
    return _told(asked.roots, texts if asked.finishing is None else _opened(asked, texts))


def _opened(asked: Ready, texts: Sequence[bytes | None]) -> list[bytes | None]:
    assert asked.finishing is not None
    assert asked.asked is not None
    try:
        told, count = asked.finishing.done(texts, asked.asked)
    except Exception as error:
        # The ordinary path says what is wrong, and logs that it was asked once more.
        _log.warning("graphql.finishing_failed", error=type(error).__name__, where="at_once")
        raise Unproven from None
    finished(count)
    return [one.encode() if isinstance(one, str) else one for one in told]


def _told(roots: list[Root], texts: Sequence[bytes | None]) -> bytes:
    parts = []
    for root, text in zip(roots, texts, strict=True):
        told = b'"Query"' if root.how is None else text
        parts.append(b'"%b":%b' % (root.field.key.encode(), told or b"null"))
    return b"{%b}" % b",".join(parts)
