"""What a kommun can change itself: flats promised, how quickly it answers, who waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from hemvist.clock import today
from hemvist.errors import NotFound
from hemvist.identity import Action, Actor, Role, allows
from hemvist.identity.models import MembershipRow, Principal
from hemvist.networks.rules import URGENCIES, Rules
from hemvist.networks.service import code_of, networks
from hemvist.tenancy import TenantSession
from hemvist.transfers.functions import named_people
from hemvist.transfers.models import ON_OFFER, TransferOffer, TransferRequest
from hemvist.transfers.proposal_models import TransferProposal
from hemvist.units.models import Unit


@dataclass(frozen=True, slots=True)
class Levers:
    """Of one network, as it stands today."""

    network_id: UUID
    code: str
    name: str
    services: tuple[str, ...]
    #: People that the function must have, and has.
    wanted: int
    named: int
    debt_limit: int
    take_cap: int
    #: Hours to answer, by urgency.
    answer_hours: Mapping[str, int]
    #: Flats on offer now.
    promised: int
    #: Requests in the network, by urgency.
    waiting: Mapping[str, int]
    #: Proposals answered, hours to an answer on average, and those that ran out unanswered.
    answered: int
    hours: float | None
    expired: int


def memberships(session: TenantSession) -> dict[UUID, Rules]:
    """The networks that the kommun is in today."""
    own, day = code_of(session, session.tenant_id), today()
    return {
        network: rules
        for network, rules in networks(session).items()
        if rules.member(own, day) is not None
    }


def levers(session: TenantSession, actor: Actor) -> list[Levers]:
    """For each network in whose function the actor is named."""
    own, day = code_of(session, session.tenant_id), today()
    found = []
    for network, rules in networks(session).items():
        member = rules.member(own, day)
        people = named_people(session, network)
        if member is None or actor.principal_id not in people:
            continue
        terms, limit = rules.terms_on(day), member.limit_on(day)
        answered, seconds, expired = _answers(session, network)
        found.append(
            Levers(
                network_id=network,
                code=rules.code,
                name=rules.name,
                services=tuple(sorted(rules.services)),
                wanted=terms.function_size,
                named=len(people),
                debt_limit=limit.debt_limit,
                take_cap=limit.take_cap,
                answer_hours=dict(terms.answer_hours),
                promised=_count(session, network),
                waiting=_waiting(session, network),
                answered=answered,
                hours=None if seconds is None else round(float(seconds) / 3600, 1),
                expired=expired,
            )
        )
    return found


def network_of(session: TenantSession, code: str) -> UUID:
    """The id of a network that the kommun is in today. Raises ``NotFound``."""
    for network, known in memberships(session).items():
        if known.code == code:
            return network
    raise NotFound("Network")


def vacant(session: TenantSession, most: int) -> list[Unit]:
    """Vacant flats that are not on offer, by address. Nobody lives there, so no address is anybody's."""
    offered = select(TransferOffer.unit_id).where(TransferOffer.state.in_(ON_OFFER))
    found = session.scalars(
        select(Unit)
        .where(Unit.state == "vacant", Unit.id.not_in(offered))
        .order_by(Unit.street_address, Unit.apartment_number, Unit.id)
        .limit(most)
    )
    return list(found)


def coordinators(session: TenantSession, actor: Actor) -> list[tuple[UUID, str]]:
    """Whoever might be named in a function, for those who name people; else nobody."""
    if not allows(actor, Action.TRANSFER_NAME):
        return []
    found = session.execute(
        select(Principal.id, Principal.display_name)
        .where(
            Principal.id.in_(
                select(MembershipRow.principal_id).where(
                    MembershipRow.role == Role.TRANSFER_COORDINATOR.value
                )
            )
        )
        .order_by(Principal.display_name, Principal.id)
    )
    return list(found.tuples())


def _count(session: TenantSession, network: UUID) -> int:
    counted = select(func.count()).where(
        TransferOffer.network_id == network, TransferOffer.state.in_(ON_OFFER)
    )
    return session.scalar(counted) or 0


def _waiting(session: TenantSession, network: UUID) -> dict[str, int]:
    counted = session.execute(
        select(TransferRequest.urgency, func.count())
        .where(
            TransferRequest.network_id == network,
            TransferRequest.state.in_(("open", "proposed")),
        )
        .group_by(TransferRequest.urgency)
    )
    found = dict(counted.tuples().all())
    return {urgency: found.get(urgency, 0) for urgency in reversed(URGENCIES)}


def _answers(session: TenantSession, network: UUID) -> tuple[int, float | None, int]:
    taken = func.extract("epoch", TransferProposal.answered_at - TransferProposal.proposed_at)
    row = session.execute(
        select(
            func.count(TransferProposal.answered_at),
            func.avg(taken),
            func.count().filter(TransferProposal.state == "expired"),
        ).where(TransferProposal.network_id == network)
    ).one()
    return row[0], row[1], row[2]
