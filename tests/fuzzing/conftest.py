"""What the fuzzing counts and finds, told at the end: the last line is the counts."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from hemvist_fuzz_town import Town, fuzz_town
from hemvist_new_documents import new_documents_without_end

#: Lines that are told after everything else.
TOLD: list[str] = []


@pytest.fixture(scope="module")
def town(postgres: str, database: str, valkey: str) -> Iterator[Town]:
    """A served kommun, with something of everything where many cases are sent to it."""
    # So many are worth the minutes in which everything happens once.
    whole = int(os.environ.get("HEMVIST_FUZZ_CASES", "0")) >= 1_000
    with new_documents_without_end(), fuzz_town(postgres, database, whole=whole) as town:
        yield town


@pytest.fixture
def told() -> list[str]:
    """Where a run says what it counted."""
    return TOLD


def pytest_unconfigure(config: pytest.Config) -> None:
    """After everything else that pytest says. A process that only helps another says nothing."""
    if not hasattr(config, "workerinput"):
        for line in TOLD:
            print(line)
