"""Any input at all gets a typed answer: never our own failure, never half a change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    get_nullable_type,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.decisions.models import Decision
from hemvist.households.models import Household, Person
from hemvist.offers.models import Offer
from hemvist.referrals.models import Referral
from hemvist.units.models import Unit
from hemvist_api import execute, mutation
from hemvist_graphql.ids import global_id
from hemvist_graphql.schema import executable_schema
from hemvist_world import World, new_world

SCHEMA = executable_schema()
assert SCHEMA.mutation_type is not None
COMMANDS = sorted(SCHEMA.mutation_type.fields)
WORDS = (
    *("SOF-VUX", "FF", "municipal_contract", "rent_guarantee", "support_to_obtain_housing"),
    *("housing", "granted", "refused", "sol_2025_11_1", "entitled", "has_own_contract"),
    *("applicant", "none", "unknown", "debts_ore", "vulnerable_groups", "first_follow_up"),
)
NASTY = st.one_of(
    st.sampled_from(WORDS),
    st.text(max_size=30),
    st.sampled_from(["", " ", "\0", "\ud800", "'; --", "x" * 20_000, "𝄞" * 40, "\u202e", "-1"]),
)
NUMBERS = st.one_of(
    st.sampled_from([0, 1, 2, 3, -1, 12, 24, 2**31 - 1, -(2**31)]), st.integers(-(2**31), 2**31 - 1)
)
DAYS = st.one_of(
    st.integers(-400, 40).map(lambda days: str(today() + timedelta(days=days))),
    st.sampled_from(["1900-01-01", "2199-12-31", "2024-02-29"]),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), NASTY, DAYS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NASTY, inner, max_size=4)),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def ids(database: str) -> tuple[World, dict[str, list[str]]]:
    """A kommun of its own with something of each type, in several states."""
    world = new_world()
    world.housed(world.case())
    world.submitted(world.case())
    world.offer(world.registered(world.case()))
    world.propose(world.case())
    world.draft(world.case())
    world.unit()
    found: dict[str, list[str]] = {
        "Case": [global_id("Case", row.case_id) for row in world.rows(Referral)]
    }
    for model in (Referral, Decision, Offer, Obligation, Unit, Household, Person):
        name = model.__name__
        found[name] = [global_id(name, row.id) for row in world.rows(model)]
    return world, found


def inputs(type_: Any, key: str, ids: dict[str, list[str]]) -> st.SearchStrategy[Any]:
    """Values of the right type and otherwise anything."""
    if not isinstance(type_, GraphQLNonNull):
        return st.one_of(st.none(), _sure(get_nullable_type(type_), key, ids))
    return _sure(type_.of_type, key, ids)


def _sure(type_: Any, key: str, ids: dict[str, list[str]]) -> st.SearchStrategy[Any]:
    if isinstance(type_, GraphQLList):
        return st.lists(inputs(type_.of_type, key, ids), max_size=4)
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        return st.fixed_dictionaries(
            {name: inputs(field.type, name, ids) for name, field in named.fields.items()}
        )
    if named.name == "ID":
        known = ids.get(key.removesuffix("Id")[0].upper() + key.removesuffix("Id")[1:], [])
        return st.one_of(st.sampled_from(known), NASTY) if known else NASTY
    if key == "expectedVersion":
        return st.one_of(st.integers(1, 8), NUMBERS)
    if key == "idempotencyKey":
        return st.uuids().map(str)
    return {
        "String": NASTY,
        "Int": NUMBERS,
        "Float": st.floats(allow_nan=False, allow_infinity=False),
        "Boolean": st.booleans(),
        "Date": DAYS,
        "DateTime": DAYS.map(lambda day: f"{day}T12:00:00Z"),
        "Json": JSON,
    }[named.name]


@pytest.mark.parametrize("name", COMMANDS)
def test_any_input_gets_a_typed_answer(name: str, ids: tuple[World, dict[str, list[str]]]) -> None:
    world, known = ids
    field = SCHEMA.mutation_type.fields[name]  # type: ignore[union-attr]
    actors = [world["caseworker SOF-VUX"], world["manager SOF-VUX"], world["property"]]

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(given=inputs(field.args["input"].type, "input", known), who=st.sampled_from(actors))
    def try_it(given: dict[str, Any], who: Any) -> None:
        answer = execute(who, mutation(name, "__typename"), {"input": given})
        if "errors" in answer:
            codes = {error["extensions"]["code"] for error in answer["errors"]}
            assert codes == {"BAD_INPUT"}, answer
        else:
            assert answer["data"][name]["__typename"]

    try_it()
