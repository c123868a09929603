"""Every act of the life of a protected move, on either side and between them."""

from __future__ import annotations

from datetime import timedelta

from hemvist import clock
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.exchange import running as exchange
from hemvist.handovers import access, running, service, taking_in
from hemvist.handovers.access import handlers_of
from hemvist.handovers.checklist import BEFORE_MOVING_IN, ITEM_STATES, ITEMS
from hemvist.handovers.models import Handover, HandoverHandler, HandoverItem, HandoverParcel
from hemvist.transfers import offers, proposals, requests
from hemvist.transfers.models import (
    LIVE,
    OFFER_ENDS,
    ON_OFFER,
    WITHDRAWALS,
    TransferOffer,
    TransferRequest,
)
from hemvist.transfers.needs import Needs
from hemvist.transfers.proposal_models import REFUSALS, TransferProposal
from hemvist_any_order import REASON
from hemvist_country import NAMES, Country
from hemvist_handover import DEPARTMENT, WORKER
from hemvist_network import FIRST, SECOND
from hemvist_world import World

FUNCTION = (FIRST, SECOND)
#: Before the household is at its new home.
ON_ITS_WAY = ("prepared", "sent", "expected", "opened", "taken_in")


def prepared(c: Country) -> None:
    """Mostly of any kommun and flat; now and then not to one of them."""
    name, case = c.one(Case, "open")
    excluded = (c.net.codes[c.some()[0]],) if c.draw.once_in(4) else ()
    c.net[name].act(
        WORKER,
        requests.prepare,
        case_id=case.id,
        network_id=c.net.id,
        urgency=c.draw.of("normal", "high", "acute"),
        needs=Needs(min_rooms=c.draw.of(1, 2), max_extra_rooms=2, excluded=excluded),
        on=c.day(case.opened_on),
    )


def opened(c: Country) -> None:
    name, request = c.one(TransferRequest, "prepared")
    c.on(name, c.draw.of(*FUNCTION), requests.open_request, request, "request_id")


def overridden(c: Country) -> None:
    name, request = c.one(TransferRequest, "open", "proposed")
    code = c.net.codes[c.some()[0]]
    c.on(name, FIRST, requests.override, request, "request_id", kommun=code, reason=REASON)


def withdrawn(c: Country) -> None:
    """By the department or by the function, most often of what both sides have said yes to."""
    name, request = c.one_in(TransferRequest, (*LIVE, "agreed", "agreed"))
    c.on(
        name, c.draw.of(WORKER, *FUNCTION), requests.withdraw, request, "request_id",
        because=c.draw.of(*WITHDRAWALS[1:]), on=c.day(request.prepared_on),
    )  # fmt: skip


def offered(c: Country) -> None:
    """For a long time, or for some days."""
    name, world = c.some()
    flat = world.unit(rooms=c.draw.of(2, 2, 3), area=c.area(name))
    last = today() + timedelta(days=c.draw.of(3, 90, 90, 90))
    world.act(FIRST, offers.offer, network_id=c.net.id, unit_id=flat.id, last_on=last)


def taken_back(c: Country) -> None:
    name, offer = c.one_in(TransferOffer, (*ON_OFFER, "agreed"))
    because = c.draw.of(*OFFER_ENDS[1:])
    c.on(name, FIRST, offers.withdraw, offer, "offer_id", because=because)


def accepted(c: Country) -> None:
    name, proposal = c.one(
        TransferProposal, "proposed", such=lambda _, one: one.answer_by > clock.now()
    )
    c.on(name, SECOND, proposals.accept, proposal, "proposal_id")


def refused(c: Country) -> None:
    name, proposal = c.one(TransferProposal, "proposed")
    because = c.draw.of(*REFUSALS[proposal.side])
    c.on(name, SECOND, proposals.refuse, proposal, "proposal_id", because=because)


def begun(c: Country) -> None:
    """A half of a handover, by the one who names the household's caseworker for it."""
    name, proposal = c.one(
        TransferProposal,
        "agreed",
        such=lambda world, one: not world.rows(Handover, proposal_id=one.id),
    )
    row = c.net[name].act(FIRST, service.start, proposal_id=proposal.id)
    person = c.net[name][WORKER].principal_id
    c.net[name].act(FIRST, access.name_handler, handover_id=row.id, principal_id=person)


def named(c: Country) -> None:
    """Somebody who is not, or is not any more."""
    name, row = c.one(Handover, *ON_ITS_WAY)
    there = c.net[name].read(lambda session: handlers_of(session, row.id))
    people = {c.net[name][who].principal_id for who in (WORKER, *FUNCTION)} - there
    if not people:
        raise LookupError("person")
    person = c.draw.of(*sorted(one for one in people if one))
    c.net[name].act(SECOND, access.name_handler, handover_id=row.id, principal_id=person)


def named_no_longer(c: Country) -> None:
    """Where somebody else still is."""
    name, handler = c.one(HandoverHandler, until=None)
    there = c.net[name].read(lambda session: handlers_of(session, handler.handover_id))
    if len(there) < 3:
        raise LookupError("handler")
    c.net[name].act(
        SECOND,
        access.end_handler,
        handover_id=handler.handover_id,
        principal_id=handler.principal_id,
    )


