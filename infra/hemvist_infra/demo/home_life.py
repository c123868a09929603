"""From the signed contract on: moving in, and the follow-ups that were held."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import select

from hemvist.assessments import service as assessments
from hemvist.cases import closing
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts import ending
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups import service as follow_ups
from hemvist.guarantees import service as guarantees
from hemvist.offers import needs
from hemvist.offers.models import Offer
from hemvist_infra.demo import words
from hemvist_infra.demo.evictions import evict, over
from hemvist_infra.demo.stages import GUARANTEE

if TYPE_CHECKING:
    from hemvist_infra.demo.life import Life

_FOLLOW_UPS = ("first_follow_up", "follow_up")


def move_in(life: Life, offer: Offer) -> None:
    """The contract is signed; with a guarantee in the programme that gives one."""
    signed = life.planned.day("contracted")
    guaranteed = life.planned.stage.programme == GUARANTEE
    guarantees.sign_contract(
        life.session,
        life.staff.property_officer,
        offer_id=offer.id,
        signed_on=signed,
        starts_on=signed + timedelta(days=life.planned.until_move),
        terms={} if guaranteed else {"informed_of_link": True, "notice_months": 3},
        told_of_link_on=None if guaranteed else signed,
        owner_notified_on=None if guaranteed else signed,
        guarantee_months=life.dice.choice((12, 24)) if guaranteed else None,
    )


def state_need(life: Life, case: Case) -> None:
    """What home the household needs, for most of those who wait: without it nobody is matched."""
    household = life.planned.household
    dice = Random(f"need:{household.position}")  # noqa: S311 - the same needs every time
    if dice.random() < 0.2:
        return
    rooms = 1 if len(household.members) == 1 else min(4, 1 + (len(household.members) + 1) // 2)
    needs.state_need(
        life.session,
        life.caseworker,
        case_id=case.id,
        rooms_min=rooms,
        rooms_max=min(rooms + 1, 4),
        lift=dice.random() < 0.1,
        rent_max_ore=(6_500 + 2_000 * rooms) * 100,
        unsuitable_areas=["Söder"] if dice.random() < 0.1 else [],
        on=life.planned.day("registered"),
    )


def follow_up(life: Life, case: Case, until: date | None = None) -> None:
    """Every follow-up that has fallen due was held; but for the last one where it is overdue."""
    due = life.session.scalars(
        select(Obligation)
        .where(
            Obligation.case_id == case.id,
            Obligation.code.in_(_FOLLOW_UPS),
            Obligation.due_on <= (until or today()),
            Obligation.state == "open",
        )
        .order_by(Obligation.due_on, Obligation.code)
    ).all()
    if life.planned.stage.then == "overdue":
        due = due[:-1]
    for obligation in due:
        _hold(life, case, obligation)


#: Why a contract ended, and the case after it, by what came of the home.
_LEFT = {
    "move_on": ("agreement", "own_lease"),
    "give_up": ("abandoned", "moved_away"),
    "evict": ("evicted", "other"),
    "evict_family": ("evicted", "other"),
    "come_back": ("abandoned", "moved_away"),
}
#: Days in the home at least, and at least since it was left; else the fewest there can be.
_LIVED = {"evict_family": (110, 2), "come_back": (60, 60)}


def leave(life: Life, case: Case) -> None:
    """Some months later the household has a home of its own, or none: its contract ends, and the case."""
    then = life.planned.stage.then
    if then not in _LEFT:
        return
    why, closed = _LEFT[then]
    contract = life.session.scalars(select(Contract).where(Contract.case_id == case.id)).one()
    decided = life.planned.day("housing_decided")
    least, since = _LIVED.get(then, (60, 2))
    day = decided + timedelta(days=life.dice.randrange(least, (today() - decided).days - since))
    follow_up(life, case, until=day)
    if then == "evict_family":
        evict(life, case, day)
    ending.end(
        life.session,
        life.staff.property_officer,
        contract_id=contract.id,
        expected_version=contract.version,
        reason=why,
        ended_on=day,
        # Other cases of the demo may have begun before this one ended: none can have had its home.
        unit_becomes="returned",
    )
    if then == "evict_family":
        over(life, case, day, "closed", words.EVICTED)
    closing.close(
        life.session,
        life.caseworker,
        case_id=case.id,
        reason=closed,
        expected_version=case.version,
        on=day + timedelta(days=1),
    )


def come_back(life: Life, case: Case) -> None:
    """A household that gave its home up needs one again: a case of its own, and the assessment begun."""
    day = today() - timedelta(days=life.dice.randrange(8, 50))
    again = cases.open_case(
        life.session,
        life.caseworker,
        household_id=case.household_id,
        department=life.department,
        opened_on=day,
    )
    kept = list(life.given.items())[: life.dice.randrange(6, 14)]
    assessments.answer_all(
        life.session,
        life.caseworker,
        case_id=again.id,
        answers=words.as_answers(dict(kept), life.dice, effective_on=day + timedelta(days=4)),
    )


def _hold(life: Life, case: Case, obligation: Obligation) -> None:
    dice = life.dice
    with_property = "property" in obligation.by or dice.random() < 0.3
    agenda = [str(item["id"]) for item in obligation.agenda]
    plan = words.plan(dice) if obligation.creates == "plan" else None
    actor = life.staff.supporter(life.department)
    follow_ups.record_follow_up(
        life.session,
        actor,
        obligation_id=obligation.id,
        held_on=_day(obligation.due_on, dice.randrange(0, 7)),
        departments=[case.department, *(["FF"] if with_property else [])],
        resident_took_part=dice.random() < 0.95,
        in_the_home=True,
        agenda_done=agenda,
        notes=dice.choice(words.NOTES),
        plan=plan,
        expected_version=obligation.version,
    )


def _day(due: date, before: int) -> date:
    return due - timedelta(days=before)
