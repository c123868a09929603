"""What an operation asks of a type: fields merged by response key, fragments and directives applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

from hemvist_graphql.compiled.refusal import NotPlanned, Why
from hemvist_graphql.reading import READING

#: PostgreSQL cuts longer names.
LONGEST_KEY = 63


@dataclass(frozen=True, slots=True)
class Selected:
    """One response key of one object: the field, and every node that asks for it."""

    key: str
    name: str
    #: None for ``__typename``.
    definition: GraphQLField | None
    nodes: tuple[FieldNode, ...]

    @property
    def how(self) -> Any:
        """How the field is read, or None where its type says nothing."""
        return how_of(self.definition)


def how_of(definition: GraphQLField | None) -> Any:
    """How a field of the schema is declared to be read, or None where its type says nothing."""
    declared = definition.extensions.get("strawberry-definition") if definition else None
    return declared.metadata.get(READING) if declared is not None else None


class Selections:
    """The selections of one document under given values of its directives' variables."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]
    ) -> None:
        self.schema = schema
        self._variables = variables
        self._fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }

    def of(self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> list[Selected]:
        """What is asked of an object of ``type_``, in the order of the response."""
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for one in sets:
            self._collect(type_, one, found, seen)
        return [self._selected(type_, key, nodes) for key, nodes in found.items()]

    def below(self, type_: GraphQLObjectType, field: Selected) -> list[Selected]:
        """What is asked of ``field``'s object, which is one of ``type_``."""
        return self.of(
            type_, (node.selection_set for node in field.nodes if node.selection_set is not None)
        )

    def object_type(self, name: str) -> GraphQLObjectType:
        """The schema's object type ``name``."""
        found = self.schema.get_type(name)
        assert isinstance(found, GraphQLObjectType)
        return found

    def _selected(self, type_: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Selected:
        if len(key) > LONGEST_KEY:
            raise NotPlanned(Why.LONG_KEY)
        name = nodes[0].name.value
        if name == "__typename":
            return Selected(key, name, None, tuple(nodes))
        if name.startswith("__"):
            raise NotPlanned(Why.INTROSPECTION)
        return Selected(key, name, type_.fields[name], tuple(nodes))

    def _collect(
        self,
        type_: GraphQLObjectType,
        selections: SelectionSetNode,
        found: dict[str, list[FieldNode]],
        seen: set[str],
    ) -> None:
        for node in selections.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                found.setdefault(key, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if self._applies(node.type_condition, type_):
                    self._collect(type_, node.selection_set, found, seen)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = self._fragments[node.name.value]
                if self._applies(fragment.type_condition, type_):
                    self._collect(type_, fragment.selection_set, found, seen)

    def _applies(self, condition: Any, type_: GraphQLObjectType) -> bool:
        if condition is None or condition.name.value == type_.name:
            return True
        wanted = self.schema.get_type(condition.name.value)
        return is_abstract_type(wanted) and self.schema.is_sub_type(wanted, type_)

    def _included(self, node: Any) -> bool:
        for name, given in _conditions(node):
            if isinstance(given, BooleanValueNode):
                value = given.value
            elif isinstance(given, VariableNode) and given.name.value in self._variables:
                value = self._variables[given.name.value]
            else:
                value = None
            if value is None:
                raise NotPlanned(Why.REFUSED, "directive without a value")
            if value is (name == "skip"):
                return False
        return True


def _conditions(node: Any) -> Iterator[tuple[str, Any]]:
    for directive in node.directives or ():
        name = directive.name.value
        if name not in ("skip", "include"):
            raise NotPlanned(Why.DIRECTIVE, name)
        yield name, directive.arguments[0].value


def shaping_variables(
    document: DocumentNode, operation: OperationDefinitionNode
) -> tuple[str, ...]:
    """Variables that decide which fields are asked for: those of ``@skip`` and ``@include``."""
    found: set[str] = set()
    sets = [operation.selection_set]
    sets += [
        one.selection_set for one in document.definitions if isinstance(one, FragmentDefinitionNode)
    ]
    while sets:
        for node in sets.pop().selections:
            found |= {
                given.name.value
                for _, given in _conditions(node)
                if isinstance(given, VariableNode)
            }
            inner = getattr(node, "selection_set", None)
            if inner is not None:
                sets.append(inner)
    return tuple(sorted(found))
