"""Values for the arguments of generated operations: written in the document or given as variables,
with defaults, null or absent; and made anew for the same document."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    is_enum_type,
)

ABSENT: Any = object()
#: Texts that nobody expects, also for whoever prints them.
_STRANGE = ("", "x", 'a"b\\c', "å😀\u2028", "%_'--", "{}")


@dataclass
class Known:
    """What a kommun has: ids by type, cursors by list, and words that its filters know."""

    ids: Mapping[str, Sequence[str]]
    cursors: Mapping[str, Sequence[str]]
    words: Mapping[str, Sequence[str]]


@dataclass
class Variable:
    """A variable that an operation declares; ``make`` gives another value of it."""

    type_: str
    default: str
    make: Callable[[], Any]

    def declared(self, name: str) -> str:
        """As the operation declares it."""
        return f"${name}: {self.type_}{self.default}"


@dataclass
class Values:
    """Makes values, and keeps the variables of one operation."""

    random: Random
    known: Known
    variables: dict[str, Variable] = field(default_factory=dict)

    def chance(self, chance: float) -> bool:
        """Whether something that happens so often happens now."""
        return self.random.random() < chance

    def given(self) -> dict[str, Any]:
        """Values of the operation's variables, anew."""
        made = {name: one.make() for name, one in self.variables.items()}
        return {name: value for name, value in made.items() if value is not ABSENT}

    def argument(self, type_: Any, name: str, default: Any, make: Callable[[], Any]) -> str:
        """A value in the place of an argument of ``type_``: written, or as a variable."""
        if self.chance(0.35):
            return self._written(type_, name, make())
        return "$" + self._variable(type_, default, make)

    def boolean(self) -> str:
        """A value for ``@skip`` and ``@include``."""
        if self.chance(0.4):
            return self.random.choice(("true", "false"))
        default = f" = {self.random.choice(('true', 'false'))}" if self.chance(0.4) else ""
        type_ = "Boolean!" if not default or self.chance(0.5) else "Boolean"

        def make() -> Any:
            return ABSENT if default and self.chance(0.4) else self.chance(0.5)

        return "$" + self._declare(Variable(type_, default, make))

    def input(self, type_: Any, name: str) -> Any:
        """A value of ``type_``; null now and then where it may be."""
        if isinstance(type_, GraphQLNonNull):
            return self._sure(type_.of_type, name)
        return None if self.chance(0.12) else self._sure(type_, name)

    def id(self, target: str | None) -> str:
        """An id: mostly one of ``target``, seen or hidden, of this kommun or another."""
        if self.chance(0.1):
            others = [ids[0] for ids in self.known.ids.values() if ids]
            return self.random.choice(("", "x", "åäö", *others, *(one[:-1] for one in others)))
        if target is not None:
            return self.random.choice(list(self.known.ids.get(target, ())) or ["x"])
        return self.random.choice([one for ids in self.known.ids.values() for one in ids])

    def cursor(self, ordering: str) -> str | None:
        """A cursor: mostly one of the list, sometimes another list's or kommun's, or a changed one."""
        own = list(self.known.cursors.get(ordering, ()))
        if self.chance(0.06):
            return self.random.choice([one for all_ in self.known.cursors.values() for one in all_])
        if self.chance(0.03) and own:
            return self.random.choice(own)[:-2] + self.random.choice(("AA", "", "=="))
        return self.random.choice([*own, None])

    def _variable(self, type_: Any, default: Any, make: Callable[[], Any]) -> str:
        required = isinstance(type_, GraphQLNonNull)
        own = ""
        if self.chance(0.25):
            value = make()
            own = "" if value is None else f" = {self._literal(type_, value)}"
        # A nullable variable may stand where null may not, if either has a default.
        loose = required and (own or default is not Undefined) and self.chance(0.4)
        written = str(type_)[:-1] if loose else str(type_)
        if not required and self.chance(0.1) and own == "":
            written = f"{type_}!"
        nullable = not written.endswith("!")

        def again() -> Any:
            if (own or nullable) and self.chance(0.2):
                return ABSENT
            for _ in range(20):
                value = make()
                if value is not None or nullable:
                    return value
            return ABSENT

        return self._declare(Variable(written, own, again))

    def _declare(self, variable: Variable) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = variable
        return name

    def _written(self, type_: Any, name: str, value: Any) -> str:
        """A literal, whose parts may be variables."""
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(inner, GraphQLInputObjectType) and isinstance(value, dict):
            parts = []
            for key, one in value.items():
                field_type = inner.fields[key].type
                if self.chance(0.4):

                    def make(field_type: Any = field_type, key: str = key) -> Any:
                        return self.input(field_type, key)

                    text = "$" + self._variable(field_type, Undefined, make)
                else:
                    text = self._literal(field_type, one)
                parts.append(f"{key}: {text}")
            return "{" + ", ".join(parts) + "}"
        if isinstance(inner, GraphQLList) and isinstance(value, list) and value:
            if len(value) == 1 and self.chance(0.3) and value[0] is not None:
                # One value is a list of one.
                return self._literal(inner.of_type, value[0])
            return "[" + ", ".join(self._written(inner.of_type, name, one) for one in value) + "]"
        return self._literal(inner, value)

    def _literal(self, type_: Any, value: Any) -> str:
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if value is None:
            return "null"
        if isinstance(inner, GraphQLList):
            values = value if isinstance(value, list) else [value]
            return "[" + ", ".join(self._literal(inner.of_type, one) for one in values) + "]"
        if isinstance(inner, GraphQLInputObjectType):
            parts = (
                f"{key}: {self._literal(inner.fields[key].type, one)}" for key, one in value.items()
            )
            return "{" + ", ".join(parts) + "}"
        if is_enum_type(inner):
            return str(value)
        return json.dumps(value, ensure_ascii=self.chance(0.5))

    def _sure(self, type_: Any, name: str) -> Any:
        if isinstance(type_, GraphQLList):
            if name == "caseIds":
                return [self.id("Case") for _ in range(self.random.choice((1, 1, 2)))]
            return [
                self.input(type_.of_type, name) for _ in range(self.random.choice((0, 1, 1, 2, 3)))
            ]
        if isinstance(type_, GraphQLInputObjectType):
            return {
                key: self.input(one.type, key)
                for key, one in type_.fields.items()
                if self.chance(0.3)
            }
        if is_enum_type(type_):
            return self.random.choice(list(type_.values))
        known = list(self.known.words.get(name, ()))
        return {
            "String": lambda: self.random.choice(
                known if known and self.chance(0.85) else _STRANGE
            ),
            "ID": lambda: self.id(
                {"simulationId": "Simulation", "assessmentId": "Assessment"}.get(name)
            ),
            "Int": lambda: self.random.choice((0, 1, 2, 3, -1, 2**31 - 1)),
            "Boolean": lambda: self.chance(0.5),
            "Date": lambda: self.random.choice(
                ("1900-01-01", "2026-05-05", "2199-12-31", *self.known.words["date"])
            ),
            "DateTime": lambda: self.random.choice(
                ("1901-01-01T00:00:00Z", "2026-05-05T12:00:00+02:00", "2198-12-31T23:59:59Z")
            ),
        }[type_.name]()
