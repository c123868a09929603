"""A whole list, page by page: the caller's operation with pages of ours put into it.

The operation is rewritten once, so that every page of it is the same document with another cursor:
one plan, one statement for a page, and in that statement the entry of what was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    NamedTypeNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    VariableDefinitionNode,
    VariableNode,
    parse,
    print_ast,
)

from hemvist.identity import Actor
from hemvist_graphql.compiled.json import dumps, loads
from hemvist_graphql.connections import MAX_PAGE, Connected
from hemvist_graphql.costs import Cost
from hemvist_graphql.documents import Document, Prepared, read
from hemvist_graphql.execution import execute_text
from hemvist_graphql.failures import Code, RequestFailed
from hemvist_graphql.limits import MAX_COST, check_cost
from hemvist_graphql.reading import READING
from hemvist_graphql.schema import executable_schema

#: Variables and the key that are put in; a caller's own may not have these names.
_FIRST, _AFTER, _PAGE = "exportFirst", "exportAfter", "exportPage"
_PAGES = (MAX_PAGE, 50, 20, 10, 5, 1)


@dataclass(frozen=True, slots=True)
class Export:
    """An operation that reads one list, ready to be asked page by page."""

    document: Document
    #: The operation's own name, and the field of the schema that is the list.
    name: str | None
    field: str
    #: Where in the answer the rows are: the list, its edges, and of an edge the row and its cursor.
    key: str
    edges: str
    node: str
    cursor: str | None
    #: The variable of the cursor after which a page begins, and one that stands in the document.
    after: str
    start: str | None
    page: int


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as lines of JSON, and the cursor after which there are more."""

    lines: str
    rows: int
    after: str | None


class PageFailed(Exception):
    """A page could not be read. ``error`` is as the API words it."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__("a page could not be read")
        self.error = error


def export_of(prepared: Prepared, variables: Mapping[str, Any]) -> Export:
    """How to export the list that an operation asks for.

    Raises ``RequestFailed`` (NOT_A_LIST, TOO_COSTLY) for one that is no list, or more than one.
    """
    operation = prepared.operation
    root = _only(operation.selection_set, "the operation")
    if operation.operation is not OperationType.QUERY or not _is_list(root):
        raise _no("the operation's one field must be a list with pages")
    arguments = {one.name.value: one for one in root.arguments or ()}
    if arguments.keys() & {"first", "last", "before"}:
        raise _no("an export has no pages: leave out first, last and before")
    edges = _only(root.selection_set, "the list")
    if edges.name.value != "edges":
        raise _no("ask for the list's edges and for nothing else of it")
    keys: dict[str, FieldNode] = {}
    for one in edges.selection_set.selections if edges.selection_set else ():
        field = _plain(one, "an edge")
        if keys.setdefault(field.name.value, field) is not field:
            raise _no("ask for the node once")
    if "node" not in keys or keys.keys() - {"node", "cursor"}:
        raise _no("ask for the node of an edge, and its cursor if you want it")
    declared = {one.variable.name.value for one in operation.variable_definitions or ()}
    if declared & {_FIRST, _AFTER}:
        raise _no(f"{_FIRST} and {_AFTER} are names of ours")
    after, start = _after(arguments.get("after"))
    changed = _changed(prepared, root, arguments, own_after=after == _AFTER)
    paged = changed.operation(prepared.name)
    return Export(
        changed,
        prepared.name,
        root.name.value,
        _key(root),
        _key(edges),
        _key(keys["node"]),
        _key(keys["cursor"]) if "cursor" in keys else None,
        after,
        start,
        _page_size(paged.cost, variables),
    )


def read_page(
    actor: Actor, export: Export, variables: Mapping[str, Any], after: str | None
) -> Page:
    """One page. Raises ``PageFailed``."""
    given = {**variables, export.after: after, _FIRST: export.page}
    answer = loads(execute_text(actor, export.document, given, export.name))
    if "errors" in answer:
        raise PageFailed(answer["errors"][0])
    found = answer["data"][export.key]
    rows = found[export.edges]
    where = found[_PAGE]
    lines = "".join(f"{line}\n" for line in _lines(export, rows))
    return Page(lines, len(rows), where["endCursor"] if where["hasNextPage"] else None)


def _lines(export: Export, rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        line = {"row": row[export.node]}
        if export.cursor is not None:
            line["cursor"] = row[export.cursor]
        yield dumps(line)


def _only(selections: SelectionSetNode | None, where: str) -> FieldNode:
    found = selections.selections if selections is not None else ()
    if len(found) != 1:
        raise _no(f"{where} must ask for one field only")
    return _plain(found[0], where)


def _plain(node: Any, where: str) -> FieldNode:
    if not isinstance(node, FieldNode) or node.directives:
        raise _no(f"{where} must name its fields, without fragments or directives")
    return node


def _is_list(root: FieldNode) -> bool:
    query = executable_schema().query_type
    assert query is not None
    definition = query.fields.get(root.name.value)
    declared = definition.extensions.get("strawberry-definition") if definition else None
    return declared is not None and isinstance(declared.metadata.get(READING), Connected)


def _after(argument: ArgumentNode | None) -> tuple[str, str | None]:
    """The variable that says where to begin, and where the document itself says so."""
    if argument is None:
        return _AFTER, None
    if isinstance(argument.value, VariableNode):
        return argument.value.name.value, None
    return _AFTER, argument.value.value if isinstance(argument.value, StringValueNode) else None


def _changed(
    prepared: Prepared, root: FieldNode, arguments: Mapping[str, ArgumentNode], *, own_after: bool
) -> Document:
    assert root.selection_set is not None
    put_in = {_FIRST: "first", **({_AFTER: "after"} if own_after else {})}
    kept = [one for name, one in arguments.items() if name not in put_in.values()]
    added = [
        ArgumentNode(name=NameNode(value=argument), value=_variable(name))
        for name, argument in put_in.items()
    ]
    where = parse(f"{{ {_PAGE}: pageInfo {{ hasNextPage endCursor }} }}").definitions[0]
    assert isinstance(where, OperationDefinitionNode)
    paged = replace(
        root,
        arguments=(*kept, *added),
        selection_set=SelectionSetNode(
            selections=(*root.selection_set.selections, *where.selection_set.selections)
        ),
    )
    types = {_FIRST: "Int", _AFTER: "String"}
    operation = replace(
        prepared.operation,
        variable_definitions=(
            *(prepared.operation.variable_definitions or ()),
            *(
                VariableDefinitionNode(
                    variable=_variable(name),
                    type=NamedTypeNode(name=NameNode(value=types[name])),
                )
                for name in put_in
            ),
        ),
        selection_set=SelectionSetNode(selections=(paged,)),
    )
    whole = [
        operation if one is prepared.operation else one for one in prepared.document.definitions
    ]
    return read(print_ast(DocumentNode(definitions=tuple(whole))))


def _variable(name: str) -> VariableNode:
    return VariableNode(name=NameNode(value=name))


def _page_size(cost: Cost, variables: Mapping[str, Any]) -> int:
    """The longest page within the limit on cost."""
    for size in _PAGES:
        if cost.of({**variables, _FIRST: size}) <= MAX_COST:
            return size
    check_cost(cost, {**variables, _FIRST: 1})
    return 1


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def _no(why: str) -> RequestFailed:
    return RequestFailed(Code.NOT_A_LIST, f"it cannot be exported: {why}")
