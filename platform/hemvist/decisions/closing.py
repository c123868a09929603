"""What a closed case means for its decisions: none may wait to be made, and some wait for nothing more."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from hemvist.cases.closing import hinders_closing, settles_with_case
from hemvist.cases.models import Case
from hemvist.decisions import execution
from hemvist.decisions.models import Decision
from hemvist.tenancy import TenantSession


@hinders_closing
def proposal_waits(session: TenantSession, case: Case) -> str | None:
    """A proposal that nobody has decided or returned."""
    found = session.scalar(
        select(Decision.id).where(Decision.case_id == case.id, Decision.state == "proposed")
    )
    return None if found is None else "proposal_hinders_closing"


@settles_with_case
def nobody_waits(session: TenantSession, case: Case, day: date) -> None:
    """Let what was granted and not carried out end that day: the household has what it needs.

    Else it would be reported to IVO for ever as a decision that the kommun does not carry out (SoL
    34:1); now the report of the quarter says that it ended.
    """
    for decision in session.scalars(
        select(Decision)
        .where(Decision.case_id == case.id, execution.waits(day))
        .order_by(Decision.id)
    ).all():
        session.lock(decision)
        decision.ended_on = day
        decision.version += 1
