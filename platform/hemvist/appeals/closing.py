"""An appeal that somebody has to act on keeps its case open."""

from __future__ import annotations

from sqlalchemy import and_, or_, select

from hemvist.appeals.models import TO_ACT_ON, WON, Appeal
from hemvist.cases.closing import hinders_closing
from hemvist.cases.models import Case
from hemvist.tenancy import TenantSession


@hinders_closing
def appeal_waits(session: TenantSession, case: Case) -> str | None:
    """An appeal to be judged, reconsidered, passed on or answered; the court's time is not ours.

    Neither is a case closed before the decision is made that a won appeal calls for.
    """
    to_follow = and_(
        Appeal.state == "settled", Appeal.outcome.in_(WON), Appeal.new_decision_id.is_(None)
    )
    found = session.scalar(
        select(Appeal.id).where(
            Appeal.case_id == case.id, or_(Appeal.state.in_(TO_ACT_ON), to_follow)
        )
    )
    return None if found is None else "appeal_hinders_closing"
