"""Cases for both GraphQL schemas, made by schemathesis: documents, and inputs of commands.

Documents are written by schemathesis from the schema itself, valid and invalid ones. Inputs are
described to it in JSON Schema, made from the same schema, and sent as variables; half of them are one
that was taken once, with some of its fields replaced.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import schemathesis
from graphql import (
    SKIP,
    FieldNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    Visitor,
    get_named_type,
    get_nullable_type,
    is_list_type,
    parse,
    print_ast,
    print_schema,
    visit,
)
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.graphql import nodes

from hemvist.clock import today
from hemvist_api_inputs import named_by
from hemvist_fuzz import STRANGE, Case, Maker, plain, stranger
from hemvist_fuzz_town import KOMMUN, Town
from hemvist_graphql.landlord.schema import executable_schema as landlord_schema
from hemvist_graphql.schema import executable_schema
from hemvist_world import BASIS, GUARANTEE, HOUSING, MUNICIPAL, SUPPORT

WORDS = [
    *("granted", "refused", "entitled", BASIS, MUNICIPAL, GUARANTEE, SUPPORT, HOUSING, "1283"),
    *("SOF-VUX", "AMF", "FF", "applicant", "child", "none", "secrecy_mark", "other", "", " "),
]
DAYS = [str(today()), "2026-09-01", "1900-01-01", "2199-12-31", "2024-02-29", "2026-02-30", "igår"]
INSTANTS = [f"{day}T12:00:00Z" for day in DAYS[:5]] + ["2026-01-01T00:00:00", "x"]
NUMBERS = [0, 1, 2, 3, 4, 12, -1, 2**31 - 1, -(2**31), 2**31, 2**63, 10**30]
FLOATS = [0, -1, 54.5, 1e15, 1e308, -0.0, 2**63]
JSON = [{}, [], "x", 3, None, {"a": {"b": [1, "@@nul@@"]}}, {"household": "@@half@@"}, 1e308]
#: Under this name a document's command tells what it answered.
KIND = "whatKind"
REFUSALS = """ __typename
  ... on ValidationFailed { sv: message en: message(lang: "en")
      problems { field rule sv: message en: message(lang: "en") } }
  ... on PolicyRefused { field rule sv: message en: message(lang: "en") }
  ... on Conflict { field rule sv: message en: message(lang: "en") }
  ... on NotAllowed { field rule sv: message en: message(lang: "en") }
  ... on NotFound { field rule sv: message en: message(lang: "en") } """


@dataclass(frozen=True)
class Api:
    """One of the two schemas: what its kinds are called, where it answers, and who sends."""

    prefix: str
    path: str
    schema: GraphQLSchema
    senders: tuple[str, ...]
    own: bool

    def names(self, town: Town) -> Any:
        """The ids that its callers know."""
        return town.names if self.own else town.landlord_names


@cache
def apis() -> tuple[Api, ...]:
    """The kommun's own API and the landlords'."""
    staff = ("everything",) * 5 + ("caseworker", "manager", "officer", "policy officer")
    return (
        Api("", f"/{KOMMUN}/graphql", executable_schema(), staff, own=True),
        Api("landlords' ", "/landlord/graphql", landlord_schema(), ("landlord",), own=False),
    )


def document_of(api: Api, command: str) -> str:
    """The command with its refusals in both languages."""
    mutations = api.schema.mutation_type
    assert mutations is not None
    given = mutations.fields[command].args["input"].type
    return f"mutation Do($input: {given}) {{ {command}(input: $input) {{{REFUSALS} }} }}"


# Documents


def document_targets(api: Api) -> list[str]:
    """Every root field, by its type's name and its own."""
    roots = (api.schema.query_type, api.schema.mutation_type)
    return [f"{root.name}.{name}" for root in roots if root for name in root.fields]


@cache
def _root_operations(own: bool) -> dict[str, Any]:
    """The schemathesis operation that asks for each root field."""
    [api] = [one for one in apis() if one.own is own]
    found = schemathesis.graphql.from_file(print_schema(api.schema))
    operations = (result.ok() for result in found.get_all_operations())
    return {operation.label: operation for operation in operations}


def documents(api: Api, label: str, town: Town) -> Maker:
    """Documents that ask for one root field: of the schema, and against it."""
    register_scalars(api, town)
    operation = _root_operations(api.own)[label]
    made = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )
    export = [f"{api.path}/export"] if api.own and label.startswith("Query.") else []

    def case(one: Any, chance: random.Random) -> Case:
        return Case(
            f"{api.prefix}documents",
            label,
            chance.choice(api.senders),
            "POST",
            # A list can also be had as a stream.
            chance.choice([*[api.path] * 7, *export]),
            chance.choice(["sv", "en"]),
            {"query": _telling(str(one.body))},
        )

    return Maker(made, case)


def _telling(text: str) -> str:
    """The document with the type of what each command answers under ``KIND``, if it can be read."""
    try:
        read = parse(text)
    except (GraphQLError, RecursionError):
        return text
    kind = FieldNode(
        alias=NameNode(value=KIND), name=NameNode(value="__typename"), arguments=(), directives=()
    )

    class Asking(Visitor):
        """Adds it to what is asked of each command."""

        def enter_operation_definition(self, one: OperationDefinitionNode, *_: Any) -> Any:
            if one.operation is not OperationType.MUTATION:
                return SKIP
            roots = tuple(
                replace(
                    root,
                    selection_set=replace(
                        root.selection_set, selections=(kind, *root.selection_set.selections)
                    ),
                )
                if isinstance(root, FieldNode) and root.selection_set
                else root
                for root in one.selection_set.selections
            )
            return replace(one, selection_set=replace(one.selection_set, selections=roots))

    read = visit(read, Asking())
    return print_ast(read)


