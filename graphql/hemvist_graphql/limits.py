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
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from hemvist_graphql.costs import Cost
from hemvist_graphql.failures import Code, RequestFailed

#: Characters of a document, and its tokens: a document is written by people.
MAX_DOCUMENT = 50_000
MAX_TOKENS = 12_000
MAX_DEPTH = 12
MAX_ALIASES = 40
#: Fields that an operation may touch, lists counted by their length.
MAX_COST = 30_000

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


def check_cost(cost: Cost, variables: Mapping[str, Any]) -> None:
    """Raise ``RequestFailed`` (TOO_COSTLY) when it comes to too much with these variables."""
    whole = cost.of(variables)
    if whole > MAX_COST:
        raise RequestFailed(
            Code.TOO_COSTLY,
            f"the operation costs {whole} and may cost {MAX_COST}: ask for shorter pages or less",
            cost=whole,
            limit=MAX_COST,
        )


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
