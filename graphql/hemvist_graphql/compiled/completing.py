"""Values that Python gives, completed as the executor completes them: by closures made once.

A getter takes an object and what is asked, calls the field's own method with the arguments that the
ordinary path gives it, and returns what JSON holds. Whatever goes wrong raises: the operation then
goes to the ordinary path, which says it in words and puts null in the right place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
    VariableNode,
    Visitor,
    is_leaf_type,
    is_object_type,
    visit,
)
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types.arguments import convert_arguments

from hemvist_graphql.compiled.refusal import NotPlanned, Why
from hemvist_graphql.compiled.selection import Selected, Selections
from hemvist_graphql.reading import Computed, Opened

if TYPE_CHECKING:
    from hemvist_graphql.context import Context

#: For how many values of its variables a plan keeps arguments.
KEPT_ARGUMENTS = 16


class Unfinished(Exception):
    """A value that the schema forbids at its place."""


class Asked:
    """One request, as methods see it (``info.context``), and the arguments of its fields."""

    __slots__ = ("arguments", "context")

    def __init__(self, context: Context, arguments: list[dict[str, Any]]) -> None:
        self.context = context
        self.arguments = arguments


Getter = Callable[[Any, Asked], Any]
Complete = Callable[[Any, Asked], Any]


class Arguments:
    """The arguments of a plan's fields, converted once for equal values of their variables."""

    def __init__(self) -> None:
        self._fields: list[Selected] = []
        self._names: tuple[str, ...] = ()
        self._kept: dict[Any, list[dict[str, Any]]] = {}

    def add(self, field: Selected) -> int:
        """Where the arguments of ``field`` will stand."""
        names = variables_in(field.nodes[0].arguments)
        self._names = tuple(dict.fromkeys((*self._names, *names)))
        self._fields.append(field)
        return len(self._fields) - 1

    def of(self, variables: VariableValues) -> list[dict[str, Any]]:
        """The arguments as the methods take them. Raises ``NotPlanned`` for refused values."""
        given = variables.coerced
        try:
            # With the types: 1, 1.0 and True are one key. Absent is not null: it has the default.
            key = tuple(
                (name, type(given[name]), given[name]) if name in given else name
                for name in self._names
            )
            found = self._kept.get(key)
        except TypeError:
            return [_converted(field, variables) for field in self._fields]
        if found is None:
            found = [_converted(field, variables) for field in self._fields]
            if len(self._kept) < KEPT_ARGUMENTS:
                self._kept[key] = found
        return found


def _converted(field: Selected, variables: VariableValues) -> dict[str, Any]:
    from hemvist_graphql.schema import schema

    made = schema()
    assert field.definition is not None
    try:
        return convert_arguments(
            get_argument_values(field.definition, field.nodes[0], variables),
            field.definition.extensions["strawberry-definition"].arguments,
            scalar_registry=made.schema_converter.scalar_registry,
            config=made.config,
        )
    except GraphQLError as refused:
        raise NotPlanned(Why.REFUSED, field.name) from refused


