"""Equal treatment, and protected moves: by lives made by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.handovers import running
from hemvist.handovers.checklist import BEFORE_MOVING_IN
from hemvist.handovers.models import Handover
from hemvist.households.service import NewMember
from hemvist.indicators.fact import Fact
from hemvist_counted import counted as everything
from hemvist_counted import counted_on
from hemvist_handover import agreed
from hemvist_indicators import counted
from hemvist_network import new_net
from hemvist_world import HOUSING, World, a_number, adult, child, new_world


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun of this file's own."""
    return new_world()


def day(offset: int) -> date:
    """A day so many days from today."""
    return today() + timedelta(days=offset)


def born(years: int, days: int = 0, *, woman: bool = False) -> str:
    """The number of somebody who turned so many years so many days ago, or will."""
    on = today() - timedelta(days=days)
    while True:
        number = a_number(on.replace(year=on.year - years, day=min(on.day, 28)))
        if (int(number[10]) % 2 == 0) == woman:
            return number


@pytest.mark.parametrize(
    ("members", "groups"),
    [
        ((adult(personal_number=born(30, 90)),), ("sex:man", "age:25-44", "children:no")),
        (
            (adult(personal_number=born(70, 90, woman=True)), child()),
            ("sex:woman", "age:65-", "children:yes"),
        ),
        (
            # A child of the household that has grown up is none.
            (adult(personal_number=born(50, 90)), adult("child", personal_number=born(20, 90))),
            ("sex:man", "age:45-64", "children:no"),
        ),
    ],
)
def test_who_is_granted_is_told_by_sex_age_and_children(
    world: World, members: tuple[NewMember, ...], groups: tuple[str, ...]
) -> None:
    case = world.case(*members)
    more = {"child_assessment": "Barnets bästa talar för.", "departure_reason": "Bedömt."}
    granted = world.grant(case, on=day(-60), **more)
    refused = world.grant(case, HOUSING, on=day(-50), outcome="refused", **more)
    # A measure of support is not a home.
    world.grant(case, "support_measure", on=day(-40), **more)
    assert counted(world, case.id, "granted") == [
        Fact("granted", granted.id, day(-60), groups=groups, met=True),
        Fact("granted", refused.id, day(-50), groups=groups, met=False),
    ]


def test_a_co_ordination_number_says_no_sex(world: World) -> None:
    number = a_number(date(1985, 3, 14), coordination=True)
    case = world.case(adult(personal_number=number))
    made = world.grant(case, on=day(-60))
    (fact,) = counted(world, case.id, "granted")
    assert (fact.of, fact.groups) == (made.id, ("age:25-44", "children:no"))


def test_a_protected_move_is_counted_on_both_sides_and_says_nothing_more(database: str) -> None:
    net = new_net("A", "B")
    move = agreed(net, "A", "B")
    move.begin("A")
    move.begin("B")
    move.send()
    move.carried()
    move.take_in()
    move.settle("B", *BEFORE_MOVING_IN)
    origin, destination = net["A"], net["B"]
    new: Case = destination.rows(Case, id=move.handover("B").case_id)[0]
    for world, case_id in ((origin, move.request.case_id), (destination, new.id)):
        assert not counted(world, case_id, "transfers")
        everything(world.tenant_id)
    move.moved()
    move.letter("A", "moved", on=today())
    move.carried()
    running.run(destination.tenant_id)
    # No line of a timeline tells of it; it is counted all the same when something is.
    for world in (origin, destination):
        assert counted_on(world.tenant_id) == 1
    arrived = destination.rows(Handover, case_id=new.id)[0]
    assert counted(destination, new.id, "transfers") == [Fact("transfers", arrived.id, today())]
    assert counted(origin, move.request.case_id, "transfers") == [
        Fact("transfers", move.request.id, today())
    ]
