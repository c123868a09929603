"""Taking an ended follow-up up again: the landlord's side sees a need, the departments talk, the tenant
accepts the support, and the referring department opens the matter again (HBG-137, HBG-138)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.assessments.guarding import ask_guard, facts_for, refused_by
from hemvist.assessments.recorded import answered_by_act
from hemvist.cases.access import case_for
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.journal import happened, kinds_of, record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of, programme_of
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, NotFound, PolicyRefused, Problem, ValidationFailed, too_long
from hemvist.follow_ups.ending import ENDED, REOPENED, is_ended
from hemvist.follow_ups.models import NEED_OPEN, SIGNS, RenewedNeed
from hemvist.follow_ups.taking_part import check_departments
from hemvist.identity import Action, Actor
from hemvist.policy import Outcome, evaluate
from hemvist.policy.programmes import Reopening
from hemvist.tenancy import TenantSession

MAX_NOTES = 4_000
NOTICED, TALKED = "support_need_noticed", "support_need_talked"
ANSWERED, CLOSED = "support_offer_answered", "support_need_closed"
#: What an answer says that came of these acts.
SOURCE = "support_need"


def notice_support_need(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    signs: Sequence[str],
    noticed_on: date | None = None,
    notes: str = "",
) -> RenewedNeed:
    """Register that a tenant whose follow-up has ended seems to need support again.

    Also in a case that was closed since, while the tenant has the home. One at a time. Raises
    ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    case = case_for(session, actor, case_id, Action.SUPPORT_NEED_HANDLE)
    rules = _rules(case)
    ended = happened(session, case, ENDED)
    if ended is None or not is_ended(kinds_of(session, case)):
        raise Conflict("follow_up_goes_on", "the follow-up has not ended")
    day = effective_day(noticed_on, field="noticedOn", not_before=ended.occurred_on)
    raise_if(_check_signs(signs) + too_long("notes", notes, MAX_NOTES))
    session.lock(case)
    _require_home(session, case)
    if _under_way(session, case) is not None:
        raise Conflict("need_known", "a need for support is being looked into")
    need = session.save(
        RenewedNeed(
            case_id=case.id,
            state="noticed",
            noticed_on=day,
            signs=sorted(set(signs)),
            notes=notes.strip(),
            noticed_by=actor.principal_id,
            talked_on=None,
            talked=[],
        )
    )
    _answer(session, actor, case, rules.needed, True, day)
    # What was said of an earlier need is no answer to this one.
    _answer(session, actor, case, rules.talked, False, day)
    _answer(session, actor, case, rules.accepted, False, day)
    _record(session, actor, case, need, NOTICED, day, {"signs": need.signs})
    return need


def record_support_talk(
    session: TenantSession,
    actor: Actor,
    *,
    need_id: UUID,
    departments: Sequence[str],
    talked_on: date | None = None,
    expected_version: int,
) -> RenewedNeed:
    """Register that the departments have talked about the need; both sides took part (HBG-137).

    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    need, case = _matter(session, actor, need_id, Action.SUPPORT_NEED_HANDLE)
    rules = _rules(case)
    day = effective_day(talked_on, field="talkedOn", not_before=need.noticed_on)
    raise_if(check_departments(case, departments, rules.by))
    _change(session, need, expected_version, "noticed")
    need.state, need.talked_on, need.talked = "talked", day, sorted(set(departments))
    session.flush()
    _answer(session, actor, case, rules.talked, True, day)
    _record(session, actor, case, need, TALKED, day, {"departments": need.talked})
    return need


def answer_support_offer(
    session: TenantSession,
    actor: Actor,
    *,
    need_id: UUID,
    accepted: bool,
    answered_on: date | None = None,
    expected_version: int,
) -> RenewedNeed:
    """Register what the tenant answered to the offer of support (HBG-138).

    A no ends it: the home is not touched, and a new need can be noticed at any time. Raises
    ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    need, case = _matter(session, actor, need_id, Action.SUPPORT_NEED_HANDLE)
    rules = _rules(case)
    day = effective_day(answered_on, field="answeredOn", not_before=need.talked_on)
    _change(session, need, expected_version, "talked")
    need.state, need.answered_on = ("accepted" if accepted else "declined"), day
    session.flush()
    _answer(session, actor, case, rules.accepted, accepted, day)
    _record(session, actor, case, need, ANSWERED, day, {"accepted": accepted})
    return need


