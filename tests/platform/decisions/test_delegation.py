"""The delegation order: who decides, within which bounds, and what stays with the board."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.decisions import service as decisions
from hemvist.decisions.models import Decision
from hemvist.errors import NotAllowed, ValidationFailed
from hemvist.identity import Membership, Role
from hemvist.identity.delegation import Entrusted, Matter
from hemvist.ids import new_id
from hemvist.policy import add_months
from hemvist_world import World, as_owner, new_world

ORDER = (
    Entrusted("caseworker", kinds=("support_to_obtain_housing",), max_months=6, departs=False),
    Entrusted("manager", kinds=("support_to_obtain_housing",), max_months=24, cite="DO 3.2"),
    Entrusted("manager", kinds=("end",)),
)


@pytest.fixture
def world(database: str) -> World:
    """A kommun of each test's own: what waits is counted in the whole of it."""
    return new_world()


@pytest.fixture
def ordered(world: World) -> World:
    """The world with an order that entrusts little."""
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "INSERT INTO delegation_orders (tenant_id, id, since, cite, lines)"
            " VALUES (%s, %s, %s, %s, %s)",
            (
                world.tenant_id,
                new_id(),
                today() - timedelta(days=30),
                "DO",
                json.dumps([line.as_json() for line in ORDER]),
            ),
        )
    world.add("second", Membership(Role.CASEWORKER, "SOF-VUX"))
    return world


def decide(world: World, proposal: Decision, who: str, **more: Any) -> Decision:
    values = {"decision_id": proposal.id, "expected_version": proposal.version, **more}
    return world.act(who, decisions.decide, **values)  # type: ignore[no-any-return]


def test_a_caseworker_decides_what_is_entrusted_but_not_their_own(ordered: World) -> None:
    short = ordered.propose(ordered.case(), on=today(), valid_until=add_months(today(), 5))
    with pytest.raises(NotAllowed, match="nobody approves"):
        decide(ordered, short, "caseworker SOF-VUX")
    made = decide(ordered, short, "second")
    assert (made.decided_level, made.delegation_cite) == ("caseworker", "DO")


def test_longer_is_the_managers(ordered: World) -> None:
    longer = ordered.propose(ordered.case(), on=today(), valid_until=add_months(today(), 12))
    with pytest.raises(NotAllowed):
        decide(ordered, longer, "second")
    made = decide(ordered, longer, "manager SOF-VUX")
    assert (made.decided_level, made.delegation_cite) == ("manager", "DO 3.2")


def test_what_nobody_was_entrusted_with_is_the_boards(ordered: World) -> None:
    forever = ordered.propose(ordered.case(), on=today())
    with pytest.raises(ValidationFailed) as refused:
        decide(ordered, forever, "manager SOF-VUX")
    assert refused.value.problems[0].field == "boardMinute"
    made = decide(ordered, forever, "manager SOF-VUX", board_minute="2026-11-19 § 84")
    assert (made.decided_level, made.board_minute) == ("board", "2026-11-19 § 84")


def test_the_order_of_the_day_decides(ordered: World) -> None:
    """Before the order there was none: then the role says who decides."""
    before = today() - timedelta(days=60)
    proposal = ordered.propose(ordered.case(), on=before)
    assert decide(ordered, proposal, "manager SOF-VUX", on=before).decided_level == "manager"


def test_without_an_order_the_role_decides(world: World) -> None:
    made = decide(world, world.propose(world.case()), "manager SOF-VUX", board_minute="§ 1")
    assert (made.decided_level, made.board_minute) == ("manager", "")


@pytest.mark.parametrize(
    ("line", "covered"),
    [
        (Entrusted("manager"), True),
        (Entrusted("manager", outcomes=("refused",)), False),
        (Entrusted("manager", max_months=11), False),
        (Entrusted("manager", max_months=12), True),
        (Entrusted("manager", max_cost_ore=1), False),
        (Entrusted("manager", departs=False), False),
        (Entrusted("manager", departs=True), True),
    ],
)
def test_what_a_line_covers(line: Entrusted, covered: bool) -> None:
    matter = Matter("housing", "granted", 12, None, True)
    assert line.covers(matter) is covered
    assert Entrusted.read(json.loads(json.dumps(line.as_json()))) == line
