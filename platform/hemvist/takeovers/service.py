"""Preparing a takeover: its steps, the request to the landlord, the answer, the tribunal's way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hemvist.assessments.recorded import answered_by_act
from hemvist.cases.access import open_matter
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, PolicyRefused, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor
from hemvist.landlord_events import tell_landlord
from hemvist.policy.takeover import Takeover as TakeoverRules
from hemvist.takeovers.asking import show as show_figures
from hemvist.takeovers.asking import shown_problems
from hemvist.takeovers.checks import require_only_the_owner
from hemvist.takeovers.models import OPEN, Takeover, TakeoverStep
from hemvist.takeovers.watching import reckon, rules_of
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

MAX_TEXT = 10_000
MAX_NUMBER = 60


def take_step(
    session: TenantSession,
    actor: Actor,
    *,
    takeover_id: UUID,
    step: str,
    done_on: date | None = None,
    notes: str = "",
) -> TakeoverStep:
    """Register that one of the guideline's steps was taken, such as the inspection with the landlord.

    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    takeover, case, rules = opened(session, actor, takeover_id)
    contract = session.find(Contract, takeover.contract_id)
    day = effective_day(done_on, field="doneOn", not_before=contract.signed_on)
    known = [one.id for one in rules.steps]
    problems = (
        []
        if step in known
        else [Problem("step", "unknown_choice", "no such step", {"allowed": known})]
    )
    raise_if(problems + too_long("notes", notes, MAX_TEXT))
    session.lock(takeover)
    require_open(takeover)
    if step in steps_taken(session, takeover):
        raise Conflict("step_taken", "the step has been taken", step=step)
    row = session.save(
        TakeoverStep(
            case_id=case.id,
            takeover_id=takeover.id,
            code=step,
            done_on=day,
            notes=notes.strip(),
            recorded_by=actor.principal_id,
        )
    )
    told(session, actor, case, takeover, "takeover_step_taken", day, {"step": step})
    return row


def postpone(
    session: TenantSession,
    actor: Actor,
    *,
    takeover_id: UUID,
    until: date,
    because: str,
    expected_version: int,
) -> Takeover:
    """Put the takeover off to a later day, with the reason: the trial is extended.

    Raises ``ValidationFailed`` for a day that is no later or a missing reason; ``Conflict``,
    ``NotFound``, ``NotAllowed``.
    """
    takeover, case, _ = opened(session, actor, takeover_id)
    problems = required_text("because", because, MAX_TEXT)
    if until <= max(takeover.eligible_on or today(), today()):
        problems.append(
            Problem("until", "no_later", "must be later than the day it is put off from")
        )
    raise_if(problems)
    session.change(takeover, expected_version)
    require_open(takeover)
    takeover.postponed_until = until
    takeover.postponed_because = because.strip()
    takeover.postponed_by = actor.principal_id
    reckon(session, case, takeover)
    told(session, actor, case, takeover, "takeover_postponed", today(), {"until": str(until)})
    return takeover


def request(
    session: TenantSession,
    actor: Actor,
    *,
    takeover_id: UUID,
    on: date | None = None,
    show: Sequence[str] = (),
    consented_on: date | None = None,
    expected_version: int,
) -> Takeover:
    """Ask the landlord to agree to the takeover, or register that it was asked.

    Not before its first day, and not while anything but the landlord's own yes is missing. ``show``
    names facts out of the guideline's list that the landlord may see with the request, by the
    household's consent of ``consented_on``; without them it sees the home and the alias. Raises
    ``PolicyRefused`` with the trace; ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    takeover, case, rules = opened(session, actor, takeover_id)
    day = effective_day(on)
    raise_if(shown_problems(case, show, consented_on))
    session.change(takeover, expected_version)
    if takeover.state not in ("waiting", "refused"):
        raise Conflict("takeover_state", f"the takeover is {takeover.state}", state=takeover.state)
    reckon(session, case, takeover)
    require_time(takeover, rules, day)
    require_only_the_owner(session, case, rules, day)
    takeover.state = "asked"
    takeover.requested_on, takeover.requested_by = day, actor.principal_id
    takeover.answered_on, takeover.answer_reason = None, ""
    unit = _unit(session, takeover)
    if show and consented_on is not None:
        show_figures(session, actor, case, takeover, unit, show, consented_on, day)
    told(session, actor, case, takeover, "takeover_requested", day)
    tell_owner(session, takeover, unit, "takeover.asked")
    return takeover


def answer(
    session: TenantSession,
    actor: Actor,
    *,
    takeover_id: UUID,
    agrees: bool,
    reason: str = "",
    on: date | None = None,
    expected_version: int,
) -> Takeover:
    """Register the landlord's answer; a refusal has its reason. It answers the pack's question too.

    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    takeover, case, rules = opened(session, actor, takeover_id)
    if not agrees:
        raise_if(required_text("reason", reason, MAX_TEXT))
    day = effective_day(on, not_before=takeover.requested_on)
    session.change(takeover, expected_version)
    answer_as(session, actor, case, takeover, rules, agrees, reason, day)
    return takeover


