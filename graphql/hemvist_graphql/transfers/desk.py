"""All that a coordinator has before them: a small list each, since a kommun has few."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.clock import now
from hemvist.identity import MATRIX, Action, Actor, allows
from hemvist.tenancy import TenantSession
from hemvist.transfer_ledger.models import TransferStatement as StatementRow
from hemvist.transfers import levers, looks
from hemvist.transfers.models import LIVE
from hemvist.transfers.models import TransferFunction as FunctionRow
from hemvist.transfers.models import TransferOffer as OfferRow
from hemvist.transfers.models import TransferRequest as RequestRow
from hemvist.transfers.proposal_models import TransferProposal as ProposalRow
from hemvist.units.models import Unit
from hemvist_graphql.choosing import listed
from hemvist_graphql.ids import global_id
from hemvist_graphql.refs import (
    TransferNamingRef,
    TransferOfferRef,
    TransferProposalRef,
    TransferRequestRef,
    TransferStatementRef,
)

MOST = 100
#: Days back that a log reviewer may ask for at once.
MOST_DAYS = 366


@strawberry.type(
    description="How many requests of an urgency wait for a proposal, and how long an answer to one"
    " may take."
)
class TransferUrgency:
    """An urgency in a network."""

    urgency: str
    waiting: int
    answer_hours: int


@strawberry.type(description="A network, and what this kommun can change of its own part in it.")
class TransferNetwork:
    """A network."""

    code: str
    name: str
    services: list[str] = strawberry.field(description="What a household may need.")
    wanted: int = strawberry.field(description="People that the function must have.")
    named: int
    debt_limit: int
    take_cap: int
    round_days: int = strawberry.field(description="Days between two ordinary rounds.")
    promised: int = strawberry.field(description="Flats on offer now.")
    free: int = strawberry.field(description="Those of them that are in no proposal yet.")
    unproposed: int = strawberry.field(description="Requests in the network without a proposal.")
    room: int = strawberry.field(
        description="Households that may still be sent before another is taken."
    )
    held_back: int = strawberry.field(
        description="Requests that can have no proposal, even if every free flat is taken."
    )
    urgencies: list[TransferUrgency]
    answered: int
    hours: float | None = strawberry.field(description="Hours to an answer, on average.")
    sooner: float | None = strawberry.field(
        description="Hours by which answers would have come sooner on average, had each come"
        " within a day."
    )
    expired: int = strawberry.field(description="Proposals that ran out without an answer.")
    noes: int = strawberry.field(
        description="Proposals to take a household that may be left without one in any 91 days."
    )
    noes_left: int = strawberry.field(
        description="Those left of them; at nought, no further household is proposed."
    )


@strawberry.type(description="The kommun's own part in protected moves.")
class Transfers:
    """The kommun's own part in protected moves."""

    named: list[TransferNamingRef] = listed(
        "TransferNaming",
        where=lambda _: (FunctionRow.until.is_(None),),
        order=(FunctionRow.since, FunctionRow.id),
        limit=MOST,
        description="Who is named in the function.",
    )
    requests: list[TransferRequestRef] = listed(
        "TransferRequest",
        where=lambda _: (RequestRow.state.in_(LIVE),),
        order=(RequestRow.prepared_on, RequestRow.id),
        limit=MOST,
        description="The own requests that are not settled, the oldest first.",
    )
    offers: list[TransferOfferRef] = listed(
        "TransferOffer",
        order=(OfferRow.id.desc(),),
        limit=MOST,
        description="The own flats, the latest first.",
    )
    proposals: list[TransferProposalRef] = listed(
        "TransferProposal",
        order=(ProposalRow.answer_by.desc(), ProposalRow.id),
        limit=MOST,
        description="The own halves of proposals, the latest first.",
    )
    statements: list[TransferStatementRef] = listed(
        "TransferStatement", order=(StatementRow.id,), limit=MOST
    )


@strawberry.type(description="A flat that the kommun offers, or might offer.")
class TransferFlat:
    """A flat."""

    id: strawberry.ID
    address: str
    rooms: int


@strawberry.type(description="A transfer coordinator who might be named.")
class TransferCoordinator:
    """A coordinator."""

    id: strawberry.ID
    name: str


