"""Lists that can grow: Relay-style connections, paged both ways by where the last row stood."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import strawberry
from sqlalchemy import ColumnElement, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from hemvist.identity import Action
from hemvist_graphql.context import Context, Info
from hemvist_graphql.cursors import decode_cursor, encode_cursor
from hemvist_graphql.failures import Code, RequestFailed
from hemvist_graphql.loading import adopt, statement_for
from hemvist_graphql.reading import READING, Readable, computed, readable
from hemvist_graphql.refs import REFS

DEFAULT_PAGE = 50
MAX_PAGE = 100

NodeT = TypeVar("NodeT")
ReadableT = TypeVar("ReadableT", bound=Readable)
MethodT = TypeVar("MethodT", bound=Callable[..., Any])


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="A row of a list with its place.")
class Edge(Generic[NodeT]):
    """A row of a list with its place."""

    cursor: str
    node: NodeT


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeT]):
    """A page of a list, read when its rows are first asked for: what is only counted is not read."""

    read: strawberry.Private[Callable[[], tuple[list[Any], PageInfo]]]
    counted: strawberry.Private[Any]

    @strawberry.field
    def edges(self) -> list[Edge[NodeT]]:
        """The rows of the page."""
        return self.read()[0]

    @strawberry.field
    def page_info(self) -> PageInfo:
        """Where the page stands."""
        return self.read()[1]

    @computed(description="Rows in the whole list.")
    def total_count(self, info: Info) -> int:
        """Rows in the whole list, counted only when asked for."""
        return int(info.context.session.execute(self.counted).scalar_one())


@dataclass(frozen=True, slots=True)
class Ordering:
    """A total order of a list: columns that end with the id, all in one direction.

    One direction, so that PostgreSQL can compare whole rows along an index.
    """

    name: str
    keys: tuple[InstrumentedAttribute[Any], ...]
    descending: bool = True


#: Arguments of every connection.
PAGING: Mapping[str, Any] = {
    "first": int | None,
    "after": str | None,
    "last": int | None,
    "before": str | None,
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a caller asks of a list."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def size(self) -> int:
        """How many rows. Raises ``RequestFailed`` (BAD_PAGE)."""
        if self.first is not None and self.last is not None:
            raise RequestFailed(Code.BAD_PAGE, "ask for first or for last, not for both")
        for name, value in (("first", self.first), ("last", self.last)):
            if value is not None and not 0 <= value <= MAX_PAGE:
                raise RequestFailed(Code.BAD_PAGE, f"{name} must lie between 0 and {MAX_PAGE}")
        asked = self.first if self.first is not None else self.last
        return DEFAULT_PAGE if asked is None else asked


@dataclass(frozen=True, slots=True)
class Connected:
    """The field is a list of ``target`` in ``ordering``; only for those with ``needs``.

    The decorated method gives the further conditions that its own arguments ask for.
    """

    target: str
    ordering: Ordering
    needs: Action | None
    #: ``criteria(query, info, **arguments)``; of ``info`` it uses ``context.actor`` only.
    criteria: Callable[..., Sequence[ColumnElement[bool]]]


def connection(
    target: str, ordering: Ordering, *, needs: Action | None = None, description: str
) -> Callable[[MethodT], MethodT]:
    """Declare a root field that is a connection; the method's arguments are its filters.

    ``first``, ``after``, ``last`` and ``before`` are added to them.
    """

    def declare(criteria: MethodT) -> MethodT:
        def resolve(self: Any, info: Info, **given: Any) -> Any:
            if needs is not None:
                info.context.require(needs)
            page = Page(**{name: given.pop(name, None) for name in PAGING})
            wanted = criteria(self, info, **given)
            return connect(info.context, readable(target), page, ordering, wanted)

        signature = inspect.signature(criteria)
        added = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=type_)
            for name, type_ in PAGING.items()
        ]
        wrapper: Any = functools.wraps(criteria)(resolve)
        wrapper.__signature__ = signature.replace(
            parameters=[*signature.parameters.values(), *added]
        )
        field: Any = strawberry.field(
            resolver=wrapper,
            graphql_type=cast(Any, Connection)[REFS[target]],
            metadata={READING: Connected(target, ordering, needs, criteria)},
            description=description,
        )
        return cast(MethodT, field)

    return declare


def connect(
    context: Context,
    cls: type[ReadableT],
    page: Page,
    ordering: Ordering,
    criteria: Sequence[ColumnElement[bool]] = (),
) -> Connection[ReadableT]:
    """The page of the visible rows that meet ``criteria``."""
    size, backward = page.size(), page.last is not None
    whole = statement_for(context, cls).where(*criteria)
    statement = whole
    for cursor, after in ((page.after, True), (page.before, False)):
        if cursor is not None:
            statement = statement.where(_beyond(context, ordering, cursor, after=after))
    # Read one row more than asked for: its being there is what "has more" means.
    falling = ordering.descending != backward
    keys = [key.desc() if falling else key.asc() for key in ordering.keys]
    extra = [key.label(f"_key{place}") for place, key in enumerate(ordering.keys)]
    statement = statement.add_columns(*extra).order_by(*keys).limit(size + 1)

    @functools.cache
    def read() -> tuple[list[Any], PageInfo]:
        rows = list(context.session.execute(statement).mappings())
        more, rows = len(rows) > size, rows[:size]
        if backward:
            rows.reverse()
        edges = [
            Edge(cursor=_cursor(context, ordering, item.row), node=item)
            for item in adopt(context, cls, rows)
        ]
        return edges, PageInfo(
            has_next_page=page.before is not None if backward else more,
            has_previous_page=more if backward else page.after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        )

    return Connection(
        read=read, counted=select(func.count()).select_from(whole.order_by(None).subquery())
    )


def _cursor(context: Context, ordering: Ordering, row: Any) -> str:
    values = [row[f"_key{place}"] for place in range(len(ordering.keys))]
    return encode_cursor(context.actor.tenant_id, ordering.name, values)


def _beyond(
    context: Context, ordering: Ordering, cursor: str, *, after: bool
) -> ColumnElement[bool]:
    values = decode_cursor(context.actor.tenant_id, ordering.name, cursor)
    here = tuple_(*ordering.keys)
    there = tuple_(*(literal(v, key.type) for v, key in zip(values, ordering.keys, strict=True)))
    return here < there if ordering.descending == after else here > there
