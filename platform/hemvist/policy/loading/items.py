"""Items of a programme's section: id, label, cite, covers and help, read in one way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict, TypeVar

from hemvist.policy.items import Item
from hemvist.policy.labels import Label
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.context import Context
from hemvist.policy.loading.reader import Keys
from hemvist.policy.loading.source import Node

T = TypeVar("T")

#: Items of one kind in one place.
MAX_ITEMS = 500


class Titled(TypedDict):
    """What every item has."""

    id: str
    label: Label
    cite: tuple[str, ...]
    covers: tuple[str, ...]
    help: Label | None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a programme, or of the pack (``programme`` empty), being read.

    Items without a citation take ``cite``; an empty one makes every item cite for itself.
    """

    context: Context
    programme: str
    name: str
    cite: tuple[str, ...]

    def carrier(self, id: str) -> str:
        """What carries the catalogue ids that the item ``id`` covers."""
        return f"{self.name}:{self.programme}.{id}" if self.programme else f"{self.name}:{id}"

    def titled(self, keys: Keys) -> Titled:
        """The common fields of an item."""
        id = r.name(keys.need("id"), "id")
        return Titled(
            id=id,
            label=self.context.label(keys),
            cite=self.context.cite(keys, self.cite),
            covers=self.context.covers(keys, self.carrier(id)),
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
        return self.all(r.items(node, key), key, read, seen)

    def all(
        self,
        nodes: Sequence[Node],
        key: str,
        read: Callable[[Keys, Titled], T],
        seen: set[str] | None = None,
    ) -> tuple[T, ...]:
        """Every item of ``nodes``, which may come from several files."""
        if len(nodes) > MAX_ITEMS:
            nodes[MAX_ITEMS].place.fail(f"{key} holds more than {MAX_ITEMS} items")
        ids: set[str] = set() if seen is None else seen
        return tuple(self._one(item, key, read, ids) for item in nodes)

    def _one(self, node: Node, what: str, read: Callable[[Keys, Titled], T], seen: set[str]) -> T:
        with r.reading(node, f"an item of {what}") as keys:
            titled = self.titled(keys)
            if titled["id"] in seen:
                keys.fail("id", f"{titled['id']!r} is listed twice in {what}")
            seen.add(titled["id"])
            return read(keys, titled)


def agenda(keys: Keys, section: Section, titled: Titled) -> tuple[Item, ...]:
    """The optional ``agenda`` of an item; a point is carried as the item's own ``name:item.point``."""
    inner = f"{section.programme}.{titled['id']}" if section.programme else titled["id"]
    points = Section(section.context, inner, section.name, titled["cite"])
    return points.each(keys, "agenda", lambda _, item: Item(**item))
