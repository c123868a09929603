"""A mutation answered without the executor: the command is carried out, its reply read by a plan.

Only where one command is asked for and succeeds. What is refused or fails, or whose reply no plan
can read, goes to the executor, with what has happened in the context: nothing is carried out twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    NamedTypeNode,
    NameNode,
    Node,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values
from strawberry.types.arguments import convert_argument

from hemvist.kept import Kept
from hemvist.outages import Outage, outage_of
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import Command, Untold, carry_out, declared_command
from hemvist_graphql.compiled import NotPlanned, answer_text
from hemvist_graphql.compiled.refusal import Why
from hemvist_graphql.compiled.selection import Selected, Selections, shaping_variables
from hemvist_graphql.context import Context
from hemvist_graphql.ids import global_id
from hemvist_graphql.reading import Node as FoundById
from hemvist_graphql.reading import readable
from hemvist_graphql.schema import executable_schema, schema

#: Kept by what is asked for, as plans are.
KEPT_REPLIES = 500
#: The variable that holds the id of what the command did; no caller can name one so.
_ROW = "0row"


@dataclass(frozen=True, slots=True)
class Reply:
    """How one operation's reply is read: its key, its type's name under some keys, and a query."""

    command: Command
    root: Selected
    typenames: tuple[str, ...]
    query: OperationDefinitionNode | None
    document: DocumentNode
    variables: frozenset[str]


_replies: Kept[Reply | NotPlanned] = Kept(KEPT_REPLIES)
_shapings: Kept[tuple[str, ...]] = Kept(KEPT_REPLIES)


def replied(
    context: Context,
    text: str,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> str | None:
    """Carry the operation's command out; the response's ``data`` as JSON text.

    None when the executor has to answer: nothing has been done yet, or ``context.outcome`` says
    what.
    """
    given = get_variable_values(
        executable_schema(), operation.variable_definitions or (), dict(variables)
    )
    if isinstance(given, list):
        return None
    try:
        reply = _reply(text, document, operation, given)
        value = _input(reply, given)
    except NotPlanned:
        return None
    try:
        row_id, told = _carried_out(context, text, reply, value, variables)
    except Exception as refused:
        # In the executor it becomes the typed refusal, or the error, that it is.
        context.outcome = refused
        return None
    context.outcome = row_id
    if told is not None:
        return told
    try:
        return _told(context, text, reply, row_id, variables)
    except NotPlanned:
        return None


def _carried_out(
    context: Context, text: str, reply: Reply, value: Any, variables: Mapping[str, Any]
) -> tuple[UUID, str | None]:
    """The row, and its reply where that could be read before the command was committed."""
    label, run = reply.command.label, reply.command.run

    def told(session: TenantSession, row_id: UUID) -> str | None:
        try:
            return _told(context, text, reply, row_id, variables, session)
        except NotPlanned as refused:
            if refused.why in (Why.DATABASE, Why.NULL):
                raise Untold from refused
            return None
        except psycopg.Error as error:
            if outage_of(error) is Outage.TIMEOUT:
                raise Untold from error
            raise

    try:
        return carry_out(context, label, value, run, told)
    except Untold:
        # Nothing has been done. It is not to fail by how it is told.
        return carry_out(context, label, value, run)


def _told(
    context: Context,
    text: str,
    reply: Reply,
    row_id: UUID,
    variables: Mapping[str, Any],
    within: TenantSession | None = None,
) -> str:
    done, target = reply.command.done, reply.command.target
    if reply.query is not None and not issubclass(readable(target), FoundById):
        # It is no look-up's to find: the executor reads it.
        raise NotPlanned(Why.COMPUTED, target)
    parts = [f'"{key}":"{done}"' for key in reply.typenames]
    if reply.query is not None:
        values = {name: value for name, value in variables.items() if name in reply.variables}
        values[_ROW] = global_id(target, row_id)
        read = answer_text(
            *(context.actor, f"reply to {text}", reply.document, reply.query, values),
            within=within,
        )
        parts.append(read[1:-1])
    return f'{{"{reply.root.key}":{{{",".join(parts)}}}}}'


def _input(reply: Reply, given: VariableValues) -> Any:
    """The command's input, as Strawberry would give it to the resolver."""
    assert reply.root.definition is not None
    found = get_argument_values(reply.root.definition, reply.root.nodes[0], given)
    known = schema()
    return convert_argument(
        value=found["input"],
        type_=reply.command.input_type,
        scalar_registry=known.schema_converter.scalar_registry,
        config=known.config,
    )


