"""What no form would send: every command with every value that can go wrong, and never a fault of ours."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from hemvist_graphql.landlord import execute
from hemvist_graphql.landlord.commands import command_ids, commands
from hemvist_graphql.landlord.schema import executable_schema
from hemvist_landlord_attack import input_of, made_input, refused
from hemvist_landlord_town import Town, made_town

#: By the scalar's name: too much, too little, and what cannot be stored.
HOSTILE: dict[str, list[Any]] = {
    "String": [
        "",
        " ",
        "\0",
        "\ud800",
        "x" * 20_000,
        "🏠" * 300,
        "'; DROP TABLE units; --",
        "%_\\",
    ],
    "Int": [0, -1, 2**31 - 1, -(2**31)],
    "Float": [0.0, -1.5, 1e300, 1e-300],
    "Date": ["1900-01-01", "2199-12-31"],
    "DateTime": ["1901-01-01T00:00:00Z", "2198-12-31T23:59:59Z"],
    "Json": [[], "x", 7, {"a": {"b": [1] * 100}}, {"": ""}],
    "Boolean": [True, False],
}


#: Some thousand commands.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def town(database: str) -> Town:
    return made_town()


def test_no_value_of_a_command_is_a_fault_of_ours(town: Town) -> None:
    executable_schema()
    faults, attempts = [], 0
    for label, command in commands().items():
        own = {
            path: town.ids[kind][0]
            for path, kind in command_ids(command.input_type)
            if town.ids.get(kind)
        }
        kind = input_of(label)
        for field, one in kind.fields.items():
            for value in HOSTILE.get(get_named_type(one.type).name, []):
                if field == "idempotencyKey":
                    given = given_of(kind, own, field, value)
                else:
                    given = given_of(kind, own, field, value) | {"idempotencyKey": str(uuid4())}
                answer = execute(town.owner, refused(label), {"input": given})
                attempts += 1
                codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
                if codes - {"BAD_INPUT"}:
                    faults.append((label, field, str(value)[:20], codes))
    assert attempts > 20 * len(commands())
    assert faults == []


def given_of(
    kind: GraphQLInputObjectType, own: dict[str, str], field: str, value: Any
) -> dict[str, Any]:
    """An input of the right types and one's own ids, with ``value`` in one field."""
    whole = made_input(kind, own)
    is_list = str(kind.fields[field].type).startswith("[")
    return {**whole, field: [value] if is_list else value}
