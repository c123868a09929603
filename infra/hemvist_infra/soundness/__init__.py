"""Whether a kommun's rows hold together: commands, events, money, deadlines, the log. See docs/faults.md.

Each check compares rows that one transaction wrote, or that one must have brought about, and asks
nothing of whoever wrote them. It changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from hemvist.audit import verifying
from hemvist.clock import now, real_now
from hemvist.db import TimeLimits
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist.tenancy.key_folder import KeysErased
from hemvist_infra.soundness import commands, deadlines, events, ledgers
from hemvist_infra.soundness.report import Finding, Report

__all__ = ["Finding", "Report", "look_through"]

Check = Callable[[TenantSession, Report, datetime], None]

#: Of a kommun; of a network of protected moves, whose rows have another reader.
_OF_KOMMUN: Sequence[Check] = (
    commands.check,
    events.check,
    ledgers.check_guarantees,
    deadlines.check,
)
_OF_NETWORK: Sequence[Check] = (ledgers.check_moves,)
_NO_LIMIT = TimeLimits(0, 0, 0)


def look_through(
    tenant_id: UUID,
    kind: str = "kommun",
    *,
    at: datetime | None = None,
    log: bool = True,
    anchors: Path | None = None,
    copied: bool = False,
) -> Report:
    """Look through everything of one tenant, as it is at the instant ``at`` (else now).

    ``kind`` is the tenant's in the register. ``log`` says whether the audit log's chain is looked through
    too, and ``anchors`` where its anchors are outside the database. ``copied`` says that the rows were put in
    from an export just now, before the log could say so.
    """
    report = Report(copied=copied)
    checks, audience = (
        (_OF_NETWORK, Audience.EXCHANGE) if kind == "network" else (_OF_KOMMUN, Audience.WORKER)
    )
    for check in checks:
        with tenant_session(audience, tenant_id, limits=_NO_LIMIT) as session:
            check(session, report, at or now())
    if log:
        _look_through_log(tenant_id, report, anchors)
    return report


def _look_through_log(tenant_id: UUID, report: Report, anchors: Path | None) -> None:
    try:
        found = verifying.verify(tenant_id, anchors, real_now())
    except KeysErased:
        return
    report.count("log entries", found.linked + found.waiting)
    for one in found.findings:
        place = "" if one.ordinal is None else f" at {one.ordinal}"
        report.find("log", one.entry_id, f"{one.kind}{place}: {one.told}")