@strawberry.type(description="A network that the kommun is in.")
class TransferMembership:
    """A network that the kommun is in."""

    code: str
    name: str


@strawberry.type(description="The networks that the kommun is in, for whoever works with them.")
class TransferOffice:
    """The networks that the kommun is in."""

    memberships: list[TransferMembership]
    services: list[str] = strawberry.field(description="What a household may need, in any of them.")
    networks: list[TransferNetwork] = strawberry.field(
        description="Those in whose function the caller is named."
    )
    vacant: list[TransferFlat] = strawberry.field(
        description="Vacant flats that are not on offer; for the named only."
    )
    on_offer: list[TransferFlat] = strawberry.field(
        description="Flats on offer that wait for a household, under the offer's id: where a move"
        " is agreed on, the address is the household's."
    )
    coordinators: list[TransferCoordinator] = strawberry.field(
        description="Who might be named; for whoever names people."
    )


@strawberry.type(
    description="A look or an act on protected moves, for the log reviewer: of which household or"
    " flat it is not said."
)
class TransferLogLine:
    """A look or an act on protected moves."""

    at: dt.datetime
    person: str = strawberry.field(description="Empty for whoever runs the platform.")
    action: str = strawberry.field(
        description="An action of the role matrix; a look at a page is transfer.read."
    )
    event: str = strawberry.field(
        description="What was done, such as accepted; looked for a look at a page."
    )
    rows: int = strawberry.field(
        description="Requests, flats and proposals that it showed or changed."
    )


def log_of(session: TenantSession, actor: Actor, days: int) -> list[TransferLogLine]:
    """What the log reviewer reads; nothing for others."""
    if not allows(actor, Action.LOG_REVIEW):
        return []
    since = now() - dt.timedelta(days=min(max(days, 1), MOST_DAYS))
    return [
        TransferLogLine(
            at=one.at, person=one.person, action=one.action, event=one.event, rows=one.rows
        )
        for one in looks.lines(session, actor, since=since)
    ]


def office(session: TenantSession, actor: Actor) -> TransferOffice:
    """What of it the actor may know."""
    if not any(
        action in MATRIX[membership.role]
        for membership in actor.memberships
        for action in (Action.TRANSFER_READ, Action.TRANSFER_NAME)
    ):
        return TransferOffice(
            memberships=[], services=[], networks=[], vacant=[], on_offer=[], coordinators=[]
        )
    found = levers.levers(session, actor)
    known = levers.memberships(session)
    return TransferOffice(
        memberships=[
            TransferMembership(code=rules.code, name=rules.name)
            for rules in sorted(known.values(), key=lambda rules: rules.code)
        ],
        services=sorted({one for rules in known.values() for one in rules.services}),
        networks=[_network(one) for one in found],
        vacant=[
            _flat(global_id("Unit", unit.id), unit)
            for unit in (levers.vacant(session, MOST) if found else ())
        ],
        on_offer=[
            _flat(global_id("TransferOffer", offer), unit)
            for offer, unit in (levers.on_offer(session, actor, MOST) if found else ())
        ],
        coordinators=[
            TransferCoordinator(id=global_id("Principal", id), name=name)
            for id, name in levers.coordinators(session, actor)
        ],
    )


def _flat(id: strawberry.ID, unit: Unit) -> TransferFlat:
    return TransferFlat(
        id=id, address=f"{unit.street_address}, {unit.apartment_number}", rooms=unit.rooms
    )


def _network(one: levers.Levers) -> TransferNetwork:
    return TransferNetwork(
        code=one.code,
        name=one.name,
        services=list(one.services),
        wanted=one.wanted,
        named=one.named,
        debt_limit=one.debt_limit,
        take_cap=one.take_cap,
        round_days=one.round_days,
        promised=one.promised,
        free=one.free,
        unproposed=one.unproposed,
        room=one.room,
        held_back=one.held_back,
        urgencies=[
            TransferUrgency(urgency=urgency, waiting=count, answer_hours=one.answer_hours[urgency])
            for urgency, count in one.waiting.items()
        ],
        answered=one.answered,
        hours=one.hours,
        sooner=one.sooner,
        expired=one.expired,
        noes=one.noes,
        noes_left=one.noes_left,
    )
