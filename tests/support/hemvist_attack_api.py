"""The kommun's API attacked: operations made from its schema, with ids and words of others.

``Target`` is a kommun with a row in every table, whose texts are found nowhere else. Who attacks is an
``Actor``: of another kommun with every role, of the same with none left. What is asked is made from the
schema: every field of every type by its path, every list with every filter that takes an id, every
command with a foreign id in every place that takes one, and every document that is registered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    is_required_argument,
)

from hemvist.identity import Actor, Membership, Role
from hemvist.ids import new_id
from hemvist_api import everything_of
from hemvist_api_inputs import (
    PLAIN,
    commands,
    fields_of,
    input_type,
    named_by,
    plain_value,
    random_id,
    whole_input,
    with_value,
)
from hemvist_attack import Tally
from hemvist_graphql import execute
from hemvist_graphql.ids import global_id
from hemvist_graphql.reading import Node, readable, readable_names
from hemvist_graphql.schema import executable_schema
from hemvist_landlord_attack import Words, told, words_of
from hemvist_portal.documents import document as portal_document
from hemvist_portal.documents import names as portal_documents
from hemvist_rows import fill
from hemvist_testing import new_tenant

#: Asks an operation and gives its answer.
Ask = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
#: How deep a list is read.
DEPTH = 2
#: Fields in one operation, so that it stays below what one may cost.
_AT_ONCE = 12
_REFUSED = "__typename ... on NotFound { kind message }"
#: Commands that need no role, and why that is right.
WITHOUT_ROLE: Mapping[str, str] = {
    "saveFilter": "the caller's own, shown to nobody else",
    "subscribeDigest": "the caller's own, to the address that their login has verified",
}
#: Tables that everybody of the kommun reads, and why that is right.
COMMON: Mapping[str, str] = {
    "contact_cards": "functions of the kommun that its landlords call; no person's data",
}


@dataclass(frozen=True)
class Target:
    """A kommun that is attacked: its rows by table, what they say, and their ids by type."""

    tenant_id: UUID
    rows: Mapping[str, UUID]
    words: Words

    def ids(self) -> dict[str, str]:
        """Global ids of its rows, by every type that there is."""
        return {name: str(self.id_of(name)) for name in tables_by_type()}

    def id_of(self, type_name: str) -> str | None:
        """The global id of its row of a type, under whose name it is known. Of a shorter name than any
        type has (``Claim``) that of the one type that ends so."""
        known = tables_by_type()
        if type_name not in known:
            ending = [one for one in known if one.endswith(type_name)]
            if len(ending) != 1:
                return None
            [type_name] = ending
        return str(global_id(type_name, self.rows[known[type_name]]))


def filled_target() -> Target:
    """A new kommun, filled. Needs the fixture ``database``."""
    tenant_id = new_tenant()
    return Target(tenant_id, fill(tenant_id), words_of(tenant_id))


@cache
def tables_by_type() -> Mapping[str, str]:
    """Every type of the schema that is read from a table, with the table."""
    executable_schema()
    return {
        name: str(readable(name).reading.model.__table__.name)  # type: ignore[attr-defined]
        for name in readable_names()
    }


def as_actor(actor: Actor) -> Ask:
    """Asking in-process as ``actor``."""
    return lambda document, variables: execute(actor, document, variables)


def _object_types() -> Iterator[GraphQLObjectType]:
    for name, kind in executable_schema().type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            yield kind


def _selected(name: str, field: Any, depth: int) -> str:
    """A field with what is needed of arguments and of what lies below it."""
    given = ", ".join(
        f"{key}: {json.dumps(_plain(key, one.type))}"
        for key, one in field.args.items()
        if is_required_argument(one)
    )
    inner = (
        f" {{ {everything_of(field.type, depth)} }}"
        if is_composite_type(get_named_type(field.type))
        else ""
    )
    return f"{name}{f'({given})' if given else ''}{inner}"


def _plain(name: str, type_: Any) -> Any:
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType) or named.name in PLAIN or named.name == "ID":
        return plain_value(name, type_)
    return None


def attack_fields(
    tally: Tally, target: Target, ask: Ask, *, types: frozenset[str] = frozenset()
) -> None:
    """Every field of every type that has ids, asked of the target's row by ``node``: there is none."""
    for kind in _object_types():
        row_id = target.id_of(kind.name)
        if row_id is None or (types and kind.name not in types):
            continue
        if not issubclass(readable(kind.name), Node):
            continue
        texts = [(name, _selected(name, field, 0)) for name, field in kind.fields.items()]
        for first in range(0, len(texts), _AT_ONCE):
            part = texts[first : first + _AT_ONCE]
            document = (
                "query Q($id: ID!) { node(id: $id) { __typename"
                f" ... on {kind.name} {{ {' '.join(text for _, text in part)} }} }} }}"
            )
            tally.strike("fields", *(f"{kind.name}.{name}" for name, _ in part))
            answer = ask(document, {"id": row_id})
            codes = _codes(answer)
            if codes & {"INVALID_DOCUMENT", "PARSE_FAILED", "TOO_COSTLY"}:
                raise AssertionError((kind.name, answer))
            if (answer.get("data") or {}).get("node") is not None:
                tally.find(f"node({kind.name}) shows {', '.join(name for name, _ in part)}")


