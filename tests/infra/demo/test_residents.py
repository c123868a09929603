"""Residents of the demo: a newcomer sees takeovers on their way, and what is disputed."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import func, select

from hemvist.appeals.models import Appeal
from hemvist.arrears.file_models import ArrearsFile
from hemvist.arrears.models import RentAccount
from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.commissions.models import Commission
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups.models import MissedFollowUp
from hemvist.guarantees.models import GuaranteeClaim, GuaranteeRecourse
from hemvist.incidents.clock_models import ServiceClock
from hemvist.ladder.models import Eviction, Ladder, LadderAction, LadderStep
from hemvist.policy import add_days, add_months
from hemvist.prevention.models import PreventionEntry
from hemvist.support_plans.models import PlanGoal
from hemvist.takeovers.models import Absence, Takeover
from hemvist.tenancy import Audience, tenant_session
from hemvist_infra import demo
from hemvist_infra.demo.kommuner import KOMMUNER
from hemvist_infra.demo.population import population
from hemvist_infra.demo.residents import resident_cases
from hemvist_infra.demo.tenancies import TENANCIES
from hemvist_registry import discovered
from hemvist_tenants import load_tenants
from hemvist_testing import owner_connection

SMALL = {"helsingborg": 90, "goteborg": 60, "karlstad": 12, "norrkoping": 12}


@pytest.fixture(scope="module")
def seeded(database: str) -> dict[str, UUID]:
    """Two kommuner of the demo; their ids by slug."""
    demo.seed(lambda done, total: None, SMALL)
    with owner_connection() as connection:
        rows = connection.execute("SELECT slug, id FROM tenants").fetchall()
    return {slug: tenant_id for slug, tenant_id in rows if slug in SMALL}


@pytest.mark.parametrize("slug", sorted(TENANCIES))
def test_every_planned_resident_has_a_household_and_a_programme(slug: str) -> None:
    planned = resident_cases(population(slug, KOMMUNER[slug].size), slug, today())
    (pack,) = load_tenants()[slug].policy_packs
    assert [one.tenancy for one in planned] == list(TENANCIES[slug])
    assert len({one.household.position for one in planned}) == len(planned)
    for one in planned:
        assert one.household.department == one.tenancy.department
        assert one.tenancy.programme in discovered().get(pack).programmes


def test_takeovers_stand_at_every_point_of_their_way(seeded: dict[str, UUID]) -> None:
    """One can be asked for today, one has forty days of absence to wait, one was refused."""
    with tenant_session(Audience.STAFF, seeded["goteborg"]) as session:
        rows = session.scalars(select(Takeover)).all()
        (away,) = session.scalars(select(Absence)).all()
    assert Counter(row.state for row in rows) == {
        "waiting": 5,
        "asked": 1,
        "refused": 1,
        "done": 1,
    }
    waiting = sorted(row.eligible_on for row in rows if row.state == "waiting" and row.eligible_on)
    assert waiting[0] <= today() < waiting[1] <= add_months(today(), 6) < waiting[2]
    moved_in = add_months(today(), -15)
    assert waiting[1] == add_days(add_months(moved_in, 18), 40)
    assert (away.ended_on - away.began_on).days == 39


def test_there_is_something_at_every_point_of_life_in_the_home(seeded: dict[str, UUID]) -> None:
    """A ladder with its meeting and plan, a demand of today, a late report, visits held but one."""
    with tenant_session(Audience.STAFF, seeded["goteborg"]) as session:
        ladders = session.scalars(select(Ladder)).all()
        steps = Counter(session.scalars(select(LadderStep.kind)))
        actions = Counter(session.scalars(select(LadderAction.due_on < today())))
        clocks = Counter(session.scalars(select(ServiceClock.state)))
        commissioned = Counter(session.scalars(select(Commission.regime)))
        missed = [row.reason for row in session.scalars(select(MissedFollowUp))]
        goals = Counter(session.scalars(select(PlanGoal.state)))
        late = Counter(
            session.scalars(
                select(Obligation.code).where(
                    Obligation.state == "open", Obligation.due_on < today()
                )
            )
        )
    assert [one.state for one in ladders] == ["open", "open"]
    assert steps == {"demand": 2, "talk": 1, "meeting_called": 1, "meeting_held": 1, "plan": 1}
    assert actions == {True: 1, False: 2}
    assert clocks == {"running": 1, "kept": 1}
    assert commissioned == {"own": 2, "procured": 1}
    assert goals == {"open": 3, "under_way": 1, "reached": 1}
    assert late["home_visit"] + late["flat_review"] == late["monthly_report"] == 1
    assert missed == ["did_not_open"]


def test_a_landlord_waits_for_an_answer(seeded: dict[str, UUID]) -> None:
    """One clock has run out, others run; the worker tells of it when it comes by."""
    with tenant_session(Audience.STAFF, seeded["karlstad"]) as session:
        due = sorted(session.scalars(select(ServiceClock.due_at)))
    assert len(due) == 3 and due[0] < now() < due[1]


def test_a_landlords_list_was_imported_and_the_next_waits(seeded: dict[str, UUID]) -> None:
    """With rows that cannot be read, tenancies known to the kommun, and a round in which two were called."""
    with tenant_session(Audience.STAFF, seeded["norrkoping"]) as session:
        lists = {one.state: one for one in session.scalars(select(ArrearsFile))}
        accounts = session.scalars(select(RentAccount)).all()
        entries = session.scalars(select(PreventionEntry)).all()
    assert set(lists) == {"imported", "read"}
    assert lists["imported"].rows_faulty == 0 < lists["imported"].rows_imported
    assert lists["read"].rows_good > 0 and lists["read"].rows_known > 0
    assert lists["read"].rows_faulty == 3
    signalling = [one for one in accounts if one.signals]
    assert 0 < len(signalling) == len(entries) < len(accounts)
    assert any(one.household_id for one in signalling)


def test_an_appeal_runs_and_others_have_been_tried(seeded: dict[str, UUID]) -> None:
    with tenant_session(Audience.STAFF, seeded["helsingborg"]) as session:
        appeals = session.scalars(select(Appeal)).all()
    (running,) = [one for one in appeals if one.state == "received"]
    assert running.timely and running.received_on <= today()
    tried = {one.outcome: one for one in appeals if one.state == "settled"}
    assert set(tried) == {"rejected", "granted"} and len(appeals) == 3
    assert tried["granted"].new_decision_id and not tried["rejected"].new_decision_id


def test_a_landlord_has_claimed_and_a_household_pays_back(seeded: dict[str, UUID]) -> None:
    with tenant_session(Audience.STAFF, seeded["helsingborg"]) as session:
        claims = {one.state: one for one in session.scalars(select(GuaranteeClaim))}
        (owed,) = session.scalars(select(GuaranteeRecourse)).all()
    assert set(claims) == {"received", "paid"} and claims["received"].amount_ore > 0
    assert 0 < owed.paid_ore < owed.amount_ore == claims["paid"].paid_ore


def test_one_household_was_evicted_and_another_could_stay(seeded: dict[str, UUID]) -> None:
    with tenant_session(Audience.STAFF, seeded["helsingborg"]) as session:
        rows = {one.state: one for one in session.scalars(select(Eviction))}
        homes = {
            state: session.scalars(select(Contract).where(Contract.case_id == one.case_id)).one()
            for state, one in rows.items()
        }
        ladders = Counter(session.scalars(select(Ladder.state)))
        cases = {state: session.find(Case, one.case_id).state for state, one in rows.items()}
    assert set(rows) == {"carried_out", "withdrawn"}
    # The board confirmed the day that Kronofogden had set on the day on which it learned of it.
    evicted = rows["carried_out"]
    assert evicted.learned_at and evicted.confirmed_at
    assert evicted.learned_at.date() == evicted.confirmed_at.date() and not evicted.went_on_because
    gone, stayed = homes["carried_out"], homes["withdrawn"]
    assert (gone.end_reason, gone.ended_on) == ("evicted", evicted.ended_on)
    assert stayed.state == "signed" and stayed.notice_ends_on is None
    assert ladders == {"closed": 1, "corrected": 1}
    assert cases == {"carried_out": "closed", "withdrawn": "open"}


def test_a_household_came_back(seeded: dict[str, UUID]) -> None:
    with tenant_session(Audience.STAFF, seeded["helsingborg"]) as session:
        twice = session.execute(
            select(Case.household_id)
            .group_by(Case.household_id, Case.department)
            .having(func.count() > 1)
        )
        (household,) = twice.scalars()
        before, again = session.scalars(
            select(Case).where(Case.household_id == household).order_by(Case.opened_on)
        ).all()
    assert before.closed_on and before.closed_on <= again.opened_on and again.state == "open"
