"""Commissioning support in Göteborg: whose choice it is, what it holds, what ends it, who reports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case, CaseDisclosure, CaseEvent
from hemvist.clock import today
from hemvist.commissions import reporting
from hemvist.commissions import service as commissions
from hemvist.commissions.closing import commission_under_way
from hemvist.commissions.models import Commission, SupportReport
from hemvist.commissions.providers import shares
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.milestones.models import Milestone
from hemvist.policy import add_months
from hemvist_commissions import (
    COMMISSION,
    OWN,
    PROCURED,
    REPORT,
    commissioned,
    drafted,
    provided,
    provider,
)
from hemvist_goteborg import CASEWORKER, housing_first, in_phase_1, opened, reached, sign
from hemvist_world import World

MOVED_IN = today() - timedelta(days=40)
SENT_ON = MOVED_IN - timedelta(days=60)


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Göteborg with its own provider and a procured one."""
    return provided(housing_first())


@pytest.fixture
def case(world: World) -> Case:
    """Granted, with phase 1 begun five weeks before moving in."""
    return in_phase_1(world, MOVED_IN)[0]


def told(world: World, case: Case) -> list[str]:
    """Kinds of everything that happened, in the order of its writing."""
    rows = world.rows(CaseEvent, case_id=case.id)
    return [row.kind for row in sorted(rows, key=lambda row: row.recorded_at)]


def test_the_coordinator_decides_first_and_the_caseworker_chooses(world: World, case: Case) -> None:
    """GBG-34 to GBG-38."""
    choice: dict[str, Any] = {
        "case_id": case.id,
        "provider_id": provider(world, PROCURED).id,
        "reason": "wish",
        "on": SENT_ON,
    }
    with pytest.raises(PolicyRefused) as first:
        world.act(CASEWORKER, commissions.choose_provider, **choice)
    assert first.value.rule == "support_not_routed"
    routing: dict[str, Any] = {
        "case_id": case.id,
        "regime": "procured",
        "reason": "volume",
        "on": SENT_ON,
    }
    with pytest.raises(NotAllowed):
        world.act(CASEWORKER, commissions.route_support, **routing)
    row = world.act("coordinator", commissions.route_support, **routing)
    assert (row.state, row.provider_id) == ("routed", None)
    with pytest.raises(Conflict):
        world.act("coordinator", commissions.route_support, **routing)
    with pytest.raises(ValidationFailed):
        world.act(
            CASEWORKER,
            commissions.choose_provider,
            **{**choice, "provider_id": provider(world, OWN).id},
        )
    chosen = world.act(CASEWORKER, commissions.choose_provider, **choice)
    assert (chosen.id, chosen.state) == (row.id, "draft")
    assert told(world, case)[-2:] == ["support_routed", "support_provider_chosen"]


def test_own_support_with_one_provider_needs_no_further_choice(world: World, case: Case) -> None:
    row = drafted(world, case, SENT_ON)
    assert (row.state, row.provider_id) == ("draft", provider(world, OWN).id)
    by_code = {one.provider.code: one for one in world.read(shares)}
    assert by_code[OWN].running >= 1
    assert sum(one.percent or 0 for one in by_code.values()) in (99, 100, 101)


def test_it_is_sent_whole_and_opens_the_case_to_the_provider_alone(
    world: World, case: Case
) -> None:
    """GBG-62 to GBG-70: the routine's contents; the disclosure has its ground and fields."""
    row = drafted(world, case, SENT_ON)
    row = world.act(
        CASEWORKER,
        commissions.write_commission,
        commission_id=row.id,
        content={**COMMISSION, "health": None},
        starts_on=SENT_ON,
        expected_version=row.version,
    )
    send: dict[str, Any] = {"commission_id": row.id, "ground": "consent", "sent_on": SENT_ON}
    with pytest.raises(PolicyRefused) as lacking:
        world.act(CASEWORKER, commissions.send_commission, **send, expected_version=row.version)
    assert lacking.value.rule == "commission_contents_missing"
    row = world.again(row)
    row = world.act(
        CASEWORKER,
        commissions.write_commission,
        commission_id=row.id,
        content=COMMISSION,
        starts_on=SENT_ON,
        expected_version=row.version,
    )
    sent = world.act(CASEWORKER, commissions.send_commission, **send, expected_version=row.version)
    assert sent.state == "sent"
    [opened_to] = world.rows(CaseDisclosure, case_id=case.id, department=OWN)
    assert opened_to.ground.startswith("OSL 10:1")
    assert opened_to.fields == ["household", "commission", "plan", "visits", "reports"]
    [assigned] = world.rows(Milestone, case_id=case.id, event="support_assigned")
    assert "monthly_follow_up" in assigned.agenda_done
    assert {"support_assigned", "commission_sent"} <= set(told(world, case))
    # The month's reports are laid out from the assignment.
    due = sorted(
        one.due_on for one in world.rows(Obligation, case_id=case.id, code="monthly_report")
    )
    assert due[:2] == [add_months(SENT_ON, 1), add_months(SENT_ON, 2)]


