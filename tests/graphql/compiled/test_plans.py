"""Operations that a plan answers, held against the ordinary path by hand-picked cases."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import false

from hemvist_graphql.compiled import NotPlanned, Why
from hemvist_graphql.compiled.execution import forget
from hemvist_graphql.compiled.guard import require_bound
from hemvist_graphql.ids import global_id
from hemvist_graphql.units.types import Unit
from hemvist_paths import Told, ordinary, planned
from hemvist_world import new_world

WHO = "caseworker SOF-VUX"
CASES = """query Cases($first: Int, $after: String, $last: Int, $before: String, $filter: CaseFilter) {
  cases(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    totalCount edges { cursor node { id __typename number openedOn version
      household { alias anyoneProtected members { role person { id givenName protection } } }
      handler { name id } timeline { kind occurredOn recordedAt data }
      referrals { state signatures { kind } offers { unit { rentOre sizeM2 lift landlord { name } } } }
    } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


def same(actor: Any, document: str, **variables: Any) -> Told:
    """What both paths told; they must agree."""
    by_plan = planned(actor, document, variables)
    assert isinstance(by_plan, Told), by_plan
    told = ordinary(actor, document, variables)
    assert by_plan.data == told.data
    assert by_plan.logged == told.logged
    return by_plan


@pytest.mark.parametrize(
    "variables", [{}, {"first": 1}, {"last": 1}, {"first": 0}, {"filter": {"state": "open"}}]
)
def test_a_list_with_everything_below(housed: Any, variables: dict[str, Any]) -> None:
    housed.world.case()
    assert (
        '"number"' in same(housed.world[WHO], CASES, **variables).data
        or variables.get("first") == 0
    )


def test_a_case_by_its_id(housed: Any) -> None:
    document = "query One($id: ID!) { case(id: $id) { number household { alias } } __typename }"
    told = same(housed.world[WHO], document, id=global_id("Case", housed.case.id))
    assert housed.case.number in told.data and told.logged is not None
    assert same(housed.world[WHO], document, id="x").logged is None
    assert same(housed.world["caseworker AMF"], document, id=global_id("Case", housed.case.id))


def test_a_statement_binds_every_table_to_the_tenant() -> None:
    from sqlalchemy import exists, select

    from hemvist.cases.models import Case
    from hemvist.households.models import Household

    whole = select(Case.id).where(
        Case.tenant_id == "x",
        exists(select(Household.id).where(Household.tenant_id == Case.tenant_id)),
    )
    require_bound(whole)
    loose = exists(select(Household.id).where(Household.id == Case.household_id))
    for unbound in (select(Case.id), select(Case.id).where(Case.tenant_id == "x", loose)):
        with pytest.raises(NotPlanned, match="unbound"):
            require_bound(unbound)


MERGED = """query Q($id: ID!, $yes: Boolean!, $no: Boolean = false) { case(id: $id) {
  number number again: number __typename kind: __typename
  household { alias } household { department ...H } ... on Node { id }
  gone: number @skip(if: $yes) here: number @include(if: $yes) not: number @include(if: $no)
  referrals { offers { unit { floor } } } referrals { offers { unit { area } state } } } }
  fragment H on Household { members { role } alias }"""


def test_fields_merge_as_the_specification_says(housed: Any) -> None:
    told = same(housed.world[WHO], MERGED, id=global_id("Case", housed.case.id), yes=True)
    case = json.loads(told.data)["case"]
    assert set(case["household"]) == {"alias", "department", "members"}
    assert "gone" not in case and "not" not in case and case["here"] == case["again"]
    assert set(case["referrals"][0]["offers"][0]["unit"]) == {"floor", "area"}
    assert case["kind"] == case["__typename"] == "Case"


def test_a_null_where_none_may_be_is_left_to_the_ordinary_path(
    housed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A home that nobody sees: the list above it cannot hold it, and nothing is logged twice."""
    document = "query Q($id: ID!) { case(id: $id) { number contracts { unit { floor } } } }"
    hidden = replace(Unit.reading, visible=lambda _: false())
    monkeypatch.setattr(Unit, "reading", hidden)
    forget()
    try:
        variables = {"id": global_id("Case", housed.case.id)}
        assert planned(housed.world[WHO], document, variables) is Why.NULL
        assert "extensions" in ordinary(housed.world[WHO], document, variables).data
    finally:
        forget()


def test_a_right_that_is_lacking_is_a_guard_of_the_plan(housed: Any) -> None:
    assert planned(housed.world[WHO], "{ cases { totalCount } }") != Why.REFUSED
    housed.world.add("nobody")
    assert planned(housed.world["nobody"], "{ cases { totalCount } }") is Why.REFUSED


def test_a_plan_of_one_kommun_serves_another_with_its_own_rows(housed: Any) -> None:
    other = new_world()
    mine = same(housed.world[WHO], "{ cases { totalCount edges { node { id } } } }")
    theirs = same(other[WHO], "{ cases { totalCount edges { node { id } } } }")
    assert json.loads(theirs.data)["cases"] == {"totalCount": 0, "edges": []}
    assert json.loads(mine.data)["cases"]["totalCount"] >= 1
