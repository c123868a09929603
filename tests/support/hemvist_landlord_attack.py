"""The landlords' API attacked: operations made from its schema, and a kommun full of things to find.

``fill`` puts a row into every table of a kommun, with words that are found nowhere else. So whatever
somebody reads can be searched for every word that is not theirs, and every row's id can be tried in
every place that takes one, whatever a module adds to the schema later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from graphql import (
    GraphQLInputObjectType,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)
from strawberry.utils.str_converters import to_camel_case

from hemvist.identity import Actor
from hemvist.migrations.tables import metadata
from hemvist_api import everything_of
from hemvist_api_inputs import PLAIN
from hemvist_graphql.ids import global_id
from hemvist_graphql.landlord import execute
from hemvist_graphql.landlord.commands import command_ids, commands
from hemvist_graphql.landlord.declaring import Node, shown_types
from hemvist_graphql.landlord.schema import executable_schema
from hemvist_graphql.limits import MAX_ALIASES
from hemvist_rows import owned_tables, owner_engine, set_context

#: A made-up text: any other is a code that many rows share.
_MADE_UP = re.compile(r"[0-9a-f]{16}")
#: How deep a list is read: a page, its edges, the row, and what the row points at.
DEPTH = 3


def _query() -> Mapping[str, Any]:
    query = executable_schema().query_type
    assert query is not None
    return query.fields


def crawled(actor: Actor) -> dict[str, Any]:
    """Everything that somebody can read: every root field, those that need an id with every id found."""
    found: dict[str, Any] = {}
    later = []
    for name, field in _query().items():
        needed = [key for key, one in field.args.items() if is_required_argument(one)]
        if needed:
            later.append((name, needed))
        else:
            found[name] = _read(actor, name, {})
    ids = sorted(ids_in(found))
    for name, needed in later:
        if len(needed) == 1 and name not in look_ups() and _query()[name].args[needed[0]]:
            for row_id in ids:
                found[f"{name} {row_id}"] = _read(actor, name, {needed[0]: row_id})
    return found


def _read(actor: Actor, name: str, given: dict[str, Any]) -> Any:
    """A root field with all that lies in it, as far as a cost allows."""
    field = _query()[name]
    heads = ", ".join(f"${key}: {field.args[key].type}" for key in given)
    words = [f"{key}: ${key}" for key in given]
    if "first" in field.args:
        words.append("first: 10")
    arguments = f"({', '.join(words)})" if words else ""
    head = f"query Q({heads})" if heads else "query Q"
    for depth in range(DEPTH, -1, -1):
        inner = (
            f" {{ {everything_of(field.type, depth)} }}"
            if is_composite_type(get_named_type(field.type))
            else ""
        )
        answer = execute(actor, f"{head} {{ {name}{arguments}{inner} }}", given)
        if answer.get("errors", [{"message": ""}])[0]["message"].find("may cost") < 0:
            break
    assert "errors" not in answer, (name, answer["errors"])
    return answer["data"][name]


def ids_in(value: Any) -> set[str]:
    """Every global id in an answer."""
    if isinstance(value, dict):
        own = {value["id"]} if isinstance(value.get("id"), str) and "_" in value["id"] else set()
        return own.union(*(ids_in(one) for one in value.values()))
    if isinstance(value, list):
        return set().union(*(ids_in(one) for one in value))
    return set()


@dataclass(frozen=True)
class Words:
    """What the rows of a kommun say, by table and column: texts and ids."""

    said: Mapping[str, Mapping[str, frozenset[str]]]

    def of(self, *tables: str) -> set[str]:
        """All that these tables say, or all tables."""
        return {
            word
            for table, columns in self.said.items()
            if not tables or table in tables
            for words in columns.values()
            for word in words
        }

    def hidden(self, shown: Mapping[str, set[str]]) -> set[str]:
        """What no column of ``shown`` (by table) says."""
        seen = {
            word
            for table, columns in self.said.items()
            for column, words in columns.items()
            if column in shown.get(table, ())
            for word in words
        }
        return self.of() - seen


def words_of(tenant_id: UUID) -> Words:
    """What every row of the tenant says: texts of some length, and ids as an answer would print them."""
    said: dict[str, dict[str, frozenset[str]]] = {}
    with owner_engine().begin() as connection:
        set_context(connection, tenant_id)
        for table in owned_tables():
            rows = connection.execute(
                sa.select(table).where(table.c.tenant_id == tenant_id)
            ).mappings()
            columns: dict[str, set[str]] = {}
            for row in rows:
                for name, value in row.items():
                    columns.setdefault(name, set()).update(_words(name, value))
            said[table.name] = {name: frozenset(words) for name, words in columns.items()}
    return Words(said)


def _words(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, UUID) and name == "id":
        yield value.hex
    elif isinstance(value, str) and _MADE_UP.fullmatch(value):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _words(name, one)


def told(answer: Any) -> str:
    """An answer as one text, to be searched."""
    return json.dumps(answer, ensure_ascii=False)


def type_names() -> list[str]:
    """Every type of rows that have ids."""
    executable_schema()
    return sorted(name for name, cls in shown_types().items() if issubclass(cls, Node))


def looked_up(actor: Actor, ids: list[str]) -> dict[str, Any]:
    """What ``node`` and the look-up of its own type answer for these ids; None is left out."""
    found: dict[str, Any] = {}
    places = [
        (look_up, one)
        for one in ids
        for look_up, type_name in look_ups().items()
        if type_name in ("Node", one.partition("_")[0])
    ]
    for first in range(0, len(places), MAX_ALIASES):
        part = places[first : first + MAX_ALIASES]
        heads = ", ".join(f"$i{n}: ID!" for n in range(len(part)))
        fields = " ".join(
            f"f{n}: {look_up}(id: $i{n}) {{ __typename }}" for n, (look_up, _) in enumerate(part)
        )
        answer = execute(
            actor,
            f"query Q({heads}) {{ {fields} }}",
            {f"i{n}": one for n, (_, one) in enumerate(part)},
        )
        assert "errors" not in answer, answer["errors"]
        found |= {
            f"{look_up} {one}": answer["data"][f"f{n}"]
            for n, (look_up, one) in enumerate(part)
            if answer["data"][f"f{n}"] is not None
        }
    return found


@cache
def look_ups() -> dict[str, str]:
    """Root fields that need one id and no more, with the type of what they find."""
    return {
        name: get_named_type(field.type).name
        for name, field in _query().items()
        if [str(one.type) for one in field.args.values() if is_required_argument(one)] == ["ID!"]
        and "id" in field.args
    }


def filtered(actor: Actor, ids: list[str]) -> dict[str, Any]:
    """What every list shows that takes an id of something, for these ids; empty ones are left out."""
    found: dict[str, Any] = {}
    for name, field in _query().items():
        inner = get_named_type(field.type)
        if name in look_ups() or not is_composite_type(inner):
            continue
        for argument, one in field.args.items():
            if get_named_type(one.type).name != "ID":
                continue
            shown = "{ edges { cursor } }" if "first" in field.args else "{ __typename }"
            kind = one.type
            for row_id in ids:
                answer = execute(
                    actor,
                    f"query Q($id: {kind}) {{ {name}({argument}: $id) {shown} }}",
                    {"id": row_id},
                )
                assert "errors" not in answer, (name, answer["errors"])
                value = answer["data"][name]
                if value not in ([], None, {"edges": []}):
                    found[f"{name}({argument}: {row_id})"] = value
    return found


def places() -> list[tuple[str, str, str]]:
    """Every id of every command: command, Python path of the field, and the type that it names."""
    executable_schema()
    return [
        (label, path, type_name)
        for label, command in commands().items()
        for path, type_name in command_ids(command.input_type)
    ]


def tried(actor: Actor, label: str, path: str, row_id: str, rest: Mapping[str, str]) -> Any:
    """What a command answers where ``row_id`` stands at ``path``; ``rest`` are its other ids, by path."""
    given = made_input(input_of(label), {**rest, path: row_id})
    answer = execute(actor, refused(label), {"input": given})
    assert "errors" not in answer, (label, path, answer["errors"])
    return answer["data"][label]


def input_of(label: str) -> GraphQLInputObjectType:
    """The type of a command's input."""
    mutations = executable_schema().mutation_type
    assert mutations is not None
    kind = get_named_type(mutations.fields[label].args["input"].type)
    assert isinstance(kind, GraphQLInputObjectType)
    return kind


