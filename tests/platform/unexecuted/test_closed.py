"""A case that is closed: who needs nothing more waits for nothing, and whoever may need it still waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hemvist.cases import closing
from hemvist.clock import today
from hemvist.decisions.models import Decision
from hemvist.tenancy import Audience, tenant_session
from hemvist.unexecuted import report
from hemvist_world import World, new_world

CASEWORKER = "caseworker SOF-VUX"


@pytest.fixture
def world(database: str) -> World:
    """A kommun of each test's own."""
    return new_world()


def closed(world: World, reason: str) -> Decision:
    """A decision that nobody carried out for five months; its case was closed yesterday."""
    case = world.case()
    decision = world.grant(case, on=today() - timedelta(days=150))
    world.act(
        CASEWORKER,
        closing.close,
        case_id=case.id,
        reason=reason,
        on=today() - timedelta(days=1),
        expected_version=world.again(case).version,
    )
    found: Decision = world.again(decision)
    return found


def standing(world: World) -> list[tuple[str, object]]:
    """How the decisions of the department stand in a report of the last month."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        first = today() - timedelta(days=30)
        found = report.lines(session, "SOF-VUX", first, today())
        return [(one.standing, one.ended) for one in found]


@pytest.mark.parametrize("reason", closing.SETTLED)
def test_who_needs_nothing_more_waits_for_nothing(world: World, reason: str) -> None:
    decision = closed(world, reason)
    assert decision.ended_on == today() - timedelta(days=1)
    assert standing(world) == [("ended", decision.ended_on)]


@pytest.mark.parametrize("reason", sorted({*closing.REASONS} - {*closing.SETTLED}))
def test_who_may_need_it_still_waits(world: World, reason: str) -> None:
    decision = closed(world, reason)
    assert decision.ended_on is None
    assert standing(world) == [("waiting", None)]


def test_what_was_carried_out_is_left_as_it_is(world: World) -> None:
    case = world.case()
    world.housed(case)
    world.act(
        CASEWORKER,
        closing.close,
        case_id=case.id,
        reason="own_lease",
        expected_version=world.again(case).version,
    )
    decisions = world.rows(Decision, case_id=case.id)
    assert decisions and {one.ended_on for one in decisions} == {None}
