"""What a request's root fields mean: rights, arguments, pages, cursors; and what of it shapes SQL."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import get_named_type
from graphql.execution.values import VariableValues, get_argument_values
from sqlalchemy import ColumnElement, and_, true

from hemvist.errors import HemvistError
from hemvist.identity import Actor, allows
from hemvist.ids import new_id
from hemvist_graphql.choosing import Chosen, Within
from hemvist_graphql.compiled.conditions import converted, named
from hemvist_graphql.compiled.refusal import NotPlanned, Why
from hemvist_graphql.compiled.selection import Selected
from hemvist_graphql.connections import PAGING, Connected, Page
from hemvist_graphql.cursors import cursor_key, decode_cursor
from hemvist_graphql.failures import RequestFailed
from hemvist_graphql.ids import parse_global_id
from hemvist_graphql.reading import Computed, LookedUp, Node, readable, readable_names

_BLOCK = 64


@dataclass(frozen=True, slots=True)
class Root:
    """One root field of one request. ``shape`` is equal where the same statement serves."""

    at: int
    field: Selected
    how: LookedUp | Connected | Chosen | Within | Computed | None
    shape: Hashable
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    #: The type of what is found; None where its id is none that can be found.
    target: str | None = None
    criteria: ColumnElement[bool] | None = None
    backward: bool = False
    after: bool = False
    before: bool = False

    @property
    def searches(self) -> bool:
        """Whether the field is a search that is logged by itself."""
        return isinstance(self.how, Chosen) and self.how.logged is not None

    def name(self, what: str) -> str:
        """The name of a parameter of this field."""
        return f"r{self.at}_{what}"


def roots_of(fields: Sequence[Selected], actor: Actor, variables: VariableValues) -> list[Root]:
    """The root fields with their arguments. Raises ``NotPlanned``."""
    return [_root(at, one, actor, variables) for at, one in enumerate(fields)]


def _root(at: int, asked: Selected, actor: Actor, variables: VariableValues) -> Root:
    how = asked.how
    if asked.definition is None:
        return Root(at, asked, None, "__typename")
    if isinstance(how, Computed):
        return Root(at, asked, how, "computed")
    if isinstance(how, Within):
        return Root(at, asked, how, "within", target=get_named_type(asked.definition.type).name)
    if isinstance(how, Chosen):
        # Each search has an entry of its own: such a root is made anew for each request.
        entry = {} if how.logged is None else {f"r{at}_entry": new_id()}
        return Root(at, asked, how, "chosen", entry, how.seen_as.reading.name)
    if not isinstance(how, LookedUp | Connected):
        raise NotPlanned(Why.COMPUTED, f"Query.{asked.name}")
    try:
        given = get_argument_values(asked.definition, asked.nodes[0], variables)
        if isinstance(how, LookedUp):
            return _looked_up(at, asked, how, given["id"])
        return _listed(at, asked, how, actor, given)
    except (RequestFailed, HemvistError) as refused:
        raise NotPlanned(Why.REFUSED, asked.name) from refused


def _looked_up(at: int, asked: Selected, how: LookedUp, id_: str) -> Root:
    parsed = parse_global_id(id_)
    known = parsed is not None and parsed[0] in readable_names()
    if parsed is None or not known or (how.target or parsed[0]) != parsed[0]:
        return Root(at, asked, how, "nothing")
    if how.target is None and not issubclass(readable(parsed[0]), Node):
        return Root(at, asked, how, "nothing")
    return Root(at, asked, how, parsed[0], {f"r{at}_id": parsed[1]}, parsed[0])


def _listed(
    at: int, asked: Selected, how: Connected, actor: Actor, given: Mapping[str, Any]
) -> Root:
    if how.needs is not None and not allows(actor, how.needs):
        raise NotPlanned(Why.REFUSED, how.needs.value)
    assert asked.definition is not None
    arguments = converted(asked.definition, given)
    page = Page(**{name: arguments.pop(name, None) for name in PAGING})
    values: dict[str, Any] = {f"r{at}_size": page.size()}
    name = how.ordering.name
    for side, cursor in (("after", page.after), ("before", page.before)):
        if cursor is not None:
            keys = decode_cursor(actor.tenant_id, name, cursor)
            values |= {f"r{at}_{side}{place}": key for place, key in enumerate(keys)}
    key = cursor_key(actor.tenant_id, name).ljust(_BLOCK, b"\0")
    values[f"r{at}_inner"] = bytes(byte ^ 0x36 for byte in key)
    values[f"r{at}_outer"] = bytes(byte ^ 0x5C for byte in key)
    criteria = and_(true(), *how.criteria(None, _Asking(actor), **arguments))
    shape, filtered = named(f"r{at}", criteria)
    backward, after, before = page.last is not None, page.after is not None, page.before is not None
    return Root(
        at,
        asked,
        how,
        (backward, after, before, shape),
        values | filtered,
        how.target,
        criteria,
        backward,
        after,
        before,
    )


class _Asking:
    """What a list's own conditions may know: who asks."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    @property
    def context(self) -> _Asking:
        return self

    def __getattr__(self, name: str) -> Any:
        raise NotPlanned(Why.CONDITION, name)
