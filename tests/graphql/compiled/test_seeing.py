"""What is not asked again below a row that is seen, and what still is. Both paths alike."""

from __future__ import annotations

import json
from typing import Any

import pytest
from graphql import get_operation_ast, parse

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.decisions.models import Decision
from hemvist.identity import Actor, Membership, Role
from hemvist_graphql.access import of_own_case, of_visible_case
from hemvist_graphql.compiled import carrying, execution
from hemvist_graphql.compiled.execution import forget
from hemvist_graphql.ids import global_id
from hemvist_paths import Told, ordinary, planned
from hemvist_world import World, adult, new_world

CASE = """query One($id: ID!) { case(id: $id) { number
  assessments { rule outcome } decisions { kind state case { number } } timeline { kind }
  referrals { state signatures { kind recordedBy { name } person { givenName } } case { number } }
  offers { state } contracts { form case { number } } obligations { code } milestones { code }
  followUps { heldOn } plans { agreedOn } disclosures { department } migrations { __typename }
  household { members { role person { givenName households { alias } } } } } }"""


@pytest.fixture(scope="module")
def there(database: str) -> World:
    """Cases that lie open to the property office, with a proposal and a draft that do not."""
    world = new_world()
    open_ = world.case(adult(protection="secrecy_mark"), adult("partner"))
    world.housed(open_)
    world.propose(open_, on=today())
    world.draft(world.case())
    both = world.registered(world.case(department="AMF"))
    world.offer(both)
    world.add(
        "both sides", Membership(Role.CASEWORKER, "AMF"), Membership(Role.PROPERTY_OFFICER, "FF")
    )
    world.add("everything", *(Membership(role, "SOF-VUX") for role in Role))
    return world


def same(actor: Actor, case: Case) -> dict[str, Any]:
    variables = {"id": global_id("Case", case.id)}
    by_plan = planned(actor, CASE, variables)
    assert isinstance(by_plan, Told), by_plan
    assert by_plan == ordinary(actor, CASE, variables)
    found: dict[str, Any] = json.loads(by_plan.data)["case"]
    return found


def test_everybody_sees_in_a_case_what_is_theirs(there: World) -> None:
    seen = {
        name: [same(actor, one) is not None for one in there.rows(Case)]
        for name, actor in there.people.items()
    }
    assert seen["caseworker SOF-VUX"] == [True, True, False]
    assert seen["caseworker AMF"] == [False, False, True]
    assert seen["both sides"] == seen["property"] == [True, False, True]


def test_what_was_not_disclosed_is_not_seen_below_a_case_that_was(there: World) -> None:
    case = there.rows(Case)[0]
    own, disclosed = same(there["caseworker SOF-VUX"], case), same(there["property"], case)
    states = [{one["state"] for one in found["decisions"]} for found in (own, disclosed)]
    assert states == [{"decided", "proposed"}, {"decided"}]
    assert len(disclosed["timeline"]) < len(own["timeline"])


def test_only_what_is_left_is_asked(there: World) -> None:
    def left(condition: Any, who: str) -> Any:
        return condition.left(there[who], lambda key: getattr(Case, key))

    assert left(of_visible_case(Decision), "property") is None
    for condition in (of_own_case(Decision), of_visible_case(Decision, Decision.id.is_(None))):
        assert left(condition, "caseworker AMF") is None
        assert left(condition, "property") is not None
        assert left(condition, "both sides") is not None


def test_a_case_is_asked_for_once_by_those_who_see_their_own(
    there: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = carrying._row

    def noted(connection: Any, plan: Any, values: Any) -> Any:
        asked.append(plan.sql.decode())
        return real(connection, plan, values)

    monkeypatch.setattr(carrying, "_row", noted)
    forget()
    document = "query C($id: ID!) { case(id: $id) { number decisions { kind } offers { state } } }"
    parsed = parse(document)
    operation = get_operation_ast(parsed)
    assert operation is not None
    variables = {"id": global_id("Case", there.rows(Case)[0].id)}
    for who, times in (("caseworker SOF-VUX", 1), ("caseworker AMF", 1), ("property", 1)):
        execution.answer_text(there[who], document, parsed, operation, variables)
        assert asked.pop().count("FROM cases") == times, who