def close_support_need(
    session: TenantSession,
    actor: Actor,
    *,
    need_id: UUID,
    on: date | None = None,
    expected_version: int,
) -> RenewedNeed:
    """Nothing more is to be done about a need that was noticed. Raises as the others."""
    need, case = _matter(session, actor, need_id, Action.SUPPORT_NEED_HANDLE)
    day = effective_day(on, not_before=need.answered_on or need.talked_on or need.noticed_on)
    _change(session, need, expected_version, *NEED_OPEN)
    need.state = "closed"
    session.flush()
    _answer(session, actor, case, _rules(case).needed, False, day)
    _record(session, actor, case, need, CLOSED, day, {})
    return need


def reopen_follow_up(
    session: TenantSession,
    actor: Actor,
    *,
    need_id: UUID,
    on: date | None = None,
    expected_version: int,
) -> RenewedNeed:
    """Take the follow-up up again: the referring department opens its matter again (HBG-138).

    The guideline's rule must be true on the day. A case that was closed is open again, under the version
    by which it was judged. Raises ``PolicyRefused`` with the trace, ``ValidationFailed``, ``Conflict``,
    ``NotFound``, ``NotAllowed``.
    """
    need, case = _matter(session, actor, need_id, Action.FOLLOW_UP_REOPEN)
    rules, programme = _rules(case), programme_of(case)
    assert programme is not None
    day = effective_day(on, not_before=need.answered_on or need.noticed_on)
    session.lock(case)
    _change(session, need, expected_version, "accepted")
    _require_home(session, case)
    if not is_ended(kinds_of(session, case)):
        raise Conflict("follow_up_goes_on", "the follow-up has not ended")
    ask_guard(session, case, programme, REOPENED, day)
    said = evaluate(pack_of(case), rules.rule, facts_for(session, case, programme, day), day)
    if said.outcome is not Outcome.TRUE:
        raise refused_by(said)
    if case.state == "closed":
        case.state, case.closed_on = "open", None
        case.version += 1
    need.state, need.reopened_on, need.reopened_by = "reopened", day, actor.principal_id
    session.flush()
    record(
        session,
        actor,
        case,
        REOPENED,
        day,
        action=Action.FOLLOW_UP_REOPEN,
        subject_type="case",
        subject_id=case.id,
        data={"need": str(need.id)},
    )
    return need


def _rules(case: Case) -> Reopening:
    programme = programme_of(case)
    end = None if programme is None else programme.end_of_follow_up
    if end is None or end.reopen is None:
        raise ValidationFailed.one(
            "caseId", "no_reopening", "the guideline takes no follow-up up again"
        )
    return end.reopen


def _matter(
    session: TenantSession, actor: Actor, need_id: UUID, action: Action
) -> tuple[RenewedNeed, Case]:
    """The need and its case, also when the case is closed."""
    need = session.find(RenewedNeed, need_id)
    try:
        return need, case_for(session, actor, need.case_id, action)
    except NotFound as hidden:
        raise NotFound("RenewedNeed") from hidden


def _change(session: TenantSession, need: RenewedNeed, expected_version: int, *states: str) -> None:
    session.change(need, expected_version)
    if need.state not in states:
        raise Conflict("need_elsewhere", f"the need is {need.state}", state=need.state)


def _under_way(session: TenantSession, case: Case) -> RenewedNeed | None:
    return session.scalars(
        select(RenewedNeed).where(RenewedNeed.case_id == case.id, RenewedNeed.state.in_(NEED_OPEN))
    ).first()


def _require_home(session: TenantSession, case: Case) -> None:
    running = select(Contract.id).where(Contract.case_id == case.id, Contract.state == "signed")
    if session.scalar(running.limit(1)) is None:
        raise PolicyRefused("no_home", "the tenant has no running contract in the case", cite="")


def _check_signs(signs: Sequence[str]) -> list[Problem]:
    if not signs:
        return [Problem("signs", "required", "say what was seen")]
    return [
        Problem("signs", "unknown_item", "not one of the signs", {"item": sign[:60]})
        for sign in signs
        if sign not in SIGNS
    ]


def _answer(
    session: TenantSession, actor: Actor, case: Case, fact: str | None, value: bool, day: date
) -> None:
    if fact is not None:
        answered_by_act(
            session, actor, case, fact=fact, value=value, on=day, source=SOURCE, reason=""
        )


def _record(
    session: TenantSession,
    actor: Actor,
    case: Case,
    need: RenewedNeed,
    kind: str,
    on: date,
    data: dict[str, Any],
) -> None:
    record(
        session,
        actor,
        case,
        kind,
        on,
        action=Action.SUPPORT_NEED_HANDLE,
        subject_type="renewed_need",
        subject_id=need.id,
        data=data,
    )
