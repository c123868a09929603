"""A notice is given once: on the lease that is kept here, and as an event only where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from hemvist.cases.models import CaseEvent
from hemvist.clock import today
from hemvist.contracts import ending
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, NotFound
from hemvist.milestones.models import Milestone
from hemvist.takeovers import carrying
from hemvist_milestones import milestones_installed
from hemvist_world import World, new_world

GIVEN = {"milestone": "notice", "parties": ["property"], "notice": {"given_by": "tenant"}}


@pytest.fixture(scope="module")
def world(database: str) -> Iterator[World]:
    with milestones_installed():
        yield new_world()


def test_with_a_lease_here_the_event_is_refused_and_changes_nothing(world: World) -> None:
    case = world.case()
    world.housed(case)
    [lease] = world.rows(Contract, case_id=case.id)
    with pytest.raises(Conflict) as refused:
        world.act("property", carrying.record_milestone_or_takeover, case_id=case.id, **GIVEN)
    assert refused.value.rule == "notice_on_contract"
    assert world.rows(Milestone, case_id=case.id) == []
    world.act(
        "property",
        ending.notice,
        contract_id=lease.id,
        expected_version=world.again(lease).version,
        given_by="tenant",
    )
    kinds = [row.kind for row in world.rows(CaseEvent, case_id=case.id)]
    assert kinds.count("notice_given") == 1
    assert world.again(lease).notice_ends_on > today() + timedelta(days=27)


def test_once_the_lease_has_ended_an_event_may_say_so(world: World) -> None:
    case = world.case()
    world.housed(case)
    [lease] = world.rows(Contract, case_id=case.id)
    world.act(
        "property",
        ending.end,
        contract_id=lease.id,
        expected_version=world.again(lease).version,
        reason="agreement",
    )
    world.act("property", carrying.record_milestone_or_takeover, case_id=case.id, **GIVEN)
    assert [row.event for row in world.rows(Milestone, case_id=case.id)] == ["notice_given"]


def test_to_another_department_there_is_no_such_case(world: World) -> None:
    case = world.case()
    world.housed(case)
    with pytest.raises(NotFound):
        world.act("caseworker AMF", carrying.record_milestone_or_takeover, case_id=case.id, **GIVEN)
