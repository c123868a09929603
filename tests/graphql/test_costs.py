"""What operations cost: every list has a length, and a document is reckoned once."""

from __future__ import annotations

import time
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    is_composite_type,
    is_list_type,
    parse,
)

from hemvist.identity import Actor, Membership, Role
from hemvist.ids import new_id
from hemvist_graphql import execute
from hemvist_graphql.cardinalities import CARDINALITIES, ByArgument
from hemvist_graphql.connections import DEFAULT_PAGE, MAX_PAGE
from hemvist_graphql.costs import Cost, cost_of
from hemvist_graphql.limits import MAX_COST
from hemvist_graphql.schema import executable_schema
from hemvist_portal.documents import document, names

#: No database is behind these tests: what is refused here must be refused before anything is read.
ACTOR = Actor(new_id(), new_id(), "Test", frozenset({Membership(Role.CASEWORKER, "SOF-VUX")}))


def cost(text: str) -> Cost:
    parsed = parse(text)
    operation = get_operation_ast(parsed)
    assert operation is not None
    return cost_of(executable_schema(), parsed, operation)


def test_every_list_of_the_schema_says_how_long_it_is_and_no_other() -> None:
    lists = {
        f"{type_.name}.{name}"
        for type_ in executable_schema().type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        and not type_.name.startswith("__")
        for name, field in type_.fields.items()
        if is_list_type(get_nullable_type(field.type))
        and is_composite_type(inner := get_named_type(field.type))
        and not inner.name.endswith("Edge")
    }
    assert lists == set(CARDINALITIES)


def test_a_list_costs_its_rows() -> None:
    whole = cost('{ case(id: "x") { number timeline { kind } } }')
    assert whole == Cost(1 + 1 + 1 + CARDINALITIES["Case.timeline"])  # type: ignore[operator]


def test_a_document_without_variable_lengths_costs_the_same_whatever_is_sent() -> None:
    constant = cost("query Q($s: String) { cases(first: 20, filter: {state: $s}) { totalCount } }")
    assert constant.terms == ()
    assert constant.of({"s": "open", "first": 100}) == constant.constant


PAGED = "query Q($n: Int, $m: Int) { cases(first: $n, last: $m) { edges { node { id } } } }"


@pytest.mark.parametrize(
    ("sent", "length"),
    [
        ({}, DEFAULT_PAGE),
        ({"n": None}, DEFAULT_PAGE),
        ({"n": 20}, 20),
        ({"n": 20.0}, 20),
        ({"m": 70}, 70),
        ({"n": 20, "m": 70}, 70),
        ({"n": 10**9}, MAX_PAGE),
        ({"n": float("inf")}, MAX_PAGE),
        ({"n": -5}, 1),
        ({"n": "70"}, DEFAULT_PAGE),
        ({"n": {"a": 1}}, DEFAULT_PAGE),
    ],
)
def test_a_page_costs_what_is_asked_for(sent: dict[str, Any], length: int) -> None:
    # Per row: an edge, its node, and the node's id.
    assert cost(PAGED).of(sent) == 1 + length * (1 + 1 + 1)


def test_a_variables_own_default_counts_when_it_is_missing() -> None:
    some = cost(PAGED.replace("$n: Int", "$n: Int = 7"))
    assert some.of({}) == 1 + 7 * 3
    assert some.of({"n": None}) == 1 + DEFAULT_PAGE * 3
    assert some.most() == 1 + MAX_PAGE * 3


def test_what_is_worked_out_one_by_one_costs_by_how_many_are_asked_for() -> None:
    text = (
        'query Q($ids: [ID!]!) { caseMigrationPreview(caseIds: $ids, toVersion: "1")'
        " { case { id } } }"
    )
    declared = CARDINALITIES["Query.caseMigrationPreview"]
    assert isinstance(declared, ByArgument)
    each = cost(text).of({"ids": ["a"]})
    assert cost(text).of({"ids": ["a"] * 20}) == 20 * each
    assert cost(text).of({"ids": ["a"] * 999}) == declared.most * each
    assert cost(text).of({}) == declared.most * each


def test_a_fragment_costs_each_time_that_it_is_spread() -> None:
    one = cost('{ a: case(id: "x") { ...C } } fragment C on Case { number timeline { kind } }')
    two = cost(
        '{ a: case(id: "x") { ...C } b: case(id: "y") { ...C } }'
        " fragment C on Case { number timeline { kind } }"
    )
    assert two.constant == 2 * one.constant


HOSTILE = {
    "many cases with everything that happened": (
        "{ cases(first: 100) { edges { node { timeline { kind recordedAt label actorName } "
        " obligations { code dueOn } followUps { id heldOn } } } } }"
    ),
    "the same list many times": "{ "
    + " ".join(
        f"a{n}: cases(first: 100) {{ edges {{ node {{ id number state household {{ id alias }} }} }} }}"
        for n in range(40)
    )
    + " }",
    "every guideline's rules for every case": (
        "{ cases(first: 100) { edges { node { criteria { rule trace { label because { fact } } } } } } }"
    ),
    "round and round": (
        "{ households(first: 100) { edges { node { cases { household { cases { household {"
        " members { role since person { id givenName familyName personalNumber } } } } } } } } } }"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_before_anything_is_read(name: str) -> None:
    [error] = execute(ACTOR, HOSTILE[name])["errors"]
    assert error["extensions"]["code"] == "TOO_COSTLY", error
    assert error["extensions"]["cost"] > MAX_COST


def test_hostile_by_its_variables_alone() -> None:
    text = (
        "query Q($n: Int) { cases(first: $n) { edges { node {"
        " timeline { kind recordedAt label actorName } "
        " obligations { code dueOn } followUps { heldOn } } } } }"
    )
    assert cost(text).of({"n": 5}) < MAX_COST
    [error] = execute(ACTOR, text, {"n": 100})["errors"]
    assert error["extensions"]["code"] == "TOO_COSTLY"


def test_a_request_costs_a_few_multiplications_and_no_walk() -> None:
    """Reckoning a known document is beyond comparison with reckoning it anew."""
    text = document(max(names(), key=lambda name: len(document(name))))
    known = cost(text)
    parsed = parse(text)
    operation = get_operation_ast(parsed)
    assert operation is not None

    def quickest(times: int, run: Any) -> float:
        found = []
        for _ in range(times):
            started = time.perf_counter()
            run()
            found.append(time.perf_counter() - started)
        return min(found)

    variables = {"lang": "sv", "first": 50}
    anew = quickest(20, lambda: cost_of(executable_schema(), parsed, operation))
    again = quickest(200, lambda: known.of(variables))
    assert anew / again > 30
