"""Reads made at random from the schema: valid, and otherwise anything that GraphQL allows.

Aliases, the same key twice, named and inline fragments also on interfaces, directives, variables
that are given, null or absent, pages both ways with real, strange and foreign cursors, ids of rows
that are seen, hidden and no ids at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    Undefined,
    get_named_type,
    is_composite_type,
    is_enum_type,
)

from hemvist_graphql.connections import PAGING, Connected
from hemvist_graphql.reading import (
    READING,
    Column,
    Computed,
    Expressed,
    Identity,
    LookedUp,
    ToMany,
    ToOne,
    readable,
    readable_names,
)
from hemvist_graphql.schema import executable_schema

SCHEMA = executable_schema()
_PLANNED = (Column, Expressed, Identity, ToOne, ToMany, Connected, LookedUp)
#: Computed fields that cost more than this are asked for rarely: they are worked out in full.
_DEAR = 10
_ALIASES = (
    "a",
    "b",
    "x",
    "id",
    "cursor",
    "number",
    "j",
    "t",
    "_",
    "typename",
    "node",
    "select",
    "å"[:0] or "Z9",
)


@dataclass
class Operation:
    """A document and its variables."""

    document: str
    variables: dict[str, Any]


@dataclass
class Known:
    """What a kommun has: ids by type, cursors by list, and words that its filters know."""

    ids: Mapping[str, Sequence[str]]
    cursors: Mapping[str, Sequence[str]]
    words: Mapping[str, Sequence[str]]


def how_of(definition: GraphQLField) -> Any:
    """How a field is declared to be read."""
    declared = definition.extensions.get("strawberry-definition")
    return declared.metadata.get(READING) if declared is not None else None


@dataclass
class Maker:
    """Makes operations from one seed."""

    random: Random
    known: Known
    #: How often a computed field is asked for where it could be, and one that is dear.
    computed: float = 0.6
    dear: float = 0.1
    _variables: dict[str, tuple[str, Any]] = field(default_factory=dict)
    _fragments: list[str] = field(default_factory=list)
    _left: int = 0

    def operation(self) -> Operation:
        """The next operation."""
        self._variables, self._fragments = {}, []
        self._left = self.random.choice((6, 12, 25, 40))
        body = self._query()
        declared = ", ".join(
            f"${name}: {type_}" for name, (type_, _) in sorted(self._variables.items())
        )
        head = f"query {self.random.choice(('Q', 'Fråga'[:1], 'Read_1'))}"
        if declared:
            head += f"({declared})"
        given = {
            name: value for name, (_, value) in self._variables.items() if value is not _ABSENT
        }
        return Operation("\n".join([f"{head} {body}", *self._fragments]), given)

    def _query(self) -> str:
        query = SCHEMA.query_type
        assert query is not None
        wanted = [name for name, one in query.fields.items() if self._rooted(one)]
        parts = []
        for at in range(self.random.choice((1, 1, 1, 2, 3))):
            name = self.random.choice(wanted)
            # A key of its own: two calls of one field differ in their arguments.
            parts.append(self._field(query, name, f"r{at}", 0))
        if self._chance(0.2):
            parts.append("__typename")
        return "{ " + " ".join(parts) + " }"

    def _selections(self, type_: Any, depth: int) -> str:
        """A selection set of an object or interface."""
        if not isinstance(type_, GraphQLObjectType):
            parts = [
                self._fragment(one, depth) for one in self._some(SCHEMA.get_possible_types(type_))
            ]
            return (
                "{ "
                + " ".join(["__typename", *parts, *(["id"] if self._chance(0.5) else [])])
                + " }"
            )
        parts = []
        names = self._some(
            [name for name in type_.fields if self._wanted(type_.fields[name], depth)]
        )
        used: dict[str, str] = {}
        for name in names or ["__typename"]:
            parts += self._asked(type_, name, depth, used)
        self.random.shuffle(parts)
        return "{ " + " ".join(parts or ["__typename"]) + " }"

    def _asked(
        self, type_: GraphQLObjectType, name: str, depth: int, used: dict[str, str]
    ) -> list[str]:
        """A field once, or under two names, or twice under one, or inside a fragment."""
        self._left -= 1
        if name == "__typename":
            key = self._key(name, used)
            return [key if key == name else f"{key}: {name}"]
        key = self._key(name, used)
        text = self._field(type_, name, key, depth)
        composite = is_composite_type(get_named_type(type_.fields[name].type))
        if type_.fields[name].args:
            # Asked again it would have to have the same arguments.
            return [text, text] if not composite and self._chance(0.1) else [text]
        if self._chance(0.1):
            # Merged: the same key again, perhaps with another selection.
            again = self._field(type_, name, key, depth) if composite else text
            return [text, again]
        if self._chance(0.1):
            return [self._wrapped(type_, text)]
        return [text]

    def _key(self, name: str, used: dict[str, str]) -> str:
        key = self.random.choice(_ALIASES) if self._chance(0.25) else name
        if used.setdefault(key, name) != name:
            key = f"{name}_{len(used)}"
            used[key] = name
        return key

    def _field(self, parent: GraphQLObjectType, name: str, key: str, depth: int) -> str:
        definition = parent.fields[name]
        text = name if key == name else f"{key}: {name}"
        text += self._arguments(parent, name, definition) + self._directive()
        inner = get_named_type(definition.type)
        if is_composite_type(inner):
            text += " " + self._selections(inner, depth + 1)
        return text

    def _wanted(self, definition: GraphQLField, depth: int) -> bool:
        how = how_of(definition)
        composite = is_composite_type(get_named_type(definition.type))
        if composite and (depth > 5 or self._left <= 0):
            return False
        plain = how is None and not definition.args
        return (
            isinstance(how, _PLANNED)
            or plain
            or self._count(definition)
            or (isinstance(how, Computed) and self._computed(how))
        )

    def _rooted(self, definition: GraphQLField) -> bool:
        how = how_of(definition)
        return isinstance(how, _PLANNED) or (isinstance(how, Computed) and self._computed(how))

    def _computed(self, how: Computed) -> bool:
        return self._chance(self.dear if how.weight > _DEAR else self.computed)

    def _count(self, definition: GraphQLField) -> bool:
        declared = definition.extensions.get("strawberry-definition")
        return declared is not None and declared.python_name == "total_count"

    def _wrapped(self, type_: GraphQLObjectType, text: str) -> str:
        return self._fragment(type_, 0, text)

    def _fragment(self, type_: GraphQLObjectType, depth: int, text: str | None = None) -> str:
        body = "{ " + text + " }" if text is not None else self._selections(type_, depth)
        on = type_.name
        if type_.interfaces and self._chance(0.15) and text in ("id", "__typename"):
            on = type_.interfaces[0].name
        if self._chance(0.5):
            condition = f" on {on}" if text is None or self._chance(0.7) else ""
            return f"...{condition}{self._directive()} {body}"
        name = f"F{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on {on} {body}")
        return f"...{name}{self._directive()}"

    def _directive(self) -> str:
        if not self._chance(0.08):
            return ""
        which = self.random.choice(("skip", "include"))
        if self._chance(0.5):
            return f" @{which}(if: {self.random.choice(('true', 'false'))})"
        value = self._chance(0.5)
        return f" @{which}(if: ${self._variable('Boolean!', value)})"

    def _arguments(self, parent: GraphQLObjectType, name: str, definition: GraphQLField) -> str:
        how = how_of(definition)
        if isinstance(how, LookedUp):
            return f"(id: {self._value('ID!', self._id(how.target))})"
        if not isinstance(how, Connected | Computed):
            return ""
        given = self._page(how.ordering.name) if isinstance(how, Connected) else []
        for argument, one in definition.args.items():
            paging = isinstance(how, Connected) and argument in PAGING
            certain = isinstance(one.type, GraphQLNonNull)
            needed = certain and one.default_value is Undefined
            if not paging and (needed or self._chance(0.4)):
                given.append(
                    f"{argument}: {self._value(str(one.type), self._input(one.type, argument))}"
                )
        return f"({', '.join(given)})" if given else ""

    def _page(self, ordering: str) -> list[str]:
        given = []
        side = self.random.choice(("first", "last", None))
        if side:
            given.append(
                f"{side}: {self._value('Int', self.random.choice((0, 1, 2, 3, 5, 100, None)))}"
            )
        for cursor in ("after", "before"):
            if self._chance(0.25):
                known = list(self.known.cursors.get(ordering, ())) or [None]
                value = self.random.choice([*known, None]) if self._chance(0.95) else "strange"
                given.append(f"{cursor}: {self._value('String', value)}")
        return given

    def _id(self, target: str | None) -> str:
        if self._chance(0.1):
            return self.random.choice(
                ("", "x", *[ids[0] for ids in self.known.ids.values() if ids])
            )
        known = (
            self.known.ids.get(target, ())
            if target
            else [i for ids in self.known.ids.values() for i in ids]
        )
        return self.random.choice(list(known) or ["x"])

    def _input(self, type_: Any, name: str) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self._sure(type_.of_type, name)
        return None if self._chance(0.15) else self._sure(type_, name)

    def _sure(self, type_: Any, name: str) -> Any:
        if isinstance(type_, GraphQLList):
            return [
                self._input(type_.of_type, name) for _ in range(self.random.choice((0, 1, 1, 2, 3)))
            ]
        if isinstance(type_, GraphQLInputObjectType):
            return {
                key: self._input(one.type, key)
                for key, one in type_.fields.items()
                if self._chance(0.3)
            }
        if is_enum_type(type_):
            return self.random.choice(list(type_.values))
        known = [*self.known.words.get(name, ()), "x"]
        return {
            "String": self.random.choice(known),
            "ID": self._id(None),
            "Int": self.random.choice((0, 1, 2, -1)),
            "Boolean": self._chance(0.5),
            "Date": self.random.choice(
                ("1900-01-01", "2026-05-05", "2199-12-31", *self.known.words["date"])
            ),
        }[type_.name]

    def _value(self, type_: str, value: Any) -> str:
        """A value as a variable: given, or left out where null is meant."""
        if value is None and not type_.endswith("!") and self._chance(0.5):
            return "$" + self._variable(type_, _ABSENT)
        if isinstance(value, int) and not isinstance(value, bool) and self._chance(0.4):
            return str(value)
        return "$" + self._variable(type_, value)

    def _variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self._variables)}"
        self._variables[name] = (type_, value)
        return name

    def _some(self, names: Sequence[Any]) -> list[Any]:
        names = list(names)
        most = min(len(names), self.random.choice((1, 2, 3, 5, 8)))
        return self.random.sample(names, most) if names else []

    def _chance(self, chance: float) -> bool:
        return self.random.random() < chance


_ABSENT: Any = object()


def known_of(world: Any, actors: Sequence[Any], others: Sequence[Any] = ()) -> Known:
    """What there is in a world, by everybody's eyes and nobody's, and a little of others'."""
    from hemvist.identity import Actor
    from hemvist_graphql import execute
    from hemvist_graphql.ids import global_id

    ids: dict[str, list[str]] = {}
    for name in readable_names():
        model: Any = readable(name).reading.model
        rows = world.rows(model)
        ids[name] = [global_id(name, row.id) for row in rows][:12]
        for other in others:
            ids[name] += [global_id(name, row.id) for row in other.rows(model)][:2]
    cursors: dict[str, list[str]] = {}
    query = SCHEMA.query_type
    assert query is not None
    for name, one in query.fields.items():
        how = how_of(one)
        if isinstance(how, Connected):
            for actor in actors:
                assert isinstance(actor, Actor)
                answer = execute(actor, f"{{ {name} {{ edges {{ cursor }} }} }}")
                found = (answer.get("data") or {}).get(name)
                if found:
                    cursors.setdefault(how.ordering.name, []).extend(
                        e["cursor"] for e in found["edges"]
                    )
    words = {
        "state": ["open", "closed"],
        "department": ["SOF-VUX", "AMF", "FF"],
        "programme": ["municipal_contract"],
        "pack": ["helsingborg/bostadssociala-lagenheter"],
        "name": ["helsingborg/bostadssociala-lagenheter"],
        "lang": ["sv", "en", "fi", ""],
        "language": ["sv", "en"],
        "action": ["case.open", "policy.read"],
        "rule": ["chapter_2", "local_connection"],
        "date": [],
    }
    return Known(ids, cursors, words)