def register_scalars(api: Api, town: Town) -> None:
    """What schemathesis writes into a document for a scalar of ours."""
    names = api.names(town)
    ids = [label for kind in sorted(names.ids) for label in names.of(kind, 3)]
    scalar = schemathesis.graphql.scalar
    scalar("ID", st.sampled_from([*ids, "x", "Case_1", "@@nul@@"]).map(nodes.String))
    scalar("Date", st.sampled_from(DAYS).map(nodes.String))
    scalar("DateTime", st.sampled_from(INSTANTS).map(nodes.String))
    json = st.sampled_from(['"x"', "5", "{}", "[1]", '{a: "b"}', "null", "true"])
    scalar("Json", json.map(nodes.String))


# Inputs


def command_targets(api: Api) -> list[str]:
    """Every command of the schema."""
    mutations = api.schema.mutation_type
    assert mutations is not None
    return sorted(mutations.fields)


def inputs(api: Api, command: str, town: Town) -> Maker:
    """Inputs of one command: of its type, against it, and like one that was taken."""
    mutations = api.schema.mutation_type
    assert mutations is not None
    given = get_named_type(mutations.fields[command].args["input"].type)
    assert isinstance(given, GraphQLInputObjectType)
    described = _described(given, api.names(town), town.words())
    [operation] = _operations(f"/{command}", "application/json", described)
    made = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )
    # Their own fields' names are kept: with others nothing gets past the types.
    known = town.taken.get(command, []) if api.own else []
    document = document_of(api, command)

    def case(one: Any, chance: random.Random) -> Case:
        body = plain(one.body)
        if known and isinstance(body, dict) and chance.random() < 0.7:
            body = _like(chance.choice(known), body, chance)
        if isinstance(body, dict) and chance.random() < 0.3:
            body = stranger(body, chance)
        if isinstance(body, dict) and chance.random() < 0.9:
            body = {**body, "idempotencyKey": "@@key@@"}
        sent = {"query": document, "variables": {"input": body}}
        who, lang = chance.choice(api.senders), chance.choice(["sv", "en"])
        return Case(f"{api.prefix}inputs", command, who, "POST", api.path, lang, sent)

    return Maker(made, case)


def _like(taken: dict[str, Any], made: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """What was taken once, with up to two of its fields as they were made."""
    names = sorted(made)
    chosen = chance.sample(names, min(len(names), chance.randint(0, 2)))
    return (
        {**taken, "expectedVersion": chance.randint(1, 6), **{n: made[n] for n in chosen}}
        if ("expectedVersion" in taken)
        else {**taken, **{name: made[name] for name in chosen}}
    )


def _operations(path: str, media: str, body: dict[str, Any]) -> Iterator[Any]:
    raw = {
        "openapi": "3.1.0",
        "info": {"title": "Hemvist", "version": "1"},
        "paths": {
            path: {
                "post": {
                    "requestBody": {"required": True, "content": {media: {"schema": body}}},
                    "responses": {"default": {"description": "any"}},
                }
            }
        },
    }
    for result in schemathesis.openapi.from_dict(raw).get_all_operations():
        yield result.ok()


def _described(kind: GraphQLInputObjectType, names: Any, words: dict[str, list[str]]) -> Any:
    """A GraphQL input type in JSON Schema."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [
            name for name, one in kind.fields.items() if isinstance(one.type, GraphQLNonNull)
        ],
        "properties": {
            name: _field(name, one.type, names, words) for name, one in kind.fields.items()
        },
    }


def _field(name: str, type_: Any, names: Any, words: dict[str, list[str]]) -> dict[str, Any]:
    inner = get_nullable_type(type_)
    if is_list_type(inner):
        of = _field(name, inner.of_type, names, words)
        described: dict[str, Any] = {"type": "array", "items": of, "maxItems": 3}
    else:
        described = _scalar(name, get_named_type(type_), names, words)
    if isinstance(type_, GraphQLNonNull):
        return described
    return {"anyOf": [described, {"type": "null"}]}


def _scalar(name: str, kind: Any, names: Any, words: dict[str, list[str]]) -> dict[str, Any]:
    if isinstance(kind, GraphQLInputObjectType):
        described: dict[str, Any] = _described(kind, names, words)
        return described
    if isinstance(kind, GraphQLEnumType):
        return {"enum": list(kind.values)}
    target = named_by(name)
    known = words.get(name, [])
    return {
        "ID": {"enum": [*names.of(target), *names.of("Case", 1), f"{target}_{'0' * 32}", "x"]},
        "String": {
            "anyOf": [
                {"enum": list(dict.fromkeys([*known, *known[:3], *WORDS]))},
                {"enum": list(dict.fromkeys([*known, *STRANGE]))},
                {"type": "string", "maxLength": 40},
            ]
        },
        "Int": {"anyOf": [{"enum": NUMBERS}, {"type": "integer"}]},
        "Float": {"anyOf": [{"enum": FLOATS}, {"type": "number"}]},
        "Boolean": {"type": "boolean"},
        "Date": {"enum": list(dict.fromkeys([*known, *DAYS]))},
        "DateTime": {"enum": list(dict.fromkeys([*known, *INSTANTS]))},
        "Json": {"anyOf": [{"enum": JSON}, {"type": "object", "maxProperties": 3}]},
    }[kind.name]
