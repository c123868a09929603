"""Made-up requests to every address and every field of both APIs: nothing of ours breaks by them.

``make fuzz-api`` sends ten thousand. ``HEMVIST_FUZZ_CASES`` and ``HEMVIST_FUZZ_SEED`` say how many and
which, ``HEMVIST_FUZZ_ONLY`` which targets and ``HEMVIST_FUZZ_MINUTES`` after how long to stop;
``HEMVIST_FUZZ_REPLAY`` names a file of cases that found something, to be sent again.
"""

from __future__ import annotations

import math
import os
import time
from pathlib import Path

import pytest

from hemvist_fuzz import Case
from hemvist_fuzz_run import Fuzzing
from hemvist_fuzz_town import Town
from hemvist_infra.dev.local import project_root

pytestmark = pytest.mark.slow

#: What finds are written to, a line for each.
FOUND = Path("build/fuzz/found.jsonl")


def test_no_request_breaks_anything(town: Town, told: list[str]) -> None:
    number = int(os.environ.get("HEMVIST_FUZZ_CASES", "400"))
    minutes = float(os.environ.get("HEMVIST_FUZZ_MINUTES") or 0)
    fuzzing = Fuzzing(town, int(os.environ.get("HEMVIST_FUZZ_SEED", "1283")))
    again = os.environ.get("HEMVIST_FUZZ_REPLAY")
    lines = Path(again).read_text().splitlines() if again else []
    path = Path(project_root(), FOUND)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    fuzzing.count.found_in = path
    if again:
        for line in lines:
            fuzzing.play(Case.read(line))
    else:
        until = time.monotonic() + 60 * minutes if minutes else math.inf
        fuzzing.run(number, os.environ.get("HEMVIST_FUZZ_ONLY", ""), until)
    count = fuzzing.count
    told += [f"FOUND {what}\n      {case.text()}" for what, case in count.finds]
    told += [*count.table(), count.line(fuzzing.seed)]
    assert [what for what, _ in count.finds] == []
    assert again or minutes or sum(count.sent.values()) == number
