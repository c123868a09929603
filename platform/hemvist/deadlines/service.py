"""Laying out what must be done and by which day, and keeping account of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, func, select, update

from hemvist.deadlines.models import NOT_HELD, NOT_HELD_REASONS, Obligation, ObligationPause
from hemvist.errors import Conflict, ValidationFailed
from hemvist.policy import Due, Pack, Pause, schedule
from hemvist.policy.scheduling import comes_after
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import Ask, Together, add_missing, of_tenant

#: An event of the case: the row that it happened to, and the day.
Anchor = tuple[UUID, date]
#: The anchor of a duty whose day somebody has set: nothing is counted from it, and no event ends it.
BY_PERSON = "day_set"
_KEY = ("tenant_id", "case_id", "anchor_id", "code", "ordinal")
_ANCHORS = Ask(
    select(Obligation.anchor, Obligation.anchor_id, Obligation.anchored_on)
    .where(
        Obligation.tenant_id == of_tenant(),
        Obligation.case_id == bindparam("case"),
        Obligation.programme == bindparam("programme"),
        Obligation.anchor != BY_PERSON,
    )
    .distinct()
    .order_by(Obligation.anchored_on, Obligation.anchor_id)
)
_PAUSES = Ask(
    select(ObligationPause.starts_on, ObligationPause.ends_on, ObligationPause.codes)
    .where(ObligationPause.tenant_id == of_tenant(), ObligationPause.case_id == bindparam("case"))
    .order_by(ObligationPause.starts_on, ObligationPause.id)
)
#: What was laid out so far counts from, and when it rests.
_BEFORE = Together(_ANCHORS, _PAUSES)
_STILL_OPEN = Ask(
    select(Obligation.id, Obligation.anchor_id, Obligation.code, Obligation.ordinal).where(
        Obligation.tenant_id == of_tenant(),
        Obligation.case_id == bindparam("case"),
        Obligation.programme == bindparam("programme"),
        Obligation.state == "open",
        Obligation.anchor != BY_PERSON,
        Obligation.due_on <= bindparam("until"),
        Obligation.anchor_id == func.any(bindparam("anchors", type_=ARRAY(Uuid()))),
    )
)


def plan(
    session: TenantSession,
    *,
    case_id: UUID,
    programme: str,
    pack: Pack,
    anchors: Mapping[str, Anchor],
    until: date,
    departments_of: Mapping[str, Sequence[str]],
    department: str | None = None,
    happened: Mapping[str, Anchor] | None = None,
) -> list[Obligation]:
    """``lay_out``, and the new obligations as rows, the earliest first."""
    made = lay_out(
        session,
        case_id=case_id,
        programme=programme,
        pack=pack,
        anchors=anchors,
        until=until,
        departments_of=departments_of,
        department=department,
        happened=happened,
    )
    if not made:
        return []
    return list(
        session.scalars(
            select(Obligation)
            .where(Obligation.id.in_(made))
            .order_by(Obligation.due_on, Obligation.code)
        )
    )


def lay_out(
    session: TenantSession,
    *,
    case_id: UUID,
    programme: str,
    pack: Pack,
    anchors: Mapping[str, Anchor],
    until: date,
    departments_of: Mapping[str, Sequence[str]],
    department: str | None = None,
    happened: Mapping[str, Anchor] | None = None,
) -> list[UUID]:
    """Write the obligations that the pack counts from ``anchors``, up to the day ``until``.

    Events that earlier obligations of the case count from are kept in mind, so that an event
    which ends a series (say, follow-ups that may end) cancels what was laid out after it.
    ``happened`` is the latest of everything that has happened in the case, so that a series which
    ended earlier stays ended; nothing else is counted from it. Calling it again changes nothing.
    ``departments_of`` gives the departments of each party of the pack, such as ``referring``;
    ``department`` is the case's own, without which what binds certain departments is laid out for
    all. Returns the ids of the new obligations.
    """
    found = _counted_out(
        session, case_id, programme, pack, anchors, until, department, happened or {}
    )
    return _write(session, case_id, programme, pack, found, until, departments_of)


def lay_out_and_look_ahead(
    session: TenantSession,
    *,
    case_id: UUID,
    programme: str,
    pack: Pack,
    anchors: Mapping[str, Anchor],
    until: date,
    beyond: date,
    departments_of: Mapping[str, Sequence[str]],
    department: str | None = None,
) -> tuple[list[UUID], date]:
    """``lay_out``, and the first day after ``until`` on which something is due, looked for up to the
    day ``beyond``; the day after that where there is none."""
    found = _counted_out(session, case_id, programme, pack, anchors, beyond, department, {})
    made = _write(session, case_id, programme, pack, found, until, departments_of)
    later = (due.due_on for due in found.dues if due.due_on > until)
    return made, min(later, default=beyond + timedelta(days=1))


class _Counted(NamedTuple):
    """What the pack counts, and from what."""

    anchors: Mapping[str, Anchor]
    dues: Sequence[Due]


def _counted_out(
    session: TenantSession,
    case_id: UUID,
    programme: str,
    pack: Pack,
    anchors: Mapping[str, Anchor],
    until: date,
    department: str | None,
    happened: Mapping[str, Anchor],
) -> _Counted:
    counted = events_counted(pack, programme)
    fresh = {event: anchor for event, anchor in anchors.items() if event in counted}
    if not fresh:
        return _Counted({}, ())
    earlier, pauses = _before(session, case_id, programme)
    # A day that was corrected since then counts as it is now.
    moved = {
        event: anchor
        for event, anchor in happened.items()
        if event in earlier and anchor[0] == earlier[event][0]
    }
    known = earlier | moved | fresh
    ended = known | {
        event: anchor
        for event, anchor in happened.items()
        if event in _ending_events(pack, programme) and event not in known
    }
    order = tuple(happened or anchors)
    over = over_by_now(pack, programme, ended, order)
    days = {event: day for event, (_, day) in ended.items()}
    laid_out = schedule(
        pack, programme, days, until, department=department, pauses=pauses, order=order
    )
    return _Counted(
        known, [due for due in laid_out if due.anchor in known and due.obligation not in over]
    )


def _write(
    session: TenantSession,
    case_id: UUID,
    programme: str,
    pack: Pack,
    found: _Counted,
    until: date,
    departments_of: Mapping[str, Sequence[str]],
) -> list[UUID]:
    if not found.anchors:
        return []
    dues = [due for due in found.dues if due.due_on <= until]
    rows = [
        {
            "case_id": case_id,
            "programme": programme,
            "anchor_id": found.anchors[due.anchor][0],
            **row_of(pack, due, departments_of),
        }
        for due in dues
    ]
    made = add_missing(session, Obligation, rows, _KEY)
    _cancel_what_ended(session, case_id, programme, found.anchors, dues, until)
    return made


def set_day(
    session: TenantSession,
    *,
    case_id: UUID,
    programme: str,
    pack: Pack,
    code: str,
    subject_id: UUID,
    set_on: date,
    due_on: date,
    by: Sequence[str],
    departments: Sequence[str],
    label: Mapping[str, str],
    cite: str = "",
    ordinal: int = 1,
) -> Obligation:
    """A duty whose day somebody has set in the case, and no guideline counts out.

    ``subject_id`` is the row that it comes of (a plan, say), ``code`` what it is called. It is done
    by its own act, and cancelled when that row is replaced (``cancel_set``).
    """
    return session.save(
        Obligation(
            case_id=case_id,
            programme=programme,
            code=code,
            ordinal=ordinal,
            due_on=due_on,
            anchor=BY_PERSON,
            anchor_id=subject_id,
            anchored_on=set_on,
            by=list(by),
            departments=sorted(set(departments)),
            cite=cite,
            label=dict(label),
            agenda=[],
            creates=None,
            pack=pack.name,
            pack_version=pack.version,
            state="open",
        )
    )


def set_and_open(session: TenantSession, subject_id: UUID, code: str) -> Obligation | None:
    """The open duty with a set day that comes of a row, or None."""
    session.flush()
    return session.scalar(
        select(Obligation)
        .where(
            Obligation.anchor == BY_PERSON,
            Obligation.anchor_id == subject_id,
            Obligation.code == code,
            Obligation.state == "open",
        )
        .order_by(Obligation.due_on)
        .limit(1)
    )


def cancel_set(session: TenantSession, subject_id: UUID) -> None:
    """What somebody has set a day for in this row is not to be done any more."""
    session.flush()
    session.execute(
        update(Obligation)
        .where(
            Obligation.anchor == BY_PERSON,
            Obligation.anchor_id == subject_id,
            Obligation.state == "open",
        )
        .values(state="cancelled", version=Obligation.version + 1)
    )


def mark_done(session: TenantSession, obligation: Obligation, on: date) -> Obligation:
    """The obligation was carried out on the day ``on``. Raises ``Conflict`` when it is not open."""
    session.lock(obligation)
    if obligation.state != "open":
        raise Conflict("obligation_not_open", "it is no longer to be done", state=obligation.state)
    obligation.state = "done"
    obligation.done_on = on
    obligation.version += 1
    return obligation


def mark_not_held(
    session: TenantSession, obligation: Obligation, outcome: str, reason: str, on: date
) -> Obligation:
    """The obligation was not carried out (``outcome`` of ``NOT_HELD``), which was clear on the day ``on``.

    Over for good: what is to be done instead is another obligation. Raises ``ValidationFailed`` for an
    outcome or a reason that does not exist, ``Conflict`` when it is not open.
    """
    if outcome not in NOT_HELD:
        raise ValidationFailed.one(
            "outcome", "unknown_choice", "missed or impossible", allowed=list(NOT_HELD)
        )
    reasons = NOT_HELD_REASONS[outcome]
    if reason not in reasons:
        raise ValidationFailed.one(
            "reason", "unknown_choice", f"no reason of {outcome}", allowed=list(reasons)
        )
    session.lock(obligation)
    if obligation.state != "open":
        raise Conflict("obligation_not_open", "it is no longer to be done", state=obligation.state)
    obligation.state = outcome
    obligation.reason = reason
    obligation.not_held_on = on
    obligation.version += 1
    return obligation


def pauses_of(session: TenantSession, case_id: UUID) -> list[Pause]:
    """Times in which what recurs in the case rests, the earliest first."""
    return [_pause(*row) for row in _PAUSES.rows(session, case=case_id)]


def _pause(start: date, end: date | None, codes: Sequence[str]) -> Pause:
    return Pause(start, end, tuple(codes))


def cancel_open(session: TenantSession, case_id: UUID) -> None:
    """Nothing is due in the case any more: it was closed."""
    session.flush()
    session.execute(
        update(Obligation)
        .where(Obligation.case_id == case_id, Obligation.state == "open")
        .values(state="cancelled", version=Obligation.version + 1)
    )


def cancel_programme(session: TenantSession, case_id: UUID, programme: str) -> None:
    """Nothing of ``programme`` is due in the case any more: it was left, and its home with it."""
    session.flush()
    session.execute(
        update(Obligation)
        .where(
            Obligation.case_id == case_id,
            Obligation.programme == programme,
            Obligation.state == "open",
        )
        .values(state="cancelled", version=Obligation.version + 1)
    )


def events_counted(pack: Pack, programme: str) -> set[str]:
    """The events that the programme's obligations count from or end with."""
    obligations = pack.programme(programme).obligations
    return {obligation.anchor for obligation in obligations} | _ending_events(pack, programme)


