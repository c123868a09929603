"""The upgrade under load, small: nobody is refused anything; and a migration that must not be is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hemvist_testing import open_folder
from hemvist_upgrading import PLANTED, Drill, Version

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where everything of it lies."""
    with open_folder() as folder:
        yield folder


def test_tables_change_and_processes_are_replaced_with_no_request_lost(folder: Path) -> None:
    old, new = Version("old", None, folder), Version("new", None, folder)
    # The drill's own limit is for a machine that has nothing else to do.
    outcome = Drill(folder, old, new, seconds=1.0, callers=2, limit=1.0, households=10).run()
    assert outcome.findings == []
    assert outcome.requests > 50
    assert [one.name[:4] for one in outcome.applied][:9] == [f"900{n}" for n in range(1, 10)]
    assert set(outcome.drained) == {"web", "worker"}


def test_a_migration_that_writes_a_table_anew_is_found(folder: Path) -> None:
    version = Version("old", None, folder)
    outcome = Drill(
        folder, version, version, PLANTED, seconds=1.0, callers=2, households=10, replacing=False
    ).run()
    assert [line for line in outcome.findings if line.startswith("longest lock")]
    assert outcome.longest > 0.1
    assert outcome.waits > 0
