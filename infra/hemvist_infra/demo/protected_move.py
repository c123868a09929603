"""A protected move of the demo that is over: who fled Karlstad at once, and lives in Helsingborg today.

Neither kommun is told more than the network tells it: every step is the real verb of whoever takes it,
each in its own kommun. Found half done it goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.exchange import running as exchange
from hemvist.handovers import access, taking_in
from hemvist.handovers import running as handing_over
from hemvist.handovers import service as handovers
from hemvist.handovers.checklist import BEFORE_MOVING_IN
from hemvist.handovers.content import Told
from hemvist.handovers.models import Handover, HandoverItem
from hemvist.identity import Actor
from hemvist.tenancy import Audience, TenantSession, tenant_session
from hemvist.transfers import offers, proposals
from hemvist.transfers.functions import named_people
from hemvist.transfers.levers import memberships
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist.transfers.proposal_models import TransferProposal
from hemvist.units.models import Unit
from hemvist_infra.demo import words
from hemvist_infra.demo.kommuner import KOMMUNER
from hemvist_infra.demo.life import Life
from hemvist_infra.demo.moves import ask
from hemvist_infra.demo.people import Staff
from hemvist_infra.demo.population import PlannedHousehold, PlannedPerson
from hemvist_infra.demo.stages import PlannedCase, Stage

#: Where the household comes from and goes, and the departments that have its case.
FROM, TO = "karlstad", "helsingborg"
_DEPARTMENTS = {FROM: "ASF", TO: "SOF-VUX"}
#: Rooms that the flat has, if there is one of that size: who comes is not known when it is offered.
_ROOMS = 3
_HOUSED = Stage("moved_here", "housing_decided", (0, 0), (0, 0, 0, 0), then="quiet")


@dataclass(frozen=True, slots=True)
class Side:
    """A kommun of the move, and its people."""

    slug: str
    tenant_id: UUID
    staff: Staff

    @property
    def department(self) -> str:
        """The one whose caseworker has the household's case."""
        return _DEPARTMENTS[self.slug]

    @property
    def caseworker(self) -> Actor:
        """Whoever works with the household."""
        return self.staff.caseworker(self.department)

    def act(self, verb: Callable[[TenantSession, Side], Any]) -> Any:
        """One transaction in the kommun."""
        with tenant_session(Audience.STAFF, self.tenant_id) as session:
            return verb(session, self)


class _Arrival(PlannedCase):
    """The way to a home of somebody who cannot wait: every step of it today."""

    __slots__ = ()

    def day(self, step: str) -> date:
        """Whatever the step, today."""
        return self.opened_on


def carry_through(sides: Mapping[str, Side]) -> bool:
    """Bring the move about; whether it was done now. It is not where it was over, or nobody could move."""
    origin, there = sides[FROM], sides[TO]
    network = origin.act(lambda session, _: next(iter(memberships(session)), None))
    if network is None or origin.act(_has_moved):
        return False
    if not all(
        one.act(lambda session, side: _able(session, side, network)) for one in (origin, there)
    ):
        return False
    if not there.act(lambda session, side: _offered(session, side, network)):
        return False
    origin.act(lambda session, side: _asked(session, side, network))
    exchange.run(network)
    for side in (there, origin):
        side.act(_accept)
    exchange.run(network)
    for side in (origin, there):
        side.act(_begin)
    origin.act(_tell)
    handing_over.run(origin.tenant_id)
    there.act(_take_in)
    there.act(_moved_in)
    exchange.run(network)
    for side in (origin, there):
        handing_over.run(side.tenant_id)
    return bool(origin.act(_has_moved))


def _able(session: TenantSession, side: Side, network: UUID) -> bool:
    """Whether those who act here are in the function; whoever tries the demo may have changed it."""
    acting = {one.principal_id for one in side.staff.coordinators[:2]}
    return len(acting) == 2 and acting <= named_people(session, network)


def _has_moved(session: TenantSession, _side: Side) -> bool:
    moved = select(TransferRequest.id).where(TransferRequest.state == "moved")
    return session.scalar(moved.limit(1)) is not None


