"""Who may do what in a handover: the named handlers, whom the kommun's transfer function names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, select
from sqlalchemy.orm import aliased

from hemvist import audit
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.handovers.models import Handover, HandoverHandler
from hemvist.identity import MATRIX, Action, Actor, Role, allows, require
from hemvist.identity.models import MembershipRow, Principal
from hemvist.tenancy import TenantSession
from hemvist.transfers.functions import require_named
from hemvist.transfers.models import TransferFunction
from hemvist.transfers.proposal_models import TransferProposal

#: Those who could have prepared the request, or answered the proposal.
_EITHER = (Action.TRANSFER_PREPARE, Action.TRANSFER_ANSWER)
MAX_HANDLERS = 6


def of_handlers(handover: Any) -> Callable[[Actor], ColumnElement[bool]]:
    """Condition on rows whose column ``handover`` is a handover's id: the actor is named for it."""

    def condition(actor: Actor) -> ColumnElement[bool]:
        if not any(allows(actor, action) for action in _EITHER):
            return false()
        named = aliased(HandoverHandler)
        return exists(
            select(named.id).where(
                named.tenant_id == handover.class_.tenant_id,
                named.handover_id == handover,
                named.principal_id == actor.principal_id,
                named.until.is_(None),
            )
        )

    return condition


def who_can_be_named(session: TenantSession, actor: Actor, most: int) -> list[tuple[UUID, str]]:
    """Whoever works with such cases, by name, for the people of a transfer function; else nobody."""
    if not allows(actor, Action.TRANSFER_ANSWER):
        return []
    function = select(TransferFunction.id).where(
        TransferFunction.principal_id == actor.principal_id, TransferFunction.until.is_(None)
    )
    if session.scalar(function.limit(1)) is None:
        return []
    roles = [
        role.value for role, held in MATRIX.items() if any(action in held for action in _EITHER)
    ]
    holds = select(MembershipRow.principal_id).where(MembershipRow.role.in_(roles))
    found = session.execute(
        select(Principal.id, Principal.display_name)
        .where(Principal.id.in_(holds))
        .order_by(Principal.display_name, Principal.id)
        .limit(most)
    )
    return list(found.tuples())


def handlers_of(session: TenantSession, handover_id: UUID) -> set[UUID]:
    """Whoever is named today."""
    return set(
        session.scalars(
            select(HandoverHandler.principal_id).where(
                HandoverHandler.handover_id == handover_id, HandoverHandler.until.is_(None)
            )
        )
    )


def handled(session: TenantSession, actor: Actor, handover_id: UUID) -> Handover:
    """The handover, for one of its handlers. Raises ``NotFound`` to everybody else, ``NotAllowed``."""
    row = session.find(Handover, handover_id)
    if actor.principal_id not in handlers_of(session, row.id):
        raise NotFound("Handover")
    held = [MATRIX[one.role] for one in actor.memberships]
    if not any(action in role for role in held for action in _EITHER):
        raise NotAllowed(Action.TRANSFER_ANSWER)
    return row


def of_function(
    session: TenantSession, actor: Actor, handover_id: UUID
) -> tuple[Handover, TransferProposal]:
    """The handover and its proposal, for the people of the function. Raises ``NotFound`` to others."""
    row = session.find(Handover, handover_id)
    proposal = session.find(TransferProposal, row.proposal_id)
    require_named(session, actor, proposal.network_id, "Handover")
    require(actor, Action.TRANSFER_ANSWER)
    return row, proposal


def name_handler(
    session: TenantSession, actor: Actor, *, handover_id: UUID, principal_id: UUID
) -> HandoverHandler:
    """Name somebody for the handover, such as the household's caseworker.

    Raises ``NotFound`` (also to whoever is not in the function), ``NotAllowed``, ``ValidationFailed``,
    ``Conflict``.
    """
    row, _ = of_function(session, actor, handover_id)
    principal = session.find(Principal, principal_id)
    session.lock(row)
    roles = session.scalars(
        select(MembershipRow.role).where(MembershipRow.principal_id == principal.id)
    )
    if not any(action in MATRIX[Role(role)] for role in roles for action in _EITHER):
        raise ValidationFailed.one("principalId", "not_possible", "works with no such cases")
    named = handlers_of(session, row.id)
    if principal.id in named:
        raise Conflict("already_named", "this person is named for the handover")
    if len(named) >= MAX_HANDLERS:
        raise Conflict("too_many_named", "so many are named already", limit=MAX_HANDLERS)
    assert actor.principal_id is not None
    made = session.save(
        HandoverHandler(
            handover_id=row.id,
            principal_id=principal.id,
            since=today(),
            named_by=actor.principal_id,
        )
    )
    log(session, actor, row, "handler_named")
    return made


def end_handler(
    session: TenantSession, actor: Actor, *, handover_id: UUID, principal_id: UUID
) -> None:
    """Let somebody be named no longer. Raises ``NotFound``, ``NotAllowed``."""
    row, _ = of_function(session, actor, handover_id)
    session.lock(row)
    named = session.scalar(
        select(HandoverHandler).where(
            HandoverHandler.handover_id == row.id,
            HandoverHandler.principal_id == principal_id,
            HandoverHandler.until.is_(None),
        )
    )
    if named is None:
        raise NotFound("Principal")
    named.until = today()
    session.flush()
    log(session, actor, row, "handler_ended")


def log(
    session: TenantSession,
    actor: Actor,
    row: Handover,
    event: str,
    *,
    kind: str = "write",
    persons: list[UUID] | None = None,
) -> None:
    """Every act and every look, never with the other kommun."""
    audit.record(
        session,
        actor,
        Action.TRANSFER_READ if kind == "read" else Action.TRANSFER_ANSWER,
        kind=kind,
        persons=persons or [],
        case_id=row.case_id,
        subject_type="handover",
        subject_id=row.id,
        details={"event": event, "side": row.side},
    )
