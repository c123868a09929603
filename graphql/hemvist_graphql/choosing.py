"""Relations that choose: rows that match this one, by conditions, through a joining table, limited.

What ``reading.to_many`` cannot say. A field says which columns of the target match this row, which
further conditions its arguments and who asks make, the order, and how many at most. Without columns
that match it is a list of the whole kommun, such as those of a caller's working day.
"""

from __future__ import annotations

import functools
import inspect
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import strawberry
from sqlalchemy import ARRAY, ColumnElement, Select, Text, and_, func, select, tuple_
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased

from hemvist import audit
from hemvist.identity import Action, Actor
from hemvist_graphql.context import Context, Info
from hemvist_graphql.loading import load, statement_for
from hemvist_graphql.reading import READING, Attribute, Readable, readable

#: Conditions on the target; None when nothing can meet them, whatever the rows.
Criteria = Sequence[ColumnElement[bool]] | None
#: ``where(actor, **arguments)``. Its further parameters are the field's arguments. Of the actor
#: its conditions hold roles and ids as they are, since a plan is made once for everybody with the
#: same roles; and they are made each time, since a plan names their values in place.
Where = Callable[..., Criteria]
Target = str | type[Readable]
MethodT = TypeVar("MethodT", bound=Callable[..., Any])
_JOINING = "_joining"
_POSITION = inspect.Parameter.POSITIONAL_OR_KEYWORD


def holds(column: Any, *words: str) -> ColumnElement[bool]:
    """Condition: a list of texts, such as an obligation's departments, holds each of ``words``."""
    found: ColumnElement[bool] = column.op("@>", is_comparison=True)(
        sql_cast(list(words), ARRAY(Text))
    )
    return found


@dataclass(frozen=True, slots=True)
class Joining:
    """A joining table: its column that holds this row's id, and the one that holds the target's."""

    back: Attribute
    forth: Attribute


@dataclass(frozen=True, slots=True)
class Chosen:
    """The field is the rows of ``target`` that match and meet ``where``, in order; or the first."""

    target: Target
    #: Columns of the target, or of the joining table, and what they equal of this row.
    by: tuple[tuple[Attribute, str], ...]
    #: Of the joining table's alias when there is one.
    order: Callable[[Any], Sequence[Any]]
    where: Where | None = None
    joining: Joining | None = None
    limit: int | None = None
    single: bool = False
    needs: Action | None = None
    #: The action under which a search by persons is itself logged, found or not; of root fields
    #: only. What is searched for is made of who asks, and never kept with a plan.
    logged: str | None = None
    #: What it costs beside a column, for the cost limit.
    weight: int = 1

    @property
    def seen_as(self) -> type[Readable]:
        """The type that its rows are."""
        return readable(self.target) if isinstance(self.target, str) else self.target

    def criteria(self, actor: Actor, given: Mapping[str, Any]) -> Criteria:
        """What ``where`` says for these arguments."""
        return () if self.where is None else self.where(actor, **given)


@dataclass(frozen=True, slots=True)
class Within:
    """The field is an object that is no row: its fields say themselves how they are read."""

    weight: int = 1


def within(weight: int = 1, *, description: str | None = None) -> Callable[[MethodT], MethodT]:
    """Decorate a method that gives an object whose fields are declared, such as lists for a day."""
    made: Any = strawberry.field(metadata={READING: Within(weight)}, description=description)
    return cast(Callable[[MethodT], MethodT], made)


def listed(
    target: Target,
    *back: Attribute,
    order: Sequence[Any],
    where: Where | None = None,
    limit: int | None = None,
    weight: int = 1,
    description: str | None = None,
) -> Any:
    """A field that is the rows whose ``back`` points here and that meet ``where``.

    Without ``back``, those of the whole kommun.
    """
    by = tuple((one, "id") for one in back)
    how = Chosen(target, by, _fixed(order), where, limit=limit, weight=weight)
    return chosen(how, description=description)


def first_of(
    target: Target,
    *,
    by: Mapping[Attribute, str],
    order: Sequence[Any],
    where: Where | None = None,
    weight: int = 1,
    description: str | None = None,
) -> Any:
    """A field that is the first of the rows whose columns equal these of this row, or null."""
    how = Chosen(
        target, tuple(by.items()), _fixed(order), where, limit=1, single=True, weight=weight
    )
    return chosen(how, description=description)


def searched(
    target: Target,
    *,
    where: Where,
    order: Sequence[Any],
    needs: Action,
    logged: str,
    weight: int = 1,
    description: str | None = None,
) -> Any:
    """A root field that is the rows of the kommun that meet ``where``; each search is logged."""
    how = Chosen(target, (), _fixed(order), where, needs=needs, logged=logged, weight=weight)
    return chosen(how, description=description)


def through(
    target: Target,
    back: Attribute,
    forth: Attribute,
    *,
    order: Callable[[Any], Sequence[Any]],
    weight: int = 1,
    description: str | None = None,
) -> Any:
    """A field that is the rows that a joining table ties to this one, once for each of its rows.

    ``order`` is given the joining table's alias.
    """
    how = Chosen(
        target, ((back, "id"),), order, joining=Joining(back, forth), limit=None, weight=weight
    )
    return chosen(how, description=description)