def answer_as(
    session: TenantSession,
    actor: Actor,
    case: Case,
    takeover: Takeover,
    rules: TakeoverRules,
    agrees: bool,
    reason: str,
    day: date,
) -> None:
    """What follows on the landlord's answer, whoever registers it. The caller holds the row, and has
    checked who asks. Raises ``Conflict`` when nobody waits for an answer."""
    if takeover.state != "asked":
        raise Conflict("takeover_state", f"the takeover is {takeover.state}", state=takeover.state)
    takeover.state = "agreed" if agrees else "refused"
    takeover.answered_on, takeover.answer_reason = day, reason.strip()
    _tell(session, actor, case, rules.owner_fact, agrees, day, "landlord_answer", reason)
    told(session, actor, case, takeover, "takeover_answered", day, {"agrees": agrees})


def apply_to_tribunal(
    session: TenantSession,
    actor: Actor,
    *,
    takeover_id: UUID,
    on: date | None = None,
    expected_version: int,
) -> Takeover:
    """Register that the rent tribunal (hyresnämnden) was asked for leave to transfer (JB 12:37).

    After the landlord's refusal, or while there is no answer. Raises ``ValidationFailed``,
    ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    takeover, case, _ = opened(session, actor, takeover_id)
    day = effective_day(on, not_before=takeover.requested_on)
    session.change(takeover, expected_version)
    if takeover.state not in ("asked", "refused"):
        raise Conflict("takeover_state", f"the takeover is {takeover.state}", state=takeover.state)
    takeover.state = "tribunal"
    takeover.tribunal_applied_on = day
    told(session, actor, case, takeover, "takeover_tribunal_asked", day)
    return takeover


def tribunal_decided(
    session: TenantSession,
    actor: Actor,
    *,
    takeover_id: UUID,
    leave: bool,
    number: str,
    on: date | None = None,
    expected_version: int,
) -> Takeover:
    """Register the tribunal's decision: leave to transfer (tillstånd) or none, with its number.

    Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    takeover, case, rules = opened(session, actor, takeover_id)
    raise_if(required_text("number", number, MAX_NUMBER))
    day = effective_day(on, not_before=takeover.tribunal_applied_on)
    session.change(takeover, expected_version)
    if takeover.state != "tribunal":
        raise Conflict("takeover_state", f"the takeover is {takeover.state}", state=takeover.state)
    takeover.state = "agreed" if leave else "refused"
    takeover.tribunal_decided_on, takeover.tribunal_number = day, number.strip()
    _tell(session, actor, case, rules.tribunal_fact, leave, day, "tribunal_decision", number)
    told(session, actor, case, takeover, "takeover_tribunal_decided", day, {"leave": leave})
    tell_owner(session, takeover, _unit(session, takeover), "takeover.decided")
    return takeover


def steps_taken(session: TenantSession, takeover: Takeover) -> dict[str, TakeoverStep]:
    """The steps that were taken, by the pack's id."""
    rows = session.scalars(select(TakeoverStep).where(TakeoverStep.takeover_id == takeover.id))
    return {row.code: row for row in rows}


def require_time(takeover: Takeover, rules: TakeoverRules, on: date) -> None:
    """Raise ``PolicyRefused`` before the first day, or before the day it was postponed to."""
    cite = ", ".join(rules.cite)
    if takeover.eligible_on is None:
        raise PolicyRefused("takeover_not_begun", f"the time counts from {rules.start}", cite=cite)
    if on < takeover.eligible_on:
        day = str(takeover.eligible_on)
        raise PolicyRefused(
            "takeover_too_early",
            f"not before {day}",
            cite=cite,
            items=[{"label": {"sv": f"Tidigast {day}", "en": f"Not before {day}"}}],
        )


def opened(
    session: TenantSession, actor: Actor, takeover_id: UUID
) -> tuple[Takeover, Case, TakeoverRules]:
    """The takeover, its open case, and what the guideline says of it."""
    takeover, case = open_matter(session, actor, Takeover, takeover_id, Action.TAKEOVER_HANDLE)
    rules = rules_of(case)
    if rules is None:
        raise ValidationFailed.one("takeoverId", "no_takeover", "the programme has no takeover")
    return takeover, case, rules


def require_open(takeover: Takeover) -> None:
    """Raise ``Conflict`` when it has come about or is closed."""
    if takeover.state not in OPEN:
        raise Conflict("takeover_state", f"the takeover is {takeover.state}", state=takeover.state)


def _unit(session: TenantSession, takeover: Takeover) -> Unit:
    return session.find(Unit, session.find(Contract, takeover.contract_id).unit_id)


def tell_owner(session: TenantSession, takeover: Takeover, unit: Unit, type_: str) -> None:
    """Let the landlord of the home be told of the takeover."""
    tell_landlord(
        session,
        type_,
        landlord_id=unit.landlord_id,
        subject_id=takeover.id,
        property_designation=unit.property_designation,
    )


def _tell(
    session: TenantSession,
    actor: Actor,
    case: Case,
    fact: str | None,
    value: bool,
    on: date,
    source: str,
    reason: str,
) -> None:
    if fact is None:
        return
    session.lock(case)
    answered_by_act(
        session, actor, case, fact=fact, value=value, on=on, source=source, reason=reason
    )


def told(
    session: TenantSession,
    actor: Actor,
    case: Case,
    takeover: Takeover,
    event: str,
    on: date,
    data: dict[str, Any] | None = None,
) -> None:
    """Write the line of the case's timeline that tells of an act on the takeover."""
    record(
        session,
        actor,
        case,
        event,
        on,
        action=Action.TAKEOVER_HANDLE,
        subject_type="takeover",
        subject_id=takeover.id,
        data=data or {},
    )
