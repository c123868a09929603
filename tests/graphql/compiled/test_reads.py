"""Reads picked by hand, by every kind of reader: the plan and the ordinary path say the same."""

from __future__ import annotations

from collections import Counter
from typing import Any

from graphql import parse, validate

import hemvist_paths
from hemvist_graphql.compiled import Why
from hemvist_graphql.schema import executable_schema
from hemvist_reads import Expected, by_hand, expected_of


def test_reads_picked_by_hand(populated: Any) -> None:
    seen: Counter[str] = Counter()
    for asked in by_hand(populated.world, populated.other, populated.filled, populated.known):
        assert not validate(executable_schema(), parse(asked.document)), asked.document
        found = expected_of(asked, hemvist_paths)
        seen[found.refused or "planned"] += 1
        _agree(found)
    # Each of these has reads that are to meet it.
    assert seen["planned"] > 150, seen
    assert seen[Why.NULL] >= 3 and seen[Why.UNBOUND] >= 2 and seen[Why.REFUSED] >= 5, seen


def _agree(found: Expected) -> None:
    if not found.refused:
        assert found.by_plan == (found.data, found.logged), str(found.asked)
    elif found.refused in (Why.NULL, Why.REFUSED):
        assert found.failed, str(found.asked)
