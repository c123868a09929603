"""Relations that choose: their rows in the statement, bound to the row that they match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from graphql import GraphQLNonNull, get_named_type
from sqlalchemy import ColumnElement, Integer, Select, literal_column, select
from sqlalchemy.dialects.postgresql import JSON

from hemvist_graphql.choosing import Chosen, source_of
from hemvist_graphql.compiled.lookups import looked_up
from hemvist_graphql.compiled.printing import typename
from hemvist_graphql.compiled.refusal import NotPlanned, Why
from hemvist_graphql.compiled.rows import Rows
from hemvist_graphql.compiled.selection import Selected
from hemvist_graphql.compiled.shown import Made, Shown

if TYPE_CHECKING:
    from hemvist_graphql.compiled.objects import Objects

_NOTHING: ColumnElement[Any] = literal_column("'null'::json", JSON())
_NO_ROWS: ColumnElement[Any] = literal_column("'[]'::json", JSON())


def of_row(objects: Objects, one: Selected, how: Chosen, rows: Rows) -> Made | ColumnElement[Any]:
    """What ``how`` chooses for each of ``rows``: a sub-select, or JSON where there can be nothing."""
    matching = [rows.column(key) for _, key in how.by]
    return chosen_rows(objects, one, how, rows.tenant, matching, rows)


def chosen_rows(
    objects: Objects,
    one: Selected,
    how: Chosen,
    tenant: ColumnElement[Any],
    matching: Sequence[ColumnElement[Any]] = (),
    parent: Rows | None = None,
) -> Made | ColumnElement[Any]:
    """The rows of ``tenant`` that ``how`` chooses, whose columns equal ``matching``."""
    assert one.definition is not None
    required = isinstance(one.definition.type, GraphQLNonNull)
    if how.single and required:
        # Whether there is one is known from the rows alone.
        raise NotPlanned(Why.NULL, one.name)
    condition = objects.conditions.of(how, one.definition, one.nodes[0], objects.actor)
    if condition is None:
        return _NOTHING if how.single else _NO_ROWS
    named: Any = get_named_type(one.definition.type)
    fields = objects.selections.below(named, one)
    there = objects.rows(how.seen_as.reading)
    if parent is not None and how.joining is None and [key for _, key in how.by] == ["id"]:
        there.below(parent, how.by[0][0])
    source = source_of(how, objects.names.fresh("m"))
    equal = [column == value for column, value in zip(source.back, matching, strict=True)]

    def scan() -> Select[Any]:
        found = source.of(there.scan(tenant, looked_up(condition), *equal))
        if source.joining is not None:
            found = found.where(source.joining.tenant_id == tenant)
        if how.single or how.limit is not None:
            found = found.order_by(*source.order)
        if how.single:
            return found
        return found if how.limit is None else found.limit(_number(how.limit))

    if how.single:
        return objects.one(fields, there, scan)
    return objects.many(fields, there, scan, source.order)


def object_within(
    objects: Objects, asked: Selected, type_name: str, tenant: ColumnElement[Any]
) -> Made:
    """An object that is no row: each of its fields is a list of its own, of the whole kommun."""
    shown = Shown()
    for one in objects.selections.below(objects.selections.object_type(type_name), asked):
        if one.definition is None:
            shown.keys.append(typename(type_name).label(one.key))
        elif isinstance(one.how, Chosen):
            made = chosen_rows(objects, one, one.how, tenant)
            shown.keys.append(shown.take(made).label(one.key))
        else:
            raise NotPlanned(Why.COMPUTED, f"{type_name}.{one.name}")
    nothing = select(literal_column("1")).subquery(objects.names.fresh("w"))
    return objects.told(nothing, shown, shown.trail)


def _number(number: int) -> ColumnElement[Any]:
    return literal_column(str(number), Integer())
