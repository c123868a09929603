"""Kronofogden: the application for eviction, the day it sets, and the board's confirmation."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.legality import findings, weigh
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import now
from hemvist.errors import Conflict, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor
from hemvist.identity.models import Principal
from hemvist.ladder import clocks
from hemvist.ladder.access import MAX_SHORT, MAX_TEXT, held, instant_of, step_taken
from hemvist.ladder.facts import steps_of
from hemvist.ladder.models import Eviction, Ladder, LadderStep
from hemvist.ladder.notices import lease_of
from hemvist.ladder.service import require_no_eviction
from hemvist.policy.clocks import SWEDEN
from hemvist.tenancy import TenantSession


def apply_for_eviction(
    session: TenantSession,
    actor: Actor,
    *,
    ladder_id: UUID,
    expected_version: int,
    number: str = "",
    applied_on: date | None = None,
    by_landlord: bool = False,
) -> Eviction:
    """Register an application for eviction, by the kommun as landlord or, as it became known, by
    another (``by_landlord``).

    The kommun applies only when a notice has run out and the household has not moved. Raises
    ``Conflict`` (``no_notice``, ``notice_running``, ``eviction_running``); ``ValidationFailed``,
    ``NotFound``, ``NotAllowed``.
    """
    action = Action.LADDER_KEEP if by_landlord else Action.LADDER_STEP
    ladder, case = held(session, actor, ladder_id, expected_version, action)
    day = effective_day(applied_on, field="appliedOn", not_before=case.opened_on)
    raise_if(too_long("number", number, MAX_SHORT))
    require_no_eviction(session, ladder)
    if not by_landlord:
        _require_over(session, ladder, day)
    row = session.save(
        Eviction(
            case_id=case.id,
            ladder_id=ladder.id,
            applied_on=day,
            number=number.strip(),
            by_landlord=by_landlord,
            legal_findings=[],
            recorded_by=actor.principal_id,
        )
    )
    step = _step(session, actor, case, ladder, row, "eviction_applied", day, action)
    clocks.start(session, actor, case, ladder, step, "eviction_applied", instant_of(day))
    return row


def set_eviction_date(
    session: TenantSession,
    actor: Actor,
    *,
    eviction_id: UUID,
    expected_version: int,
    evicts_on: date,
    learned_at: datetime | None = None,
) -> Eviction:
    """Register the day that Kronofogden has set, and when the board learned of it.

    It is to be confirmed the same day (SFS 2025:468 11:3): that clock begins to run. A later day
    comes in the place of an earlier, and is confirmed anew. Raises ``ValidationFailed``,
    ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    row, case, ladder = _opened(session, actor, eviction_id, expected_version, Action.LADDER_KEEP)
    learned = _instant("learnedAt", learned_at)
    day = learned.astimezone(SWEDEN).date()
    problems: list[Problem] = []
    if day < row.applied_on:
        problems.append(
            Problem(
                "learnedAt",
                "too_early",
                f"may not lie before {row.applied_on}",
                {"earliest": str(row.applied_on)},
            )
        )
    if evicts_on < day:
        problems.append(Problem("evictsOn", "before_start", "lies before it was learned"))
    raise_if(problems)
    row.state, row.evicts_on, row.learned_at = "dated", evicts_on, learned
    row.confirmed_at = row.caseworker_id = None
    row.legal_findings, row.went_on_because = [], ""
    data = {"evicts_on": evicts_on.isoformat()}
    earlier = steps_of(session, ladder)
    clocks.cancel(session, actor, case, earlier, "eviction_dated", evicts_on.isoformat())
    step = _step(session, actor, case, ladder, row, "eviction_dated", day, Action.LADDER_KEEP, data)
    clocks.start(session, actor, case, ladder, step, "eviction_dated", learned)
    return row


