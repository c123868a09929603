"""Inputs that name what exists: every command of the schema, with every id that its input takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLNonNull, get_named_type

from hemvist_api_inputs import PLAIN, named_by
from hemvist_graphql.schema import executable_schema


def inputs_naming(rows: dict[str, str]) -> Iterator[tuple[str, dict[str, Any], list[str]]]:
    """Every command with an input whose ids are those of ``rows``, and the types that it names."""
    mutations = executable_schema().mutation_type
    assert mutations is not None
    for name, field in mutations.fields.items():
        given = get_named_type(field.args["input"].type)
        assert isinstance(given, GraphQLInputObjectType)
        body, named = {}, []
        for key, item in given.fields.items():
            refers = _refers(key, item.type)
            if refers is not None:
                named.append(refers)
            named += _ids_within(item.type)
            if refers or isinstance(item.type, GraphQLNonNull):
                body[key] = _value(item.type, refers, rows)
        yield name, body, named


def is_id(type_: Any) -> bool:
    """Whether it is an id, or a list of them."""
    return bool(get_named_type(type_).name == "ID")


def _value(type_: Any, refers: str | None, rows: dict[str, str]) -> Any:
    named = get_named_type(type_)
    if refers is not None:
        return rows[refers]
    if isinstance(named, GraphQLInputObjectType):
        one = {
            name: _value(field.type, _refers(name, field.type), rows)
            for name, field in named.fields.items()
            if isinstance(field.type, GraphQLNonNull)
        }
        return [one]
    value = PLAIN[named.name]
    return [value] if str(type_).startswith("[") else value


def _refers(name: str, type_: Any) -> str | None:
    """The type that an id of an input names."""
    return named_by(name) if is_id(type_) else None


def _ids_within(type_: Any) -> Iterator[str]:
    """The types that the ids of a list of inputs name."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        for name, field in named.fields.items():
            refers = _refers(name, field.type)
            if refers is not None and isinstance(field.type, GraphQLNonNull):
                yield refers
