"""Texts that are the same, and what is in a list, for every row at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from hemvist.policy.columns.column import Codes, Flags, Lists, Words
from hemvist.policy.columns.places import Number, Place, Text, Truthful, settled

#: A code that no word has: neither known nor unknown.
_NOWHERE = -2


def same_text(left: Text, right: Text) -> tuple[Any, Flags | bool]:
    """Where two texts are the same, and where both are known."""
    if left is None or right is None:
        return False, False
    if isinstance(left, str):
        if isinstance(right, str):
            return left == right, True
        left, right = right, left
    if isinstance(right, str):
        return left.codes == left.places.get(right, _NOWHERE), left.known
    return left.codes == _as_in(left, right), left.known & right.known


def _as_in(target: Words, source: Words) -> Codes:
    """The codes of ``source`` as ``target`` writes them; what it cannot write is nowhere."""
    if source.words == target.words:
        return source.codes
    moved = [target.places.get(word, _NOWHERE) for word in source.words]
    # The last one is where the code -1 looks.
    return np.array([*moved, _NOWHERE], np.int32)[source.codes]


def among(item: Number | Text, values: tuple[Any, ...]) -> Truthful:
    """Whether an item is in a parameter's list."""
    if not values:
        return 0
    if isinstance(item, Number):
        if isinstance(item.values, int):
            return settled(item.values in values, item.known)
        return settled(np.isin(item.values, np.array(values, np.int64)), item.known)
    if item is None:
        return 1
    if isinstance(item, str):
        return settled(item in values, True)
    wanted = np.zeros(len(item.words) + 1, np.bool_)
    wanted[[item.places[word] for word in values if word in item.places]] = True
    return settled(wanted[item.codes], item.known)


def in_list(item: Text, lists: Lists | None, place: Place) -> Truthful:
    """Whether an item is in the row's own list of options."""
    if lists is None:
        return 1
    empty, known = place.of(lists.known & (lists.counts == 0)), place.of(lists.known)
    if item is None:
        return np.where(empty, np.int8(0), np.int8(1))
    options = lists.fields[""]
    assert isinstance(options, Words)
    rows = np.repeat(np.arange(len(lists)), lists.counts)
    if isinstance(item, str):
        found = np.zeros(len(lists), np.bool_)
        found[rows[options.codes == options.places.get(item, _NOWHERE)]] = True
        return settled(place.of(found), known)
    # One number for each pair of row and option; unknown and strange items match none.
    width = len(options.words) + 2
    pairs = rows * width + options.codes
    wanted = _as_in(options, item).astype(np.int64)
    wanted[wanted < 0] = width - 1
    inside = np.isin(place.rows * width + wanted, pairs)
    return settled(inside, known & (item.known | empty))
