"""What people may try on the cases of a kommun, in any order: the frame that the acts stand in.

An act is who does it, by which verb, with which words. Makers of acts are registered with ``act``,
by subject, in the files ``hemvist_any_order_…``; ``Draw`` decides what each of them chooses. The
words are mostly right, so that cases come far, and sometimes wrong.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hemvist.cases.models import Case
from hemvist.errors import HemvistError
from hemvist.policy import Pack
from hemvist_world import World

REASON = "Bedömt i samtal, se journalen."
COURT = "Förvaltningsrätten i Malmö"


class Draw:
    """A stream of choices: the same seed, the same choices."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def below(self, most: int) -> int:
        """A number from 0 up to and without ``most``."""
        return self._random.randrange(most)

    def once_in(self, times: int) -> bool:
        """True one time in so many."""
        return self.below(times) == 0

    def of(self, *choices: Any) -> Any:
        """One of the choices."""
        return choices[self.below(len(choices))]


@dataclass
class Town:
    """A kommun with its people's names, its cases' days and what referrals hold."""

    world: World
    pack: Pack
    caseworker: str
    manager: str
    matcher: str
    content: Mapping[str, Any]
    cases: list[Case] = field(default_factory=list)

    def one(self, draw: Draw, model: Any, **where: Any) -> Any:
        """A row with these values; one time in ten, and where there is none, any row or None."""
        rows = [] if where and draw.once_in(10) else self.world.rows(model, **where)
        rows = rows or self.world.rows(model)
        return draw.of(*rows) if rows else None

    def programme(self, draw: Draw, case: Case) -> str:
        """The case's programme, or any of the pack's where it has none yet."""
        chosen: str = self.world.again(case).programme or draw.of(*sorted(self.pack.programmes))
        return chosen


@dataclass(frozen=True)
class Act:
    """Who does what, with which words."""

    who: str
    verb: Callable[..., Any]
    words: dict[str, Any]

    def on(self, town: Town) -> HemvistError | None:
        """Tried in a transaction of its own: the refusal, or None. Anything else is a defect."""
        try:
            town.world.act(self.who, self.verb, **self.words)
        except HemvistError as refused:
            return refused
        return None


Maker = Callable[[Town, Draw, date], Act | None]
#: Every way to make an act, by name.
ACTS: dict[str, Maker] = {}


def act(maker: Maker) -> Maker:
    """Register a way to make an act; it gives None where there is nothing to act on."""
    ACTS[maker.__name__] = maker
    return maker


def seen(draw: Draw, row: Any) -> int:
    """The version that the person saw; one time in twelve somebody else has moved on from it."""
    return int(row.version) - draw.once_in(12)
