"""What a parcel says: who the household is, and what the receiver needs. No address, old or new."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from hemvist.errors import Problem
from hemvist.tenancy import exchange_keys

#: Texts that the sending side may write.
TEXTS = ("contact", "language", "children", "care", "threat", "other")
MAX_TEXT = 2000
#: All parcels are so long: neither how many they are nor how much there is to say shows.
PARCEL_BYTES = 64 * 1024
_CONTEXT = "handovers.parcel from {} for {}"


@dataclass(frozen=True, slots=True)
class ToldPerson:
    """A member of the household."""

    role: str
    given_name: str
    family_name: str
    personal_number: str
    protection: str


@dataclass(frozen=True, slots=True)
class Told:
    """All that is told."""

    members: tuple[ToldPerson, ...]
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> list[str]:
        """The kinds of data in it."""
        return sorted({"identity", *self.texts})

    def seal_to(self, receiver: UUID, sender: UUID, slip: UUID) -> bytes:
        """For the receiving kommun alone, and only as this sender's for the proposal ``slip`` there."""
        said = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()
        if len(said) > PARCEL_BYTES:
            raise ValueError(f"a parcel of {len(said)} bytes")
        return exchange_keys.seal_to(
            receiver, said.ljust(PARCEL_BYTES), _CONTEXT.format(sender, slip)
        )

    @classmethod
    def open(cls, receiver: UUID, sender: UUID, slip: UUID, sealed: bytes) -> Told:
        """What was sealed. Raises ``SealBroken`` where it is of another sender or for another move."""
        said: dict[str, Any] = json.loads(
            exchange_keys.open_own(receiver, sealed, _CONTEXT.format(sender, slip))
        )
        return cls(tuple(ToldPerson(**one) for one in said["members"]), said["texts"])


def problems_of(texts: Mapping[str, str]) -> list[Problem]:
    """What is wrong with texts that somebody wants to send."""
    found = []
    for name, said in texts.items():
        if name not in TEXTS:
            found.append(Problem("texts", "unknown_choice", "not one that is told", {"of": TEXTS}))
        elif len(said) > MAX_TEXT:
            found.append(
                Problem(f"texts.{name}", "too_long", f"at most {MAX_TEXT}", {"limit": MAX_TEXT})
            )
    return found
