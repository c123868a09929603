"""Requests between kommuner: opening, sending, answering, the Inspectorate, carrying over.

A kommun that finds that another should have a case asks it in writing (SoL 29:10-11). Without an
answer within a month, or where the two do not agree, the Inspectorate (IVO) may be asked; the data
that are needed go with the case (29:12). Somebody who cannot move without support, or has to because
of violence, applies in the other kommun as if they lived there, and the home kommun helps the inquiry
(29:7-9).
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.access import case_for
from hemvist.cases.checks import effective_day, raise_if, require_open, required_text
from hemvist.clock import today
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.kommun_requests.access import request_for
from hemvist.kommun_requests.keeping import keep_step, move
from hemvist.kommun_requests.models import (
    DIRECTIONS,
    KINDS,
    LIVE,
    WISHES,
    KommunRequest,
)
from hemvist.policy.legal import law_pack
from hemvist.policy.months import add_months
from hemvist.policy.working_days import add_working_days
from hemvist.tenancy import Tenant, TenantSession

MAX_TEXT = 10_000
MAX_ADDRESS = 200
_CODE = 4


def answer_deadline(arrived_on: date) -> date:
    """Last day for an answer: a month after the writing came in, or the next working day.

    Source: SoL (2025:400) 29:11; Lag (1930:173) om beräkning av lagstadgad tid section 2.
    """
    months = law_pack().param("takeover_answer_months", arrived_on)
    assert isinstance(months, int)
    return add_working_days(add_months(arrived_on, months), 0)


def is_late(request: KommunRequest, on: date) -> bool:
    """Whether the month has passed on ``on`` without an answer."""
    return request.state == "waiting" and request.answer_by is not None and on > request.answer_by


def open_request(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    kind: str,
    direction: str,
    counterpart: str,
    function_address: str,
    reasons: str,
    wish: str,
    on: date | None = None,
) -> KommunRequest:
    """Open a request in a case: our own as a draft, another kommun's on the day it came in.

    Whoever opens it handles it. Raises ``NotFound``, ``NotAllowed``, ``ValidationFailed``,
    ``Conflict`` where the case is closed or is to be taken over already.
    """
    case = case_for(session, actor, case_id, Action.KOMMUN_REQUEST_HANDLE)
    require_open(case)
    incoming = direction == "incoming"
    day = effective_day(on, not_before=None if incoming else case.opened_on)
    raise_if(
        choice("kind", kind, KINDS)
        + choice("direction", direction, DIRECTIONS)
        + choice("wish", wish, WISHES)
        + _counterpart(session, counterpart)
        + required_text("functionAddress", function_address, MAX_ADDRESS)
        + required_text("reasons", reasons, MAX_TEXT)
    )
    session.lock(case)
    if kind == "takeover":
        running = select(KommunRequest.id).where(
            KommunRequest.case_id == case.id,
            KommunRequest.kind == "takeover",
            KommunRequest.state.in_(LIVE),
        )
        if session.scalar(running.limit(1)) is not None:
            raise Conflict("takeover_already_asked", "the case is to be taken over already")
    assert actor.principal_id is not None
    request = session.save(
        KommunRequest(
            case_id=case.id,
            kind=kind,
            direction=direction,
            state="waiting" if incoming else "drafted",
            counterpart=counterpart,
            function_address=function_address.strip(),
            handler_id=actor.principal_id,
            opened_by=actor.principal_id,
            opened_on=today(),
            reasons=reasons.strip(),
            wish=wish,
            arrived_on=day if incoming else None,
            answer_by=answer_deadline(day) if incoming and kind == "takeover" else None,
        )
    )
    keep_step(session, actor, request, case, "opened", day, action=Action.KOMMUN_REQUEST_HANDLE)
    return request


def send(
    session: TenantSession,
    actor: Actor,
    *,
    request_id: UUID,
    expected_version: int,
    arrived_on: date | None = None,
    on: date | None = None,
) -> KommunRequest:
    """Note that ours was sent, in writing; the month runs from the day it came in there.

    That a case is to leave the kommun is a manager's decision, not of the one who drafted it; an
    application is the person's own. Raises ``NotFound``, ``NotAllowed``, ``Conflict``.
    """
    request, case = request_for(session, actor, request_id, Action.KOMMUN_REQUEST_HANDLE)
    action = Action.KOMMUN_REQUEST_HANDLE
    if request.kind == "takeover":
        action = Action.KOMMUN_REQUEST_DECIDE
        request_for(session, actor, request_id, action, not_by_opener=True)
    day = effective_day(on, not_before=case.opened_on)
    session.change(request, expected_version)
    if request.state != "drafted":
        raise Conflict("kommun_request_moved_on", "it was sent", state=request.state)
    move(request, "waiting")
    request.sent_on = day
    request.sent_by = actor.principal_id
    if arrived_on is not None:
        _arrive(request, effective_day(arrived_on, field="arrivedOn", not_before=day))
    keep_step(session, actor, request, case, "sent", day, action=action)
    return request


def note_arrival(
    session: TenantSession,
    actor: Actor,
    *,
    request_id: UUID,
    arrived_on: date,
    expected_version: int,
) -> KommunRequest:
    """Note the day on which ours came in to the other kommun, as its receipt says."""
    request, case = request_for(session, actor, request_id, Action.KOMMUN_REQUEST_HANDLE)
    day = effective_day(arrived_on, field="arrivedOn", not_before=request.sent_on)
    session.change(request, expected_version)
    if request.state != "waiting" or request.direction != "outgoing":
        raise Conflict("kommun_request_moved_on", "nothing is to come in", state=request.state)
    if request.arrived_on is not None:
        raise Conflict("arrival_noted", "the day is noted already")
    _arrive(request, day)
    keep_step(session, actor, request, case, "arrived", day, action=Action.KOMMUN_REQUEST_HANDLE)
    return request


def answer(
    session: TenantSession,
    actor: Actor,
    *,
    request_id: UUID,
    agreed: bool,
    reasons: str,
    expected_version: int,
    on: date | None = None,
) -> KommunRequest:
    """The answer: ours to what came in, or what the other kommun said to ours.

    Taking a case over, or refusing to, is a manager's decision, not of the one who registered the
    request. An application's answer is a decision in the case of the kommun that has it; here stands
    what it came to. While the Inspectorate has the matter the kommuner may still agree.
    """
    request, case = request_for(session, actor, request_id, Action.KOMMUN_REQUEST_HANDLE)
    action = Action.KOMMUN_REQUEST_HANDLE
    if request.kind == "takeover" and request.direction == "incoming":
        action = Action.KOMMUN_REQUEST_DECIDE
        request_for(session, actor, request_id, action, not_by_opener=True)
    day = effective_day(on, not_before=request.arrived_on or request.sent_on)
    raise_if([] if agreed else required_text("reasons", reasons, MAX_TEXT))
    raise_if(too_much("reasons", reasons))
    session.change(request, expected_version)
    move(request, "agreed" if agreed else "refused")
    request.answered_on = day
    request.answered_by = actor.principal_id
    request.answer_reasons = reasons.strip() or None
    keep_step(session, actor, request, case, request.state, day, action=action, notes=reasons)
    return request


def withdraw(
    session: TenantSession,
    actor: Actor,
    *,
    request_id: UUID,
    reasons: str,
    expected_version: int,
    on: date | None = None,
) -> KommunRequest:
    """The request is taken back by who made it: us, the other kommun, or the person."""
    request, case = request_for(session, actor, request_id, Action.KOMMUN_REQUEST_HANDLE)
    day = effective_day(on, not_before=request.opened_on)
    raise_if(too_much("reasons", reasons))
    session.change(request, expected_version)
    move(request, "withdrawn")
    keep_step(
        session,
        actor,
        request,
        case,
        "withdrawn",
        day,
        action=Action.KOMMUN_REQUEST_HANDLE,
        notes=reasons,
    )
    return request


def choice(field: str, value: str, known: tuple[str, ...]) -> list[Problem]:
    """The problem of a value that is none of those known."""
    if value in known:
        return []
    return [Problem(field, "unknown_choice", "not one of the choices", {"allowed": list(known)})]


def too_much(field: str, text: str) -> list[Problem]:
    """The problem of a text that is too long."""
    return required_text(field, text, MAX_TEXT) if text.strip() else []


def _counterpart(session: TenantSession, code: str) -> list[Problem]:
    if len(code) != _CODE or not (code.isascii() and code.isdigit()):
        return [Problem("counterpart", "not_a_kommun", "a kommunkod has four digits")]
    own = session.scalar(select(Tenant.kommun_code).where(Tenant.id == session.tenant_id))
    if code == own:
        return [Problem("counterpart", "own_kommun", "another kommun than this one")]
    return []


def _arrive(request: KommunRequest, day: date) -> None:
    request.arrived_on = day
    if request.kind == "takeover":
        request.answer_by = answer_deadline(day)


def require_takeover(request: KommunRequest) -> None:
    """Raise ``ValidationFailed`` for an application, which the Inspectorate does not move."""
    if request.kind != "takeover":
        raise ValidationFailed.one("requestId", "not_a_takeover", "only a case is moved by IVO")
