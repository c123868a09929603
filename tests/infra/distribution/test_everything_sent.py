"""Journeys, landlords and workers go on as on many machines, and nothing that they send leaves its kommun."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hemvist_infra.distribution.sent import Sent, problems

ROOT = Path(__file__).resolve().parents[3]
#: Whole lives over the API, a kommun's rounds with others, a landlord's pages, the workers' chores.
JOURNEYS = (
    "tests/journeys/test_api_journey.py",
    "tests/journeys/test_three_kommuner.py",
    "tests/graphql/landlord/test_reading.py",
    "tests/workers/test_chores.py",
    "tests/workers/test_relay.py",
    "tests/workers/test_exchanging.py",
)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_nothing_that_journeys_send_leaves_its_kommun(tmp_path: Path) -> None:
    file = tmp_path / "sent.jsonl"
    told = {**os.environ, "HEMVIST_STATEMENTS": str(file), "HEMVIST_DATABASE_DISTRIBUTED": "true"}
    # A database and servers of its own, as for any run of tests.
    for name in ("HEMVIST_DATABASE_URL", "HEMVIST_REDIS_URL", "PYTEST_ADDOPTS"):
        told.pop(name, None)
    options = ("-p", "hemvist_statements", "-n0", "-q", "-m", "not slow", "--timeout=0")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *JOURNEYS],
        cwd=ROOT,
        env=told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:]
    sent = [Sent(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]
    roles = {one.role for one in sent}
    assert {"hemvist_staff", "hemvist_worker", "hemvist_exchange", "hemvist_landlord"} <= roles
    assert len(sent) > 500
    assert [str(one) for one in problems(sent)] == []
