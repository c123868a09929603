"""Columns below one another: words that are listed differently are brought together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from hemvist.policy.columns.column import (
    UNKNOWN,
    Codes,
    Column,
    Lists,
    Numbers,
    Truths,
    Words,
    starts,
)

_Kind = TypeVar("_Kind", Truths, Numbers, Words, Lists)


def join(parts: Sequence[Column]) -> Column:
    """Columns of one kind below one another. Raises ``ValueError`` when they are of several."""
    match parts[0]:
        case Truths():
            return Truths(np.concatenate([part.values for part in _alike(parts, Truths)]))
        case Numbers(dates=dates):
            numbers = _alike(parts, Numbers)
            if any(part.dates is not dates for part in numbers):
                raise ValueError("dates and numbers do not go together")
            values = np.concatenate([part.values for part in numbers])
            return Numbers(values, np.concatenate([part.known for part in numbers]), dates)
        case Words():
            return _join_words(_alike(parts, Words))
        case Lists():
            return _join_lists(_alike(parts, Lists))


def _alike(parts: Sequence[Column], kind: type[_Kind]) -> list[_Kind]:
    found = [part for part in parts if isinstance(part, kind)]
    if len(found) != len(parts):
        raise ValueError("columns of several kinds do not go together")
    return found


def _join_words(parts: list[Words]) -> Words:
    places: dict[str, int] = {}
    codes: list[Codes] = []
    for part in parts:
        if part.words == parts[0].words and part is not parts[0]:
            codes.append(part.codes)
            continue
        # The last one is where the code -1 looks.
        moved = [places.setdefault(word, len(places)) for word in part.words]
        codes.append(np.array([*moved, -1], np.int32)[part.codes])
    return Words(np.concatenate(codes), tuple(places))


def _join_lists(parts: list[Lists]) -> Lists:
    names = parts[0].fields.keys()
    if any(part.fields.keys() != names for part in parts):
        raise ValueError("records with different fields do not go together")
    fields: dict[str, Truths | Numbers | Words] = {}
    for name in names:
        joined = join([part.fields[name] for part in parts])
        assert not isinstance(joined, Lists)
        fields[name] = joined
    counts = np.concatenate([part.counts for part in parts])
    return Lists(starts(counts), fields, np.concatenate([part.known for part in parts]))


def nothing(like: Column, rows: int) -> Column:
    """A column of the same kind in which every row is unknown."""
    match like:
        case Truths():
            return Truths(np.full(rows, UNKNOWN, np.int8))
        case Numbers(dates=dates):
            return Numbers(np.zeros(rows, np.int64), np.zeros(rows, np.bool_), dates)
        case Words(words=words):
            return Words(np.full(rows, -1, np.int32), words)
        case Lists(fields=fields):
            empty = {name: field.part(0, 0) for name, field in fields.items()}
            return Lists(np.zeros(rows + 1, np.int64), empty, np.zeros(rows, np.bool_))
