"""Objects and lists of rows: each is a lateral sub-select that gives JSON and its trail.

Sub-selects with LIMIT or an aggregate are never flattened into joins by the planner. That keeps
them stable under generic plans, and everything under the CTE that sets the tenant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLNonNull, get_named_type
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    UnaryExpression,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by
from sqlalchemy.sql import operators

from hemvist.identity import Actor
from hemvist_graphql.choosing import Chosen
from hemvist_graphql.compiled.chosen import of_row
from hemvist_graphql.compiled.conditions import Conditions
from hemvist_graphql.compiled.ingredients import PLACEHOLDER, emitted
from hemvist_graphql.compiled.printing import global_id_of, must, printed, typename
from hemvist_graphql.compiled.refusal import NotPlanned, Why
from hemvist_graphql.compiled.rows import Names, Rows, of
from hemvist_graphql.compiled.selection import Selected, Selections
from hemvist_graphql.compiled.shown import Made, Shown
from hemvist_graphql.compiled.trail import Trail, gathered, joined, own
from hemvist_graphql.reading import (
    Column,
    Computed,
    Expressed,
    Identity,
    Reading,
    ToMany,
    ToOne,
    readable,
)

JSON_OF, EMPTY_LIST = "0j", literal_column("'[]'::json", JSON())

_ONE = literal_column("1", Integer())


class Objects:
    """Makes the sub-selects of one statement."""

    def __init__(
        self, selections: Selections, actor: Actor, conditions: Conditions | None = None
    ) -> None:
        self.selections = selections
        self.actor = actor
        self.conditions = conditions or Conditions()
        self.names = Names()

    def rows(self, reading: Reading) -> Rows:
        """A new set of rows of a type."""
        return Rows(reading, self.actor, self.names)

    def shown(self, fields: Sequence[Selected], rows: Rows) -> Shown:
        """The object that ``fields`` ask for over each of ``rows``."""
        made = Shown()
        for one in fields:
            made.keys.append(self._field(one, rows, made).label(one.key))
        made.keys += emitted(rows.reading, fields, rows.column)
        return made

    def trail_of(self, rows: Rows) -> Trail:
        """The trail that each of ``rows`` leaves by itself."""
        return {
            kind: own(rows.column(key))
            for kind, key in rows.reading.trail.items()
            if kind not in rows.told
        }

    def whole(self, source: FromClause, shown: Shown) -> tuple[FromClause, ColumnElement[Any]]:
        """``source`` joined with all that ``shown`` needs, and the object's JSON."""
        alias = self.names.fresh("o")
        for join in shown.joins:
            source = source.outerjoin(join, true())
        source = source.join(select(*shown.keys).lateral(alias), true())
        # The row as a whole: an alias that no response key can spell cannot be taken for a column.
        return source, func.row_to_json(literal_column(f'"{alias}"'), type_=JSON())

    def one(self, fields: Sequence[Selected], rows: Rows, scan: Callable[[], Select[Any]]) -> Made:
        """The object of the first row of ``scan``; null when there is none.

        ``scan`` is called when everything that is taken of a row is known.
        """
        shown = self.shown(fields, rows)
        trail = joined(self.trail_of(rows), shown.trail)
        return self.told(scan().limit(_ONE).subquery(rows.alias), shown, trail)

    def told(self, source: FromClause, shown: Shown, trail: Trail) -> Made:
        """``shown`` over ``source`` as a sub-select: its JSON and trail."""
        source, value = self.whole(source, shown)
        return self._out(select(value.label(JSON_OF)), source, trail)

    def many(
        self,
        fields: Sequence[Selected],
        rows: Rows,
        scan: Callable[[], Select[Any]],
        order: Sequence[Any],
    ) -> Made:
        """The list of objects of the rows of ``scan``, in ``order``."""
        shown = self.shown(fields, rows)
        trail = joined(self.trail_of(rows), shown.trail)
        keys = [_same_order(key, rows, place) for place, key in enumerate(order)]
        source, value = self.whole(scan().subquery(rows.alias), shown)
        listed = func.json_agg(aggregate_order_by(value, *keys))
        return self._out(
            select(func.coalesce(listed, EMPTY_LIST).label(JSON_OF)), source, gathered(trail)
        )

    def _out(self, made: Select[Any], source: FromClause, trail: Trail) -> Made:
        alias = self.names.fresh("l")
        kinds = {kind: one.label(f"0{kind}") for kind, one in trail.items()}
        join = made.add_columns(*kinds.values()).select_from(source).lateral(alias)
        return join, of(alias, JSON_OF, JSON()), {k: of(alias, f"0{k}") for k in kinds}

    def _field(self, one: Selected, rows: Rows, shown: Shown) -> ColumnElement[Any]:
        name, how = rows.reading.name, one.how
        if one.definition is None:
            return typename(name)
        type_ = one.definition.type
        if isinstance(how, Identity):
            return global_id_of(rows.reading.identified, rows.id)
        if isinstance(how, Column):
            return printed(type_, rows.column(how.key), rows.id, rows.never_null(how.key))
        if isinstance(how, Expressed):
            return printed(type_, rows.column(how.key), rows.id, False)
        if isinstance(how, ToOne | ToMany):
            return self._relation(one, how, rows, shown)
        if isinstance(how, Chosen):
            return shown.take(of_row(self, one, how, rows))
        if isinstance(how, Computed):
            return PLACEHOLDER
        raise NotPlanned(Why.COMPUTED, f"{name}.{one.name}")

    def _relation(
        self, one: Selected, how: ToOne | ToMany, rows: Rows, shown: Shown
    ) -> ColumnElement[Any]:
        assert one.definition is not None
        named: Any = get_named_type(one.definition.type)
        fields = self.selections.below(named, one)
        there = self.rows(readable(how.target).reading)
        if isinstance(how, ToMany):
            there.below(rows, how.back)
            back = how.back == rows.id
            many = self.many(fields, there, lambda: there.scan(rows.tenant, back), how.order)
            return shown.add(many)
        there.pointed_at(rows, how.key)
        pointed = there.reading.columns["id"] == rows.column(how.key)
        found = shown.add(self.one(fields, there, lambda: there.scan(rows.tenant, pointed)))
        # Also a total reference can point at a row that this actor does not see.
        required = isinstance(one.definition.type, GraphQLNonNull)
        return must(found, rows.id) if required else found


def _same_order(key: Any, rows: Rows, place: int) -> Any:
    """An ordering of the table as an ordering of the rows seen from outside."""
    if isinstance(key, UnaryExpression) and key.modifier in (operators.desc_op, operators.asc_op):
        inner = rows.taken(f"o:{place}", key.element)
        return inner.desc() if key.modifier is operators.desc_op else inner.asc()
    return rows.taken(f"o:{place}", key)
