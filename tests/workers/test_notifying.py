"""Every event of a case's life reaches those whose work it is, and nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.db import Audience
from hemvist.deadlines.models import Obligation
from hemvist.notices.models import Notice
from hemvist.outbox import InboxReceipt, OutboxEvent
from hemvist_workers.handlers import handle, handled_types
from hemvist_workers.notifying import HANDLED
from hemvist_world import World, new_world

CASEWORKER, MANAGER = ("caseworker", "SOF-VUX"), ("department_manager", "SOF-VUX")
PROPERTY = ("property_officer", "FF")

#: Who hears of what on the way from the first proposal to the follow-ups.
EXPECTED = {
    "decision_proposed": {MANAGER},
    "support_granted": {CASEWORKER},
    "referral_submitted": {PROPERTY},
    "referral_registered": {CASEWORKER},
    "offer_made": {CASEWORKER},
    "offer_accepted": {PROPERTY},
    "contract_signed": {CASEWORKER},
    "decision_granted": {CASEWORKER, PROPERTY},
}


@pytest.fixture(scope="module")
def lived(database: str) -> tuple[World, Case]:
    """A case that has gone the whole way, all its events handled."""
    world = new_world()
    case = world.case()
    world.housed(case)
    for event in world.rows(OutboxEvent):
        handle(world.tenant_id, event.id)
    return world, case


def receivers(world: World, kind: str) -> set[tuple[str, str]]:
    """Who was given notice of ``kind``."""
    return {(notice.role, notice.department) for notice in world.rows(Notice, kind=kind)}


@pytest.mark.parametrize("kind", EXPECTED)
def test_those_whose_work_it_is_are_told(lived: tuple[World, Case], kind: str) -> None:
    assert receivers(lived[0], kind) == EXPECTED[kind]


def test_a_notice_knows_whose_act_it_tells_of(lived: tuple[World, Case]) -> None:
    world, _ = lived
    [granted] = {notice.caused_by for notice in world.rows(Notice, kind="support_granted")}
    assert granted == world["manager SOF-VUX"].principal_id


def test_nobody_is_told_of_anything_else(lived: tuple[World, Case]) -> None:
    world, case = lived
    notices = world.rows(Notice)
    assert {notice.kind for notice in notices} == set(EXPECTED)
    assert {notice.case_id for notice in notices} == {case.id}
    emitted = {event.type for event in world.rows(OutboxEvent)}
    assert emitted > set(EXPECTED)


def test_a_second_delivery_of_everything_changes_nothing(lived: tuple[World, Case]) -> None:
    world, _ = lived
    before = world.rows(Notice)
    for event in world.rows(OutboxEvent):
        assert handle(world.tenant_id, event.id) == []
    assert [notice.id for notice in world.rows(Notice)] == [notice.id for notice in before]


def test_only_handled_events_have_receipts(lived: tuple[World, Case]) -> None:
    world, _ = lived
    handled = frozenset().union(*handled_types().values())
    assert handled > HANDLED
    with world.session(audience=Audience.WORKER) as session:
        with_receipt = set(session.scalars(select(InboxReceipt.event_id)))
    for event in world.rows(OutboxEvent):
        assert (event.id in with_receipt) == (event.type in handled)


def test_an_event_of_another_kommun_is_nobodys(lived: tuple[World, Case]) -> None:
    world, _ = lived
    other = new_world()
    event = next(row for row in world.rows(OutboxEvent) if row.type in HANDLED)
    assert handle(other.tenant_id, event.id) == []
    assert other.rows(Notice) == []


def test_an_event_that_is_gone_is_nobodys(lived: tuple[World, Case]) -> None:
    world, _ = lived
    assert handle(world.tenant_id, world.rows(Obligation)[0].id) == []
