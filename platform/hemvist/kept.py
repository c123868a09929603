"""Things that are costly to make and kept for a while: bounded, the least recently used goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

ValueT = TypeVar("ValueT")


class Kept(Generic[ValueT]):
    """A bounded store for many threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, ValueT] = OrderedDict()
        self._lock = Lock()
        #: For the metrics of the process: found, made, and pushed out by newer ones.
        self.hits = 0
        self.misses = 0
        self.evictions = 0

    def find(self, key: Hashable) -> ValueT | None:
        """What is kept under ``key``, or None."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                self.misses += 1
                return None
            self._values.move_to_end(key)
            self.hits += 1
            return found

    def keep(self, key: Hashable, value: ValueT) -> None:
        """Keep ``value`` under ``key``, and let the oldest go when there are too many."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
                self.evictions += 1

    def drop(self, key: Hashable) -> None:
        """Forget what is kept under ``key``, if anything is."""
        with self._lock:
            self._values.pop(key, None)

    def get(self, key: Hashable, make: Callable[[], ValueT]) -> ValueT:
        """What is kept under ``key``, made now when there is nothing yet.

        Two threads may make the same at once; that costs time and nothing else.
        """
        found = self.find(key)
        if found is None:
            found = make()
            self.keep(key, found)
        return found

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._values

    def __len__(self) -> int:
        return len(self._values)
