"""A commission that runs keeps its case open: somebody works by it."""

from __future__ import annotations

from hemvist.cases.closing import hinders_closing
from hemvist.cases.models import Case
from hemvist.commissions.service import running
from hemvist.tenancy import TenantSession


@hinders_closing
def commission_under_way(session: TenantSession, case: Case) -> str | None:
    """A commission that was sent and has not ended; one that was never sent falls with the case."""
    found = running(session, case)
    return "commission_hinders_closing" if found is not None and found.state == "sent" else None
