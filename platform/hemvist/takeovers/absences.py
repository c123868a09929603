"""Registering longer absences (frånvaro) from the home, or that there were none."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.assessments.recorded import answered_by_act
from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.takeovers.models import ABSENCE_REASONS, Absence, Takeover
from hemvist.takeovers.watching import reckon, takeover_of
from hemvist.tenancy import TenantSession

RECORDED = "absence_recorded"
NONE_STATED = "no_absence_stated"
#: The fact of the core's catalogue that absences answer, in days.
DAYS = "absence_days"


def record_absence(
    session: TenantSession,
    actor: Actor,
    *,
    contract_id: UUID,
    began_on: date,
    ended_on: date | None = None,
    reason: str,
    approved: bool = False,
) -> Absence:
    """Register that somebody is or was away from the home for longer (GBG-124).

    Both days are days of absence; without ``ended_on`` it lasts. Where the guideline deducts absence
    the first day of a takeover moves by as much (GBG-125). Raises ``ValidationFailed``,
    ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    contract, case = open_matter(session, actor, Contract, contract_id, Action.HOME_KEEP)
    first = effective_day(began_on, field="beganOn", not_before=contract.starts_on)
    raise_if(_check(first, ended_on, reason))
    session.lock(contract)
    if contract.state != "signed":
        raise Conflict("contract_ended", "the contract has ended", state=contract.state)
    absence = session.save(
        Absence(
            case_id=case.id,
            contract_id=contract.id,
            began_on=first,
            ended_on=ended_on,
            reason=reason,
            approved=approved,
            recorded_by=actor.principal_id,
        )
    )
    _record(session, actor, case, absence, first)
    return absence


def end_absence(
    session: TenantSession,
    actor: Actor,
    *,
    absence_id: UUID,
    ended_on: date | None = None,
    expected_version: int,
) -> Absence:
    """Register the last day of an absence. Raises as ``record_absence``."""
    absence, case = open_matter(session, actor, Absence, absence_id, Action.HOME_KEEP)
    last = effective_day(ended_on, field="endedOn", not_before=absence.began_on)
    session.change(absence, expected_version)
    if absence.ended_on is not None:
        raise Conflict("absence_ended", "the absence has ended", ended_on=str(absence.ended_on))
    absence.ended_on = last
    _record(session, actor, case, absence, last)
    return absence


def state_no_absence(
    session: TenantSession, actor: Actor, *, takeover_id: UUID, on: date | None = None
) -> Takeover:
    """State that nobody has been away for longer up to a day: the question has been asked.

    Where no absence is registered nothing is known of it; this answers the guideline's days with
    none. Raises ``Conflict`` when an absence is registered, ``ValidationFailed`` where the guideline
    does not ask; ``NotFound``, ``NotAllowed``.
    """
    takeover, case = open_matter(session, actor, Takeover, takeover_id, Action.HOME_KEEP)
    contract = session.find(Contract, takeover.contract_id)
    day = effective_day(on, not_before=contract.starts_on)
    if DAYS not in pack_of(case).facts:
        raise ValidationFailed.one("takeoverId", "not_asked", "the guideline asks for no absence")
    session.lock(case)
    away = select(Absence.id).where(Absence.contract_id == contract.id)
    if session.scalar(away.limit(1)) is not None:
        raise Conflict("absence_registered", "an absence from the home is registered")
    answered_by_act(
        session, actor, case, fact=DAYS, value=0, on=day, source="no_absence", reason=""
    )
    record(
        session,
        actor,
        case,
        NONE_STATED,
        day,
        action=Action.HOME_KEEP,
        subject_type="takeover",
        subject_id=takeover.id,
        data={},
    )
    return takeover


def _check(began: date, ended: date | None, reason: str) -> list[Problem]:
    problems: list[Problem] = []
    if ended is not None and ended < began:
        problems.append(Problem("endedOn", "before_start", "ends before it begins"))
    if ended is not None and ended > today():
        problems.append(Problem("endedOn", "future", "may not lie in the future"))
    if reason not in ABSENCE_REASONS:
        problems.append(Problem("reason", "unknown_choice", "not one of the reasons"))
    return problems


def _record(session: TenantSession, actor: Actor, case: Case, absence: Absence, on: date) -> None:
    record(
        session,
        actor,
        case,
        RECORDED,
        on,
        action=Action.HOME_KEEP,
        subject_type="absence",
        subject_id=absence.id,
        data={
            "began_on": str(absence.began_on),
            "ended_on": None if absence.ended_on is None else str(absence.ended_on),
        },
    )
    # Told at once to whoever looks at the day, and not when the worker comes to it.
    watched = takeover_of(session, case)
    if watched is not None:
        reckon(session, case, watched)