def chosen(how: Chosen, *, description: str | None = None) -> Any:
    """The field that ``how`` declares. Its arguments are the further parameters of ``where``."""

    def resolve(root: Any, info: Info, **given: Any) -> Any:
        if how.needs is not None:
            info.context.require(how.needs)
        return choose(info.context, root if how.by else None, how, given)

    resolver: Any = resolve
    further = list(inspect.signature(how.where).parameters.values())[1:] if how.where else []
    own = [inspect.Parameter("root", _POSITION, annotation=Any)]
    own.append(inspect.Parameter("info", _POSITION, annotation=Info))
    if how.where is not None:
        # Names in annotations are those of the module that declares the arguments.
        resolver = functools.wraps(how.where)(resolve)
    resolver.__signature__ = inspect.Signature([*own, *further])
    return strawberry.field(resolver=resolver, metadata={READING: how}, description=description)


def choose(context: Context, root: Readable | None, how: Chosen, given: Mapping[str, Any]) -> Any:
    """The visible rows that ``how`` chooses; read for the whole cohort of ``root``."""
    if root is None:
        found = _all(context, how, given)
        if how.logged is not None and not context.has_searched(how.logged):
            persons = [one.row[how.seen_as.reading.person_key] for one in found]
            audit.record(context.session, context.actor, how.logged, kind="read", persons=persons)
        return (found[0] if found else None) if how.single else found
    relation = ("chosen", id(how), repr(sorted(given.items())))
    relations = root.cohort.relations
    if relation not in relations:
        relations[relation] = _grouped(context, root, how, given)
    rows = list(relations[relation].get(_matching(root, how), ()))
    return (rows[0] if rows else None) if how.single else rows


@dataclass(frozen=True, slots=True)
class Source:
    """Where chosen rows are found: the columns that match, their order, and the joining table."""

    back: tuple[Any, ...]
    order: tuple[Any, ...]
    #: The joining table's alias, and the condition that ties it to the target.
    joining: Any = None
    tied: ColumnElement[bool] | None = None

    def of(self, statement: Select[Any]) -> Select[Any]:
        """``statement`` over the target, with the joining table."""
        return statement if self.tied is None else statement.join(self.joining, self.tied)


def source_of(how: Chosen, alias: str) -> Source:
    """Where the rows are found. ``alias`` is the joining table's name: also conditions on the
    target may read that table, and must not be taken for conditions on the row that ties."""
    if how.joining is None:
        return Source(tuple(one for one, _ in how.by), tuple(how.order(None)))
    joining: Any = aliased(how.joining.back.class_, name=alias)
    model: Any = how.seen_as.reading.model
    forth = getattr(joining, how.joining.forth.key)
    return Source(
        tuple(getattr(joining, one.key) for one, _ in how.by),
        tuple(how.order(joining)),
        joining,
        and_(joining.tenant_id == model.tenant_id, forth == model.id),
    )


def _all(context: Context, how: Chosen, given: Mapping[str, Any]) -> list[Any]:
    criteria = how.criteria(context.actor, given)
    if criteria is None:
        return []
    statement = statement_for(context, how.seen_as).where(*criteria)
    order = source_of(how, _JOINING).order
    return load(context, how.seen_as, statement.order_by(*order).limit(how.limit))


def _grouped(
    context: Context, root: Readable, how: Chosen, given: Mapping[str, Any]
) -> Mapping[Any, list[Any]]:
    """The rows for every member of the cohort, by what they match."""
    criteria = how.criteria(context.actor, given)
    wanted = {_matching(one, how) for one in root.cohort.members}
    wanted = {values for values in wanted if None not in values}
    if criteria is None or not wanted:
        return {}
    cls, source = how.seen_as, source_of(how, _JOINING)
    back = [one.label(f"_back{place}") for place, one in enumerate(source.back)]
    statement = source.of(statement_for(context, cls, *back)).where(
        *criteria, tuple_(*source.back).in_(sorted(wanted))
    )
    found: dict[Any, list[Any]] = defaultdict(list)
    for item in load(context, cls, _limited(context, how, source, statement)):
        found[tuple(item.row[one.name] for one in back)].append(item)
    return found


def _limited(context: Context, how: Chosen, source: Source, statement: Any) -> Any:
    if how.limit is None:
        return statement.order_by(*source.order)
    place = func.row_number().over(partition_by=source.back, order_by=source.order)
    model: Any = how.seen_as.reading.model
    # The session's own condition does not reach into a sub-select.
    own = statement.where(model.tenant_id == context.actor.tenant_id)
    whole = own.add_columns(place.label("_place")).subquery()
    return select(whole).where(whole.c["_place"] <= how.limit).order_by(whole.c["_place"])


def _matching(row: Readable, how: Chosen) -> tuple[Any, ...]:
    return tuple(row.row[key] for _, key in how.by)


def _fixed(order: Sequence[Any]) -> Callable[[Any], Sequence[Any]]:
    kept = tuple(order)
    return lambda _: kept