def _ending_events(pack: Pack, programme: str) -> set[str]:
    obligations = pack.programme(programme).obligations
    return {event for obligation in obligations for event in obligation.ends}


def over_by_now(
    pack: Pack, programme: str, known: Mapping[str, Anchor], order: Sequence[str] = ()
) -> set[str]:
    """Duties to be done once of which the event that ends them has happened: late or in time, nothing
    is left to do."""
    days = {event: day for event, (_, day) in known.items()}
    return {
        duty.id
        for duty in pack.programme(programme).obligations
        if duty.within is not None
        and duty.anchor in known
        and any(
            event in known and comes_after(event, duty.anchor, days, order) for event in duty.ends
        )
    }


def _before(
    session: TenantSession, case_id: UUID, programme: str
) -> tuple[dict[str, Anchor], list[Pause]]:
    """The latest row and day of every event that the case's obligations count from, and the pauses."""
    anchors, pauses = _BEFORE.rows(session, case=case_id, programme=programme)
    return (
        {event: (row_id, day) for event, row_id, day in anchors},
        [_pause(*row) for row in pauses],
    )


def row_of(pack: Pack, due: Due, departments_of: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    departments = {code for party in due.by for code in departments_of.get(party, ())}
    return {
        "version": 1,
        "code": due.obligation,
        "ordinal": due.ordinal,
        "due_on": due.due_on,
        "anchor": due.anchor,
        "anchored_on": due.anchor_on,
        "by": list(due.by),
        "participants": list(due.participants),
        "departments": sorted(departments),
        "cite": "; ".join(due.cite),
        "label": due.label.as_json(),
        "agenda": due.as_json()["agenda"],
        "creates": due.creates,
        "pack": pack.name,
        "pack_version": pack.version,
        "state": "open",
    }


def _cancel_what_ended(
    session: TenantSession,
    case_id: UUID,
    programme: str,
    anchors: Mapping[str, Anchor],
    dues: Sequence[Due],
    until: date,
) -> None:
    wanted = {(anchors[due.anchor][0], due.obligation, due.ordinal) for due in dues}
    still_open = _STILL_OPEN.rows(
        session,
        case=case_id,
        programme=programme,
        until=until,
        anchors=[row_id for row_id, _ in anchors.values()],
    )
    _cancel(session, [row_id for row_id, *key in still_open if tuple(key) not in wanted])


def _cancel(session: TenantSession, ids: Sequence[UUID]) -> None:
    """Cancel those of ``ids`` that are still open when their turn comes."""
    if ids:
        session.execute(
            update(Obligation)
            .where(Obligation.id.in_(ids), Obligation.state == "open")
            .values(state="cancelled", version=Obligation.version + 1)
        )