def confirm_eviction_date(
    session: TenantSession,
    actor: Actor,
    *,
    eviction_id: UUID,
    expected_version: int,
    caseworker_id: UUID | None = None,
    confirmed_at: datetime | None = None,
    went_on_because: str = "",
) -> Eviction:
    """Confirm to Kronofogden that the board knows the day, naming the caseworker (the actor when
    nobody else is named).

    Later than the same day it is registered as late, with the reason. Raises ``ValidationFailed``,
    ``Conflict`` (``no_eviction_date``, ``eviction_confirmed``), ``NotFound``, ``NotAllowed``.
    """
    row, case, ladder = _opened(
        session, actor, eviction_id, expected_version, Action.EVICTION_CONFIRM
    )
    if row.learned_at is None:
        raise Conflict("no_eviction_date", "no day is known")
    if row.confirmed_at is not None:
        raise Conflict("eviction_confirmed", "the day has been confirmed")
    at = _instant("confirmedAt", confirmed_at)
    if at < row.learned_at:
        raise ValidationFailed.one("confirmedAt", "before_learned", "before it was learned")
    named = session.find(Principal, caseworker_id or actor.principal_id)
    day = at.astimezone(SWEDEN).date()
    facts = {
        "eviction_learned_on": row.learned_at.astimezone(SWEDEN).date(),
        "eviction_confirmed_on": day,
        "eviction_caseworker_named": True,
    }
    row.legal_findings = weigh(findings(pack_of(case), "eviction", facts, day), went_on_because)
    row.went_on_because = went_on_because.strip()
    row.confirmed_at, row.caseworker_id = at, named.id
    _step(session, actor, case, ladder, row, "eviction_confirmed", day, Action.EVICTION_CONFIRM)
    clocks.answer(session, actor, case, steps_of(session, ladder), "eviction_dated", at)
    return row


def withdraw_eviction(
    session: TenantSession,
    actor: Actor,
    *,
    eviction_id: UUID,
    expected_version: int,
    because: str,
    on: date | None = None,
) -> Eviction:
    """Register that the application was withdrawn or refused, with the reason. Raises
    ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``."""
    row, case, ladder = _opened(session, actor, eviction_id, expected_version, Action.LADDER_KEEP)
    day = effective_day(on, not_before=row.applied_on)
    raise_if(required_text("because", because, MAX_TEXT))
    row.state, row.ended_on, row.end_reason = "withdrawn", day, because.strip()
    _step(session, actor, case, ladder, row, "eviction_withdrawn", day, Action.LADDER_KEEP)
    steps = steps_of(session, ladder)
    clocks.cancel(session, actor, case, steps, "eviction_dated", because.strip())
    return row


def carry_out_eviction(
    session: TenantSession,
    actor: Actor,
    *,
    eviction_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> Eviction:
    """Register that the eviction took place on its day or later. Raises ``ValidationFailed``,
    ``Conflict`` (``no_eviction_date``), ``NotFound``, ``NotAllowed``."""
    row, case, ladder = _opened(session, actor, eviction_id, expected_version, Action.LADDER_KEEP)
    if row.evicts_on is None:
        raise Conflict("no_eviction_date", "no day is known")
    day = effective_day(on, not_before=row.evicts_on)
    row.state, row.ended_on = "carried_out", day
    _step(session, actor, case, ladder, row, "evicted", day, Action.LADDER_KEEP)
    return row


def _require_over(session: TenantSession, ladder: Ladder, day: date) -> None:
    contract = lease_of(session, ladder)
    if contract.state == "ended":
        return
    if contract.notice_ends_on is None:
        raise Conflict("no_notice", "no notice stands")
    if day < contract.notice_ends_on:
        ends = str(contract.notice_ends_on)
        raise Conflict("notice_running", f"the notice runs to {ends}", day=ends)


def _opened(
    session: TenantSession, actor: Actor, eviction_id: UUID, expected_version: int, action: Action
) -> tuple[Eviction, Case, Ladder]:
    row, case = open_matter(session, actor, Eviction, eviction_id, action)
    ladder = session.find(Ladder, row.ladder_id)
    session.lock(ladder)
    session.change(row, expected_version)
    if row.state not in ("applied", "dated"):
        raise Conflict("eviction_over", f"it is {row.state}", state=row.state)
    return row, case, ladder


def _instant(field: str, given: datetime | None) -> datetime:
    at = given or now()
    if at.tzinfo is None:
        raise ValidationFailed.one(field, "no_time_zone", "the instant has no time zone")
    if at > now():
        raise ValidationFailed.one(field, "future", "may not lie in the future", day=str(at.date()))
    return at


def _step(
    session: TenantSession,
    actor: Actor,
    case: Case,
    ladder: Ladder,
    row: Eviction,
    kind: str,
    day: date,
    action: Action,
    data: dict[str, str] | None = None,
) -> LadderStep:
    return step_taken(
        session,
        actor,
        case,
        ladder,
        kind,
        day,
        event=kind,
        action=action,
        data=data,
    )
