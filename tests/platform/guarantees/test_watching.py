"""A period that has run out is a duty for a person; nothing ends by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hemvist.cases.models import CaseEvent
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.errors import PolicyRefused
from hemvist.guarantees.ending import end_guarantee, reassess_guarantee
from hemvist.guarantees.models import Guarantee
from hemvist.guarantees.watching import CODE
from hemvist.policy import add_months
from hemvist_guarantees import OFFICER, guaranteed
from hemvist_workers import chores
from hemvist_world import World, as_owner, new_world

TOLD = ["referrer_told_guarantee_ended"]


@pytest.fixture
def world(database: str) -> World:
    """A kommun of each test's own: a chore goes through the whole of it."""
    return new_world()


def moved_back(world: World, row: Guarantee, months: int) -> Guarantee:
    """The guarantee as if it had begun so many months earlier."""
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE guarantees SET starts_on = %s, ends_on = %s WHERE id = %s",
            (add_months(row.starts_on, -months), add_months(row.ends_on, -months), row.id),
        )
    return world.again(row)  # type: ignore[no-any-return]


def duties(world: World, row: Guarantee) -> list[Obligation]:
    found = world.rows(Obligation, anchor_id=row.id, code=CODE)
    return sorted(found, key=lambda one: one.ordinal)


def test_a_month_ahead_the_property_office_has_a_duty_once(world: World) -> None:
    row = guaranteed(world)
    early = add_months(row.ends_on, -1) - timedelta(days=1)
    assert chores.watch_guarantees(world.tenant_id, early) == 0
    assert chores.watch_guarantees(world.tenant_id, early + timedelta(days=1)) == 1
    assert chores.watch_guarantees(world.tenant_id, row.ends_on) == 0
    [duty] = duties(world, row)
    assert (duty.due_on, duty.state, duty.by) == (row.ends_on, "open", ["property"])
    assert duty.departments == ["FF"]
    assert duty.label["sv"] == "Garantins tid går ut: avsluta garantin eller ompröva den"
    assert duty.cite


def test_it_stays_active_and_overdue_until_a_person_ends_it(world: World) -> None:
    row = moved_back(world, guaranteed(world), 12)
    assert row.ends_on < today()
    chores.watch_guarantees(world.tenant_id)
    chores.mark_overdue(world.tenant_id)
    assert world.again(row).state == "active"
    [duty] = duties(world, row)
    assert duty.overdue_since == row.ends_on + timedelta(days=1)
    [late] = world.rows(
        CaseEvent, case_id=row.case_id, kind="obligation_overdue", subject_id=duty.id
    )
    assert late.data["code"] == CODE
    world.act(
        OFFICER,
        end_guarantee,
        guarantee_id=row.id,
        reason="expired",
        told=TOLD,
        expected_version=world.again(row).version,
    )
    assert world.again(row).end_reason == "expired"
    [done] = duties(world, row)
    assert (done.state, done.done_on) == ("done", today())
    assert chores.watch_guarantees(world.tenant_id) == 0


def test_not_before_its_day(world: World) -> None:
    row = guaranteed(world)
    with pytest.raises(PolicyRefused) as early:
        world.act(
            OFFICER,
            end_guarantee,
            guarantee_id=row.id,
            reason="expired",
            told=TOLD,
            expected_version=row.version,
        )
    assert early.value.rule == "guarantee_expired_not_yet"


def test_prolonged_the_duty_moves(world: World) -> None:
    row = moved_back(world, guaranteed(world), 9)
    assert chores.watch_guarantees(world.tenant_id, row.ends_on) == 1
    longer = world.act(
        OFFICER,
        reassess_guarantee,
        guarantee_id=row.id,
        months=24,
        motivation="Behovet finns kvar.",
        expected_version=world.again(row).version,
    )
    assert longer.ends_on == add_months(row.ends_on, 12)
    assert [one.state for one in duties(world, row)] == ["cancelled"]
    assert chores.watch_guarantees(world.tenant_id, longer.ends_on) == 1
    assert [(one.state, one.due_on) for one in duties(world, row)] == [
        ("cancelled", row.ends_on),
        ("open", longer.ends_on),
    ]
