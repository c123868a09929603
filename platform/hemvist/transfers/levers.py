"""What a kommun can change itself: flats promised, how quickly it answers, who waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from hemvist.clock import now, today
from hemvist.errors import NotFound
from hemvist.identity import Action, Actor, Role, allows
from hemvist.identity.models import MembershipRow, Principal
from hemvist.networks.rules import NOES_COUNT_FOR, URGENCIES, Rules
from hemvist.networks.service import code_of, networks
from hemvist.tenancy import TenantSession
from hemvist.transfer_ledger.models import TransferStatement
from hemvist.transfers.access import of_function
from hemvist.transfers.functions import named_people
from hemvist.transfers.models import ON_OFFER, TransferOffer, TransferRequest
from hemvist.transfers.proposal_models import TransferProposal
from hemvist.units.models import Unit

_DAY = 24 * 3600


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
    #: Days between two ordinary rounds.
    round_days: int
    #: Hours to answer, by urgency.
    answer_hours: Mapping[str, int]
    #: Flats on offer now, and those of them that are in no proposal yet.
    promised: int
    free: int
    #: Requests in the network that have no proposal yet, by urgency, and all of them.
    waiting: Mapping[str, int]
    unproposed: int
    #: Households that may still be sent before another is taken; and how many of those without a
    #: proposal can have none, even if every free flat is taken.
    room: int
    held_back: int
    #: Proposals answered, hours to an answer on average, and those that ran out unanswered.
    answered: int
    hours: float | None
    #: Hours by which answers would have come sooner on average, had each come within a day.
    sooner: float | None
    expired: int
    #: Proposals to take a household that may be left without one in a quarter, and those left of them.
    noes: int
    noes_left: int


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
        waiting = _waiting(session, network)
        unproposed = sum(waiting.values())
        promised, free = _flats(session, network)
        room = _room(session, network, limit.debt_limit)
        answered, seconds, later, expired = _answers(session, network)
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
                round_days=terms.round_days,
                answer_hours=dict(terms.answer_hours),
                promised=promised,
                free=free,
                waiting=waiting,
                unproposed=unproposed,
                room=room,
                held_back=max(0, unproposed - room - free),
                answered=answered,
                hours=_hours(seconds),
                sooner=_hours(later),
                expired=expired,
                noes=terms.noes_in_quarter,
                noes_left=max(0, terms.noes_in_quarter - _fruitless(session, network)),
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


def on_offer(session: TenantSession, actor: Actor, most: int) -> list[tuple[UUID, Unit]]:
    """The flats of the actor's networks that wait for a household, by the offer's id.

    Those that a move is agreed on are left out: that address is a protected household's from then on.
    """
    found = session.execute(
        select(TransferOffer.id, Unit)
        .join(
            Unit, (Unit.tenant_id == TransferOffer.tenant_id) & (Unit.id == TransferOffer.unit_id)
        )
        .where(TransferOffer.state.in_(("offered", "proposed")), of_function(TransferOffer)(actor))
        .order_by(TransferOffer.id.desc())
        .limit(most)
    )
    return list(found.tuples())


def _flats(session: TenantSession, network: UUID) -> tuple[int, int]:
    counted = select(func.count(), func.count().filter(TransferOffer.state == "offered")).where(
        TransferOffer.network_id == network, TransferOffer.state.in_(ON_OFFER)
    )
    row = session.execute(counted).one()
    return row[0], row[1]


def _waiting(session: TenantSession, network: UUID) -> dict[str, int]:
    counted = session.execute(
        select(TransferRequest.urgency, func.count())
        .where(TransferRequest.network_id == network, TransferRequest.state == "open")
        .group_by(TransferRequest.urgency)
    )
    found = dict(counted.tuples().all())
    return {urgency: found.get(urgency, 0) for urgency in reversed(URGENCIES)}


def _room(session: TenantSession, network: UUID, debt_limit: int) -> int:
    """As the clearing reckons it: what is proposed or under way counts. Of the last statement."""
    own = session.execute(
        select(TransferStatement.balance, TransferStatement.reserved).where(
            TransferStatement.network_id == network
        )
    ).one_or_none()
    return max(0, debt_limit + (0 if own is None else own.balance + own.reserved))


def _answers(session: TenantSession, network: UUID) -> tuple[int, float | None, float | None, int]:
    taken = func.extract("epoch", TransferProposal.answered_at - TransferProposal.proposed_at)
    row = session.execute(
        select(
            func.count(TransferProposal.answered_at),
            func.avg(taken),
            # An average leaves out what was not answered; GREATEST would make a nought of it.
            func.avg(func.greatest(taken - _DAY, 0)).filter(
                TransferProposal.answered_at.is_not(None)
            ),
            func.count().filter(TransferProposal.state == "expired"),
        ).where(TransferProposal.network_id == network)
    ).one()
    return row[0], row[1], row[2], row[3]


def _fruitless(session: TenantSession, network: UUID) -> int:
    """As the network reckons it (``hemvist.exchange.restraint``), of the own halves."""
    found = session.scalar(
        select(func.count()).where(
            TransferProposal.network_id == network,
            TransferProposal.side == "receiving",
            or_(
                TransferProposal.state.in_(("proposed", "accepted", "agreed")),
                and_(
                    TransferProposal.state.in_(("refused", "expired", "withdrawn")),
                    TransferProposal.answer_by > now() - NOES_COUNT_FOR,
                ),
            ),
        )
    )
    return found or 0


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(float(seconds) / 3600, 1)
