"""What can be asked for at the top: lists with and without pages, a row by its id, and other things.

Each is declared in the module of its concept; ``schema`` puts them together.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import strawberry
from sqlalchemy import ColumnElement, false, func, literal, select, tuple_
from strawberry.utils.str_converters import to_camel_case

from hemvist.errors import NotFound
from hemvist.landlords import PLATFORM_TENANT
from hemvist_graphql.cardinalities import ByArgument
from hemvist_graphql.connections import PAGING, Connection, Edge, Page, PageInfo
from hemvist_graphql.cursors import decode_cursor, encode_cursor
from hemvist_graphql.landlord.context import Context, Info
from hemvist_graphql.landlord.declaring import LENGTHS, shown_type
from hemvist_graphql.landlord.loading import (
    adopt,
    asked,
    found_by_id,
    load,
    statement_for,
)
from hemvist_graphql.landlord.refs import REFS

MethodT = TypeVar("MethodT", bound=Callable[..., Any])

_ROOTS: dict[str, Any] = {}
_INFO = inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Info)


def roots() -> Mapping[str, Any]:
    """Every declared root field, by Python name."""
    return _ROOTS


@dataclass(frozen=True, slots=True)
class Ordering:
    """A total order of a list: columns of the view that end with ``id``, all in one direction.

    Ids, days, instants and whole numbers: a cursor holds the values, and is seen by others.
    """

    columns: tuple[str, ...]
    descending: bool = True


def _declared(name: str, field: Any) -> None:
    if name in _ROOTS:
        raise ValueError(f"{name} is declared twice")
    _ROOTS[name] = field


def root(
    *, description: str, length: int | ByArgument | None = None
) -> Callable[[MethodT], MethodT]:
    """Declare the function as a root field; it takes ``info: Info`` and the field's arguments.

    ``length`` is how long its list is, where it gives one.
    """

    def declare(resolve: MethodT) -> MethodT:
        name: str = resolve.__name__
        _declared(name, strawberry.field(resolver=resolve, description=description))
        if length is not None:
            LENGTHS[f"Query.{to_camel_case(name)}"] = length
        return resolve

    return declare


def looked_up(target: str, *, description: str | None = None) -> None:
    """Declare the root field that finds a ``target`` by its id, named as the type is."""

    def resolve(info: Info, id: strawberry.ID) -> Any:
        return found_by_id(info.context, target, id, asked(info))

    name = "".join(f"_{one.lower()}" if one.isupper() else one for one in target).lstrip("_")
    resolve.__annotations__ = {
        "info": Info,
        "id": strawberry.ID,
        "return": REFS[target] | None,
    }
    resolve.__name__ = name
    words = description or "Null where there is none within reach."
    _declared(name, strawberry.field(resolver=resolve, description=words))


def whole(
    target: str,
    *,
    order: Callable[[Any], Sequence[ColumnElement[Any]]],
    length: int,
    limit: int = 500,
    description: str,
) -> Callable[[MethodT], MethodT]:
    """Declare a root field that is a list without pages; the function gives its conditions.

    ``length`` is how long it usually is, for the cost limit; ``limit`` the most it can be.
    """

    def declare(criteria: MethodT) -> MethodT:
        def resolve(info: Info, **given: Any) -> Any:
            cls = shown_type(target)
            statement = statement_for(cls, asked(info)).where(*_wanted(criteria, given))
            statement = statement.order_by(*order(cls.shape.view.c)).limit(limit)
            return load(info.context, cls, statement)

        name = criteria.__name__
        field = _resolver(criteria, resolve, {})
        listed: Any = list[cast(Any, REFS[target])]  # type: ignore[misc]
        made = strawberry.field(resolver=field, graphql_type=listed, description=description)
        _declared(name, made)
        LENGTHS[f"Query.{to_camel_case(name)}"] = length
        return criteria

    return declare


def listing(target: str, ordering: Ordering, *, description: str) -> Callable[[MethodT], MethodT]:
    """Declare a root field that is a connection; the function's arguments are its filters.

    It gives the further conditions on the target's view. ``first``, ``after``, ``last`` and
    ``before`` are added.
    """

    def declare(criteria: MethodT) -> MethodT:
        name = criteria.__name__

        def resolve(info: Info, **given: Any) -> Any:
            page = Page(**{one: given.pop(one, None) for one in PAGING})
            return _Pages(info, name, target, ordering).page(page, _wanted(criteria, given))

        made = strawberry.field(
            resolver=_resolver(criteria, resolve, PAGING),
            graphql_type=cast(Any, Connection)[REFS[target]],
            description=description,
        )
        _declared(name, made)
        return criteria

    return declare


def _wanted(criteria: Any, given: Mapping[str, Any]) -> Sequence[ColumnElement[bool]]:
    """The conditions that a list's arguments ask for; an id that is none finds nothing."""
    try:
        found: Sequence[ColumnElement[bool]] = criteria(**given)
        return found
    except NotFound:
        return (false(),)


