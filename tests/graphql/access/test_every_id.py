"""Ids of things that exist, tried by people who may not know of them.

The attack is made from the schema itself: every field and every command that takes an id is tried, as
another kommun's staff and as another department's.
"""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLNonNull, is_composite_type

from hemvist.decisions.models import Decision
from hemvist.follow_ups.models import FollowUp
from hemvist.households.models import Person
from hemvist.households.service import open_number
from hemvist.offers.models import Offer
from hemvist.referrals.models import Referral
from hemvist_access import KOMMUN_WIDE, every_row
from hemvist_access_inputs import inputs_naming, is_id
from hemvist_api import ask, everything_of, execute, mutation
from hemvist_api_inputs import named_by
from hemvist_graphql.reading import Node, readable, readable_names
from hemvist_graphql.schema import executable_schema
from hemvist_world import new_world

SCHEMA = executable_schema()


@pytest.fixture(scope="module")
def rows(housed: Any) -> dict[str, str]:
    """An id of each type, of things that exist in the housed case's kommun."""
    return every_row(housed.world, housed.case)


@pytest.fixture(scope="module")
def strangers(housed: Any) -> list[Any]:
    """Everybody of another kommun, with every role that there is here."""
    other = new_world()
    return list(other.people.values())


def test_every_look_up_of_another_kommuns_ids_finds_nothing(
    rows: dict[str, str], strangers: list[Any]
) -> None:
    tried = 0
    assert SCHEMA.query_type is not None
    for name, field in SCHEMA.query_type.fields.items():
        if "id" not in field.args:
            continue
        document = f"query Q($id: ID!) {{ {name}(id: $id) {{ {everything_of(field.type, 1)} }} }}"
        for row_id in rows.values():
            for stranger in strangers[:2] + strangers[-1:]:
                assert execute(stranger, document, {"id": row_id}) == {"data": {name: None}}
                tried += 1
    assert tried >= 4 * len(rows)


def test_every_list_of_another_kommun_holds_none_of_these(
    rows: dict[str, str], strangers: list[Any]
) -> None:
    assert SCHEMA.query_type is not None
    for name, field in SCHEMA.query_type.fields.items():
        if "first" not in field.args:
            continue
        # A list of what belongs to one row, such as a run's ranks, is asked of one that exists.
        named = {
            key: "MatchRun" if key == "runId" else named_by(key)
            for key, argument in field.args.items()
            if isinstance(argument.type, GraphQLNonNull) and is_id(argument.type)
        }
        given = {key: rows[type_] for key, type_ in named.items()}
        if "code" in field.args:
            given["code"] = "waiting"
        told = ", ".join(f'{key}: "{value}"' for key, value in given.items())
        of = f"({told})" if told else ""
        for stranger in strangers:
            answer = execute(stranger, f"{{ {name}{of} {{ totalCount edges {{ cursor }} }} }}")
            if answer["data"] is None:
                assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"
            else:
                assert answer["data"][name] == {"totalCount": 0, "edges": []}


def test_every_command_on_another_kommuns_ids_finds_nothing(
    rows: dict[str, str], strangers: list[Any], housed: Any
) -> None:
    before = {
        model: len(housed.world.rows(model)) for model in (Referral, Decision, Offer, FollowUp)
    }
    tried = 0
    for name, body, named in inputs_naming(rows):
        # A landlord is a company's public registration, and no kommun's own.
        if not named or set(named) == {"Landlord"}:
            continue
        for number, stranger in enumerate(strangers):
            given = {**body, "idempotencyKey": f"attack-{name}-{number}"}
            answer = execute(stranger, mutation(name, "__typename"), {"input": given})
            result = answer["data"][name]
            assert result["__typename"] == "NotFound", (name, stranger.name, result)
            tried += 1
    assert tried > 20 * len(strangers)
    after = {model: len(housed.world.rows(model)) for model in before}
    assert after == before


def test_every_command_by_another_department_finds_nothing(
    rows: dict[str, str], housed: Any
) -> None:
    for name, body, named in inputs_naming(rows):
        if not named or set(named) <= KOMMUN_WIDE:
            continue
        given = {**body, "idempotencyKey": f"other-{name}"}
        for who in ("caseworker AMF", "manager VOF"):
            answer = execute(housed.world[who], mutation(name, "__typename"), {"input": given})
            assert answer["data"][name]["__typename"] == "NotFound", (name, who)


def test_another_department_sees_nothing_of_it(rows: dict[str, str], housed: Any) -> None:
    document = "query Q($id: ID!) { node(id: $id) { __typename } }"
    for who in ("caseworker AMF", "manager SOF-BUF"):
        for name, row_id in rows.items():
            # Who gives support is for the whole kommun to know.
            if name != "SupportProvider" and name not in KOMMUN_WIDE - {"Unit"}:
                assert ask(housed.world[who], document, id=row_id) == {"node": None}
        person = housed.world.rows(Person)[0]
        number = ask(
            housed.world[who],
            "query Q($n: String!) { personByNumber(personalNumber: $n) { id } }",
            n=open_number(person),
        )
        assert number == {"personByNumber": []}


def test_every_type_with_an_id_is_tried_by_the_attack(rows: dict[str, str]) -> None:
    nodes = {name for name in readable_names() if issubclass(readable(name), Node)}
    # These are made by later steps than the housed case has taken; they hang on the case alike.
    later = {"Assessment"}
    assert nodes - set(rows) == later
    assert is_composite_type(SCHEMA.get_type("Node"))
