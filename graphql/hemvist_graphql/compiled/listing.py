"""Connections: a page of a list with its cursors, sealed inside the statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql import get_named_type
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    cast,
    func,
    literal_column,
    select,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by
from sqlalchemy.sql.selectable import LateralFromClause

from hemvist_graphql.compiled.objects import EMPTY_LIST, Objects
from hemvist_graphql.compiled.parameters import Given
from hemvist_graphql.compiled.printing import in_utc, must, typename, unpadded
from hemvist_graphql.compiled.refusal import NotPlanned, Why
from hemvist_graphql.compiled.roots import Root
from hemvist_graphql.compiled.rows import of
from hemvist_graphql.compiled.selection import Selected
from hemvist_graphql.compiled.shown import Shown
from hemvist_graphql.compiled.trail import Trail, gathered, joined
from hemvist_graphql.connections import Connected
from hemvist_graphql.cursors import TAG_BYTES
from hemvist_graphql.reading import readable

#: The row's place in the page, and in the page's own columns: how many were read, and cursors.
PLACE, READ, FIRST, LAST = "0n", "0read", "0first", "0last"


class Listing:
    """Makes the sub-select of one connection."""

    def __init__(
        self, objects: Objects, root: Root, tenant: ColumnElement[Any], given: Given
    ) -> None:
        assert isinstance(root.how, Connected) and root.criteria is not None
        self._objects, self._root, self._tenant, self._given = objects, root, tenant, given
        self._ordering = root.how.ordering
        self._rows = objects.rows(readable(root.how.target).reading)
        self._page = objects.names.fresh("p")
        self._size = given(root.name("size"), Integer())
        #: Columns of the page: JSON of each ``edges``, and what pageInfo is made of.
        self._columns: list[ColumnElement[Any]] = []
        self._shown = Shown()
        self._paged = False

    def made(self) -> tuple[LateralFromClause, ColumnElement[Any], Trail]:
        """The connection as a sub-select: its JSON and trail."""
        type_ = get_named_type(self._root.field.definition.type)  # type: ignore[union-attr]
        fields = self._objects.selections.below(type_, self._root.field)  # type: ignore[arg-type]
        keys: list[ColumnElement[Any]] = [
            self._key(one, type_.name).label(one.key) for one in fields
        ]
        shown = Shown(keys)
        if not self._paged:
            return self._objects.told(select(literal_column("1")).subquery("0one"), shown, {})
        page, trail = self._read()
        outside = {kind: of(self._page, f"0{kind}") for kind in trail}
        return self._objects.told(page, shown, outside)

    def _key(self, one: Selected, type_name: str) -> ColumnElement[Any]:
        if one.definition is None:
            return typename(type_name)
        if one.name == "totalCount":
            return cast(self._count(), Integer)
        inner: Any = get_named_type(one.definition.type)
        fields = self._objects.selections.below(inner, one)
        self._paged = True
        if one.name == "edges":
            return self._edges(fields, inner.name)
        if one.name == "pageInfo":
            return self._page_info(fields)
        raise NotPlanned(Why.COMPUTED, f"{type_name}.{one.name}")

    def _edges(self, fields: Sequence[Selected], type_name: str) -> ColumnElement[Any]:
        keys = [self._edge(one, type_name).label(one.key) for one in fields]
        alias = self._objects.names.fresh("e")
        self._shown.joins.append(select(*keys).lateral(alias))
        place = of(self._rows.alias, PLACE)
        order = place.desc() if self._root.backward else place
        listed: Any = func.json_agg(
            aggregate_order_by(func.row_to_json(literal_column(f'"{alias}"')), order)
        )
        name = f"0edges{len(self._columns)}"
        only = listed.filter(place <= self._size)
        self._columns.append(func.coalesce(only, EMPTY_LIST).label(name))
        return of(self._page, name, JSON())

    def _edge(self, one: Selected, type_name: str) -> ColumnElement[Any]:
        if one.definition is None:
            return typename(type_name)
        if one.name == "cursor":
            return must(func.to_json(self._cursor(self._keys())), self._rows.id)
        assert one.name == "node"
        named: Any = get_named_type(one.definition.type)
        below = self._objects.shown(self._objects.selections.below(named, one), self._rows)
        # The node's own sub-selects hang on the row; its JSON is one more of them.
        self._shown.joins += below.joins
        self._shown.trail = joined(self._shown.trail, below.trail)
        alias = self._objects.names.fresh("o")
        self._shown.joins.append(select(*below.keys).lateral(alias))
        return func.row_to_json(literal_column(f'"{alias}"'), type_=JSON())

    def _page_info(self, fields: Sequence[Selected]) -> ColumnElement[Any]:
        root, more = self._root, of(self._page, READ) > self._size
        other = true() if (root.before if root.backward else root.after) else ~true()
        values: dict[str, ColumnElement[Any]] = {
            "hasNextPage": other if root.backward else more,
            "hasPreviousPage": more if root.backward else other,
        }
        for name, end in (("startCursor", FIRST), ("endCursor", LAST)):
            if any(one.name == name for one in fields):
                values[name] = self._cursor_at(end)
        keys = [
            (typename("PageInfo") if one.definition is None else values[one.name]).label(one.key)
            for one in fields
        ]
        alias = self._objects.names.fresh("i")
        whole = func.row_to_json(literal_column(f'"{alias}"'), type_=JSON())
        return select(whole).select_from(select(*keys).subquery(alias)).scalar_subquery()

    def _cursor_at(self, end: str) -> ColumnElement[Any]:
        """The cursor at one end of the page. Of the rows only their keys are kept, and sealed once:
        to seal each row's cursor for the one that is shown cost more than the rows."""
        place = of(self._rows.alias, PLACE)
        kept = []
        for at, key in enumerate(self._keys()):
            label = f"{end}{at}"
            if all(column.name != label for column in self._columns):
                # Pages backward are read backward.
                first = (end == FIRST) != self._root.backward
                found: Any = func.array_agg(
                    aggregate_order_by(key, place if first else place.desc()),
                    type_=ARRAY(key.type),
                )
                only = found.filter(place <= self._size)
                self._columns.append(literal_first(only, key.type).label(label))
            kept.append(of(self._page, label, key.type))
        return self._cursor(kept)

    def _read(self) -> tuple[Any, Trail]:
        """The page: one row that holds everything that was read of it."""
        rows, objects = self._rows, self._objects
        place = of(rows.alias, PLACE)
        trail = gathered(joined(objects.trail_of(rows), self._shown.trail), place <= self._size)
        source: Any = self._placed()
        for join in self._shown.joins:
            source = source.outerjoin(join, true())
        page = select(
            *self._columns,
            func.count().label(READ),
            *(one.label(f"0{kind}") for kind, one in trail.items()),
        ).select_from(source)
        return page.lateral(self._page), trail

    def _placed(self) -> Any:
        """The rows of the page, and one more if there is one, each with its place."""
        root, ordering = self._root, self._ordering
        falling = ordering.descending != root.backward
        outside = [self._ordered(place) for place in range(len(ordering.keys))]
        conditions = [root.criteria]
        for side, asked in (("after", root.after), ("before", root.before)):
            if asked:
                conditions.append(self._beyond(side))
        scan = (
            self._rows.scan(self._tenant, *conditions)  # type: ignore[arg-type]
            .order_by(*(key.desc() if falling else key.asc() for key in ordering.keys))
            .limit(self._size + literal_column("1", Integer()))
        )
        inner = self._objects.names.fresh("s")
        within: list[ColumnElement[Any]] = [
            literal_column(str(key).replace(f'"{self._rows.alias}"', f'"{inner}"'))
            for key in outside
        ]
        numbered = func.row_number().over(
            order_by=[key.desc() if falling else key.asc() for key in within]
        )
        whole = select(literal_column(f'"{inner}".*'), numbered.label(PLACE))
        return whole.select_from(scan.subquery(inner)).subquery(self._rows.alias)

    def _ordered(self, place: int) -> ColumnElement[Any]:
        key = self._ordering.keys[place]
        return self._rows.taken(f"k:{place}", key)  # type: ignore[arg-type]

    def _beyond(self, side: str) -> ColumnElement[bool]:
        keys = self._ordering.keys
        here = tuple_(*keys)
        there = tuple_(
            *(
                self._given(self._root.name(f"{side}{place}"), key.type)
                for place, key in enumerate(keys)
            )
        )
        lower = self._ordering.descending == (side == "after")
        return here < there if lower else here > there

    def _count(self) -> ColumnElement[Any]:
        rows = self._objects.rows(self._rows.reading)
        scan = rows.scan(self._tenant, self._root.criteria)  # type: ignore[arg-type]
        return select(func.count()).select_from(scan.subquery(rows.alias)).scalar_subquery()

    def _keys(self) -> list[ColumnElement[Any]]:
        return [self._ordered(place) for place in range(len(self._ordering.keys))]

    def _cursor(self, keys: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
        """The cursor of a row with ``keys``, as ``encode_cursor`` makes it (HMAC of RFC 2104)."""
        body: Any = literal_column("'['", Text())
        for place, key in enumerate(keys):
            kind, text = _written(key.type, key)
            comma = "," if place else ""
            body = body.op("||")(literal_column(f'\'{comma}["{kind}","\'', Text()))
            body = body.op("||")(text).op("||")(literal_column("'\"]'", Text()))
        body = func.convert_to(body.op("||")(literal_column("']'")), literal_column("'UTF8'"))
        name = self._root.name
        inner = func.sha256(_joined(self._given(name("inner"), LargeBinary()), body))
        outer = func.sha256(_joined(self._given(name("outer"), LargeBinary()), inner))
        tag = func.substr(outer, literal_column("1"), literal_column(str(TAG_BYTES)))
        return unpadded(_joined(tag, body))


def _joined(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return one.op("||", return_type=LargeBinary())(other)


def _written(type_: Any, value: ColumnElement[Any]) -> tuple[str, ColumnElement[Any]]:
    """A key's kind and text in a cursor, as ``cursors`` writes them."""
    if isinstance(type_, DateTime):
        form: Any = literal_column('\'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"\'')
        return "t", func.to_char(in_utc(value), form)
    if isinstance(type_, Date):
        return "d", func.to_char(value, literal_column("'YYYY-MM-DD'"))
    if isinstance(type_, Uuid):
        return "u", cast(value, Text)
    if isinstance(type_, BigInteger | Integer):
        return "i", cast(value, Text)
    raise NotPlanned(Why.FORMAT, f"cursor of {type_!r}")


def literal_first(array: ColumnElement[Any], type_: Any) -> ColumnElement[Any]:
    """The first element of an array."""
    return type_coerce(array, ARRAY(type_))[literal_column("1")]
