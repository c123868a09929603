"""What follows an answer: the Inspectorate, help with the inquiry, data that go over, the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.clock import today
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.identity import MATRIX, Action, Actor, Condition
from hemvist.identity.principals import memberships_of
from hemvist.kommun_requests.access import request_for
from hemvist.kommun_requests.keeping import keep_step, move
from hemvist.kommun_requests.models import (
    FIELDS,
    GROUNDS,
    IVO_OUTCOMES,
    TO_CARRY_OVER,
    KommunRequest,
    KommunRequestStep,
)
from hemvist.kommun_requests.service import choice, is_late, require_takeover, too_much
from hemvist.tenancy import TenantSession

#: Steps that hand data over to the other kommun; the other two take something from it.
TELLS = ("assistance_given", "data_handed_over")
HELP = ("assistance_asked", "assistance_given", "data_handed_over", "data_received")


def refer_to_ivo(
    session: TenantSession,
    actor: Actor,
    *,
    request_id: UUID,
    expected_version: int,
    number: str = "",
    on: date | None = None,
) -> KommunRequest:
    """The Inspectorate is asked: after a refusal, or when the month has passed without an answer.

    Ours is a manager's decision; that the other kommun has asked is noted by the handler, who need
    not wait for a day that only the other one counts.
    """
    action = Action.KOMMUN_REQUEST_HANDLE
    request, case = request_for(session, actor, request_id, action)
    if request.direction == "outgoing":
        action = Action.KOMMUN_REQUEST_DECIDE
        request_for(session, actor, request_id, action, not_by_opener=True)
    day = effective_day(on, not_before=request.answered_on or request.arrived_on)
    require_takeover(request)
    raise_if(too_much("number", number))
    session.change(request, expected_version)
    if request.state == "waiting" and not (
        request.direction == "incoming" or is_late(request, day)
    ):
        raise Conflict("answer_not_due", "the other kommun has its month", state=request.state)
    move(request, "with_ivo")
    request.ivo_applied_on = day
    request.ivo_number = number.strip() or None
    keep_step(session, actor, request, case, "ivo_applied", day, action=action)
    return request


def note_ivo(
    session: TenantSession,
    actor: Actor,
    *,
    request_id: UUID,
    outcome: str,
    number: str,
    expected_version: int,
    on: date | None = None,
) -> KommunRequest:
    """Note what the Inspectorate came to."""
    request, case = request_for(session, actor, request_id, Action.KOMMUN_REQUEST_HANDLE)
    day = effective_day(on, not_before=request.ivo_applied_on)
    raise_if(choice("outcome", outcome, IVO_OUTCOMES) + required_text("number", number, 100))
    session.change(request, expected_version)
    move(request, "moved_by_ivo" if outcome == "moved" else "kept_by_ivo")
    request.ivo_outcome = outcome
    request.ivo_number = number.strip()
    request.ivo_decided_on = day
    keep_step(
        session, actor, request, case, "ivo_decided", day, action=Action.KOMMUN_REQUEST_HANDLE
    )
    return request


def note_help(
    session: TenantSession,
    actor: Actor,
    *,
    request_id: UUID,
    kind: str,
    expected_version: int,
    ground: str = "",
    fields: Sequence[str] = (),
    consent_on: date | None = None,
    notes: str = "",
    on: date | None = None,
) -> KommunRequestStep:
    """Note help that was asked or given, or data that went over.

    What is told says on which ground, what kinds of data and to which function; a consent has its
    day. Data go with a case that is to go over, not before. Raises ``ValidationFailed``,
    ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    request, case = request_for(session, actor, request_id, Action.KOMMUN_REQUEST_HANDLE)
    day = effective_day(on, not_before=request.arrived_on or request.sent_on or request.opened_on)
    raise_if(choice("kind", kind, HELP) + too_much("notes", notes))
    raise_if(_disclosed(kind in TELLS, ground, fields, consent_on, day))
    session.change(request, expected_version)
    if request.state == "drafted" or request.state == "withdrawn":
        raise Conflict("kommun_request_moved_on", "nothing is under way", state=request.state)
    if kind == "data_handed_over" and request.state not in TO_CARRY_OVER:
        raise Conflict("not_to_carry_over", "the case is not to go over", state=request.state)
    return keep_step(
        session,
        actor,
        request,
        case,
        kind,
        day,
        action=Action.KOMMUN_REQUEST_HANDLE,
        notes=notes,
        ground=ground,
        fields=sorted(set(fields)),
        recipient=request.function_address if kind in TELLS else "",
        consent_on=consent_on,
    )


