"""Conditions of fields: what they mean as conditions, the shape that gives SQL, and the values.

Conditions whose arguments are written out in the document are the plan's own. Those that name a
variable are made for each request: their shape is part of the plan's key, their values are given
anew under names of the field.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.values import VariableValues, get_argument_values
from sqlalchemy import ColumnElement, and_, true
from strawberry.types.arguments import convert_arguments

from hemvist.errors import HemvistError
from hemvist.identity import Actor, allows
from hemvist_graphql.choosing import Chosen
from hemvist_graphql.compiled.refusal import NotPlanned, Why
from hemvist_graphql.compiled.selection import how_of
from hemvist_graphql.failures import RequestFailed
from hemvist_graphql.schema import schema

#: A condition; None where no row can meet it.
Condition = ColumnElement[bool] | None


@dataclass(frozen=True, slots=True)
class Argued:
    """A place in a document whose condition is made for each request: its arguments name variables,
    or it is a search."""

    node: FieldNode
    definition: GraphQLField
    how: Chosen


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the arguments of one request mean. ``shape`` is equal where the same statement serves."""

    shape: Hashable = ()
    values: dict[str, Any] = field(default_factory=dict)
    #: By the node's ``id``: the document lives as long as its plans.
    by_node: Mapping[int, Condition | NotPlanned] = field(default_factory=dict)

    def of(self, how: Chosen, definition: GraphQLField, node: FieldNode, actor: Actor) -> Condition:
        """The condition of one field. ``actor`` is who stands in for everybody with their roles.

        Raises ``NotPlanned``: a refusal counts where the field is really asked for.
        """
        if id(node) in self.by_node:
            found = self.by_node[id(node)]
            if isinstance(found, NotPlanned):
                raise found.with_traceback(None)
            return found
        return _condition(how, definition, node, actor, None)


def argued_fields(
    graphql_schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> tuple[Argued, ...]:
    """The fields of an operation whose conditions depend on its variables."""
    finder = _Finder(TypeInfo(graphql_schema))
    for part in _reached(document, operation):
        visit(part, TypeInfoVisitor(finder.info, finder))
    return tuple(finder.found)


def conditions_of(argued: Sequence[Argued], actor: Actor, variables: VariableValues) -> Conditions:
    """What an operation's variables make of its conditions."""
    shapes: list[Hashable] = []
    values: dict[str, Any] = {}
    conditions: dict[int, Condition | NotPlanned] = {}
    for at, one in enumerate(argued):
        try:
            condition = _condition(one.how, one.definition, one.node, actor, variables)
        except NotPlanned as refused:
            # Perhaps a directive leaves the field out.
            conditions[id(one.node)] = refused
            shapes.append(refused.why)
            continue
        conditions[id(one.node)] = condition
        if condition is None:
            shapes.append(None)
            continue
        shape, own = named(f"a{at}", condition)
        shapes.append(shape)
        values |= own
    return Conditions(tuple(shapes), values, conditions)


def converted(definition: GraphQLField, given: Mapping[str, Any]) -> dict[str, Any]:
    """Conditions as the declaring function takes them."""
    declared = definition.extensions["strawberry-definition"]
    made = schema()
    return convert_arguments(
        dict(given),
        declared.arguments,
        scalar_registry=made.schema_converter.scalar_registry,
        config=made.config,
    )


def named(prefix: str, condition: ColumnElement[bool]) -> tuple[Hashable, dict[str, Any]]:
    """The shape of a condition, and its values under names that begin with ``prefix``.

    It was made for this request alone, so its parameters can be renamed in place.
    """
    key = condition._generate_cache_key()
    if key is None:
        raise NotPlanned(Why.CONDITION, "not cacheable")
    values: dict[str, Any] = {}
    lengths = []
    for place, parameter in enumerate(key.bindparams):
        parameter.key, parameter.unique = f"{prefix}_f{place}", False
        value: Any = parameter.effective_value
        if parameter.expanding:
            # As the statement will name them when IN is written out.
            lengths.append(len(value))
            values |= {f"{parameter.key}_{one}": item for one, item in enumerate(value, 1)}
        else:
            values[parameter.key] = value
    return (key.key, tuple(lengths)), values


def _condition(
    how: Chosen,
    definition: GraphQLField,
    node: FieldNode,
    actor: Actor,
    variables: VariableValues | None,
) -> Condition:
    if how.needs is not None and not allows(actor, how.needs):
        raise NotPlanned(Why.REFUSED, how.needs.value)
    try:
        given = converted(definition, get_argument_values(definition, node, variables))
        criteria = how.criteria(actor, given)
    except (RequestFailed, HemvistError) as refused:
        raise NotPlanned(Why.REFUSED, node.name.value) from refused
    return None if criteria is None else and_(true(), *criteria)


class _Finder(Visitor):
    """Notes the chosen fields with variables in the part of a document that is visited."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.found: list[Argued] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        definition = self.info.get_field_def()
        how = how_of(definition)
        if definition is None or not isinstance(how, Chosen):
            return
        if how.logged is not None or _names_variable(node):
            self.found.append(Argued(node, definition, how))


def _names_variable(node: FieldNode) -> bool:
    found: list[VariableNode] = []

    class Variables(Visitor):
        def enter_variable(self, one: VariableNode, *_: Any) -> None:
            found.append(one)

    for argument in node.arguments or ():
        visit(argument, Variables())
    return bool(found)


def _reached(
    document: DocumentNode, operation: OperationDefinitionNode
) -> Iterator[OperationDefinitionNode | FragmentDefinitionNode]:
    """The operation and every fragment that it uses."""
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    yield operation
    spread: list[str] = []

    class Spreads(Visitor):
        def enter_fragment_spread(self, one: FragmentSpreadNode, *_: Any) -> None:
            if one.name.value not in spread:
                spread.append(one.name.value)

    visit(operation, Spreads())
    for name in spread:
        # The list grows while it is gone through.
        visit(fragments[name], Spreads())
        yield fragments[name]
