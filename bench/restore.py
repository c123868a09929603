"""The drill on made-up kommuner: a server is loaded with commands, killed in the middle and removed, and
its backup is restored into a new instance and proved. What was lost, and how long each step took.

Nothing of it touches another server: data, keys and backups lie in a temporary folder. Ends with status 1 on
any find, or when a command was lost that had been acknowledged earlier than the promised point.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from datetime import timedelta
from pathlib import Path

from report import Figure, report

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

HOUSEHOLDS = int(os.environ.get("HOUSEHOLDS", "200"))
SECONDS = float(os.environ.get("SECONDS", "20"))
#: As promised to operators, and as `hemvist backup archive` does unless told otherwise.
POINT, EVERY = 60.0, 5.0


def main() -> int:
    """Fill, load, lose, restore, report; the exit status."""
    from hemvist_testing import open_folder, use_test_settings

    use_test_settings()
    os.environ["HEMVIST_LOG_LEVEL"] = "ERROR"
    import hemvist_restoring as restoring
    from hemvist_infra import demo
    from hemvist_infra.backups.drill import Drill
    from hemvist_infra.backups.instance import Instance

    restoring.EVERY = EVERY
    missing = []
    with open_folder() as folder, restoring.source_in(folder) as source:
        print(f"a server with {HOUSEHOLDS} households")
        half = HOUSEHOLDS // 2
        demo.seed(lambda *_: None, {"helsingborg": half, "karlstad": HOUSEHOLDS - half})
        source.receive()
        source.link()
        before = time.monotonic()
        base = source.back_up()
        taken = time.monotonic() - before
        print(f"base backup {base.id}: {base.size / 1e6:.1f} MB in {taken:.1f} s")
        load = restoring.Load()
        with load.running():
            time.sleep(SECONDS / 2)
            source.link()
            time.sleep(SECONDS / 2)
            lost = source.lose()
            time.sleep(0.2)
        # The receiver's machine goes on and seals what it had; then the source's disks are gone.
        source.stop_receiving()
        size = _bytes(folder / "postgres")
        shutil.rmtree(folder / "postgres")
        print(f"killed after {load.acknowledged} acknowledged commands; its data are removed")

        def prove(instance: Instance) -> None:
            for slug, told in load.done.items():
                here = restoring.present(instance.url, slug, [row for row, _ in told])
                missing.extend(at for row, at in told if row not in here)

        plan = source.plan("restored", lost=lost, point=POINT)
        outcome = Drill(plan, print).run(prove)
        archived = _bytes(source.store.wal)
    age = max((lost - at for at in missing), default=timedelta())
    too_old = sum(1 for at in missing if lost - at > timedelta(seconds=POINT))
    if too_old:
        outcome.findings.append(f"{too_old} acknowledged commands are lost beyond the point")
    outcome.counts |= {"acknowledged commands": load.acknowledged, "of them lost": len(missing)}
    report(
        "restore",
        [
            Figure("the server's folder", size / 1e6, "MB"),
            Figure("base backup, sealed", base.size / 1e6, "MB"),
            Figure("base backup taken", taken, "s"),
            Figure("log since, sealed", archived / 1e6, "MB"),
            *(Figure(name, seconds, "s") for name, seconds in outcome.seconds.items()),
            Figure("recovery time", outcome.restored_in, "s"),
            Figure("recovery point, by the log's end", outcome.lost_seconds or 0.0, "s", POINT),
            Figure("oldest acknowledged command lost", age.total_seconds(), "s", POINT),
        ],
    )
    print(outcome.last_line)
    return 1 if outcome.findings else 0


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main())