def attack_lists(
    tally: Tally, target: Target, ask: Ask, *, common: Mapping[str, str] | None = None
) -> None:
    """Every root field as deep as it may be read, and with an id of the target wherever one fits.

    ``common`` are tables whose words may be shown.
    """
    query = executable_schema().query_type
    assert query is not None
    words = target.words.of() - (target.words.of(*common) if common else set())
    for name, field in query.fields.items():
        for given, foreign in _arguments(target, field):
            for depth in range(DEPTH, -1, -1):
                document = _rooted(name, field, given, depth)
                answer = ask(document, given)
                if "TOO_COSTLY" not in _codes(answer) and "TOO_DEEP" not in _codes(answer):
                    break
            tally.strike("fields", *_paths(name, field, depth))
            # What was sent comes back in nothing but its own place: it is no word of a row.
            text = told(answer)
            for sent in foreign:
                text = text.replace(sent, "…").replace(sent.partition("_")[2], "…")
            leaked = words.intersection(_WORD.findall(text))
            if leaked:
                tally.find(f"{name}({', '.join(given)}) shows {len(leaked)} words of another's")


@cache
def _reached(type_name: str, depth: int) -> frozenset[str]:
    kind = executable_schema().type_map[type_name]
    if not isinstance(kind, GraphQLObjectType):
        return frozenset()
    found: set[str] = set()
    for name, field in kind.fields.items():
        if any(is_required_argument(one) for one in field.args.values()):
            continue
        inner = get_named_type(field.type)
        if not is_composite_type(inner):
            found.add(f"{type_name}.{name}")
        elif depth > 0:
            found.add(f"{type_name}.{name}")
            found |= _reached(inner.name, depth - 1)
    return frozenset(found)


def _paths(name: str, field: Any, depth: int) -> frozenset[str]:
    inner = get_named_type(field.type)
    below = _reached(inner.name, depth) if is_composite_type(inner) else frozenset()
    return below | {f"Query.{name}"}


def _rooted(name: str, field: Any, given: Mapping[str, Any], depth: int) -> str:
    heads = ", ".join(f"${key}: {field.args[key].type}" for key in given)
    words = [f"{key}: ${key}" for key in given]
    if "first" in field.args and "first" not in given:
        words.append("first: 10")
    arguments = f"({', '.join(words)})" if words else ""
    inner = get_named_type(field.type)
    below = f" {{ {everything_of(inner, depth)} }}" if is_composite_type(inner) else ""
    head = f"query Q({heads})" if heads else "query Q"
    return f"{head} {{ {name}{arguments}{below} }}"


