"""A proposal that waits for its decision keeps its case open."""

from __future__ import annotations

from sqlalchemy import select

from hemvist.cases.closing import hinders_closing
from hemvist.cases.models import Case
from hemvist.decisions.models import Decision
from hemvist.tenancy import TenantSession


@hinders_closing
def proposal_waits(session: TenantSession, case: Case) -> str | None:
    """A proposal that nobody has decided or returned."""
    found = session.scalar(
        select(Decision.id).where(Decision.case_id == case.id, Decision.state == "proposed")
    )
    return None if found is None else "proposal_hinders_closing"