def _offered(session: TenantSession, side: Side, network: UUID) -> bool:
    """A flat that a family can move into today is offered; whether one is, or was."""
    if session.scalar(select(TransferOffer.id).limit(1)) is not None:
        return True
    unit = session.scalars(
        select(Unit)
        .where(Unit.state == "vacant", Unit.available_from <= today())
        .order_by(func.abs(Unit.rooms - _ROOMS), Unit.id)
        .limit(1)
    ).first()
    if unit is None:
        return False
    offers.offer(
        session,
        side.staff.coordinators[0],
        network_id=network,
        unit_id=unit.id,
        last_on=today() + timedelta(days=30),
    )
    return True


def _asked(session: TenantSession, side: Side, network: UUID) -> None:
    if session.scalar(select(TransferRequest.id).limit(1)) is None:
        ask(session, side.staff, network, side.department, "acute")


def _accept(session: TenantSession, side: Side) -> None:
    """By another than the one who offered the flat."""
    for half in _halves(session, side, "proposed"):
        proposals.accept(
            session,
            side.staff.coordinators[1],
            proposal_id=half.id,
            expected_version=half.version,
        )


def _begin(session: TenantSession, side: Side) -> None:
    for half in _halves(session, side, "agreed"):
        begun = select(Handover.id).where(Handover.proposal_id == half.id)
        if session.scalar(begun) is not None:
            continue
        coordinator = side.staff.coordinators[1]
        row = handovers.start(session, coordinator, proposal_id=half.id)
        assert side.caseworker.principal_id is not None
        access.name_handler(
            session, coordinator, handover_id=row.id, principal_id=side.caseworker.principal_id
        )


def _tell(session: TenantSession, side: Side) -> None:
    for row in _of_handover(session, "prepared"):
        handovers.send(
            session,
            side.caseworker,
            handover_id=row.id,
            texts={"threat": words.THREAT},
            ground="consent",
            consent_on=today(),
            expected_version=row.version,
        )


def _take_in(session: TenantSession, side: Side) -> None:
    """The household is registered under another alias, and gets the flat that was kept for it."""
    for row in _of_handover(session, "expected", "opened"):
        told = handovers.open_parcel(session, side.caseworker, handover_id=row.id)
        taken = taking_in.take_in(
            session,
            side.caseworker,
            handover_id=row.id,
            department=side.department,
            expected_version=row.version,
        )
        proposal = session.find(TransferProposal, row.proposal_id)
        assert taken.case_id is not None and proposal.offer_id is not None
        flat = session.find(TransferOffer, proposal.offer_id).unit_id
        arrival = _Arrival(_household(told, side), _HOUSED, today(), until_move=0)
        life = Life(session, side.staff, arrival, [flat])
        life.go_on(session.find(Case, taken.case_id))


def _moved_in(session: TenantSession, side: Side) -> None:
    for row in _of_handover(session, "taken_in"):
        items = select(HandoverItem).where(
            HandoverItem.handover_id == row.id, HandoverItem.item.in_(BEFORE_MOVING_IN)
        )
        for item in session.scalars(items.order_by(HandoverItem.id)).all():
            handovers.settle_item(
                session,
                side.caseworker,
                handover_id=row.id,
                item=item.item,
                state="done",
                expected_version=item.version,
            )
        handovers.moved(
            session,
            side.staff.coordinators[1],
            handover_id=row.id,
            expected_version=row.version,
        )


def _halves(session: TenantSession, side: Side, state: str) -> list[TransferProposal]:
    """This move's half in the kommun: another one may be proposed the other way."""
    own = "sending" if side.slug == FROM else "receiving"
    question = select(TransferProposal).where(
        TransferProposal.side == own, TransferProposal.state == state
    )
    return list(session.scalars(question.order_by(TransferProposal.id)))


def _of_handover(session: TenantSession, *states: str) -> list[Handover]:
    question = select(Handover).where(Handover.state.in_(states))
    return list(session.scalars(question.order_by(Handover.id)))


def _household(told: Told, side: Side) -> PlannedHousehold:
    """Whoever came, as the receiving kommun knows them: registered where they came from."""
    members = tuple(
        PlannedPerson(
            *(one.role, one.given_name, one.family_name, one.personal_number),
            KOMMUNER[FROM].code,
            one.protection,
            0,
        )
        for one in told.members
    )
    return PlannedHousehold(side.slug, 0, side.department, members)
