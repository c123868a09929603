"""Requests of the kommun's own households: prepared in the case, opened by the function, withdrawn."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from hemvist import audit
from hemvist.cases.access import case_for
from hemvist.cases.checks import effective_day, raise_if, require_open, required_text
from hemvist.cases.journal import person_ids
from hemvist.cases.models import Case
from hemvist.clock import now
from hemvist.errors import Conflict, NotFound, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.networks.rules import URGENCIES
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.statements import append
from hemvist.transfers import letters
from hemvist.transfers.entering import asking
from hemvist.transfers.functions import (
    named_people,
    own_membership,
    require_able,
    require_named,
)
from hemvist.transfers.models import LIVE, WITHDRAWALS, TransferOverride, TransferRequest
from hemvist.transfers.needs import Needs, checked
from hemvist.transfers.proposal_models import TransferEntry, TransferProposal

OVERRIDE_FIELD = "transfer_overrides.reason"


def prepare(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    network_id: UUID,
    urgency: str,
    needs: Needs,
    on: date | None = None,
) -> TransferRequest:
    """Say in a case what the household needs elsewhere; a coordinator of the function opens it.

    Raises ``NotFound`` (case, network), ``NotAllowed``, ``ValidationFailed``, ``Conflict`` where the
    case is closed or has a request already.
    """
    case = case_for(session, actor, case_id, Action.TRANSFER_PREPARE)
    rules, member = own_membership(session, network_id)
    # Two may prepare one at once: the case's row is the lock.
    session.lock(case)
    require_open(case)
    if urgency not in URGENCIES:
        raise ValidationFailed.one("urgency", "choice", "unknown urgency", allowed=URGENCIES)
    found = checked(needs, rules, member.kommun)
    day = effective_day(on, not_before=case.opened_on)
    running = session.scalar(
        select(TransferRequest.id).where(
            TransferRequest.case_id == case.id, TransferRequest.state.in_(LIVE)
        )
    )
    if running is not None:
        raise Conflict("transfer_running", "the case has a request already")
    assert actor.principal_id is not None
    request = session.save(
        TransferRequest(
            network_id=network_id,
            case_id=case.id,
            urgency=urgency,
            needs_sealed=found.seal(session.tenant_id),
            prepared_on=day,
            prepared_by=actor.principal_id,
        )
    )
    log(session, actor, request, Action.TRANSFER_PREPARE, "prepared")
    return request


def require_case(session: TenantSession, actor: Actor, case_id: UUID) -> None:
    """Raise ``NotFound`` or ``NotAllowed`` unless the actor may prepare a request in the case."""
    case_for(session, actor, case_id, Action.TRANSFER_PREPARE)


def open_request(
    session: TenantSession, actor: Actor, *, request_id: UUID, expected_version: int
) -> TransferRequest:
    """Let a request take part in the network. An acute one is cleared at once.

    Raises ``NotFound`` to whoever is not named in the function, ``NotAllowed`` to who prepared it,
    ``Conflict`` while the function has too few people.
    """
    request = _of_function(session, actor, request_id)
    require(actor, Action.TRANSFER_OPEN, not_by=[request.prepared_by])
    session.change(request, expected_version)
    _require_state(request, "prepared")
    require_able(session, request.network_id)
    require_open(session.find(Case, request.case_id))
    request.state = "open"
    request.opened_on = effective_day(None)
    request.opened_by = actor.principal_id
    session.flush()
    if request.urgency == "acute":
        letters.write(session, request.network_id, "acute")
    log(session, actor, request, Action.TRANSFER_OPEN, "opened")
    return request


def withdraw(
    session: TenantSession,
    actor: Actor,
    *,
    request_id: UUID,
    because: str,
    expected_version: int,
    on: date | None = None,
) -> TransferRequest:
    """Take a request back: by its own department, or by the function. The other side learns nothing."""
    request = session.find(TransferRequest, request_id)
    _require_own(session, actor, request, Action.TRANSFER_WITHDRAW)
    session.lock(request)
    if because not in WITHDRAWALS[1:]:
        raise ValidationFailed.one("because", "choice", "unknown", allowed=WITHDRAWALS[1:])
    day = effective_day(on, not_before=request.prepared_on)
    session.change(request, expected_version)
    _require_state(request, *LIVE)
    end(session, request, "withdrawn", day)
    request.withdrawn_because = because
    session.flush()
    log(session, actor, request, Action.TRANSFER_WITHDRAW, "withdrawn")
    return request


def end(session: TenantSession, request: TransferRequest, state: str, day: date) -> None:
    """Let a locked request end, and tell the network of what it has there."""
    request.state = state
    request.closed_on = day
    proposals = session.scalars(
        select(TransferProposal)
        .where(
            TransferProposal.request_id == request.id,
            TransferProposal.state.in_(("proposed", "accepted", "agreed")),
        )
        .with_for_update()
    ).all()
    for proposal in proposals:
        proposal.state = "withdrawn"
        proposal.counterpart_id = proposal.counterpart_slip = None
        proposal.version += 1
    pseudonym = pseudonym_of(session, request)
    if pseudonym is not None or proposals:
        slips = [proposal.slip for proposal in proposals]
        letters.write(
            session, request.network_id, "request_withdrawn", pseudonym=pseudonym, slips=slips
        )


def override(
    session: TenantSession,
    actor: Actor,
    *,
    request_id: UUID,
    kommun: str,
    reason: str,
    expected_version: int,
) -> TransferRequest:
    """Ask for a proposal in a certain member kommun, beside the clearing's plan, for a reason.

    Whether that kommun has a flat that would do only the network knows; it still has to accept, and
    nobody is told more than of any proposal. It waits for no round. Raises as ``open_request``.
    """
    request = _of_function(session, actor, request_id)
    require(actor, Action.TRANSFER_OVERRIDE)
    session.lock(request)
    rules, _ = require_able(session, request.network_id)
    raise_if(required_text("reason", reason, 2000))
    excluded = Needs.open(session.tenant_id, request.needs_sealed).excluded
    today_ = effective_day(None)
    if kommun in excluded or rules.member(kommun, today_) is None:
        raise ValidationFailed.one("kommun", "not_possible", "no member that the request may go to")
    session.change(request, expected_version)
    _require_state(request, "open", "proposed")
    assert actor.principal_id is not None
    append(
        session,
        TransferOverride,
        request_id=request.id,
        reason_sealed=tenant_keys(session.tenant_id).seal(
            OVERRIDE_FIELD, f"{kommun} {reason.strip()}"
        ),
        asked_at=now(),
        asked_by=actor.principal_id,
    )
    letters.write(
        session, request.network_id, "override", asked=asking(session, request.id, kommun)
    )
    log(session, actor, request, Action.TRANSFER_OVERRIDE, "override")
    return request


def look(
    session: TenantSession, actor: Actor, *, request_id: UUID
) -> tuple[TransferRequest, Needs]:
    """A request and what the household needs. The look is logged."""
    request = session.find(TransferRequest, request_id)
    _require_own(session, actor, request, Action.TRANSFER_READ)
    log(session, actor, request, Action.TRANSFER_READ, "looked", kind="read")
    return request, Needs.open(session.tenant_id, request.needs_sealed)


def requests_of(session: TenantSession, actor: Actor, *, network_id: UUID) -> list[TransferRequest]:
    """The kommun's own requests in a network, those not settled first. The look is logged."""
    require_named(session, actor, network_id, "Network")
    require(actor, Action.TRANSFER_READ)
    found = session.scalars(
        select(TransferRequest)
        .where(TransferRequest.network_id == network_id)
        .order_by(
            or_(*(TransferRequest.state == state for state in LIVE)).desc(), TransferRequest.id
        )
    ).all()
    audit.record(
        session,
        actor,
        Action.TRANSFER_READ,
        kind="read",
        subject_type="network",
        subject_id=network_id,
        details={"requests": len(found)},
    )
    return list(found)


