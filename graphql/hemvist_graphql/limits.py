"""How large, deep and costly an operation may be. Measured before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

from hemvist_graphql.connections import DEFAULT_PAGE, MAX_PAGE
from hemvist_graphql.failures import Code, RequestFailed
from hemvist_graphql.reading import READING

#: Characters of a document, and its tokens: a document is written by people.
MAX_DOCUMENT = 50_000
MAX_TOKENS = 12_000
MAX_DEPTH = 12
MAX_ALIASES = 40
#: Fields that an operation may touch, lists counted by their length.
MAX_COST = 20_000
#: How many rows a list without paging is taken to hold.
ASSUMED_LIST = 5

_META = ("__schema", "__type", "__typename")


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a document before it is validated."""

    depth: int
    aliases: int


def check_size(document: str) -> None:
    """Raise ``RequestFailed`` (DOCUMENT_TOO_LARGE) before a long document is parsed."""
    if len(document) > MAX_DOCUMENT:
        raise RequestFailed(
            Code.DOCUMENT_TOO_LARGE,
            f"the document has more than {MAX_DOCUMENT} characters: send values as variables",
            limit=MAX_DOCUMENT,
        )


def check_shape(document: DocumentNode) -> None:
    """Raise ``RequestFailed`` (TOO_DEEP, TOO_MANY_ALIASES). Needs no valid document."""
    shape = _Shapes(document).whole()
    if shape.depth > MAX_DEPTH:
        raise RequestFailed(
            Code.TOO_DEEP, f"fields lie more than {MAX_DEPTH} deep", limit=MAX_DEPTH
        )
    if shape.aliases > MAX_ALIASES:
        raise RequestFailed(
            Code.TOO_MANY_ALIASES, f"more than {MAX_ALIASES} aliases", limit=MAX_ALIASES
        )


class _Shapes:
    """Depth and aliases, each fragment measured once however often it is used."""

    def __init__(self, document: DocumentNode) -> None:
        self._definitions = document.definitions
        self._fragments = _fragments(document)
        self._known: dict[str, Shape] = {}

    def whole(self) -> Shape:
        """The deepest operation, and the one with the most aliases."""
        shapes = [
            self._of(one.selection_set)
            for one in self._definitions
            if isinstance(one, OperationDefinitionNode)
        ]
        return Shape(
            max((shape.depth for shape in shapes), default=0),
            max((shape.aliases for shape in shapes), default=0),
        )

    def _of(self, selections: SelectionSetNode) -> Shape:
        depth = aliases = 0
        for node in selections.selections:
            if isinstance(node, FieldNode):
                # Introspection has a depth rule of its own among the validation rules.
                inner = (
                    self._of(node.selection_set)
                    if node.selection_set and node.name.value not in _META
                    else Shape(0, 0)
                )
                inner = Shape(inner.depth + 1, inner.aliases + (node.alias is not None))
            elif isinstance(node, InlineFragmentNode):
                inner = self._of(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                inner = self._fragment(node.name.value)
            else:
                continue
            depth, aliases = max(depth, inner.depth), aliases + inner.aliases
        return Shape(depth, aliases)

    def _fragment(self, name: str) -> Shape:
        if name not in self._known:
            # A fragment that reaches itself is refused by validation; here it must only end.
            self._known[name] = Shape(0, 0)
            found = self._fragments.get(name)
            if found is not None:
                self._known[name] = self._of(found.selection_set)
        return self._known[name]


def check_cost(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> None:
    """Raise ``RequestFailed`` (TOO_COSTLY). Needs a document that is valid for ``schema``."""
    root = schema.get_root_type(operation.operation)
    assert root is not None
    defaults = {
        one.variable.name.value: int(one.default_value.value)
        for one in operation.variable_definitions or ()
        if isinstance(one.default_value, IntValueNode)
    }
    cost = _Costs(schema, document, {**defaults, **variables}).of(operation.selection_set, root)
    if cost > MAX_COST:
        raise RequestFailed(
            Code.TOO_COSTLY,
            f"the operation costs {cost} and may cost {MAX_COST}: ask for shorter pages or less",
            cost=cost,
            limit=MAX_COST,
        )


class _Costs:
    """Cost of selections: one for each field, its weight when computed, times the list's length."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]
    ) -> None:
        self._schema = schema
        self._fragments = _fragments(document)
        self._variables = variables
        self._known: dict[str, int] = {}

    def of(self, selections: SelectionSetNode, parent: Any) -> int:
        """What the selections cost for one object of ``parent``."""
        return sum(self._selection(node, parent) for node in selections.selections)

    def _selection(self, node: Any, parent: Any) -> int:
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

    def _field(self, node: FieldNode, parent: Any) -> int:
        if node.name.value in _META:
            return 1
        definition = parent.fields[node.name.value]
        cost = _weight(definition)
        inner = get_named_type(definition.type)
        if node.selection_set is None or not is_composite_type(inner):
            return cost
        times = self._page(node) if "first" in definition.args else 1
        if is_list_type(get_nullable_type(definition.type)) and not _is_edges(inner):
            times = ASSUMED_LIST
        return cost + times * self.of(node.selection_set, inner)

    def _page(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                value: Any = None
                if isinstance(argument.value, IntValueNode):
                    value = int(argument.value.value)
                elif isinstance(argument.value, VariableNode):
                    value = self._variables.get(argument.value.name.value)
                if isinstance(value, int):
                    # Beyond the largest page the field refuses; it must not count as less than none.
                    return min(max(value, 1), MAX_PAGE)
        return DEFAULT_PAGE


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }


def _is_edges(named: Any) -> bool:
    # The page size has multiplied the connection already.
    return isinstance(named, GraphQLObjectType) and named.name.endswith("Edge")


def _weight(definition: Any) -> int:
    declared = definition.extensions.get("strawberry-definition")
    how = declared.metadata.get(READING) if declared is not None else None
    return int(getattr(how, "weight", 1))
