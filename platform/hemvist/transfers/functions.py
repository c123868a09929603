"""The kommun's transfer function for a network: at least two named people, and nobody else."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist.cases.checks import effective_day
from hemvist.clock import today
from hemvist.errors import Conflict, NotFound, ValidationFailed
from hemvist.identity import Action, Actor, Role, allows, require
from hemvist.identity.models import MembershipRow, Principal
from hemvist.networks import Member, Rules
from hemvist.networks.service import code_of, rules_of
from hemvist.tenancy import TenantSession
from hemvist.transfers.models import FUNCTION_ROLES, TransferFunction


def name_person(
    session: TenantSession,
    actor: Actor,
    *,
    network_id: UUID,
    principal_id: UUID,
    role: str,
    on: date | None = None,
) -> TransferFunction:
    """Name somebody of the kommun in its function for the network.

    It must be a transfer coordinator. Raises ``NotFound`` (network, person), ``NotAllowed``,
    ``ValidationFailed``, ``Conflict`` when the person is named already.
    """
    own_membership(session, network_id)
    principal = session.find(Principal, principal_id)
    require(actor, Action.TRANSFER_NAME)
    if role not in FUNCTION_ROLES:
        raise ValidationFailed.one("role", "choice", "unknown role", allowed=FUNCTION_ROLES)
    day = effective_day(on)
    holds = session.scalar(
        select(MembershipRow.id).where(
            MembershipRow.principal_id == principal.id,
            MembershipRow.role == Role.TRANSFER_COORDINATOR.value,
        )
    )
    if holds is None:
        raise ValidationFailed.one("principalId", "no_coordinator", "is no transfer coordinator")
    if principal.id in named_people(session, network_id):
        raise Conflict("already_named", "this person is named in the function")
    assert actor.principal_id is not None
    row = session.save(
        TransferFunction(
            network_id=network_id,
            principal_id=principal.id,
            role=role,
            since=day,
            named_by=actor.principal_id,
        )
    )
    _log(session, actor, row, "named")
    return row


def end(
    session: TenantSession,
    actor: Actor,
    *,
    function_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> TransferFunction:
    """Let somebody be named no longer. The function may be left too small: then it can do nothing.

    Raises ``NotFound`` to whoever neither names people nor is named, ``NotAllowed`` to the named.
    """
    row = session.find(TransferFunction, function_id)
    if not allows(actor, Action.TRANSFER_NAME):
        require_named(session, actor, row.network_id, "TransferFunction")
    require(actor, Action.TRANSFER_NAME)
    day = effective_day(on, not_before=row.since)
    session.change(row, expected_version)
    if row.until is not None:
        raise Conflict("already_ended", "this person is named no longer")
    row.until = day
    session.flush()
    _log(session, actor, row, "ended")
    return row


def named_people(session: TenantSession, network_id: UUID) -> set[UUID]:
    """Whoever is named in the function today."""
    return set(
        session.scalars(
            select(TransferFunction.principal_id).where(
                TransferFunction.network_id == network_id, TransferFunction.until.is_(None)
            )
        )
    )


def require_named(session: TenantSession, actor: Actor, network_id: UUID, kind: str) -> None:
    """Raise ``NotFound`` of ``kind`` unless the actor is named: for others there is no such thing."""
    if actor.principal_id not in named_people(session, network_id):
        raise NotFound(kind)


def require_able(session: TenantSession, network_id: UUID) -> tuple[Rules, Member]:
    """The rules, and the kommun as a member, if its function has people enough.

    Raises ``NotFound`` when it is no member today, ``Conflict`` when too few are named.
    """
    rules, member = own_membership(session, network_id)
    wanted = rules.terms_on(today()).function_size
    named = len(named_people(session, network_id))
    if named < wanted:
        raise Conflict("function_too_small", "too few people are named", wanted=wanted, named=named)
    return rules, member


def own_membership(session: TenantSession, network_id: UUID) -> tuple[Rules, Member]:
    """The network's rules and this kommun in it today. Raises ``NotFound``."""
    rules = rules_of(session, network_id)
    member = rules.member(code_of(session, session.tenant_id), today())
    if member is None:
        raise NotFound("Network")
    return rules, member


def _log(session: TenantSession, actor: Actor, row: TransferFunction, what: str) -> None:
    audit.record(
        session,
        actor,
        Action.TRANSFER_NAME,
        subject_type="transfer_function",
        subject_id=row.id,
        details={"event": what, "role": row.role},
    )
