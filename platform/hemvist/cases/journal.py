"""One call writes everything that an act on a case must leave behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, func, null, select
from sqlalchemy import case as when

from hemvist import audit, outbox
from hemvist.cases.models import Case, CaseEvent
from hemvist.cases.packs import departments_with, pack_of
from hemvist.cases.stage import RESTART
from hemvist.clock import now, today
from hemvist.deadlines import service as deadlines
from hemvist.households.models import HouseholdMember
from hemvist.identity import Actor
from hemvist.policy import add_months
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import Ask, Computed, append, of_tenant

#: How far ahead recurring obligations are laid out; the worker lays out more as time passes.
HORIZON_MONTHS = 24
_MEMBERS = (
    select(HouseholdMember.person_id)
    .where(
        HouseholdMember.tenant_id == of_tenant(),
        HouseholdMember.household_id == bindparam("members_of", type_=Uuid()),
    )
    .distinct()
    .order_by(HouseholdMember.person_id)
)
_PERSONS = Ask(_MEMBERS)
_PERSONS_OF_ROW = func.array(_MEMBERS.scalar_subquery(), type_=ARRAY(Uuid()))
#: A line that corrects the day of an earlier one, which stays as it was written.
CORRECTED = "day_corrected"
_EVENTS = Ask(
    select(
        CaseEvent.kind,
        CaseEvent.subject_id,
        CaseEvent.occurred_on,
        when((CaseEvent.kind == CORRECTED, CaseEvent.data), else_=null()),
    )
    .where(CaseEvent.tenant_id == of_tenant(), CaseEvent.case_id == bindparam("case"))
    .order_by(CaseEvent.occurred_on, CaseEvent.recorded_at, CaseEvent.id)
)


def person_ids(session: TenantSession, household_id: UUID) -> list[UUID]:
    """Everybody who is or was in the household."""
    return [person for (person,) in _PERSONS.rows(session, members_of=household_id)]


def record(
    session: TenantSession,
    actor: Actor,
    case: Case,
    kind: str,
    on: date,
    *,
    action: str,
    subject_type: str,
    subject_id: UUID,
    data: Mapping[str, Any] | None = None,
) -> UUID:
    """Write the timeline's line, the audit entry and the event, and plan what counts from it.

    Gives the line's id. The three are written together with the act's next statement.
    ``kind`` is the event in the past tense, ``on`` the day it happened, ``action`` what the audit
    log calls the act. ``data`` holds codes and dates, no free text.
    """
    pack = pack_of(case)
    line = append(
        session,
        CaseEvent,
        case_id=case.id,
        kind=kind,
        occurred_on=on,
        recorded_at=now(),
        principal_id=actor.principal_id,
        actor_name=actor.name,
        subject_type=subject_type,
        subject_id=subject_id,
        data=dict(data or {}),
    )
    audit.record(
        session,
        actor,
        action,
        persons=Computed(_PERSONS_OF_ROW, {"members_of": case.household_id}),
        case_id=case.id,
        subject_type=subject_type,
        subject_id=subject_id,
        details={"event": kind},
    )
    outbox.emit(
        session,
        kind,
        {
            "case_id": case.id,
            "department": case.department,
            "property_departments": departments_with(pack, "property"),
            "subject_type": subject_type,
            "subject_id": subject_id,
            "on": on,
            "by": actor.principal_id,
        },
    )
    _plan(session, case, {kind: (subject_id, on)}, on)
    return line


def plan_from_the_beginning(session: TenantSession, case: Case) -> None:
    """Lay out what the case's programme counts from everything that has happened in it."""
    _plan(session, case, latest_events(session, case.id), today())


def _plan(
    session: TenantSession, case: Case, anchors: Mapping[str, deadlines.Anchor], on: date
) -> None:
    if case.programme is None:
        return
    pack = pack_of(case)
    if not deadlines.events_counted(pack, case.programme).intersection(anchors):
        return
    deadlines.lay_out(
        session,
        case_id=case.id,
        programme=case.programme,
        pack=pack,
        anchors=anchors,
        until=add_months(max(on, today()), HORIZON_MONTHS),
        departments_of={
            "referring": [case.department],
            "property": departments_with(pack, "property"),
        },
        department=case.department,
        happened=latest_events(session, case.id),
    )


class Happened(NamedTuple):
    """A line of a case's timeline."""

    kind: str
    subject_id: UUID
    occurred_on: date


def _timeline(session: TenantSession, case_id: UUID) -> list[Happened]:
    """Everything that happened in the case, oldest first, on the days that hold now."""

    def found() -> list[Happened]:
        rows = _EVENTS.rows(session, case=case_id)
        moved = {
            (data["event"], subject): date.fromisoformat(data["to"])
            for _, subject, _, data in rows
            if data is not None
        }
        lines = [Happened(*row[:3]) for row in rows]
        if not moved:
            return lines
        lines = [
            one._replace(occurred_on=moved.get((one.kind, one.subject_id), one.occurred_on))
            for one in lines
        ]
        return sorted(lines, key=lambda one: one.occurred_on)

    return session.remembered(("timeline", case_id), found)


def kinds_of(session: TenantSession, case: Case) -> list[str]:
    """The kinds of everything that happened in the case, oldest first."""
    return [one.kind for one in _timeline(session, case.id)]


def days_by_kind(session: TenantSession, case: Case) -> dict[str, list[date]]:
    """The days of everything that happened in the case by kind, oldest first."""
    days: dict[str, list[date]] = {}
    for one in _timeline(session, case.id):
        days.setdefault(one.kind, []).append(one.occurred_on)
    return days


def happened(session: TenantSession, case: Case, kind: str) -> Happened | None:
    """The latest event of ``kind`` in the case, or None."""
    found = (one for one in reversed(_timeline(session, case.id)) if one.kind == kind)
    return next(found, None)


def in_programme(session: TenantSession, case_id: UUID) -> list[Happened]:
    """Everything that happened since the case went on in its present programme, oldest first: all of
    it in a case that has known one programme."""
    timeline = _timeline(session, case_id)
    marks = [place for place, one in enumerate(timeline) if one.kind == RESTART]
    return timeline[marks[-1] :] if marks else timeline


def changed_on(session: TenantSession, case: Case) -> date | None:
    """The day on which the case went on in its present programme from another; None if it did not."""
    changed = happened(session, case, RESTART)
    return None if changed is None else changed.occurred_on


def latest_events(session: TenantSession, case_id: UUID) -> dict[str, deadlines.Anchor]:
    """The latest row and day of everything that has happened in the case's present programme, by the
    event's name, in the order of these latest."""
    latest: dict[str, deadlines.Anchor] = {}
    for kind, subject_id, day in in_programme(session, case_id):
        latest.pop(kind, None)
        latest[kind] = (subject_id, day)
    return latest