def pseudonym_of(session: TenantSession, request: TransferRequest) -> UUID | None:
    """What the request is called in the round that runs, if it takes part."""
    return session.scalar(
        select(TransferEntry.pseudonym)
        .where(TransferEntry.request_id == request.id)
        .order_by(TransferEntry.id.desc())
        .limit(1)
    )


def log(
    session: TenantSession,
    actor: Actor,
    request: TransferRequest,
    action: Action,
    event: str,
    kind: str = "write",
) -> None:
    """Every act and every look, with the persons whom it concerns."""
    case = session.find(Case, request.case_id)
    audit.record(
        session,
        actor,
        action,
        kind=kind,
        persons=person_ids(session, case.household_id),
        case_id=case.id,
        subject_type="transfer_request",
        subject_id=request.id,
        details={"event": event},
    )


def _of_function(session: TenantSession, actor: Actor, request_id: UUID) -> TransferRequest:
    request = session.find(TransferRequest, request_id)
    require_named(session, actor, request.network_id, "TransferRequest")
    return request


def _require_own(
    session: TenantSession, actor: Actor, request: TransferRequest, action: Action
) -> None:
    """By the function's people, or by whoever may do it in the request's own case."""
    if actor.principal_id in named_people(session, request.network_id):
        require(actor, action)
        return
    try:
        case_for(session, actor, request.case_id, action)
    except NotFound as hidden:
        raise NotFound("TransferRequest") from hidden


def _require_state(request: TransferRequest, *states: str) -> None:
    if request.state not in states:
        raise Conflict("transfer_state", f"the request is {request.state}", state=request.state)


__all__ = [
    "end",
    "log",
    "look",
    "open_request",
    "override",
    "prepare",
    "pseudonym_of",
    "require_case",
    "requests_of",
    "withdraw",
]
