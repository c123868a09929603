"""Two back ends, one meaning: against each other and against the official CEL implementation."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemvist_policy_agreement import differences

ROWS, RULES = 1000, 4
#: How many answers the long run compares.
ANSWERS = int(os.environ.get("HEMVIST_ANSWERS", "1000000"))


@given(st.integers(0, 2**48))
@settings(max_examples=200, deadline=None)
def test_random_rules_have_one_meaning(seed: int) -> None:
    assert list(differences(seed)) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_million_answers_are_the_same() -> None:
    for seed in range(-(-ANSWERS // (ROWS * RULES))):
        found = list(differences(seed, rows=ROWS, rules=RULES, look_every=20))
        assert not found, found[:5]
