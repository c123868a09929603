"""Ordinary acts on cases beside protected moves: decisions, closing, protection, thinning."""

from __future__ import annotations

from datetime import timedelta

from hemvist.cases import closing
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.decisions import service as decisions
from hemvist.decisions.models import Decision
from hemvist.handovers.models import Handover
from hemvist.households import service as households
from hemvist.households.models import PROTECTION, Person
from hemvist.incidents import service as incidents
from hemvist.transfers.models import LIVE, REQUEST_STATES, TransferOffer, TransferRequest
from hemvist.units.models import Unit
from hemvist_any_order import REASON
from hemvist_country import Country, come
from hemvist_country_moves import ON_ITS_WAY
from hemvist_handover import WORKER, housed_in
from hemvist_thinning import age, thinned
from hemvist_world import HOUSING, SUPPORT, manager_of


def came(c: Country) -> None:
    """One more household asks for help, some while ago."""
    name, _ = c.some()
    come(c, name, c.draw.below(40))


def came_back(c: Country) -> None:
    """A household whose case is closed asks for help again."""
    name, case = c.one(Case, "closed")
    c.net[name].act(
        WORKER,
        cases.open_case,
        household_id=case.household_id,
        department=case.department,
        opened_on=c.day(case.closed_on),
    )


def proposed(c: Country) -> None:
    """A decision, granted or not, today or registered late."""
    name, case = c.one(Case, "open")
    c.net[name].propose(
        case,
        c.draw.of(SUPPORT, HOUSING, "support_measure"),
        outcome=c.draw.of("granted", "refused"),
        on=c.day(case.opened_on),
        child_assessment=REASON,
        departure_reason=REASON,
    )


def decided(c: Country) -> None:
    name, decision = c.one(Decision, "proposed")
    (case,) = c.net[name].rows(Case, id=decision.case_id)
    who, day = manager_of(case.department), c.day(decision.proposed_on)
    c.on(name, who, decisions.decide, decision, "decision_id", on=day)


def reported(c: Country) -> None:
    name, case = c.one(Case, "open")
    c.net[name].act(
        WORKER,
        incidents.report,
        case_id=case.id,
        kind="disturbance",
        reported_by="landlord",
        channel="phone",
        what=REASON,
        happened_on=today() - timedelta(days=1),
        reporter_name="Bo Hyresvärd",
    )


def guarded(c: Country) -> None:
    """Somebody's protection is set or lifted."""
    name, person = c.one(Person)
    level = c.draw.of("none", *PROTECTION)
    c.on(
        name, WORKER, households.set_protection, person, "person_id",
        protection=level, checked_on=today(),
    )  # fmt: skip


def housed(c: Country) -> None:
    """Whoever was taken in signs for the flat that was kept, before or after the day of the move."""
    name, row = c.one(Handover, "taken_in", "moved", side="receiving")
    world = c.net[name]
    proposal = c.net.proposal(name, id=row.proposal_id)
    (offer,) = world.rows(TransferOffer, id=proposal.offer_id)
    flats = world.rows(Unit, id=offer.unit_id, state="vacant")
    waiting = world.rows(Case, id=row.case_id, state="open")
    if not flats or not waiting:
        raise LookupError("flat")
    housed_in(world, waiting[0], flats[0])


def closed(c: Country) -> None:
    """Also while the household is on its way elsewhere, and once it is there."""
    name, case = c.one(Case, "open")
    if c.draw.once_in(2):
        name, request = c.one_in(TransferRequest, REQUEST_STATES)
        (case,) = c.net[name].rows(Case, id=request.case_id)
    reason = c.draw.of("moved_away", "moved_away", "own_home", "other")
    c.on(name, WORKER, closing.close, case, "case_id", reason=reason, on=c.day(case.opened_on))


def gone(c: Country) -> None:
    """A case is thinned after years, with its move and all that was handed over."""
    name, row = c.one(c.draw.of(TransferRequest, Handover), "moved", "withdrawn", "cancelled")
    world = c.net[name]
    over = world.rows(Case, id=row.case_id, state="closed")
    under_way = [
        *(one for one in world.rows(TransferRequest, case_id=row.case_id) if one.state in LIVE),
        *(one for one in world.rows(Handover, case_id=row.case_id) if one.state in ON_ITS_WAY),
    ]
    if not over or under_way:
        raise LookupError("case")
    age(world, row.case_id)
    thinned(world)
    if world.rows(Case, id=row.case_id):
        raise LookupError("kept")


#: Each act, and how often it is to come about beside those of moves.
CASES = {
    **dict.fromkeys((came, proposed, decided, housed), 2),
    **dict.fromkeys((came_back, reported, guarded, closed, gone), 1),
}
