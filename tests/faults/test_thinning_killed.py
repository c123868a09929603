"""Workers killed -9 in every step of a thinning: each case is gone whole or there whole, and once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import hemvist_dying
from hemvist.audit import AuditEntry
from hemvist.cases.models import Case
from hemvist.retention import service
from hemvist.retention.fates import fates
from hemvist.retention.models import ThinningItem, ThinningRun
from hemvist_thinning import FIRST, approved, old_case, rows, thinning_world
from hemvist_world import World

#: Each process connects anew: many small ones, on a machine that has more to do.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def run_dying(world: World, run: ThinningRun) -> int:
    """The run, done by processes that are killed one after the other; how many."""
    support = str(Path(hemvist_dying.__file__).parent)
    done = subprocess.run(
        [sys.executable, "-m", "hemvist_dying", str(world.tenant_id), str(run.id)],
        env={**os.environ, "PYTHONPATH": support},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return int(done.stdout.split()[-1])


def test_killed_in_every_step(database: str) -> None:
    world = thinning_world()
    cases = {old_case(world).id for _ in range(4)}
    stays = world.case()
    run = world.act(FIRST, service.propose)
    # It is gathered, and counted.
    assert run_dying(world, run) >= 1
    assert (world.again(run).state, world.again(run).cases_total) == ("proposed", 4)
    approved(world, run)
    before = rows(world.tenant_id)
    # Each of a case's transactions has been the last of some process.
    assert run_dying(world, run) > len(cases)
    done = world.again(run)
    assert (done.state, done.cases_done) == ("done", 4)
    assert {one.case_id: one.state for one in world.rows(ThinningItem)} == dict.fromkeys(
        cases, "thinned"
    )
    assert [one.id for one in world.rows(Case)] == [stays.id]
    # Each is in the log once, and the certificate counts every row once.
    assert Counter(
        one.case_id for one in world.rows(AuditEntry, action="retention.thin")
    ) == Counter(cases)
    missing = before.keys() - rows(world.tenant_id).keys()
    assert done.certificate["rows"] == dict(Counter(table for table, _ in missing))
    assert {table for table, _ in missing} <= fates().going
