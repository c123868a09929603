"""Reading rows of views: one statement for everything that is asked of rows that were read together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode
from sqlalchemy import ColumnElement, Select, Table, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from hemvist_graphql.ids import row_id_of
from hemvist_graphql.landlord.context import Context, Info
from hemvist_graphql.landlord.declaring import Cohort, Related, Shown, shown_type

ShownT = TypeVar("ShownT", bound=Shown)


def asked(info: Info, *path: str) -> set[str]:
    """Names of the fields that are asked for below this field, and below ``path`` from there.

    More than are asked for where fragments are of several types, never fewer.
    """
    raw: Any = info._raw_info
    sets = [node.selection_set for node in raw.field_nodes if node.selection_set is not None]
    for step in path:
        sets = [
            node.selection_set
            for node in _fields(raw, sets)
            if node.name.value == step and node.selection_set is not None
        ]
    return {node.name.value for node in _fields(raw, sets)}


def _fields(raw: Any, sets: Iterable[SelectionSetNode]) -> Iterator[FieldNode]:
    for one in sets:
        for node in one.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, FragmentSpreadNode):
                yield from _fields(raw, [raw.fragments[node.name.value].selection_set])
            elif isinstance(node, InlineFragmentNode):
                yield from _fields(raw, [node.selection_set])


def statement_for(cls: type[Shown], fields: set[str]) -> Select[Any]:
    """SELECT of what ``fields`` of ``cls`` need, of every row within reach."""
    return _selected(cls.shape.view, tuple(cls.shape.columns(fields)))


@lru_cache(maxsize=512)
def _selected(view: Table, names: tuple[str, ...]) -> Select[Any]:
    return select(*(view.c[name] for name in names))


def load(context: Context, cls: type[ShownT], statement: Select[Any]) -> list[ShownT]:
    """The objects of a statement's rows, as one cohort."""
    return adopt(cls, context.session.execute(statement).mappings().all())


def adopt(cls: type[ShownT], rows: Iterable[Any]) -> list[ShownT]:
    """The objects of rows, as one cohort."""
    cohort, made = Cohort(), []
    for row in rows:
        # Fields that are columns are read as attributes, without a resolver each.
        one = cls.__new__(cls)
        one.__dict__.update(row)
        one.row, one.cohort = row, cohort
        made.append(one)
    cohort.members.extend(made)
    return made


def find(
    context: Context, cls: type[ShownT], row_id: UUID | None, fields: set[str]
) -> ShownT | None:
    """The row with ``row_id``, or None where there is none within reach."""
    if row_id is None:
        return None
    statement = statement_for(cls, fields).where(cls.shape.view.c[cls.shape.key] == row_id)
    found = load(context, cls, statement)
    return found[0] if found else None


def found_by_id(context: Context, name: str, text: str, fields: set[str]) -> Any:
    """The row that a global id of type ``name`` names, or None."""
    return find(context, shown_type(name), row_id_of(name, text), fields)


def rows_of(info: Info, root: Shown, how: Related) -> Any:
    """What ``how`` relates to ``root``; read for the whole cohort at once."""
    target, fields = shown_type(how.target), asked(info)
    key = (id(how), frozenset(fields))
    relations = root.cohort.relations
    if key not in relations:
        relations[key] = _grouped(info.context, root, target, how, fields)
    rows = relations[key].get(_matching(root, how), [])
    if how.single:
        return rows[0] if rows else None
    return rows


def _grouped(
    context: Context, root: Shown, target: type[Shown], how: Related, fields: set[str]
) -> dict[Any, list[Any]]:
    wanted = {_matching(one, how) for one in root.cohort.members}
    wanted = {values for values in wanted if None not in values}
    if not wanted:
        return {}
    view = target.shape.view
    statement = statement_for(target, fields)
    missing = [name for name in how.by if name not in target.shape.columns(fields)]
    statement = statement.add_columns(*(view.c[name] for name in missing))
    for place, name in enumerate(how.by):
        values = sorted({values[place] for values in wanted})
        # Column by column, so that an index is used; what fits only in parts is left out below.
        statement = statement.where(view.c[name] == any_(literal(values, ARRAY(view.c[name].type))))
    if how.where is not None:
        statement = statement.where(*how.where(view.c))
    if not how.single:
        statement = _limited(statement, target, how)
    grouped: dict[Any, list[Any]] = defaultdict(list)
    for one in load(context, target, statement):
        grouped[tuple(one.row[name] for name in how.by)].append(one)
    return grouped


def _limited(statement: Select[Any], target: type[Shown], how: Related) -> Select[Any]:
    """At most ``how.limit`` rows for each that they belong to, in order."""
    view = target.shape.view
    order = how.order(view.c)
    back = [view.c[name] for name in how.by]
    place = func.row_number().over(partition_by=back, order_by=order).label("_place")
    whole = statement.add_columns(place).subquery()
    columns = [column for column in whole.c if column.name != "_place"]
    return select(*columns).where(whole.c["_place"] <= how.limit).order_by(whole.c["_place"])


def _matching(row: Shown, how: Related) -> tuple[Any, ...]:
    return tuple(row.row[name] for name in how.by.values())


def in_kommun(view: Any, kommun: str | None) -> Sequence[ColumnElement[bool]]:
    """Condition on a view: rows of the ``Kommun`` with this global id; none where it is no such id."""
    if kommun is None:
        return ()
    doors = shown_type("Kommun").shape.view
    row_id = row_id_of("Kommun", kommun)
    found = select(doors.c.tenant_id, doors.c.landlord_id).where(doors.c.id == row_id).subquery()
    return (
        view.c.tenant_id == select(found.c.tenant_id).scalar_subquery(),
        view.c.landlord_id == select(found.c.landlord_id).scalar_subquery(),
    )
