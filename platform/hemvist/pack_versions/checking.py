"""The check of a version in a program of its own, with a bound on its time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import structlog

from hemvist.policy.review import MAX_CPU, Fault, Report

#: Seconds. A little more than the program's own bound on CPU time, for a busy machine.
MAX_SECONDS = MAX_CPU + 10
#: Characters that all files of a version may have together.
MAX_TOTAL = 3_000_000
_PROGRAM = "hemvist.policy.review"
_TOO_MUCH = (
    "took_too_long",
    "the check took too much time or memory",
    "make the rules or the cases smaller",
)
_FAILED = (
    "check_failed",
    "the check could not be carried out",
    "try again, and else tell those who run the platform",
)
_log = structlog.get_logger("hemvist.pack_versions")


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
        done = subprocess.run(  # noqa: S603 - this very Python with a module of ours
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
        return _ended(*_TOO_MUCH)
    # Ended by a signal: the bound on its CPU time, or the machine's on memory.
    if done.returncode < 0 or "MemoryError" in done.stderr:
        return _ended(*_TOO_MUCH)
    if done.returncode != 0:
        # A fault of ours. Nothing of what was written in the pack goes into the log.
        _log.error("pack_versions.check_failed", status=done.returncode, error=_kind(done.stderr))
        return _ended(*_FAILED)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _kind(stderr: str) -> str:
    """The name of the exception that a traceback ends with."""
    last = stderr.rstrip().rpartition("\n")[2]
    return last.partition(":")[0][:100]


def _ended(code: str, message: str, cure: str) -> dict[str, Any]:
    return Report([Fault("error", code, "", 1, 1, message, cure)]).as_json()