def _arguments(target: Target, field: Any) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """What a root field is asked with: what it needs, and then an id of the target in each place."""
    needed = {
        key: _plain(key, one.type) for key, one in field.args.items() if is_required_argument(one)
    }
    yield needed, []
    for key, one in field.args.items():
        named = get_named_type(one.type)
        if named.name == "ID":
            for row_id in _foreign(target, key, get_named_type(field.type).name):
                listed = is_list_type(get_nullable_type(one.type))
                yield {**needed, key: [row_id] if listed else row_id}, [row_id]
        elif isinstance(named, GraphQLInputObjectType):
            for path, scalar, _, listed in fields_of(named):
                if scalar != "ID" or "." in path:
                    continue
                for row_id in _foreign(target, path):
                    value = {path: [row_id] if listed else row_id}
                    yield {**needed, key: value}, [row_id]


def _foreign(target: Target, name: str, found: str = "") -> list[str]:
    """An id of the target for an argument of this name: of the type that it means, or of what is
    ``found`` by it, or else of a case."""
    meant = target.id_of(found if name == "id" else named_by(name))
    return [meant or str(global_id("Case", target.rows["cases"]))]


def attack_commands(
    tally: Tally,
    target: Target,
    ask: Ask,
    own: Target | None = None,
    *,
    only: frozenset[str] = frozenset(),
) -> None:
    """Every command with an id of the target in every place that takes one, nested ones included.

    Beside it stand ids of nothing, and with ``own`` ids of the attacker's own rows. What is answered is
    what an id of nothing is answered with, and never that it was done.
    """
    for command in commands():
        if only and command not in only:
            continue
        document = _command(command)
        body = whole_input(command)
        for path, scalar, _, listed in fields_of(input_type(command)):
            if scalar != "ID":
                continue
            leaf = path.rpartition(".")[2]
            tally.strike("ids in commands", f"{command}.{path}")
            tally.strike("fields", f"Mutation.{command}")
            meant = target.id_of(named_by(leaf)) or global_id("Case", target.rows["cases"])
            bodies = [body] if own is None else [body, own_ids(command, body, own, path)]
            for given in bodies:
                said = []
                for row_id in (random_id(str(meant).partition("_")[0]), str(meant)):
                    tally.tried()
                    value = [row_id] if listed else row_id
                    sent = with_value(given, path, value)
                    sent["idempotencyKey"] = str(new_id())
                    answer = ask(document, {"input": sent})
                    said.append(_without(answer, row_id))
                    kind = ((answer.get("data") or {}).get(command) or {}).get("__typename", "")
                    if kind.endswith("Done") and row_id == meant:
                        tally.find(f"{command}.{path} takes another kommun's id: {kind}")
                if said[0] != said[1]:
                    tally.find(f"{command}.{path} tells another kommun's id from one of nothing")


def attack_without_roles(
    tally: Tally, target: Target, ask: Ask, *, only: frozenset[str] = frozenset()
) -> None:
    """Somebody of the target's own kommun who has no role left: nothing is shown, nothing is done."""
    words = target.words.of()
    for command in commands():
        if only and command not in only:
            continue
        tally.strike("commands without a role", command)
        given = own_ids(command, whole_input(command), target, "")
        given["idempotencyKey"] = str(new_id())
        answer = ask(_command(command), {"input": given})
        kind = ((answer.get("data") or {}).get(command) or {}).get("__typename", "")
        if kind and kind not in ("NotFound", "NotAllowed") and command not in WITHOUT_ROLE:
            tally.find(f"{command} answers {kind} to somebody without a role")
        leaked = words.intersection(_WORD.findall(told(answer)))
        if leaked and not only:
            tally.find(f"{command} shows words to somebody without a role")


