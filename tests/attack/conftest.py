"""What the attacks count and find, told at the end: the last line is the counts."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from hemvist_attack import TALLY, Tally
from hemvist_attack_people import Front, whole_front
from hemvist_rows import fill
from hemvist_testing import new_tenant


@pytest.fixture
def tally() -> Iterator[Tally]:
    """The run's own count; a test fails when something was found in it."""
    before = len(TALLY.finds)
    yield TALLY
    assert TALLY.finds[before:] == []


@pytest.fixture(scope="module")
def front(database: str, valkey: str) -> Iterator[Front]:
    """The application as it is put together, and people of it."""
    with whole_front() as front:
        yield front


@pytest.fixture(scope="module")
def filled(database: str) -> dict[str, UUID]:
    """A kommun with a row in every table, by table."""
    tenant_id = new_tenant()
    return {**fill(tenant_id), "tenants": tenant_id}


@pytest.fixture(scope="module")
def other_rows(database: str) -> dict[str, UUID]:
    """A kommun with rows of its own, which could be moved and pointed elsewhere."""
    tenant_id = new_tenant()
    return {**fill(tenant_id), "tenants": tenant_id}


@pytest.fixture(scope="module")
def other(other_rows: dict[str, UUID]) -> UUID:
    """That kommun."""
    return other_rows["tenants"]


#: Tests with a planted hole that found it, of all; and whether the run as a whole went well.
_planted = {"passed": 0, "failed": 0}
_ended: list[int] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count planted holes."""
    if report.when == "call" and "/test_planted_" in report.nodeid:
        _planted["passed" if report.passed else "failed"] += 1


def pytest_sessionfinish(exitstatus: int) -> None:
    """Keep how it ended, for the last line."""
    _ended.append(int(exitstatus))


def pytest_unconfigure(config: pytest.Config) -> None:
    """After everything else that pytest says. A process that only helps another says nothing."""
    if hasattr(config, "workerinput") or not TALLY.attempts:
        return
    print(TALLY.table())
    for one in TALLY.finds:
        print(f"FOUND {one}")
    holes = f"; {_planted['passed']} of {sum(_planted.values())} planted holes found"
    # What failed for another reason than a find has attacked less than it says.
    failed = "; NOT to its end: see above" if any(_ended) and not TALLY.finds else ""
    print(TALLY.line() + (holes if sum(_planted.values()) else "") + failed)
