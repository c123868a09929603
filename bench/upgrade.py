"""An upgrade under constant load: the code before serves, the tables change, the new code takes over.

Real processes on this machine: PostgreSQL, Valkey, the web and the worker of the last release's code (the
last commit that ended at its migration), then this code's. After the real migrations come made-up ones that
do each thing that a migration may do, to the tables that are used most. Ends with status 1 when a request
failed, or when a lock kept somebody from a table for longer than LIMIT_MS.

OLD=COMMIT takes another commit's code, OLD=same this one's; PLANTED=1 a migration that must not be.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from report import Figure, report

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

HOUSEHOLDS = int(os.environ.get("HOUSEHOLDS", "200"))
SECONDS = float(os.environ.get("SECONDS", "10"))
CALLERS = int(os.environ.get("CALLERS", "3"))
LIMIT_MS = float(os.environ.get("LIMIT_MS", "100"))


def main() -> int:
    """Upgrade, report; the exit status."""
    from hemvist_testing import open_folder, use_test_settings

    use_test_settings()
    os.environ["HEMVIST_LOG_LEVEL"] = "ERROR"
    import hemvist_upgrading as upgrading

    commit = os.environ.get("OLD") or upgrading.last_release(ROOT)
    with open_folder() as folder:
        new = upgrading.Version("new", None, folder)
        same = upgrading.Version("old", None, folder)
        outcome = upgrading.Drill(
            folder,
            same if commit == "same" else upgrading.earlier(ROOT, folder, commit),
            new,
            upgrading.PLANTED if os.environ.get("PLANTED") else upgrading.REVISIONS,
            seconds=SECONDS,
            callers=CALLERS,
            limit=LIMIT_MS / 1000,
            households=HOUSEHOLDS,
            say=lambda line: print(line, flush=True),
        ).run()
    attempts = sum(one.attempts for one in outcome.applied) - len(outcome.applied)
    report(
        "upgrade",
        [
            Figure("under load", outcome.seconds, "s"),
            Figure("requests", outcome.requests, ""),
            Figure("of them failed", len(outcome.failures), "", 0),
            Figure("answer, median", _share(outcome.times, 0.5), "ms"),
            Figure("answer, 99 of 100 within", _share(outcome.times, 0.99), "ms"),
            Figure("steps of the upgrade", len(outcome.applied), ""),
            Figure("attempts that were given up", attempts, ""),
            Figure("longest lock, waiting for it included", outcome.longest * 1000, "ms", LIMIT_MS),
            Figure("statements that waited over 10 ms for a table", outcome.waits, ""),
            Figure("longest such wait", outcome.waited * 1000, "ms", LIMIT_MS),
            *(Figure(f"old {what} ended in", s, "s") for what, s in outcome.drained.items()),
        ],
    )
    for line in outcome.findings:
        print(f"FIND {line}")
    print(
        f"{outcome.requests} requests, {len(outcome.failures)} failed; {len(outcome.findings)} finds"
    )
    return 1 if outcome.findings else 0


def _share(times: list[float], share: float) -> float:
    """In milliseconds, within what that share was answered."""
    return sorted(times)[int(share * (len(times) - 1))] * 1000


if __name__ == "__main__":
    sys.exit(main())
