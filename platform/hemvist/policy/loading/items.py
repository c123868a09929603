"""Items of a programme's section: id, label, cite, covers and help, read in one way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict, TypeVar

from hemvist.policy.labels import Label
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.context import Context
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node

T = TypeVar("T")


class Titled(TypedDict):
    """What every item has."""

    id: str
    label: Label
    cite: tuple[str, ...]
    covers: tuple[str, ...]
    help: Label | None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a programme being read; items without a citation take ``cite``."""

    context: Context
    programme: str
    name: str
    cite: tuple[str, ...]

    def titled(self, keys: Keys) -> Titled:
        """The common fields of an item."""
        id = r.name(keys.need("id"), "id")
        return Titled(
            id=id,
            label=self.context.label(keys),
            cite=self.context.cite(keys, self.cite),
            covers=self.context.covers(keys, f"{self.name}:{self.programme}.{id}"),
            help=self.context.help(keys),
        )

    def covers(self, keys: Keys) -> tuple[str, ...]:
        """What the section as a whole carries."""
        return self.context.covers(keys, f"{self.name}:{self.programme}")

    def each(
        self, keys: Keys, key: str, read: Callable[[Keys, Titled], T], seen: set[str] | None = None
    ) -> tuple[T, ...]:
        """Every item of an optional list; ids are unique in it (and in ``seen``)."""
        node = keys.get(key)
        if node is None:
            return ()
        ids: set[str] = set() if seen is None else seen
        return tuple(self._one(item, key, read, ids) for item in r.items(node, key))

    def _one(self, node: Node, what: str, read: Callable[[Keys, Titled], T], seen: set[str]) -> T:
        with r.reading(node, f"an item of {what}") as keys:
            titled = self.titled(keys)
            if titled["id"] in seen:
                keys.fail("id", f"{titled['id']!r} is listed twice in {what}")
            seen.add(titled["id"])
            return read(keys, titled)