def sent(c: Country) -> None:
    """With the household's consent, or by the law alone."""
    name, row = c.one(Handover, "prepared")
    grounds = ({"ground": "consent", "consent_on": today()}, {"ground": "osl_10_2"})
    c.on(
        name,
        WORKER,
        service.send,
        row,
        "handover_id",
        texts={"threat": REASON},
        **c.draw.of(*grounds),
    )


def _told(world: World, row: Handover) -> bool:
    """Whether the parcel has come."""
    parcels = world.rows(HandoverParcel, proposal_id=row.proposal_id, direction="in")
    return any(one.sealed for one in parcels)


def parcel_opened(c: Country) -> None:
    name, row = c.one(Handover, "expected", "opened", such=_told)
    c.net[name].act(WORKER, service.open_parcel, handover_id=row.id)


def taken_in(c: Country) -> None:
    name, row = c.one(Handover, "expected", "opened", such=_told)
    c.on(name, WORKER, taking_in.take_in, row, "handover_id", department=DEPARTMENT)


def settled(c: Country) -> None:
    """Mostly what has to be done before anybody moves in."""
    name, row = c.one(Handover, *ON_ITS_WAY, "moved")
    open_ = [
        one
        for one in c.net[name].rows(HandoverItem, handover_id=row.id, state="open")
        if one.item in BEFORE_MOVING_IN
    ]
    if open_ and not c.draw.once_in(6):
        item, state = c.draw.of(*open_).item, c.draw.of("done", "done", "not_needed")
    else:
        item, state = c.draw.of(*ITEMS[row.side]), c.draw.of(*ITEM_STATES)
    (line,) = c.net[name].rows(HandoverItem, handover_id=row.id, item=item)
    c.net[name].act(
        WORKER, service.settle_item, handover_id=row.id, item=item, state=state, note=REASON,
        on=c.day(row.started_on), expected_version=line.version,
    )  # fmt: skip


def moved(c: Country) -> None:
    """On the day or some days afterwards. Nobody forgets the list once the household is there."""
    name, row = c.one(Handover, "taken_in")
    proposal = c.net.proposal(name, id=row.proposal_id)
    if proposal.state != "agreed":
        raise LookupError("proposal")
    _list_done(c, name, row)
    day = c.day(proposal.agreed_at.date())
    c.on(name, c.draw.of(*FUNCTION), service.moved, row, "handover_id", on=day)


def moved_and_withdrawn(c: Country) -> None:
    """The origin takes its request back in the moment in which the household moves in."""
    name, row = c.one(Handover, "taken_in")
    proposal = c.net.proposal(name, id=row.proposal_id)
    origin = next((one for one, id_ in c.tenants().items() if id_ == proposal.counterpart_id), "")
    if proposal.state != "agreed" or not origin:
        raise LookupError("proposal")
    _list_done(c, name, row)
    c.touched.add(origin)
    half = c.net.proposal(origin, slip=proposal.counterpart_slip)
    if half.state != "agreed":
        raise LookupError("request")
    (request,) = c.net[origin].rows(TransferRequest, id=half.request_id)
    day = c.day(proposal.agreed_at.date())
    c.on(name, FIRST, service.moved, row, "handover_id", on=day)
    c.net.withdraw(origin, request)
    if c.draw.once_in(2):
        # The withdrawal comes to the network first.
        exchange.carry_in(c.net.id, c.tenants()[origin], c.net.codes[origin])


def _list_done(c: Country, name: str, row: Handover) -> None:
    world = c.net[name]
    for line in world.rows(HandoverItem, handover_id=row.id, state="open"):
        if line.item in BEFORE_MOVING_IN:
            world.act(
                WORKER, service.settle_item, handover_id=row.id, item=line.item, state="done",
                expected_version=line.version,
            )  # fmt: skip


def cleared(c: Country) -> None:
    """The worker does all that there is to do in the network."""
    c.touched.update(NAMES)
    c.net.run()


def carried_in(c: Country) -> None:
    """The letters of one kommun, and nothing else: those of others come later."""
    name, world = c.some()
    exchange.carry_in(c.net.id, world.tenant_id, c.net.codes[name])


def carried_out(c: Country) -> None:
    """Letters to one kommun."""
    _, world = c.some()
    if not exchange.carry_out(c.net.id, world.tenant_id):
        raise LookupError("letter")


def followed(c: Country) -> None:
    """The worker does what there is to do for handovers; or a part of it, in one kommun."""
    c.touched.update(NAMES)
    if c.draw.once_in(2):
        for tenant_id in c.tenants().values():
            running.run(tenant_id)
    else:
        _, world = c.some()
        c.draw.of(running.follow, running.carry, running.take_back)(world.tenant_id)


def forgotten(c: Country) -> None:
    """Who the other kommun was, once the time is over."""
    _, world = c.some()
    if not running.forget(world.tenant_id):
        raise LookupError("counterpart")


#: Each act, and how often it is to come about beside the others: what ends a move, seldom.
MOVES = {
    **dict.fromkeys((accepted, begun), 24),
    cleared: 12,
    **dict.fromkeys((prepared, opened, offered, followed, sent, moved), 8),
    **dict.fromkeys((parcel_opened, taken_in), 6),
    settled: 4,
    **dict.fromkeys((carried_in, carried_out), 3),
    **dict.fromkeys((moved_and_withdrawn, forgotten, overridden), 2),
    **dict.fromkeys((withdrawn, taken_back), 2),
    **dict.fromkeys((refused, named, named_no_longer), 1),
}
