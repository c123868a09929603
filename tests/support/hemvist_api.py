"""Asking the API: documents made from the schema itself, in-process and over the real route."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
    is_required_argument,
)
from starlette.testclient import TestClient

from hemvist.identity import Actor
from hemvist_graphql import execute
from hemvist_graphql.http import router
from hemvist_graphql.schema import executable_schema

#: Every refusal of a command, for a document's selection.
REFUSALS = """
  __typename
  ... on ValidationFailed { message problems { field rule message(lang: "en") params } }
  ... on PolicyRefused { rule cite message(lang: "en") items trace }
  ... on Conflict { rule message(lang: "en") params }
  ... on NotAllowed { action message(lang: "en") }
  ... on NotFound { kind message(lang: "en") }
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
    field = executable_schema().mutation_type.fields[name]  # type: ignore[union-attr]
    given = field.args["input"].type
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


def everything_of(type_: Any, depth: int) -> str:
    """Every field of a type that needs no argument, to a depth; leaves only at the bottom."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLUnionType):
        parts = [f"... on {one.name} {{ {everything_of(one, depth)} }}" for one in named.types]
        return " ".join(["__typename", *parts])
    assert isinstance(named, GraphQLObjectType | GraphQLInterfaceType)
    return " ".join(["__typename", *_fields(named, depth)])


def fields_of(type_: Any, depth: int) -> list[str]:
    """The fields of ``everything_of``, one by one."""
    return list(_fields(get_named_type(type_), depth))


def _fields(named: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> Iterator[str]:
    for name, field in named.fields.items():
        if any(is_required_argument(one) for one in field.args.values()):
            continue
        if not is_composite_type(get_named_type(field.type)):
            yield name
        elif depth > 0:
            yield f"{name} {{ {everything_of(field.type, depth - 1)} }}"


@dataclass
class Caller:
    """Somebody at the real route with a token."""

    client: TestClient
    slug: str
    token: str

    def post(self, document: str, slug: str | None = None, **variables: Any) -> Any:
        """The response to an operation."""
        return self.client.post(
            f"/{slug or self.slug}/graphql",
            json={"query": document, "variables": variables},
            headers={"Authorization": f"Bearer {self.token}"},
        )

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of an operation that must succeed."""
        response = self.post(document, **variables)
        assert response.status_code == 200, response.text
        answer = response.json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def command(self, name: str, selection: str, **given: Any) -> dict[str, Any]:
        """What a command answered, with a fresh idempotency key unless one is given."""
        body = {"idempotencyKey": str(uuid4()), **given}
        answer: dict[str, Any] = self.ask(mutation(name, selection), input=body)[name]
        return answer


@contextmanager
def served_api() -> Iterator[TestClient]:
    """The real route in an application of its own."""
    app = FastAPI()
    app.include_router(router)
    with TestClient(app) as client:
        yield client
