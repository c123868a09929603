"""The boendeplan: everything the pack requires, one in force at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.errors import PolicyRefused, ValidationFailed
from hemvist.support_plans import service as support_plans
from hemvist.support_plans.models import SupportPlan
from hemvist_world import GUARANTEE, PLAN, World

CASEWORKER = "caseworker SOF-VUX"


def agree(world: World, case: Case, content: dict[str, Any], days_ago: int = 50) -> SupportPlan:
    actor = world[CASEWORKER]
    with world.session(actor) as session:
        return support_plans.agree(
            session,
            actor,
            session.find(Case, case.id),
            content=content,
            agreed_on=today() - timedelta(days=days_ago),
        )


def test_everything_the_guideline_wants_is_in_it(world: World) -> None:
    """HBG-107 to HBG-113: what is missing is named, with its source."""
    case = world.case()
    world.housed(case)
    with pytest.raises(PolicyRefused) as refused:
        agree(world, case, {"way_forward": "Söka bostad.", "sub_goals": "", "to_work_on": None})
    assert (refused.value.rule, refused.value.cite) == ("plan_contents_missing", "RL §4.1")
    assert {item["id"] for item in refused.value.items} == set(PLAN) - {"way_forward"}
    assert world.rows(SupportPlan, case_id=case.id) == []


@pytest.mark.parametrize("item", ["matches_decision", "goal_own_lease"])
def test_a_plan_that_says_no_where_it_must_say_yes(world: World, item: str) -> None:
    """HBG-109, HBG-110."""
    case = world.case()
    world.housed(case)
    with pytest.raises(PolicyRefused) as refused:
        agree(world, case, PLAN | {item: False})
    assert [missing["id"] for missing in refused.value.items] == [item]


def test_items_that_the_pack_does_not_know_are_refused(world: World) -> None:
    case = world.case()
    world.housed(case)
    with pytest.raises(ValidationFailed) as refused:
        agree(world, case, PLAN | {"diagnosis": "x", "sub_goals": "y" * 10_001})
    assert {(problem.field, problem.rule) for problem in refused.value.problems} == {
        ("plan.diagnosis", "unknown_item"),
        ("plan.sub_goals", "too_long"),
    }


def test_a_new_plan_replaces_the_one_before(world: World) -> None:
    case = world.case()
    world.housed(case)
    first = agree(world, case, PLAN, days_ago=60)
    second = agree(world, case, PLAN | {"sub_goals": "Nytt delmål."}, days_ago=30)
    states = {plan.id: plan.state for plan in world.rows(SupportPlan, case_id=case.id)}
    assert states == {first.id: "replaced", second.id: "agreed"}
    with world.session() as session:
        in_force = support_plans.plan_in_force(session, case)
    assert in_force is not None
    assert in_force.id == second.id
    days = [event.occurred_on for event in world.rows(CaseEvent, kind="plan_signed")]
    assert days[-2:] == [first.agreed_on, second.agreed_on]


def test_a_programme_without_a_plan_takes_none(world: World) -> None:
    case = world.case()
    offer = world.accepted(case, world.registered(case, GUARANTEE))
    world.contract(offer, guarantee_months=12, told_of_link_on=None)
    with pytest.raises(ValidationFailed) as refused:
        agree(world, case, PLAN)
    assert refused.value.problems[0].rule == "no_plan"
