"""A move that both kommuner have said yes to, and its handover as far as a test needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from hemvist.assessments import service as assessments
from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.db import Audience
from hemvist.handovers import access, running, service, taking_in
from hemvist.handovers.models import Handover
from hemvist.households.models import HouseholdMember
from hemvist.offers import service as offers
from hemvist.referrals import service as referrals
from hemvist.tenancy import tenant_session
from hemvist.transfers import letters
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist.transfers.proposal_models import TransferEntry, TransferProposal
from hemvist.transfers.receiving import receive
from hemvist.units.models import Unit
from hemvist_network import FIRST, Net
from hemvist_told import answers, content
from hemvist_world import HOUSING, MUNICIPAL, World, caseworker_of

DEPARTMENT = "SOF-VUX"
WORKER = caseworker_of(DEPARTMENT)
#: Stands in what is told, and nowhere in clear.
MARKED = "Fröken Märkt ringer efter sju"


@dataclass
class Agreed:
    """A move from one kommun to another; the network's own letters are written here, as it does."""

    net: Net
    sender: str
    receiver: str
    request: TransferRequest
    offer: TransferOffer
    slips: dict[str, UUID]

    def world(self, name: str) -> World:
        return self.net[name]

    def letter(self, name: str, kind: str, **content: Any) -> None:
        """The network writes to a side."""
        tenant = self.net[name].tenant_id
        sealed = letters.sealed_to(
            tenant, self.net.id, {"kind": kind, "slip": self.slips[name], **content}
        )
        with tenant_session(Audience.WORKER, tenant) as session:
            assert receive(session, self.net.id, uuid4(), sealed)

    def proposal(self, name: str) -> TransferProposal:
        """A side's half."""
        return self.net.proposal(name, slip=self.slips[name])

    def agree(self, name: str) -> None:
        """The network tells a side that both have said yes."""
        other = self.receiver if name == self.sender else self.sender
        self.letter(
            name,
            "agreed",
            counterpart=self.net[other].tenant_id,
            counterpart_slip=self.slips[other],
        )

    def begin(self, name: str) -> Handover:
        """A side begins, and names its caseworker."""
        world = self.net[name]
        row = world.act(FIRST, service.start, proposal_id=self.proposal(name).id)
        world.act(
            FIRST,
            access.name_handler,
            handover_id=row.id,
            principal_id=world[WORKER].principal_id,
        )
        return row  # type: ignore[no-any-return]

    def handover(self, name: str) -> Handover:
        """A side's half of the handover, as it is now."""
        return self.net[name].rows(Handover, proposal_id=self.proposal(name).id)[-1]  # type: ignore[no-any-return]

    def send(self, **changes: Any) -> Handover:
        """The sending side's caseworker tells."""
        row = self.handover(self.sender)
        given = {"texts": {"threat": MARKED}, "ground": "consent", "consent_on": today()}
        return self.net[self.sender].act(  # type: ignore[no-any-return]
            WORKER,
            service.send,
            handover_id=row.id,
            expected_version=row.version,
            **{**given, **changes},
        )

    def carried(self) -> int:
        """What the worker does in the sending kommun."""
        return running.run(self.net[self.sender].tenant_id)

    def take_in(self) -> Handover:
        """The receiving side's caseworker registers the household."""
        row = self.handover(self.receiver)
        return self.net[self.receiver].act(  # type: ignore[no-any-return]
            WORKER,
            taking_in.take_in,
            handover_id=row.id,
            department=DEPARTMENT,
            expected_version=row.version,
        )

    def housed(self) -> Case:
        """The receiving kommun's own way to the flat it kept for the household."""
        world = self.net[self.receiver]
        (case,) = world.rows(Case, id=self.handover(self.receiver).case_id)
        (flat,) = world.rows(Unit, id=self.offer.unit_id)
        housed_in(world, case, flat)
        return case  # type: ignore[no-any-return]

    def settle(self, name: str, *items: str) -> None:
        """Lines of a side's checklist are done."""
        for item in items:
            self.net[name].act(
                WORKER,
                service.settle_item,
                handover_id=self.handover(name).id,
                item=item,
                state="done",
                note=MARKED,
                expected_version=1,
            )

    def moved(self) -> Handover:
        """The receiving side's function says that the household has moved in."""
        row = self.handover(self.receiver)
        return self.net[self.receiver].act(  # type: ignore[no-any-return]
            FIRST, service.moved, handover_id=row.id, expected_version=row.version
        )


def housed_in(world: World, case: Case, flat: Unit) -> None:
    """A kommun's own way to a flat that it kept for a household from elsewhere, all of it today."""
    day, more = today(), {}
    children = bool(world.rows(HouseholdMember, household_id=case.household_id, role="child"))
    if children:
        more = {"child_assessment": "Barnens bästa talar för."}
    # Not registered in this kommun yet: who flees a crime may apply from another all the same.
    told = answers(case.department, children=children, crime_victim_other_kommun=True)
    world.act(WORKER, assessments.answer_all, case_id=case.id, answers=told)
    world.grant(case, on=day, **more)
    draft = world.act(WORKER, referrals.draft, case_id=case.id, programme=MUNICIPAL, on=day)
    draft = world.act(
        WORKER,
        referrals.revise,
        referral_id=draft.id,
        content=content(children=children),
        told_one_offer_on=day,
        expected_version=draft.version,
    )
    referral = world.sign(draft, case)
    for who, verb in ((WORKER, referrals.submit), ("property", referrals.register)):
        version = world.again(referral).version
        world.act(who, verb, referral_id=referral.id, expected_version=version, on=day)
    made = world.offer(referral, flat, on=day)
    terms = {"offer_id": made.id, "expected_version": made.version}
    made = world.act(WORKER, offers.accept, on=day, **terms)
    world.contract(made, signed_on=day, starts_on=day, told_of_link_on=day)
    world.grant(case, HOUSING, on=day, **more)


def agreed(net: Net, sender: str, receiver: str, request: TransferRequest | None = None) -> Agreed:
    """A move that both have said yes to, and know it."""
    request, offer = request or net.request(sender), net.offer(receiver)
    move = Agreed(net, sender, receiver, request, offer, {sender: uuid4(), receiver: uuid4()})
    until, pseudonym = (now() + timedelta(days=5)).isoformat(), uuid4()
    with tenant_session(Audience.WORKER, net[sender].tenant_id) as session:
        session.save(
            TransferEntry(
                network_id=net.id, round_id=uuid4(), request_id=request.id, pseudonym=pseudonym
            )
        )
    move.letter(sender, "propose_sending", pseudonym=pseudonym, answer_by=until)
    move.letter(receiver, "propose_receiving", token=offer.token, answer_by=until)
    for name in (sender, receiver):
        net.accept(name, slip=move.slips[name])
    for name in (sender, receiver):
        move.agree(name)
    return move
