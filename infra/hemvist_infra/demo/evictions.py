"""Homes that the rent is not paid for: the way to an eviction, carried out or averted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.clock import SWEDISH_TIME
from hemvist.ladder import demands, evictions, notices
from hemvist.ladder import service as ladders
from hemvist.ladder.models import Eviction, Ladder
from hemvist_infra.demo import words

if TYPE_CHECKING:
    from hemvist_infra.demo.life import Life

#: Days before the eviction on which the ladder began, and those on which each rung was reached.
_BEGAN, _DEMANDED, _NOTICED, _APPLIED, _DATED = 100, 95, 75, 45, 25
#: From the notice the household has three weeks to win the tenancy back by paying (JB 12:44).
_TO_PAY = timedelta(days=25)


def evict(life: Life, case: Case, day: date) -> None:
    """Nothing was paid: Kronofogden set a day, the board confirmed it, and the household was evicted."""
    row = _applied(life, case, day)
    learned = datetime.combine(day - timedelta(days=_DATED), time(10), SWEDISH_TIME)
    evictions.set_eviction_date(
        life.session,
        life.caseworker,
        eviction_id=row.id,
        expected_version=row.version,
        evicts_on=day,
        learned_at=learned,
    )
    evictions.confirm_eviction_date(
        life.session,
        life.caseworker,
        eviction_id=row.id,
        expected_version=row.version,
        confirmed_at=learned + timedelta(hours=3),
    )
    evictions.carry_out_eviction(
        life.session, life.caseworker, eviction_id=row.id, expected_version=row.version, on=day
    )


def avert(life: Life, case: Case) -> None:
    """The debt was paid after the kommun had applied: it took application and notice back."""
    day = life.planned.day("housing_decided") + timedelta(days=life.dice.randrange(110, 145))
    row = _applied(life, case, day)
    paid = day - timedelta(days=_APPLIED - 12)
    evictions.withdraw_eviction(
        life.session,
        life.caseworker,
        eviction_id=row.id,
        expected_version=row.version,
        because=words.DEBT_PAID,
        on=paid,
    )
    ladder = _ladder(life, case)
    notices.take_back_notice(
        life.session,
        life.staff.property_officer,
        ladder_id=ladder.id,
        expected_version=ladder.version,
        because=words.DEBT_PAID,
        on=paid,
    )
    over(life, case, paid + timedelta(days=30), "corrected", words.PAYS_AGAIN)


def over(life: Life, case: Case, day: date, outcome: str, reason: str) -> None:
    """The ladder of the case is at its end."""
    ladder = _ladder(life, case)
    ladders.end_ladder(
        life.session,
        life.staff.property_officer,
        ladder_id=ladder.id,
        expected_version=ladder.version,
        outcome=outcome,
        reason=reason,
        ended_on=day,
    )


def _applied(life: Life, case: Case, day: date) -> Eviction:
    """Rent unpaid, demand, notice, and the application; counted back from the day of an eviction."""

    def before(days: int) -> date:
        return day - timedelta(days=days)

    officer = life.staff.property_officer
    ladder = ladders.open_ladder(
        life.session,
        officer,
        case_id=case.id,
        ground="arrears",
        severity="serious",
        severity_reason=words.TWO_RENTS,
        about=words.TWO_RENTS,
        opened_on=before(_BEGAN),
    )
    demands.send_demand(
        life.session,
        officer,
        ladder_id=ladder.id,
        expected_version=ladder.version,
        what=words.PAY,
        ways=["letter"],
        copies=["social_board"],
        sent_on=before(_DEMANDED),
    )
    notices.give_ladder_notice(
        life.session,
        officer,
        ladder_id=ladder.id,
        expected_version=ladder.version,
        given_on=before(_NOTICED),
        ends_on=before(_NOTICED) + _TO_PAY,
        served_on=before(_NOTICED),
        copies=["social_board"],
        went_on_because=words.FORFEITED,
    )
    return evictions.apply_for_eviction(
        life.session,
        officer,
        ladder_id=ladder.id,
        expected_version=ladder.version,
        number=f"U-{life.dice.randrange(1_000, 9_999)}-{before(_APPLIED):%y}",
        applied_on=before(_APPLIED),
    )


def _ladder(life: Life, case: Case) -> Ladder:
    question = select(Ladder).where(Ladder.case_id == case.id, Ladder.state == "open")
    return life.session.scalars(question).one()
