"""Letters to the members: when one is written to, all are, so that nobody sees who is in a move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from hemvist.clock import now
from hemvist.exchange.models import ExchangeLetter
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import append
from hemvist.transfers import letters


class Post:
    """What a transaction of the network writes to kommuner; ``send`` it before it ends."""

    def __init__(self) -> None:
        self._written: dict[UUID, list[dict[str, Any]]] = defaultdict(list)

    def write(self, kommun: UUID, kind: str, **content: Any) -> None:
        """Write to a kommun."""
        self._written[kommun].append({"kind": kind, **content})

    def send(self, session: TenantSession, members: Iterable[UUID]) -> int:
        """Put the letters down, for each member as many as for the one with most; how many each."""
        most = max((len(one) for one in self._written.values()), default=0)
        for kommun in sorted({*members, *self._written} if most else ()):
            contents = self._written[kommun]
            for content in [*contents, *[{"kind": "nothing"}] * (most - len(contents))]:
                append(
                    session,
                    ExchangeLetter,
                    kommun_id=kommun,
                    direction="out",
                    sealed=letters.sealed_to(kommun, session.tenant_id, content),
                    written_at=now(),
                )
        self._written.clear()
        return most


def mark(session: TenantSession, kommun: UUID, letter: UUID) -> bool:
    """Note that a kommun's letter is handled; whether it was not before."""
    made = session.execute(
        insert(ExchangeLetter)
        .values(
            tenant_id=session.tenant_id,
            id=letter,
            kommun_id=kommun,
            direction="in",
            sealed=b"",
            written_at=now(),
            done_at=now(),
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "id"])
        .returning(ExchangeLetter.id)
    )
    return made.first() is not None


def is_marked(session: TenantSession, letter: UUID) -> bool:
    """Whether a kommun's letter was handled."""
    found = select(ExchangeLetter.id).where(ExchangeLetter.id == letter)
    return session.scalar(found) is not None


def waiting(session: TenantSession, kommun: UUID, limit: int) -> list[tuple[UUID, bytes]]:
    """The oldest letters to a kommun that have not been carried."""
    found = session.execute(
        select(ExchangeLetter.id, ExchangeLetter.sealed)
        .where(
            ExchangeLetter.kommun_id == kommun,
            ExchangeLetter.direction == "out",
            ExchangeLetter.done_at.is_(None),
        )
        .order_by(ExchangeLetter.id)
        .limit(limit)
    )
    return [(letter, sealed) for letter, sealed in found]


def carried(session: TenantSession, ids: Iterable[UUID]) -> None:
    """These have arrived; what they said is kept here no longer."""
    session.execute(
        update(ExchangeLetter)
        .where(ExchangeLetter.id.in_(list(ids)))
        .values(done_at=now(), sealed=b"")
    )
