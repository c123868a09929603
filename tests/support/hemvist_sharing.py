"""How the tests are shared out among processes: ``make test`` runs as many as there are cores.

A file goes to one process as a whole, since its tests share a database; some folders go as if they
were one file. Each process has its own PostgreSQL, its own Valkey and its own ports (they start in
``tests/conftest.py``, once per process). The longest go out first, so that all end together.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

#: What takes half a minute or more, longest first. A file that is missing here only comes later
#: than it could.
LONGEST = (
    "tests/browser/",
    "tests/graphql/compiled/test_planted_faults.py",
    "tests/infra/dev/test_run.py",
    "tests/policy_packs/test_helsingborg_faults.py",
    "tests/graphql/compiled/test_oracle.py",
    "tests/faults/test_worker_killed.py",
    "tests/infra/national/test_national.py",
    "tests/platform/policy/columns/test_one_meaning.py",
    "tests/platform/policy/test_planted_faults.py",
    "tests/graphql/compiled/test_equality.py",
    "tests/infra/test_cli_replay.py",
    "tests/infra/demo/test_seed.py",
    "tests/platform/pack_versions/test_life.py",
    "tests/graphql/compiled/test_index_plans.py",
    "tests/journeys/test_api_strangers.py",
    "tests/infra/dev/test_servers_command.py",
    "tests/policy_packs/test_goteborg_bostad_forst_case.py",
    "tests/policy_packs/test_goteborg_bostad_forst.py",
)
#: Processes at the most: each has a PostgreSQL, a Valkey and in its turn a Chromium.
MOST = 8
#: Folders that go to one process together, and whose fixtures may have the scope "package".
TOGETHER = ("tests/browser/",)


class ByFile(LoadScopeScheduling):
    """Hands out whole files, and some folders as if they were one."""

    def _split_scope(self, nodeid: str) -> str:
        folder = next((one for one in TOGETHER if nodeid.startswith(one)), None)
        return folder or nodeid.split("::", 1)[0]


class Together(pytest.Package):
    """A folder that fixtures may have as their scope, though it is no Python package."""

    def setup(self) -> None:
        """Nothing to import."""


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The folder as a ``Together``, or nothing when it is an ordinary one."""
    name = f"{path.relative_to(parent.config.rootpath).as_posix()}/"
    return Together.from_parent(parent, path=path) if name in TOGETHER else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, the others in the order in which they were found."""
    items.sort(
        key=lambda item: next(
            (at for at, one in enumerate(LONGEST) if item.nodeid.startswith(one)), len(LONGEST)
        )
    )


def pytest_collection_finish() -> None:
    """What has been loaded by now stays to the end: the collector need not look through it again.

    A sixth of the time of some tests went there.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """A process per core; none beside this one on servers that are given.

    Roles are PostgreSQL's and not a database's, and tests change them; a broker is emptied.
    """
    if any(os.environ.get(name) for name in ("HEMVIST_DATABASE_URL", "HEMVIST_REDIS_URL")):
        return 0
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, MOST)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """File by file, in that order and not xdist's own."""
    config.option.loadscopereorder = False
    return ByFile(config, log)
