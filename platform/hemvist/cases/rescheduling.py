"""Laying a case's obligations out anew when what they count from was corrected or rests."""

from __future__ import annotations

from datetime import date

from hemvist.cases.journal import HORIZON_MONTHS, latest_events
from hemvist.cases.models import Case
from hemvist.cases.packs import departments_with, pack_of
from hemvist.deadlines.replanning import Difference, Replan
from hemvist.policy import Pack, add_months
from hemvist.tenancy import TenantSession


def replan(session: TenantSession, case: Case, target: Pack, on: date) -> Replan:
    """The obligations of a case with a programme, as ``target`` lays them out."""
    assert case.programme is not None
    return Replan(
        session,
        case_id=case.id,
        programme=case.programme,
        pack=target,
        anchors=latest_events(session, case.id),
        until=add_months(on, HORIZON_MONTHS),
        on=on,
        departments_of={
            "referring": [case.department],
            "property": departments_with(target, "property"),
        },
        department=case.department,
    )


def reschedule(session: TenantSession, case: Case, on: date) -> list[Difference]:
    """Move what is still to be done to the days that hold now; returns what changed.

    What was done, missed or impossible stays, and nobody is asked afterwards for what would have been
    due before the day ``on``.
    """
    if case.programme is None:
        return []
    session.flush()
    return replan(session, case, pack_of(case), on).carry_out()