def made_input(kind: GraphQLInputObjectType, ids: Mapping[str, str]) -> dict[str, Any]:
    """An input that holds as far as its types say, with these ids by path; other ids are of nothing."""
    return {**_input(kind, "", ids), "idempotencyKey": str(uuid4())}


def refused(label: str) -> str:
    """The command as a document, with all that it may refuse with."""
    return (
        f"mutation M($input: {input_of(label).name}!) {{ {label}(input: $input) {{ __typename"
        " ... on NotFound { message } ... on Conflict { rule message }"
        " ... on ValidationFailed { problems { field rule message } }"
        " ... on PolicyRefused { rule cite message } ... on NotAllowed { message } } }"
    )


def _input(kind: GraphQLInputObjectType, path: str, ids: Mapping[str, str]) -> dict[str, Any]:
    """An input of the right types with these ids, and ids of nothing in every other place."""
    return {
        name: _value(field.type, f"{path}{name}", ids)
        for name, field in kind.fields.items()
        if is_required_input_field(field) or _leads_to(f"{path}{name}", ids)
    }


def _leads_to(path: str, ids: Mapping[str, str]) -> bool:
    return any(one == path or one.startswith(f"{path}.") for one in map(to_camel_case_path, ids))


def to_camel_case_path(path: str) -> str:
    """A path of Python names as the schema spells it."""
    return ".".join(to_camel_case(one) for one in path.split("."))


def _value(type_: Any, path: str, ids: Mapping[str, str]) -> Any:
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        value: Any = _input(named, f"{path}.", ids)
    elif named.name == "ID":
        value = next(
            (one for place, one in ids.items() if to_camel_case_path(place) == path),
            global_id("Nothing", uuid4()),
        )
    elif hasattr(named, "values"):
        value = next(iter(named.values))
    else:
        value = PLAIN[named.name]
    return [value] if is_list_type(get_nullable_type(type_)) else value


def every_table() -> list[str]:
    """Tables that a kommun owns rows of."""
    return [table.name for table in owned_tables() if table.name in metadata.tables]