def test_reports_are_due_each_month_written_by_the_provider_and_read(
    world: World, case: Case
) -> None:
    """GBG-69 and GBG-102."""
    row = commissioned(world, case, SENT_ON)
    late = world.read(lambda session: reporting.reports_due(session, world.again(case), today()))
    assert len(late) == 3
    write: dict[str, Any] = {"commission_id": row.id, "obligation_id": late[0].id}
    for who in ("procured staff", "coordinator"):
        with pytest.raises((NotFound, NotAllowed)):
            world.act(who, reporting.write_report, **write, content=REPORT)
    half = world.act("own staff", reporting.write_report, **write, content={"meetings": 2})
    with pytest.raises(PolicyRefused) as lacking:
        world.act(
            "own staff",
            reporting.send_report,
            support_report_id=half.id,
            expected_version=half.version,
        )
    assert lacking.value.rule == "report_contents_missing"
    half = world.again(half)
    whole = world.act(
        "own staff",
        reporting.write_report,
        **write,
        content=REPORT,
        expected_version=half.version,
    )
    assert whole.id == half.id
    sent = world.act(
        "own staff",
        reporting.send_report,
        support_report_id=whole.id,
        expected_version=whole.version,
    )
    assert world.again(late[0]).state == "done"
    assert (
        len(world.read(lambda session: reporting.reports_due(session, world.again(case), today())))
        == 2
    )
    with pytest.raises(Conflict):
        world.act(
            "own staff",
            reporting.write_report,
            **write,
            content=REPORT,
            expected_version=sent.version,
        )
    with pytest.raises(NotFound):
        world.act(
            "own staff",
            reporting.receive_report,
            support_report_id=sent.id,
            expected_version=sent.version,
        )
    read = world.act(
        CASEWORKER,
        reporting.receive_report,
        support_report_id=sent.id,
        expected_version=sent.version,
    )
    assert (read.state, read.received_on) == ("received", today())
    [kept] = world.rows(SupportReport, case_id=case.id)
    assert kept.content == REPORT


def test_it_goes_on_after_a_notice_until_the_keys_are_in(world: World) -> None:
    """GBG-119; and a takeover of the lease is no reason to end it (GBG-131)."""
    case, referral = in_phase_1(world, MOVED_IN)
    row = commissioned(world, case, SENT_ON)
    sign(world, referral, MOVED_IN)
    end: dict[str, Any] = {"commission_id": row.id, "on": today()}
    with pytest.raises(ValidationFailed):
        world.act(
            CASEWORKER,
            commissions.end_commission,
            **end,
            reason="lease_taken_over",
            expected_version=row.version,
        )
    day = today() - timedelta(days=5)
    reached(
        world,
        case,
        "notice",
        day,
        "property",
        notice={
            "given_by": "landlord",
            "ground": "misconduct",
            "ends_on": str(add_months(day, 4)),
            "board_told_on": str(day - timedelta(days=20)),
            "board_has_copy": True,
            "demand_sent_on": str(day - timedelta(days=20)),
        },
        went_on_because="Följer rutinen.",
    )
    row = world.again(row)
    with pytest.raises(PolicyRefused) as held:
        world.act(
            CASEWORKER,
            commissions.end_commission,
            **end,
            reason="moved_out",
            expected_version=row.version,
        )
    assert held.value.rule == "support_goes_on"
    reached(world, case, "keys", today(), "property")
    row = world.again(row)
    ended = world.act(
        CASEWORKER,
        commissions.end_commission,
        **end,
        reason="moved_out",
        expected_version=row.version,
    )
    assert ended.state == "ended"
    [opened_to] = world.rows(CaseDisclosure, case_id=case.id, department=OWN)
    assert opened_to.ended_on == today()


def test_another_provider_may_take_over_and_the_support_is_assigned_once(
    world: World, case: Case
) -> None:
    row = commissioned(world, case, SENT_ON)
    assert (
        world.read(lambda session: commission_under_way(session, case))
        == "commission_hinders_closing"
    )
    world.act(
        CASEWORKER,
        commissions.end_commission,
        commission_id=row.id,
        reason="other_provider",
        on=today(),
        expected_version=row.version,
    )
    second = commissioned(world, case, today(), procured=True)
    assert second.state == "sent"
    assert len(world.rows(Milestone, case_id=case.id, event="support_assigned")) == 1
    rows = world.rows(Commission, case_id=case.id)
    assert sorted(one.state for one in rows) == ["ended", "sent"]


def test_nothing_is_commissioned_where_the_guideline_has_no_such_thing(world: World) -> None:
    case = opened(world, today() - timedelta(days=3))
    with pytest.raises(ValidationFailed) as none:
        world.act(
            CASEWORKER,
            commissions.choose_provider,
            case_id=case.id,
            provider_id=provider(world, OWN).id,
            reason="needs",
        )
    assert none.value.problems[0].rule == "no_commission"
