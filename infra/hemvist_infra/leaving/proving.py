"""What must be the same of a kommun's rows wherever they lie: deadlines that run, judgements that can be
repeated, and that rows hold together. Asked of the old place and of the new one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from hemvist.audit import anchors
from hemvist.db import Audience, TimeLimits
from hemvist.policy import PolicyError
from hemvist.replays import service
from hemvist.replays.outcome import Result
from hemvist.tenancy import tenant_session
from hemvist_infra import soundness
from hemvist_infra.leaving.reading import Connection

_DEADLINES = """
SELECT line FROM (
SELECT concat_ws(' ', 'obligation', id, code, due_on) AS line FROM obligations
 WHERE tenant_id = %(tenant)s AND state = 'open'
UNION ALL
SELECT concat_ws(' ', 'clock', id, code, due_at) FROM service_clocks
 WHERE tenant_id = %(tenant)s AND stopped_at IS NULL
) running ORDER BY line COLLATE "C"
"""
Progress = Callable[[str, int, int], None]


def deadlines(connection: Connection, tenant_id: UUID) -> dict[str, Any]:
    """How many deadlines and clocks run, and a digest of which and until when."""
    whole, count = hashlib.sha256(), 0
    for (line,) in connection.execute(_DEADLINES, {"tenant": tenant_id}).fetchall():
        whole.update(f"{line}\n".encode())
        count += 1
    return {"open": count, "sha256": whole.hexdigest()}


def replays(tenant_id: UUID, progress: Progress) -> dict[str, Any]:
    """Every assessment and decision judged once more: how many came to what, and a digest of which."""
    counted: Counter[str] = Counter()
    whole = hashlib.sha256()
    with tenant_session(Audience.WORKER, tenant_id, limits=TimeLimits(0, 0, 0)) as session:
        total = service.count(session)
        for done, one in enumerate(service.replay_all(session), 1):
            counted[one.result.value] += 1
            whole.update(f"{one.subject} {one.subject_id} {one.result.value}\n".encode())
            progress("judging anew", done, total)
    return {"counts": dict(sorted(counted.items())), "sha256": whole.hexdigest()}


def wrong_replays(said: dict[str, Any]) -> int:
    """How many came to another answer, or have no version to ask."""
    counts = said["counts"]
    return sum(counts.get(one.value, 0) for one in (Result.DIFFERS, Result.VERSION_MISSING))


def sound(tenant_id: UUID, at: datetime, *, copied: bool = False) -> dict[str, Any]:
    """What ``hemvist check`` says of the moment ``at``, the chain of the log included: counts and finds.

    ``copied`` as ``look_through`` has it.
    """
    try:
        report = soundness.look_through(
            tenant_id, at=at, anchors=anchors.anchor_file(), copied=copied
        )
    except PolicyError as missing:
        # A guideline that is gone keeps nobody from leaving; what can be asked of the rows has been.
        return {"counts": {}, "findings": [f"not looked through: {missing}"]}
    return {
        "counts": {what: number for what, number in report.counts.items() if what != "log entries"},
        "findings": [one.line for one in report.findings],
    }
