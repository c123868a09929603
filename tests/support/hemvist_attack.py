"""What an attack counts and finds. Each attack is a function that takes a ``Tally``, so that the same
attack is run against the platform as it is and against one with a hole planted in it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
#: ``make attack`` attacks everything. In the tests it is every so many of what takes longest.
EVERY = 1 if os.environ.get("HEMVIST_ATTACK") == "whole" else 5


def some(of: Iterable[T]) -> list[T]:
    """All of it for ``make attack``, else a part."""
    return list(of)[::EVERY]


@dataclass
class Tally:
    """What was attacked, by kind, each thing once; how often; and what got through."""

    attacked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    attempts: int = 0
    finds: list[str] = field(default_factory=list)

    def strike(self, kind: str, *what: str) -> None:
        """One attempt at ``what`` of ``kind`` (several at once where one request holds them)."""
        self.attacked[kind].update(what)
        self.attempts += 1

    def tried(self, times: int = 1) -> None:
        """So many further attempts at what has been struck."""
        self.attempts += times

    def find(self, told: str) -> None:
        """Something got through. Told once, however often."""
        if told not in self.finds:
            self.finds.append(told)

    def count(self, kind: str) -> int:
        """How many different things of a kind were attacked."""
        return len(self.attacked[kind])

    def table(self) -> str:
        """How many of each kind, a line for each."""
        return "\n".join(f"{len(self.attacked[kind]):8} {kind}" for kind in self._kinds())

    def line(self) -> str:
        """The whole in one line."""
        counted = ", ".join(f"{len(self.attacked[kind])} {kind}" for kind in self._kinds())
        return f"attacked: {counted}; {self.attempts} attempts, {len(self.finds)} finds"

    def _kinds(self) -> list[str]:
        return [one for one in FIRST if one in self.attacked] + sorted(
            set(self.attacked) - set(FIRST)
        )


#: Kinds that are told first.
FIRST = ("fields", "routes", "tables and views", "roles", "principals")


#: What the run as a whole has struck and found.
TALLY = Tally()