def _reply(
    text: str,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    given: VariableValues,
) -> Reply:
    name = operation.name.value if operation.name else None
    shaping = _shapings.get((text, name), lambda: shaping_variables(document, operation))
    key = (text, name, tuple(given.coerced.get(one) for one in shaping))

    def made() -> Reply | NotPlanned:
        try:
            return _made(document, operation, given)
        except NotPlanned as refused:
            return refused

    found = _replies.get(key, made)
    if isinstance(found, NotPlanned):
        raise found.with_traceback(None)
    return found


def _made(
    document: DocumentNode, operation: OperationDefinitionNode, given: VariableValues
) -> Reply:
    known = executable_schema()
    assert known.mutation_type is not None
    selections = Selections(known, document, given.coerced)
    roots = selections.of(known.mutation_type, [operation.selection_set])
    if len(roots) != 1 or roots[0].definition is None:
        raise NotPlanned(Why.NOT_A_QUERY)
    (root,) = roots
    command = declared_command(root.name)
    type_ = known.get_type(command.done)
    assert isinstance(type_, GraphQLObjectType)
    asked = selections.below(type_, root)
    names = [one.definition is None for one in asked]
    if names != sorted(names, reverse=True):
        # A type's name after what is read: the executor keeps the order.
        raise NotPlanned(Why.NOT_A_QUERY)
    reading = [one for one in asked if one.definition is not None]
    fragments = [one for one in document.definitions if isinstance(one, FragmentDefinitionNode)]
    used = _variables_in([*(node for one in reading for node in one.nodes), *fragments])
    query = _query(operation, reading, used) if reading else None
    return Reply(
        command,
        root,
        tuple(one.key for one in asked if one.definition is None),
        query,
        DocumentNode(definitions=(*([query] if query else []), *fragments)),
        frozenset(used),
    )


def _query(
    operation: OperationDefinitionNode, reading: Iterable[Selected], used: set[str]
) -> OperationDefinitionNode:
    """The query that reads the row that the command gives, under the mutation's keys and name."""
    row = VariableNode(name=NameNode(value=_ROW))
    wanted = NonNullTypeNode(type=NamedTypeNode(name=NameNode(value="ID")))
    fields = tuple(
        FieldNode(
            alias=NameNode(value=one.key),
            name=NameNode(value="node"),
            arguments=(ArgumentNode(name=NameNode(value="id"), value=row),),
            directives=(),
            selection_set=SelectionSetNode(
                selections=tuple(
                    inner
                    for node in one.nodes
                    if node.selection_set
                    for inner in node.selection_set.selections
                )
            ),
        )
        for one in reading
    )
    return OperationDefinitionNode(
        operation=OperationType.QUERY,
        name=operation.name,
        directives=(),
        variable_definitions=(
            *(
                one
                for one in operation.variable_definitions or ()
                if one.variable.name.value in used
            ),
            VariableDefinitionNode(variable=row, type=wanted, directives=()),
        ),
        selection_set=SelectionSetNode(selections=fields),
    )


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        """Note the variable."""
        self.found.add(node.name.value)


def _variables_in(nodes: Iterable[Node]) -> set[str]:
    visitor = _Variables()
    for node in nodes:
        visit(node, visitor)
    return visitor.found
