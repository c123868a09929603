"""What is known of the caller's kommun without asking: a plan's statement has said it.

The text is made by ``compiled.known``. The same text always means the same, so what it means is
kept; a kommun that approves a version has another text from its next statement on.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from hemvist.pack_versions.library import KnownVersion
from hemvist.policy import Period

#: Texts whose meaning is kept: about one for each kommun.
KEPT = 1_000


class Registered(NamedTuple):
    """A kommun's line in the register."""

    kommun_code: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """A kommun's line, its own approved versions, and the guidelines that it has adopted."""

    tenant: Registered
    own: tuple[KnownVersion, ...]
    #: Name, first day, last day, in the order of the names.
    adoptions: tuple[tuple[str, dt.date, dt.date | None], ...]

    def adopted(self, on: dt.date) -> list[str]:
        """Names of the guidelines that it works by on a day."""
        return [
            name
            for name, since, until in self.adoptions
            if since <= on and (until is None or until >= on)
        ]


@lru_cache(maxsize=KEPT)
def read_known(text: str) -> Known:
    """What a statement's text says."""
    tenant, own, adopted = json.loads(text)
    return Known(
        Registered(*tenant),
        tuple(_version(*one) for one in own or ()),
        tuple(
            (name, dt.date.fromisoformat(since), _day(until))
            for name, since, until in adopted or ()
        ),
    )


def _version(
    name: str, number: str, start: str, end: str | None, state: str, row_id: str, hash_: str
) -> KnownVersion:
    period: Any = Period(_day(start), _day(end))  # type: ignore[arg-type]
    return KnownVersion(name, number, period, state, UUID(row_id), hash_)


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
