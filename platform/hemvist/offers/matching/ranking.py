"""The order of the waiting: the guideline's list of priority, and a lot between equals.

Ids tell when a row was made, so an order by id would be a queue in disguise where the guideline
forbids one. Between equals a lot decides, drawn from the day and the id: everybody who draws it
again gets the same, and nobody is last twice because they came late.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from hemvist.policy import Pack, as_json, evaluate
from hemvist.policy.matching import Priority

#: What a rule says, as a number to sort by: a "no" is less than "not known", that less than "yes".
_OUTCOMES = {"false": 0, "unknown": 1, "true": 2}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A household's place. ``group`` is shared by those whom the list of priority holds equal."""

    case_id: UUID
    rank: int
    group: int
    lot: str
    #: Priority → the value it was ranked by, as JSON.
    values: Mapping[str, Any]


def values_of(
    pack: Pack, priorities: Sequence[Priority], facts: Mapping[str, object], on: date
) -> dict[str, Any]:
    """The values that a household is ranked by: a rule's outcome, or a fact; None when not known."""
    found: dict[str, Any] = {}
    for one in priorities:
        if one.rule is not None:
            found[one.id] = evaluate(pack, one.rule, facts, on).outcome.value
        else:
            found[one.id] = as_json(facts.get(one.fact or ""))
    return found


def ranked(
    values: Mapping[UUID, Mapping[str, Any]], priorities: Sequence[Priority], seed: str
) -> list[Ranked]:
    """Everybody in order, the first first. The order of ``values`` itself plays no part."""
    keyed = [
        (tuple(_key(one, held.get(one.id)) for one in priorities), lot(seed, case_id), case_id)
        for case_id, held in values.items()
    ]
    keyed.sort()
    found: list[Ranked] = []
    group, before = 0, None
    for rank, (key, drawn, case_id) in enumerate(keyed, start=1):
        if key != before:
            group, before = group + 1, key
        found.append(Ranked(case_id, rank, group, drawn, dict(values[case_id])))
    return found


def lot(seed: str, id: UUID) -> str:
    """The lot of a row: sixteen hexadecimal digits, the same whenever it is drawn."""
    return hashlib.sha256(f"{seed}:{id}".encode()).hexdigest()[:16]


def _key(one: Priority, value: Any) -> tuple[int, float]:
    """What is not known comes after everything that is known, whichever way is first."""
    if value is None:
        return (1, 0)
    number = _number(value)
    return (0, -number if one.descending else number)


def _number(value: Any) -> float:
    if isinstance(value, str):
        if value in _OUTCOMES:
            return _OUTCOMES[value]
        return date.fromisoformat(value).toordinal()
    return float(value)
