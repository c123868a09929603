"""Laying out recurring obligations further as time passes, in the cases that need it.

New events lay out what counts from them ``HORIZON_MONTHS`` ahead. As time passes more comes within
that: once for each case the day is kept on which that happens next, so that a night's work is what has
to be written and not every case of the kommun.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert

from hemvist.cases import journal
from hemvist.cases.models import Case, CaseEvent
from hemvist.cases.packs import departments_with, pack_of
from hemvist.deadlines import service as deadlines
from hemvist.deadlines.models import ObligationHorizon
from hemvist.ids import new_id
from hemvist.policy import add_months
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import Ask, of_tenant

#: How far beyond the horizon the next obligation is looked for: most recur at least once a year.
_BEYOND_MONTHS = 13


class Behind(NamedTuple):
    """A case to look at, and how many lines its timeline had when it was found."""

    case_id: UUID
    events: int


def _asked() -> Ask:
    lines = (
        select(func.count().label("events"))
        .select_from(CaseEvent)
        .where(CaseEvent.tenant_id == of_tenant(), CaseEvent.case_id == Case.id)
        .lateral()
    )
    kept = ObligationHorizon
    return Ask(
        select(Case.id, lines.c.events)
        .join(lines, true())
        .outerjoin(kept, (kept.tenant_id == of_tenant()) & (kept.case_id == Case.id))
        .where(
            Case.tenant_id == of_tenant(),
            Case.state == "open",
            Case.programme.is_not(None),
            Case.id > bindparam("after", type_=Uuid()),
            or_(
                kept.id.is_(None),
                kept.next_on <= bindparam("until"),
                kept.events != lines.c.events,
            ),
        )
        .order_by(Case.id)
        .limit(bindparam("limit"))
    )


_BEHIND = _asked()


def behind(
    session: TenantSession, day: date, limit: int, after: UUID | None = None
) -> Sequence[Behind]:
    """At most ``limit`` open cases beyond the one ``after`` in which more may be due by the horizon of
    ``day``, or in which something has happened since they were looked at."""
    rows = _BEHIND.rows(session, until=_horizon(day), limit=limit, after=after or UUID(int=0))
    return [Behind(*row) for row in rows]


def lay_out(session: TenantSession, found: Behind, day: date) -> int:
    """Lay out the case's obligations up to the horizon of ``day``, and keep when to look again.

    Returns how many obligations are new.
    """
    case = session.find(Case, found.case_id)
    if case.state != "open" or case.programme is None:
        return 0
    pack = pack_of(case)
    made, next_on = deadlines.lay_out_and_look_ahead(
        session,
        case_id=case.id,
        programme=case.programme,
        pack=pack,
        anchors=journal.latest_events(session, case.id),
        until=_horizon(day),
        beyond=add_months(_horizon(day), _BEYOND_MONTHS),
        departments_of={
            "referring": [case.department],
            "property": departments_with(pack, "property"),
        },
        department=case.department,
    )
    # What happens in between has a line that is not counted here, so the case is looked at again.
    kept = {"events": found.events, "next_on": next_on}
    session.execute(
        insert(ObligationHorizon)
        .values(tenant_id=session.tenant_id, id=new_id(), case_id=case.id, **kept)
        .on_conflict_do_update(index_elements=["tenant_id", "case_id"], set_=kept)
    )
    return len(made)


def _horizon(day: date) -> date:
    return add_months(day, journal.HORIZON_MONTHS)