def attack_documents(
    tally: Tally, target: Target, ask: Ask, *, only: frozenset[str] = frozenset()
) -> None:
    """Every registered document of the portal with ids of the target in its variables."""
    words = target.words.of()
    for name in portal_documents():
        if only and name not in only:
            continue
        text = portal_document(name)
        tally.strike("registered documents", name)
        given, sent = variables_of(text, target)
        answer = told(ask(text, given))
        for one in sent:
            answer = answer.replace(one, "…").replace(one.partition("_")[2], "…")
        leaked = words.intersection(_WORD.findall(answer))
        if leaked:
            tally.find(f"the document {name} shows {len(leaked)} words of another's")


def variables_of(text: str, target: Target) -> tuple[dict[str, Any], list[str]]:
    """Variables for a document with ids of the target, and those ids."""
    given: dict[str, Any] = {}
    sent = []
    for key, kind in _VARIABLE.findall(text.partition("{")[0]):
        if kind.startswith(("ID", "[ID")):
            row_id = target.id_of(named_by(key)) or str(global_id("Case", target.rows["cases"]))
            given[key] = [row_id] if kind.startswith("[") else row_id
            sent.append(row_id)
        elif kind.rstrip("!") in PLAIN and kind.endswith("!"):
            given[key] = PLAIN[kind.rstrip("!")]
        elif kind.endswith("Input!"):
            shape = executable_schema().type_map[kind.rstrip("!")]
            assert isinstance(shape, GraphQLInputObjectType)
            given[key] = _own_ids_of(shape, target)
    return given, sent


#: A made-up text or an id, as ``words_of`` has them.
_WORD = re.compile(r"[0-9a-f]{32}|[0-9a-f]{16}")
_VARIABLE = re.compile(r"\$(\w+)\s*:\s*(\[?\w+!?\]?!?)")


@cache
def _command(command: str) -> str:
    return (
        f"mutation M($input: {input_type(command).name}!)"
        f" {{ {command}(input: $input) {{ {_REFUSED} }} }}"
    )


def own_ids(command: str, body: dict[str, Any], own: Target, but: str) -> dict[str, Any]:
    """A command's input with ids of ``own`` in every place but one."""
    return _with_ids(input_type(command), body, own, but)


def _own_ids_of(shape: GraphQLInputObjectType, own: Target) -> dict[str, Any]:
    body = {name: plain_value(name, field.type, whole=True) for name, field in shape.fields.items()}
    return _with_ids(shape, {**body, "idempotencyKey": str(new_id())}, own, "")


def _with_ids(
    shape: GraphQLInputObjectType, body: dict[str, Any], own: Target, but: str
) -> dict[str, Any]:
    for path, scalar, required, listed in fields_of(shape):
        if scalar == "ID" and path != but and (required or "." in path or not but):
            row_id = own.id_of(named_by(path.rpartition(".")[2]))
            if row_id is not None:
                body = with_value(body, path, [row_id] if listed else row_id)
    return body


def _codes(answer: Mapping[str, Any]) -> set[str]:
    return {(one.get("extensions") or {}).get("code", "") for one in answer.get("errors") or ()}


def _without(answer: Mapping[str, Any], row_id: str) -> str:
    """An answer without the id that was sent, and without the number of the request."""
    text = told(answer).replace(row_id, "…").replace(row_id.partition("_")[2], "…")
    return re.sub(r'"requestId": "[^"]*"', '"requestId": "…"', text)


def with_every_role(target: Target, name: str) -> Actor:
    """Somebody of a target's kommun who holds every role in every department that it has rows of, and
    in the one that made-up inputs name: what stops them is the kommun's border alone."""
    departments = {
        word
        for columns in target.words.said.values()
        for column, words in columns.items()
        if column == "department"
        for word in words
    }
    held = frozenset(
        Membership(role, department)
        for role in Role
        for department in ("", str(PLAIN["String"]), *departments)
    )
    return Actor(target.tenant_id, target.rows["principals"], name, held)
