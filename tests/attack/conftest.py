"""What the attacks count and find, told at the end: the last line is the counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hemvist_attack import TALLY, Tally


@pytest.fixture
def tally() -> Iterator[Tally]:
    """The run's own count; a test fails when something was found in it."""
    before = len(TALLY.finds)
    yield TALLY
    assert TALLY.finds[before:] == []


def pytest_unconfigure(config: pytest.Config) -> None:
    """After everything else that pytest says. A process that only helps another says nothing."""
    if hasattr(config, "workerinput") or not TALLY.attempts:
        return
    for one in TALLY.finds:
        print(f"FOUND {one}")
    print(TALLY.line())
