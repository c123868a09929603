"""A worker's process that gets through one writing transaction and is killed in the next.

``python -m hemvist_dying NETWORK``, or ``TENANT RUN`` of a thinning: forks one process after the other,
each of which does what there is to do in the network, or in the run. It is killed with -9 as its second
writing transaction is about to be committed, so that every transaction is once the last that is kept and
once the one that is lost. A thinning takes its run in one transaction and thins in the next, so its
processes get through one, two and three by turns.
Prints how many were killed, when one has got through with nothing left to write.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from hemvist.exchange import running
from hemvist.migrations.tables import metadata
from hemvist.retention import running as retention

#: More kills than any network's business has steps.
_MOST = 400


def main(act: Callable[[], object], kept: Sequence[int] = (1,)) -> int:
    """How many processes were killed before one got through."""
    for killed in range(_MOST):
        child = os.fork()
        if child == 0:
            _die_after(kept[killed % len(kept)])
            act()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status == 0:
            return killed
        if not os.WIFSIGNALED(status):
            raise SystemExit(f"the {killed}. process failed by itself")
    raise SystemExit("nobody ever got through")


def _die_after(kept: int) -> None:
    written = 0

    @event.listens_for(Engine, "commit")
    def _count(connection: Connection) -> None:
        nonlocal written
        found = connection.exec_driver_sql("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        if found.scalar_one():
            written += 1
            if written > kept:
                os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    ids = [UUID(one) for one in sys.argv[1:]]
    if len(ids) == 1:
        print(main(lambda: running.run(ids[0])))
    else:
        print(main(lambda: retention.run(ids[0], ids[1], 120, metadata), (1, 2, 3)))
