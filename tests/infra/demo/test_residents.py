"""Residents of the demo: a newcomer sees takeovers on their way, and what is disputed."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import select

from hemvist.appeals.models import Appeal
from hemvist.arrears.file_models import ArrearsFile
from hemvist.arrears.models import RentAccount
from hemvist.clock import now, today
from hemvist.commissions.models import Commission
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups.models import MissedFollowUp
from hemvist.guarantees.models import GuaranteeClaim
from hemvist.incidents.clock_models import ServiceClock
from hemvist.ladder.models import Ladder, LadderAction, LadderStep
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


def test_an_appeal_runs_and_a_landlord_has_claimed(seeded: dict[str, UUID]) -> None:
    with tenant_session(Audience.STAFF, seeded["helsingborg"]) as session:
        (appeal,) = session.scalars(select(Appeal)).all()
        (claim,) = session.scalars(select(GuaranteeClaim)).all()
    assert appeal.timely and appeal.state == "received" and appeal.received_on <= today()
    assert claim.state == "received" and claim.amount_ore > 0
