"""Operations that cost more than they may, made from the schema: refused before anything is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_required_argument

from hemvist_attack import Tally
from hemvist_attack_api import Ask
from hemvist_graphql.limits import MAX_ALIASES, MAX_DEPTH
from hemvist_graphql.schema import executable_schema

#: What an operation is refused with that is too much.
TOO_MUCH = frozenset(
    {"TOO_COSTLY", "TOO_DEEP", "TOO_MANY_ALIASES", "DOCUMENT_TOO_LARGE", "PARSE_FAILED"}
)


def _lists(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLObjectType]]:
    """Root fields that are lists with pages and need no argument, with the type of their rows."""
    query = schema.query_type
    assert query is not None
    for name, field in query.fields.items():
        if "first" not in field.args or any(map(is_required_argument, field.args.values())):
            continue
        page = get_named_type(field.type)
        assert isinstance(page, GraphQLObjectType)
        if "edges" not in page.fields:
            continue
        edge = get_named_type(page.fields["edges"].type)
        assert isinstance(edge, GraphQLObjectType)
        row = get_named_type(edge.fields["node"].type)
        if isinstance(row, GraphQLObjectType):
            yield name, row


def attack_costs(
    tally: Tally, ask: Ask, schema: GraphQLSchema | None = None, *, kind: str = "lists without end"
) -> None:
    """Each list a hundred long, many times over, and round in circles as deep as there is a way; of the
    kommun's schema, or another."""
    for name, row in _lists(schema or executable_schema()):
        tally.strike(kind, name)
        inner = " ".join(_leaves(row)) or "__typename"
        page = f"{name}(first: 100) {{ edges {{ node {{ {inner} }} }} }}"
        many = " ".join(f"a{number}: {page}" for number in range(MAX_ALIASES + 1))
        _refused(tally, ask, f"{name}, {MAX_ALIASES + 1} times", f"{{ {many} }}")
        deep = _round(row, MAX_DEPTH + 2)
        if deep:
            document = f"{{ {name}(first: 100) {{ edges {{ node {{ {deep} }} }} }} }}"
            _refused(tally, ask, f"{name}, round in circles", document)


def _refused(tally: Tally, ask: Ask, what: str, document: str) -> None:
    answer = ask(document, {})
    codes = {(one.get("extensions") or {}).get("code") for one in answer.get("errors") or ()}
    if answer.get("data") is not None or not codes & TOO_MUCH:
        tally.find(f"{what} is not refused ({', '.join(map(str, codes)) or 'answered'})")


def _leaves(kind: GraphQLObjectType) -> list[str]:
    return [
        name
        for name, field in kind.fields.items()
        if not hasattr(get_named_type(field.type), "fields")
        and not hasattr(get_named_type(field.type), "types")
        and not any(map(is_required_argument, field.args.values()))
    ]


def _round(kind: GraphQLObjectType, levels: int) -> str:
    """A way from a type back to itself, walked to so many levels; empty where there is none."""
    way = _way_home(kind)
    if not way:
        return ""
    text = "__typename"
    for number in range(levels):
        text = f"{way[-1 - number % len(way)]} {{ {text} }}"
    return text


def _way_home(kind: GraphQLObjectType) -> list[str]:
    waiting: list[tuple[GraphQLObjectType, list[str]]] = [(kind, [])]
    seen = set()
    while waiting:
        at, way = waiting.pop(0)
        for name, field in at.fields.items():
            inner = get_named_type(field.type)
            if not isinstance(inner, GraphQLObjectType) or any(
                map(is_required_argument, field.args.values())
            ):
                continue
            if inner is kind:
                return [*way, name]
            if inner.name not in seen and len(way) < 4:
                seen.add(inner.name)
                waiting.append((inner, [*way, name]))
    return []


def batches() -> list[Any]:
    """Bodies of several operations, and of one that is none."""
    one = {"query": "{ me { name } }"}
    return [
        [one],
        [one] * 500,
        {"0": one, "1": one},
        {"query": [one["query"]] * 2},
        {"documentId": "sha256:" + "0" * 64},
        {"documentId": "../../etc/passwd"},
        {"documentId": "sha256:x", "query": one["query"]},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
        json.loads('{"query": "query A { me { name } } query B { me { name } }"}'),
    ]
