"""Starting, answering and cancelling clocks of service.

Later steps of a case's life start and stop clocks here too: a demand (rättelseanmaning), a service
of arrears, an eviction date. They have checked who may act; these verbs do not ask again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.checks import raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import departments_with, pack_of
from hemvist.clock import SWEDISH_TIME, now
from hemvist.errors import Conflict, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.incidents.access import clock_for
from hemvist.incidents.clock_models import ServiceClock
from hemvist.policy import Pack, service_levels
from hemvist.policy.legal import law_pack
from hemvist.policy.levels import Deadline
from hemvist.tenancy import TenantSession

#: Lines of the timeline.
ANSWERED = "service_clock_answered"
LATE, CANCELLED = "service_clock_late", "service_clock_cancelled"
MAX_REASON = 2_000


def start_clocks(
    session: TenantSession,
    actor: Actor,
    case: Case,
    event: str,
    at: datetime,
    subject_type: str,
    subject_id: UUID,
    *,
    incident_id: UUID | None = None,
) -> list[ServiceClock]:
    """Start every clock that the case's guideline and the law give for ``event``, soonest first.

    ``at`` is the instant it happened, ``event`` one of ``hemvist.policy.events.INCIDENTS``; the subject
    is the row that it is about. Started once: told again, the clocks that there are stay as they are.
    No journal line of its own: the act that starts them has one. Raises ``PolicyError`` on another
    event.
    """
    there = {(one.source, one.code) for one in clocks_of(session, subject_id, event=event)}
    made = [
        session.save(_clock(case, pack, due, event, at, subject_type, subject_id, incident_id))
        for pack, due in _deadlines(case, event, at)
        if (pack.name, due.level.id) not in there
    ]
    return sorted(made, key=lambda clock: clock.due_at)


def _deadlines(case: Case, event: str, at: datetime) -> list[tuple[Pack, Deadline]]:
    pack, law = pack_of(case), law_pack()
    day = at.astimezone(SWEDISH_TIME).date()
    found = [(pack, one) for one in service_levels(pack, event, at, case.programme)]
    # A day before the law pack knows anything starts no clock of the law.
    if law.in_force.holds(day):
        found += [(law, one) for one in service_levels(law, event, at)]
    return found


def _clock(
    case: Case,
    pack: Pack,
    deadline: Deadline,
    event: str,
    at: datetime,
    subject_type: str,
    subject_id: UUID,
    incident_id: UUID | None,
) -> ServiceClock:
    level = deadline.level
    return ServiceClock(
        case_id=case.id,
        incident_id=incident_id,
        subject_type=subject_type,
        subject_id=subject_id,
        event=event,
        code=level.id,
        source=pack.name,
        source_version=pack.version,
        label=level.label.as_json(),
        cite=list(level.cite),
        by=list(level.by),
        departments=_departments(case, level.by),
        started_at=at.astimezone(UTC),
        due_at=deadline.due_at.astimezone(UTC),
        due_on=deadline.due_on,
        state="running",
        reason="",
    )


def _departments(case: Case, by: Iterable[str]) -> list[str]:
    """The departments that have the roles of ``by`` here; the case's own where none is the kommun's."""
    roles = set(by)
    found = set(departments_with(pack_of(case), "property")) if "property" in roles else set()
    if roles - {"property"} or not found:
        found.add(case.department)
    return sorted(found)


def clocks_of(
    session: TenantSession, subject_id: UUID, *, event: str | None = None, unanswered: bool = False
) -> list[ServiceClock]:
    """The clocks of a subject, soonest first; ``unanswered`` those that somebody still has to answer."""
    asked = select(ServiceClock).where(ServiceClock.subject_id == subject_id)
    if event is not None:
        asked = asked.where(ServiceClock.event == event)
    if unanswered:
        asked = asked.where(ServiceClock.stopped_at.is_(None))
    return list(session.scalars(asked.order_by(ServiceClock.due_at, ServiceClock.id)))


def stop_clock(
    session: TenantSession,
    actor: Actor,
    case: Case,
    clock: ServiceClock,
    at: datetime | None = None,
) -> ServiceClock:
    """Answer a clock at the instant ``at``, now unless given: kept before its instant, else late.

    What was done in time and registered afterwards is kept, though it has been told as late. Raises
    ``Conflict`` where it has been answered or cancelled, ``ValidationFailed`` for an instant to come
    or before the start.
    """
    moment = _moment(at or now(), clock)
    session.lock(clock)
    if clock.stopped_at is not None:
        raise Conflict("clock_stopped", "it has been answered", state=clock.state)
    clock.stopped_at = moment
    clock.stopped_by = actor.principal_id
    clock.state = "kept" if moment < clock.due_at else "late"
    clock.version += 1
    _record(session, actor, case, clock, ANSWERED, moment)
    return clock


def cancel_clock(
    session: TenantSession, actor: Actor, case: Case, clock: ServiceClock, reason: str
) -> ServiceClock:
    """Take a clock away that has nothing to count any more, saying why. Raises as ``stop_clock``."""
    raise_if(required_text("reason", reason, MAX_REASON))
    session.lock(clock)
    if clock.stopped_at is not None:
        raise Conflict("clock_stopped", "it has been answered", state=clock.state)
    clock.stopped_at = now()
    clock.stopped_by = actor.principal_id
    clock.state = "cancelled"
    clock.reason = reason.strip()
    clock.version += 1
    _record(session, actor, case, clock, CANCELLED, clock.stopped_at)
    return clock


def answer_clock(
    session: TenantSession,
    actor: Actor,
    *,
    service_clock_id: UUID,
    expected_version: int,
    at: datetime | None = None,
) -> ServiceClock:
    """``stop_clock`` as a command of its own. Raises ``NotFound``, ``NotAllowed`` besides."""
    clock, case = clock_for(session, actor, service_clock_id, Action.INCIDENT_ACT)
    session.lock(clock)
    session.require_version(clock, expected_version)
    return stop_clock(session, actor, case, clock, at)


def give_up_clock(
    session: TenantSession,
    actor: Actor,
    *,
    service_clock_id: UUID,
    expected_version: int,
    reason: str,
) -> ServiceClock:
    """``cancel_clock`` as a command of its own, for those who handle incidents."""
    clock, case = clock_for(session, actor, service_clock_id, Action.INCIDENT_HANDLE)
    session.lock(clock)
    session.require_version(clock, expected_version)
    return cancel_clock(session, actor, case, clock, reason)


def _moment(at: datetime, clock: ServiceClock) -> datetime:
    return past_instant("at", at, not_before=clock.started_at)


def past_instant(field: str, at: datetime, not_before: datetime | None = None) -> datetime:
    """``at`` in UTC. Raises ``ValidationFailed`` for one to come, or before what it rests on."""
    if at.tzinfo is None:
        raise ValidationFailed.one(field, "no_time_zone", "the instant has no time zone")
    moment = at.astimezone(UTC)
    if moment > now():
        raise ValidationFailed.one(field, "future", "may not lie in the future")
    if not_before is not None and moment < not_before:
        raise ValidationFailed.one(
            field, "too_early", f"may not lie before {not_before}", earliest=not_before.isoformat()
        )
    return moment


def _record(
    session: TenantSession,
    actor: Actor,
    case: Case,
    clock: ServiceClock,
    kind: str,
    at: datetime,
) -> None:
    session.flush()
    record(
        session,
        actor,
        case,
        kind,
        at.astimezone(SWEDISH_TIME).date(),
        action=Action.INCIDENT_ACT,
        subject_type="service_clock",
        subject_id=clock.id,
        data={"code": clock.code, "event": clock.event, "state": clock.state},
    )
