"""What an operation costs, reckoned once for its document: a sum that only waits for variables.

One for each field, its weight when it is computed, times the length of every list around it. Where
a variable says how long a list is, the cost is a polynomial in such lengths; a request then costs a
few multiplications, whatever the size of its document.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

from hemvist_graphql.cardinalities import CARDINALITIES, ByArgument
from hemvist_graphql.connections import DEFAULT_PAGE, MAX_PAGE
from hemvist_graphql.reading import READING

_META = ("__schema", "__type", "__typename")
#: Of a list that nobody has declared: a fault that a test finds, and no cheap way in meanwhile.
UNDECLARED = MAX_PAGE


@dataclass(frozen=True, slots=True)
class Length:
    """How long a list is, by the values of variables: of ``first`` and ``last``, say."""

    #: Names with what holds when the variable is missing.
    variables: tuple[tuple[str, int | None], ...]
    #: When none of them says anything.
    otherwise: int
    most: int

    def of(self, variables: Mapping[str, Any]) -> int:
        """The length with these values, as the caller sent them."""
        longest = 0
        for name, missing in self.variables:
            value = variables.get(name, missing)
            if isinstance(value, list):
                value = len(value)
            # JSON knows one kind of number: 100.0 is taken for 100.
            if isinstance(value, int | float):
                # Beyond the most the field refuses; it must not count as less than one.
                longest = max(longest, int(min(max(value, 1), self.most)))
        return longest or self.otherwise


#: Lengths that are multiplied with each other, in order.
_Product = tuple[Length, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """A polynomial: numbers by the lengths that they are multiplied with."""

    constant: int
    terms: tuple[tuple[_Product, int], ...] = ()

    def of(self, variables: Mapping[str, Any]) -> int:
        """What it comes to with these variables."""
        if not self.terms:
            return self.constant
        whole = self.constant
        for lengths, number in self.terms:
            for length in lengths:
                number *= length.of(variables)
            whole += number
        return whole

    def most(self) -> int:
        """The most that it can come to."""
        return self.constant + sum(
            math.prod((number, *(length.most for length in lengths)))
            for lengths, number in self.terms
        )


_Sum = dict[_Product, int]


def cost_of(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    lengths: Mapping[str, int | ByArgument] = CARDINALITIES,
) -> Cost:
    """The cost of ``operation``. Needs a document that is valid for ``schema``.

    ``lengths`` says how long the lists of the schema are, by type and field.
    """
    root = schema.get_root_type(operation.operation)
    assert root is not None
    whole = _Costs(schema, document, operation, lengths).of(operation.selection_set, root)
    constant = whole.pop((), 0)
    return Cost(constant, tuple(whole.items()))


class _Costs:
    """Costs of selections, each fragment reckoned once however often it is used."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        lengths: Mapping[str, int | ByArgument],
    ) -> None:
        self._schema, self._lengths = schema, lengths
        self._fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        self._defaults = {
            one.variable.name.value: one.default_value
            for one in operation.variable_definitions or ()
        }
        self._known: dict[str, _Sum] = {}

    def of(self, selections: SelectionSetNode, parent: Any) -> _Sum:
        """What the selections cost for one object of ``parent``."""
        whole: _Sum = {}
        for node in selections.selections:
            for lengths, number in self._selection(node, parent).items():
                whole[lengths] = whole.get(lengths, 0) + number
        return whole

    def _selection(self, node: Any, parent: Any) -> _Sum:
        if isinstance(node, FieldNode):
            return self._field(node, parent)
        if isinstance(node, InlineFragmentNode):
            on = node.type_condition
            inner = self._schema.get_type(on.name.value) if on else parent
            return self.of(node.selection_set, inner)
        name = node.name.value
        if name not in self._known:
            found = self._fragments[name]
            inner = self._schema.get_type(found.type_condition.name.value)
            self._known[name] = self.of(found.selection_set, inner)
        return self._known[name]

    def _field(self, node: FieldNode, parent: Any) -> _Sum:
        if node.name.value in _META:
            return {(): 1}
        definition = parent.fields[node.name.value]
        weight = _weight(definition)
        inner = get_named_type(definition.type)
        if node.selection_set is None or not is_composite_type(inner):
            return {(): weight}
        below = self.of(node.selection_set, inner)
        times = self._times(node, parent, definition, inner)
        if isinstance(self._lengths.get(f"{parent.name}.{node.name.value}"), ByArgument):
            # What is asked for one by one is also worked out one by one.
            below[()] = below.get((), 0) + weight
            weight = 0
        whole = _multiplied(below, times)
        whole[()] = whole.get((), 0) + weight
        return whole

    def _times(self, node: FieldNode, parent: Any, definition: Any, inner: Any) -> int | Length:
        if "first" in definition.args:
            return self._length(node, ("first", "last"), DEFAULT_PAGE, MAX_PAGE)
        if not is_list_type(get_nullable_type(definition.type)) or _is_edges(inner):
            # Edges: the page size has multiplied the connection already.
            return 1
        declared = self._lengths.get(f"{parent.name}.{node.name.value}", UNDECLARED)
        if isinstance(declared, ByArgument):
            return self._length(node, (declared.argument,), declared.most, declared.most)
        return declared

    def _length(
        self, node: FieldNode, names: tuple[str, ...], otherwise: int, most: int
    ) -> int | Length:
        """What the arguments ``names`` ask for; of two that are given one is null, or both refused."""
        variables: list[tuple[str, int | None]] = []
        longest = 0
        for argument in node.arguments or ():
            if argument.name.value not in names:
                continue
            if isinstance(argument.value, VariableNode):
                name = argument.value.name.value
                variables.append((name, _written(self._defaults.get(name))))
            else:
                longest = max(longest, min(_written(argument.value) or 0, most))
        if longest:
            return longest
        return Length(tuple(variables), otherwise, most) if variables else otherwise


def _written(value: ValueNode | None) -> int | None:
    """The length that stands in the document itself."""
    if isinstance(value, IntValueNode):
        return max(int(value.value), 1)
    if isinstance(value, ListValueNode):
        return max(len(value.values), 1)
    return None


def _multiplied(whole: _Sum, times: int | Length) -> _Sum:
    if isinstance(times, int):
        return {lengths: number * times for lengths, number in whole.items()}
    return {
        tuple(sorted((*lengths, times), key=lambda one: one.variables)): number
        for lengths, number in whole.items()
    }


def _is_edges(named: Any) -> bool:
    return isinstance(named, GraphQLObjectType) and named.name.endswith("Edge")


def _weight(definition: Any) -> int:
    declared = definition.extensions.get("strawberry-definition")
    how = declared.metadata.get(READING) if declared is not None else None
    return int(getattr(how, "weight", 1))
