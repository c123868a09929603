"""Reads made at random from the schema: valid, and otherwise anything that GraphQL allows.

Aliases, the same key twice, named and inline fragments inside of each other and on interfaces,
directives, variables that are given, null, absent or have defaults, pages both ways with real,
strange and foreign cursors, ids of rows that are seen, hidden and no ids at all, computed fields.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    Undefined,
    get_named_type,
    is_composite_type,
)

from hemvist_graphql.choosing import Chosen, Within
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
from hemvist_values import Known, Values

SCHEMA = executable_schema()
_DECLARED = (Column, Expressed, Identity, ToOne, ToMany, Connected, LookedUp, Chosen, Within)
#: Computed fields that cost more than this are asked for rarely: they are worked out in full.
_DEAR = 10
#: Among them words of SQL, names that the statement itself might use, and the longest that fit.
_ALIASES = ("a", "b", "x", "id", "cursor", "number", "j", "_", "typename", "node", "select", "Z9")
_LONG = ("k" * 63, "k" * 64)
#: Types by which fields on an interface can be asked for.
_NODES = tuple(sorted(one.name for one in SCHEMA.get_possible_types(SCHEMA.get_type("Node"))))  # type: ignore[arg-type]


#: Roots whose rows show people in any kommun with a case.
PEOPLE = ("cases", "households", "case", "household")


@dataclass
class Operation:
    """A document, and values of its variables: the first, and others."""

    document: str
    variables: dict[str, Any]
    again: Callable[[], dict[str, Any]]
    #: Which of the document's operations, where there are several.
    name: str | None = None


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
    computed: float = 0.5
    dear: float = 0.05
    _values: Values = field(init=False)
    _fragments: list[str] = field(default_factory=list)
    _left: int = 0

    def operation(self) -> Operation:
        """The next operation."""
        self._values, self._fragments = Values(self.random, self.known), []
        self._left = self.random.choice((4, 8, 14, 24, 40))
        body = self._query()
        name = self.random.choice(("Q", "Read_1", "a", ""))
        declared = ", ".join(one.declared(key) for key, one in self._values.variables.items())
        head = f"query {name}" + (f"({declared})" if declared else "")
        parts = [f"{head} {body}", *self._fragments]
        several = name and self._chance(0.05)
        if several:
            parts.insert(self.random.choice((0, 1)), "query Other { __typename }")
        made = self._values
        return Operation("\n".join(parts), made.given(), made.given, name if several else None)

    def _query(self) -> str:
        query = SCHEMA.query_type
        assert query is not None
        wanted = [name for name, one in query.fields.items() if self._rooted(one)]
        parts = []
        for at in range(self.random.choice((1, 1, 1, 2, 3))):
            # Reads of people are what both paths must log alike: they stay common as roots are added.
            name = self.random.choice(PEOPLE if self._chance(0.12) else wanted)
            # A key of its own: two calls of one field differ in their arguments.
            text = self._twice(query, name, f"r{at}" if self._chance(0.7) else f"{name}", 0)
            parts.append(self._wrapped(query, text) if self._chance(0.05) else text)
        if self._chance(0.2):
            parts.append(self.random.choice(("__typename", "kind: __typename")))
        if self._chance(0.01):
            parts.append('__type(name: "Case") { name kind }')
        return "{ " + " ".join(parts) + " }"

    def _selections(self, type_: Any, depth: int) -> str:
        """A selection set of an object or interface."""
        if not isinstance(type_, GraphQLObjectType):
            possible = [SCHEMA.type_map[name] for name in _NODES]
            parts = [self._fragment(one, depth) for one in self._some(possible)]
            parts += ["__typename", *(["id"] if self._chance(0.5) else [])]
            self.random.shuffle(parts)
            return "{ " + " ".join(parts) + " }"
        parts = []
        names = self._some(
            [name for name in type_.fields if self._wanted(type_.fields[name], depth)]
        )
        used: dict[str, str] = {}
        for name in [*(names or ["__typename"]), *(["__typename"] if self._chance(0.1) else [])]:
            parts += self._asked(type_, name, depth, used)
        self.random.shuffle(parts)
        if self._chance(0.05):
            # What does not apply, and what applies by way of the interface.
            parts.append(self._through_interface(type_))
        return "{ " + " ".join(parts) + " }"

    def _through_interface(self, type_: GraphQLObjectType) -> str:
        if not type_.interfaces:
            return "... @include(if: true) { __typename }"
        other = self.random.choice(_NODES)
        return f"... on Node {{ nid: id ... on {other} {{ tn: __typename n{other}: id }} }}"

    def _asked(
        self, type_: GraphQLObjectType, name: str, depth: int, used: dict[str, str]
    ) -> list[str]:
        """A field once, or under two names, or twice under one, or inside a fragment."""
        self._left -= 1
        key = self._key(name, used)
        if name == "__typename":
            return [(key if key == name else f"{key}: {name}") + self._directive()]
        text = self._twice(type_, name, key, depth)
        if self._chance(0.1):
            return [self._wrapped(type_, text)]
        return [text]

    def _twice(self, type_: GraphQLObjectType, name: str, key: str, depth: int) -> str:
        """A field, now and then asked for again under its key, perhaps with another selection."""
        definition = type_.fields[name]
        text = name if key == name else f"{key}: {name}"
        text += self._arguments(definition)
        inner = get_named_type(definition.type)

        def once() -> str:
            below = f" {self._selections(inner, depth + 1)}" if is_composite_type(inner) else ""
            return text + self._directive() + below

        return f"{once()} {once()}" if self._chance(0.1) else once()

    def _key(self, name: str, used: dict[str, str]) -> str:
        key = self.random.choice(_ALIASES) if self._chance(0.25) else name
        if self._chance(0.004):
            key = self.random.choice(_LONG)
        if used.setdefault(key, name) != name or key in ("nid", "tn"):
            key = f"{name}_{len(used)}"
            used[key] = name
        # Two times one field would have to have one set of arguments.
        elif list(used).count(key) and f"{key} " in used:
            key = f"{name}_{len(used)}"
        used[f"{key} "] = name
        return key

    def _wanted(self, definition: GraphQLField, depth: int) -> bool:
        how = how_of(definition)
        composite = is_composite_type(get_named_type(definition.type))
        if composite and (depth > 5 or self._left <= 0):
            return False
        plain = how is None and not definition.args
        return plain or self._rooted(definition)

    def _rooted(self, definition: GraphQLField) -> bool:
        how = how_of(definition)
        if isinstance(how, Computed):
            return self._chance(self.dear if how.weight > _DEAR else self.computed)
        return isinstance(how, _DECLARED)

    def _wrapped(self, type_: GraphQLObjectType, text: str) -> str:
        return self._fragment(type_, 0, text)

    def _fragment(self, type_: Any, depth: int, text: str | None = None) -> str:
        body = "{ " + text + " }" if text is not None else self._selections(type_, depth)
        if self._chance(0.5):
            condition = f" on {type_.name}" if text is None or self._chance(0.7) else ""
            return f"...{condition}{self._directive()} {body}"
        name = f"F{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on {type_.name} {body}")
        if self._chance(0.2):
            # A fragment that holds nothing but another.
            outer = f"F{len(self._fragments)}"
            self._fragments.append(f"fragment {outer} on {type_.name} {{ ...{name} }}")
            name = outer
        return f"...{name}{self._directive()}"

    def _directive(self) -> str:
        if not self._chance(0.06):
            return ""
        both = ("skip", "include")
        first = self.random.choice(both)
        text = f" @{first}(if: {self._values.boolean()})"
        if self._chance(0.2):
            other = both[1 - both.index(first)]
            text += f" @{other}(if: {self._values.boolean()})"
        return text

    def _arguments(self, definition: GraphQLField) -> str:
        how, values = how_of(definition), self._values
        given = self._page(definition, how) if isinstance(how, Connected) else []
        for name, one in definition.args.items():
            if isinstance(how, Connected) and name in PAGING:
                continue
            needed = isinstance(one.type, GraphQLNonNull) and one.default_value is Undefined
            if not needed and not self._chance(0.4):
                continue

            def make(name: str = name, type_: Any = one.type) -> Any:
                if isinstance(how, LookedUp) and name == "id":
                    return values.id(how.target)
                return values.input(type_, name)

            given.append(f"{name}: {values.argument(one.type, name, one.default_value, make)}")
        self.random.shuffle(given)
        return f"({', '.join(given)})" if given else ""

    def _page(self, definition: GraphQLField, how: Connected) -> list[str]:
        values, given = self._values, []
        side = self.random.choice(("first", "last", None))
        wanted: list[tuple[str, Callable[[], Any]]] = []
        if side:
            wanted.append((side, lambda: self.random.choice((0, 1, 1, 2, 3, 5, 20, None))))
        if self._chance(0.01):
            wanted.append(("first" if side == "last" else "last", lambda: 101))
        for cursor in ("after", "before"):
            if self._chance(0.25):
                wanted.append((cursor, lambda: values.cursor(how.ordering.name)))
        for name, make in wanted:
            one = definition.args[name]
            given.append(f"{name}: {values.argument(one.type, name, one.default_value, make)}")
        return given

    def _some(self, names: Sequence[Any]) -> list[Any]:
        names = list(names)
        most = min(len(names), self.random.choice((1, 2, 3, 5, 8)))
        return self.random.sample(names, most) if names else []

    def _chance(self, chance: float) -> bool:
        return self.random.random() < chance


def known_of(world: Any, actors: Sequence[Any], others: Sequence[Any] = ()) -> Known:
    """What there is in a world, by everybody's eyes and nobody's, and a little of others'."""
    from hemvist.cases.models import Case
    from hemvist.households.models import Household
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
    cases = world.rows(Case)
    words = {
        "state": ["open", "closed", "done", "cancelled"],
        "department": ["SOF-VUX", "AMF", "FF"],
        "programme": ["municipal_contract", *{one.programme for one in cases if one.programme}],
        "number": [one.number for one in cases],
        "pack": ["helsingborg/bostadssociala-lagenheter"],
        "packVersion": sorted({one.pack_version for one in cases}),
        "toVersion": sorted({one.pack_version for one in cases}),
        "name": ["helsingborg/bostadssociala-lagenheter"],
        "lang": ["sv", "en", "fi", ""],
        "language": ["sv", "en"],
        "action": ["case.open", "policy.read"],
        "code": ["waiting", "time_to_home", "returned", "transfers", "offers_declined"],
        "codes": ["waiting", "offers_declined", "guarantee_exposure"],
        "margin": ["all", "programme"],
        "area": ["Dalhem", ""],
        "group": ["sex:woman", "children:yes"],
        "rule": ["chapter_2", "local_connection"],
        "date": [
            *{str(one.opened_on) for one in cases},
            *{str(one.registered_on) for one in world.rows(Household)},
        ],
    }
    return Known(ids, cursors, words)
