"""Drawing the sample (stickprovet): by weight, without putting back, the same again for the same seed.

Each look is given a number from its weight and from a keyed digest of what it is, and those with the highest
are taken (Efraimidis and Spirakis 2006, algorithm A). The order in which looks are given does not matter,
and who knows the seed can draw the sample again.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hemvist.log_reviews.weighing import Look

#: Looks in a sample: at least and at most, and between them one of so many.
LEAST, MOST, ONE_OF = 20, 100, 200


class Weighed(NamedTuple):
    """A look, and why it may be drawn."""

    look: Look
    reasons: Sequence[str]
    weight: int


def size_of(looks: int) -> int:
    """How many of ``looks`` are drawn."""
    return min(looks, MOST, max(LEAST, looks // ONE_OF))


def drawn(weighed: Iterable[Weighed], seed: str, size: int) -> list[Weighed]:
    """The sample, the heaviest look first."""
    best = sorted(weighed, key=lambda one: _place(one, seed), reverse=True)[:size]
    return sorted(best, key=lambda one: (-one.weight, one.look.on_day, one.look.entry_id))


def _place(one: Weighed, seed: str) -> tuple[float, bytes]:
    look = one.look
    told = f"{look.principal_id} {look.on_day} {look.entry_id}".encode()
    digest = hmac.digest(seed.encode(), told, hashlib.sha256)
    chance = (int.from_bytes(digest[:8], "big") + 1) / (2**64 + 1)
    # The higher the weight, the nearer to 0 from below.
    return math.log(chance) / one.weight, digest
