"""A request like one before is answered like the ordinary path answers it, and is its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.tenancy import Audience, tenant_session
from hemvist_graphql.compiled import repeated
from hemvist_graphql.compiled.execution import forget
from hemvist_graphql.compiled.parameters import _written_out
from hemvist_graphql.compiled.repeated import KNOWN_REQUESTS, _TooMuch, frozen
from hemvist_graphql.ids import global_id
from hemvist_paths import Told, ordinary, planned

WHO = "caseworker SOF-VUX"
LIST = """query L($first: Int, $after: String, $filter: CaseFilter, $deep: Boolean = false) {
  cases(first: $first, after: $after, filter: $filter) {
    edges { cursor node { id number household @include(if: $deep) { alias } } }
    pageInfo { hasNextPage endCursor } } }"""
ONE = "query One($id: ID!) { case(id: $id) { number } }"


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    forget()
    KNOWN_REQUESTS.hits = 0


def same(actor: Actor, document: str, **variables: Any) -> Told:
    """What both paths told; they must agree."""
    by_plan = planned(actor, document, variables)
    assert isinstance(by_plan, Told), by_plan
    assert by_plan == ordinary(actor, document, variables)
    return by_plan


def repeats() -> int:
    """How many requests were known since the last time."""
    hits, KNOWN_REQUESTS.hits = KNOWN_REQUESTS.hits, 0
    return hits


def test_another_id_is_the_same_request(housed: Any) -> None:
    other = housed.world.case()
    first = same(housed.world[WHO], ONE, id=global_id("Case", housed.case.id))
    assert repeats() == 0
    second = same(housed.world[WHO], ONE, id=global_id("Case", other.id))
    assert repeats() == 1
    assert housed.case.number in first.data and other.number in second.data
    assert first.logged != second.logged


@pytest.mark.parametrize(
    "id_",
    ["x", global_id("Person", new_id()), global_id("Case", new_id())],
    # Every process that runs tests must know them by the same name.
    ids=["no id", "person", "case"],
)
def test_an_id_that_finds_nothing(housed: Any, id_: str) -> None:
    same(housed.world[WHO], ONE, id=global_id("Case", housed.case.id))
    for _ in range(2):
        assert same(housed.world[WHO], ONE, id=id_).logged is None


def test_pages_of_a_list_are_the_same_request(housed: Any) -> None:
    for _ in range(4):
        housed.world.case()
    actor, after, seen = housed.world[WHO], None, set()
    for page in range(4):
        told = same(actor, LIST, first=1, after=after)
        assert repeats() == (1 if page > 1 else 0)
        after = told.data.split('"endCursor":"')[1].split('"')[0]
        seen.add(after)
    assert len(seen) == 4
    assert planned(actor, LIST, {"first": 1, "after": after[:-2] + "AA"}) == "refused"


def test_values_of_conditions_are_not_shared(housed: Any) -> None:
    actor = housed.world[WHO]
    for state in ("open", "closed", "nonsense", "open"):
        same(actor, LIST, filter={"state": state})
    assert repeats() == 1
    for deep in (True, False, True):
        same(actor, LIST, filter={"state": "open"}, deep=deep)
    assert repeats() == 1


def test_what_is_personal_is_not_shared(housed: Any) -> None:
    """The same roles, another person: a condition that asks who it is gets its own answer."""
    mine = housed.world[WHO]
    case = housed.world.case()
    with tenant_session(Audience.STAFF, mine.tenant_id) as session:
        session.find(Case, case.id).handler_id = mine.principal_id
    other = replace(mine, principal_id=new_id())
    first = same(mine, LIST, filter={"mine": True})
    assert case.number in first.data
    assert case.number not in same(other, LIST, filter={"mine": True}).data
    assert repeats() == 0 or case.number not in same(other, LIST, filter={"mine": True}).data
    assert same(mine, LIST, filter={"mine": True}) == first


def test_roles_and_kommun_are_not_shared(housed: Any) -> None:
    given = {"id": global_id("Case", housed.case.id)}
    same(housed.world[WHO], ONE, **given)
    same(housed.world["caseworker AMF"], ONE, **given)
    assert repeats() == 0
    elsewhere = replace(housed.world[WHO], tenant_id=new_id())
    assert same(elsewhere, ONE, **given).data == '{"case":null}'
    assert repeats() == 0


def test_a_variable_that_is_more_than_an_id_is_compared(housed: Any) -> None:
    document = """query Two($id: ID!, $at: ID = "x") {
      case(id: $id) { number } other: node(id: $at) { id ... @include(if: true) { id } } }"""
    case = global_id("Case", housed.case.id)
    unit = global_id("Decision", new_id())
    same(housed.world[WHO], document, id=case)
    same(housed.world[WHO], document, id=case, at=case)
    same(housed.world[WHO], document, id=case, at=unit)
    assert repeats() == 0
    same(housed.world[WHO], document, id=case, at=case)
    assert repeats() == 1


def test_equal_is_not_alike() -> None:
    """As Python compares, 1 is true and 1.0; as GraphQL coerces, they are not."""
    values = [1, True, 1.0, "1", None, [1], [True], {"a": 1}, {"a": True}, ["a", 1], [], {}]
    keys = [frozen(value, [9]) for value in values]
    assert len(set(keys)) == len(values)
    for large in ("x" * 201, [[[[[[1]]]]]], list(range(99))):
        with pytest.raises(_TooMuch):
            frozen(large, [64])


def test_large_documents_and_values_are_not_kept(housed: Any) -> None:
    actor = housed.world[WHO]
    long = f"{ONE} # {'x' * repeated.LONGEST_DOCUMENT}"
    for _ in range(2):
        same(actor, long, id=global_id("Case", housed.case.id))
        same(actor, LIST, filter={"number": "y" * 99, "programme": "z" * 99})
    assert repeats() == 1


def test_a_plans_own_words_are_written_out() -> None:
    sql = "SELECT $1::VARCHAR, $2, $3::INTEGER, $4, $1"
    sources = ((None, "o'clock"), ("id", None), (None, 7), (None, "back\\slash"))
    assert _written_out(sql, sources) == (
        "SELECT 'o''clock'::VARCHAR, $1, 7::INTEGER, $2, 'o''clock'",
        (("id", None), (None, "back\\slash")),
    )
    # A dollar that is no place: nothing is touched.
    assert _written_out("SELECT $1, '$9'", ((None, "a"),)) == ("SELECT $1, '$9'", ((None, "a"),))
