"""The check of a version in a program of its own, with a bound on its time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from hemvist.policy.review import MAX_CPU, Fault, Report

#: Seconds. A little more than the program's own bound on CPU time, for a busy machine.
MAX_SECONDS = MAX_CPU + 10
#: Characters that all files of a version may have together.
MAX_TOTAL = 3_000_000
_PROGRAM = "hemvist.policy.review"


def check_files(
    files: Mapping[str, str],
    base: Mapping[str, str] | None,
    *,
    seconds: float = MAX_SECONDS,
) -> dict[str, Any]:
    """The report of ``hemvist.policy.review`` as JSON data.

    The program gets the texts and nothing else: no settings, no keys, no connection. One that takes
    too long or dies gives a report that says so.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", _PROGRAM],
            input=json.dumps({"files": dict(files), "base": None if base is None else dict(base)}),
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={"PYTHONIOENCODING": "utf-8", "LANG": "C.UTF-8"},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _stopped()
    if done.returncode != 0:
        return _stopped()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _stopped() -> dict[str, Any]:
    return Report(
        [
            Fault(
                "error",
                "took_too_long",
                "",
                1,
                1,
                "the check took too much time or memory",
                "make the rules or the cases smaller",
            )
        ]
    ).as_json()