def carry_over(
    session: TenantSession,
    actor: Actor,
    *,
    request_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> KommunRequest:
    """The other kommun has the matter from this day: the case went over, or the person moved.

    A case of ours does not go over before the data that are needed have (SoL 29:12).
    """
    request, case = request_for(session, actor, request_id, Action.KOMMUN_REQUEST_HANDLE)
    day = effective_day(on, not_before=request.ivo_decided_on or request.answered_on)
    session.change(request, expected_version)
    if request.state not in TO_CARRY_OVER:
        raise Conflict("not_to_carry_over", "it is not agreed", state=request.state)
    if request.kind == "takeover" and request.direction == "outgoing":
        handed = select(KommunRequestStep.id).where(
            KommunRequestStep.request_id == request.id,
            KommunRequestStep.kind == "data_handed_over",
        )
        if session.scalar(handed.limit(1)) is None:
            raise Conflict("data_not_handed_over", "the data go with the case")
    move(request, "carried_over")
    request.carried_over_on = day
    keep_step(
        session, actor, request, case, "carried_over", day, action=Action.KOMMUN_REQUEST_HANDLE
    )
    return request


def name_handler(
    session: TenantSession,
    actor: Actor,
    *,
    request_id: UUID,
    handler_id: UUID,
    expected_version: int,
) -> KommunRequest:
    """A manager names who handles the request from today; who did is out of its circle.

    Raises ``ValidationFailed`` for somebody who handles no requests in the case's department.
    """
    request, case = request_for(session, actor, request_id, Action.KOMMUN_REQUEST_DECIDE)
    if not _may_handle(session, handler_id, case.department):
        raise ValidationFailed.one(
            "handlerId", "not_a_handler", "handles no requests in the department"
        )
    session.change(request, expected_version)
    if request.handler_id == handler_id:
        raise Conflict("handles_already", "handles it already")
    request.handler_id = handler_id
    keep_step(
        session,
        actor,
        request,
        case,
        "handler_named",
        today(),
        action=Action.KOMMUN_REQUEST_DECIDE,
    )
    return request


def entrust(
    session: TenantSession, actor: Actor, *, request_id: UUID, expected_version: int
) -> KommunRequest:
    """A manager lets whoever handles the case handle the request too: see ``name_handler``."""
    _, case = request_for(session, actor, request_id, Action.KOMMUN_REQUEST_DECIDE)
    if case.handler_id is None:
        raise Conflict("no_handler", "nobody handles the case")
    return name_handler(
        session,
        actor,
        request_id=request_id,
        handler_id=case.handler_id,
        expected_version=expected_version,
    )


def _may_handle(session: TenantSession, principal_id: UUID, department: str) -> bool:
    return any(
        membership.department == department
        and MATRIX[membership.role].get(Action.KOMMUN_REQUEST_HANDLE) is Condition.OWN_DEPARTMENT
        for membership in memberships_of(session, principal_id)
    )


def _disclosed(
    tells: bool, ground: str, fields: Sequence[str], consent_on: date | None, day: date
) -> list[Problem]:
    """Problems of what is said of data that are told, or not told."""
    if not tells:
        told = bool(ground or fields or consent_on)
        return [Problem("ground", "nothing_told", "nothing is told here")] if told else []
    problems = choice("ground", ground, GROUNDS)
    if not fields or any(field not in FIELDS for field in fields):
        problems.append(
            Problem("fields", "unknown_choice", "kinds of data", {"allowed": list(FIELDS)})
        )
    if (ground == "consent") != (consent_on is not None):
        problems.append(
            Problem("consentOn", "consent_day", "the day of a consent, and of none else")
        )
    elif consent_on is not None and consent_on > day:
        problems.append(Problem("consentOn", "future", "may not lie in the future"))
    return problems
