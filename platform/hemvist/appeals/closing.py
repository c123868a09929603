"""An appeal that somebody has to act on keeps its case open."""

from __future__ import annotations

from sqlalchemy import select

from hemvist.appeals.models import TO_ACT_ON, Appeal
from hemvist.cases.closing import hinders_closing
from hemvist.cases.models import Case
from hemvist.tenancy import TenantSession


@hinders_closing
def appeal_waits(session: TenantSession, case: Case) -> str | None:
    """An appeal to be judged, reconsidered, passed on or answered; the court's time is not ours."""
    found = session.scalar(
        select(Appeal.id).where(Appeal.case_id == case.id, Appeal.state.in_(TO_ACT_ON))
    )
    return None if found is None else "appeal_hinders_closing"