def variables_in(nodes: Iterable[Any] | None) -> tuple[str, ...]:
    """The names of the variables that stand anywhere in ``nodes``."""
    found: set[str] = set()

    class Names(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            found.add(node.name.value)

    for node in nodes or ():
        visit(node, Names())
    return tuple(sorted(found))


class Completing:
    """Makes the getters of one plan, and notes what they will need."""

    def __init__(self, selections: Selections) -> None:
        self._selections = selections
        self.arguments = Arguments()
        #: Whether a method may read what it gives out from the database.
        self.reads = False
        #: Whether a method is told who asks: it may want to know of the kommun.
        self.asks = False
        #: Whether nothing is left to do but to open what is sealed.
        self.only_opens = True

    def getter(self, field: Selected, type_name: str) -> Getter:
        """How ``field`` is got from an object of Python."""
        if field.definition is None:
            self.only_opens = False
            return lambda _source, _asked: type_name
        complete = self._complete(field.definition.type, field)
        declared = field.definition.extensions.get("strawberry-definition")
        if declared is None or declared.extensions or declared.permission_classes:
            raise NotPlanned(Why.COMPUTED, f"{type_name}.{field.name}")
        resolver = declared.base_resolver
        if resolver is None:
            self.only_opens = False
            name = declared.python_name
            return lambda source, asked: complete(getattr(source, name), asked)
        informed = resolver.info_parameter is not None
        self._note(field, informed)
        at = self.arguments.add(field) if field.definition.args else None
        return _caller(resolver.wrapped_func, informed, at, complete)

    def _note(self, field: Selected, informed: bool) -> None:
        how = field.how
        if isinstance(how, Opened):
            # It takes the kommun's keys and nothing else.
            return
        self.only_opens = False
        self.asks |= informed
        # Also a relation's own resolver reads, when its row was found by Python.
        self.reads |= how.reads if isinstance(how, Computed) else informed

    def _complete(self, type_: Any, field: Selected) -> Complete:
        if isinstance(type_, GraphQLNonNull):
            return _never_null(self._complete(type_.of_type, field), type_.of_type)
        if isinstance(type_, GraphQLList):
            return _listed(self._complete(type_.of_type, field))
        if is_leaf_type(type_):
            return _leaf(type_)
        if is_object_type(type_):
            return self._object(type_, field)
        return self._abstract(type_, field)

    def _object(self, type_: GraphQLObjectType, field: Selected) -> Complete:
        getters = [
            (one.key, self.getter(one, type_.name)) for one in self._selections.below(type_, field)
        ]

        def complete(value: Any, asked: Asked) -> Any:
            if value is None:
                return None
            return {key: get(value, asked) for key, get in getters}

        return complete

    def _abstract(self, type_: Any, field: Selected) -> Complete:
        possible: Mapping[str, Complete] = {
            one.name: self._object(one, field)
            for one in self._selections.schema.get_possible_types(type_)
        }

        def complete(value: Any, asked: Asked) -> Any:
            if value is None:
                return None
            name = type(value).__strawberry_definition__.name
            return possible[name](value, asked)

        return complete


def _caller(func: Any, informed: bool, at: int | None, complete: Complete) -> Getter:
    """The call itself, in the shape that the method has: one attribute less to look at each time."""
    if informed and at is not None:
        return lambda source, asked: complete(func(source, asked, **asked.arguments[at]), asked)
    if informed:
        return lambda source, asked: complete(func(source, asked), asked)
    if at is not None:
        return lambda source, asked: complete(func(source, **asked.arguments[at]), asked)
    return lambda source, asked: complete(func(source), asked)


def _never_null(complete: Complete, type_: Any) -> Complete:
    if type_ is GraphQLString:
        # The most common of all: a text that is one already.
        def text(value: Any, asked: Asked) -> Any:
            return value if type(value) is str else certain(value, asked)

        def certain(value: Any, asked: Asked) -> Any:
            return _there(complete(value, asked))

        return text
    return lambda value, asked: _there(complete(value, asked))


def _there(value: Any) -> Any:
    if value is None:
        raise Unfinished("null where none may be")
    return value


def _listed(complete: Complete) -> Complete:
    def every(value: Any, asked: Asked) -> Any:
        if value is None:
            return None
        if not isinstance(value, list | tuple) and not _many(value):
            raise Unfinished("no list")
        return [complete(one, asked) for one in value]

    return every


def _many(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | Mapping)


def _leaf(type_: Any) -> Complete:
    serialize = type_.serialize
    if type_ is GraphQLString:
        # Most of what a list opens: a text that is one already, or nothing.
        def text(value: Any, _asked: Asked) -> Any:
            return value if value is None or type(value) is str else serialize(value)

        return text

    def complete(value: Any, _asked: Asked) -> Any:
        return None if value is None else serialize(value)

    return complete