def _resolver(criteria: Any, resolve: Any, added: Mapping[str, Any]) -> Any:
    """``resolve`` with the arguments of ``criteria``, and with those of ``added`` behind them."""
    own = [
        one.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for one in inspect.signature(criteria, eval_str=True).parameters.values()
    ]
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=type_)
        for name, type_ in added.items()
    ]
    wrapper: Any = functools.wraps(criteria)(resolve)
    wrapper.__signature__ = inspect.Signature([_INFO, *own, *more])
    wrapper.__annotations__ = {one.name: one.annotation for one in (_INFO, *own, *more)}
    return wrapper


class _Pages:
    """Pages of one list in one operation."""

    def __init__(self, info: Info, name: str, target: str, ordering: Ordering) -> None:
        self._context: Context = info.context
        self._name, self._ordering = f"landlord.{name}", ordering
        self._cls = shown_type(target)
        view = self._cls.shape.view
        self._keys = [view.c[one] for one in ordering.columns]
        self._fields = asked(info, "edges", "node")

    def page(self, page: Page, criteria: Sequence[ColumnElement[bool]]) -> Connection[Any]:
        """The rows of the page, read when they are first asked for."""
        size, backward = page.size(), page.last is not None
        view = self._cls.shape.view
        found = statement_for(self._cls, self._fields).where(*criteria)
        counted = select(func.count()).select_from(view).where(*criteria)
        for cursor, after in ((page.after, True), (page.before, False)):
            if cursor is not None:
                found = found.where(self._beyond(cursor, after=after))
        falling = self._ordering.descending != backward
        keys = [key.desc() if falling else key.asc() for key in self._keys]
        extra = [key.label(f"_key{place}") for place, key in enumerate(self._keys)]
        # One row more than asked for: its being there is what "has more" means.
        found = found.add_columns(*extra).order_by(*keys).limit(size + 1)

        @functools.cache
        def read() -> tuple[list[Any], PageInfo]:
            rows = list(self._context.session.execute(found).mappings())
            more, rows = len(rows) > size, rows[:size]
            if backward:
                rows.reverse()
            edges = [
                Edge(cursor=self._cursor(item.row), node=item) for item in adopt(self._cls, rows)
            ]
            return edges, PageInfo(
                has_next_page=page.before is not None if backward else more,
                has_previous_page=more if backward else page.after is not None,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            )

        return Connection(read=read, counted=counted)

    def _cursor(self, row: Mapping[str, Any]) -> str:
        values = [row[f"_key{place}"] for place in range(len(self._keys))]
        return encode_cursor(PLATFORM_TENANT, self._name, values)

    def _beyond(self, cursor: str, *, after: bool) -> ColumnElement[bool]:
        values = decode_cursor(PLATFORM_TENANT, self._name, cursor)
        here = tuple_(*self._keys)
        there = tuple_(*(literal(v, k.type) for v, k in zip(values, self._keys, strict=True)))
        return here < there if self._ordering.descending == after else here > there
