"""Asking the landlords' API in-process, and who asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from hemvist.identity import Actor
from hemvist_graphql.landlord import execute
from hemvist_graphql.landlord.schema import executable_schema

#: Every refusal of a command, for a document's selection.
REFUSALS = """
  __typename
  ... on ValidationFailed { message problems { field rule message(lang: "en") } }
  ... on PolicyRefused { rule cite message(lang: "en") }
  ... on Conflict { rule message(lang: "en") }
  ... on NotAllowed { message(lang: "en") }
  ... on NotFound { message(lang: "en") }
"""


def ask(actor: Actor, document: str, **variables: Any) -> dict[str, Any]:
    """The data of an operation that must succeed."""
    answer = execute(actor, document, variables)
    assert "errors" not in answer, answer["errors"]
    data: dict[str, Any] = answer["data"]
    return data


def failure(actor: Actor, document: str, **variables: Any) -> dict[str, Any]:
    """The first error of an operation that must fail."""
    answer = execute(actor, document, variables)
    assert answer.get("errors"), answer
    error: dict[str, Any] = answer["errors"][0]
    return error


def mutation(name: str, selection: str) -> str:
    """A document for the command ``name``; ``selection`` is read of what it gives."""
    mutations = executable_schema().mutation_type
    assert mutations is not None
    given = mutations.fields[name].args["input"].type
    done = name[0].upper() + name[1:] + "Done"
    return (
        f"mutation Do($input: {given}) {{ {name}(input: $input) {{"
        f"{REFUSALS} ... on {done} {{ {selection} }} }} }}"
    )


def command(actor: Actor, name: str, given: Mapping[str, Any], selection: str) -> dict[str, Any]:
    """What the command answered, with a fresh idempotency key unless one is given."""
    body = {"idempotencyKey": str(uuid4()), **given}
    answer: dict[str, Any] = ask(actor, mutation(name, selection), input=body)[name]
    return answer
