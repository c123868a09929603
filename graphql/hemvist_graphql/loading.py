"""Reading rows: one statement for everything that is asked of rows that were read together.

Rows of one statement form a cohort. The first of them that is asked for a relation reads it for
all, so a list of fifty costs one statement per relation and not fifty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from hemvist_graphql.context import Context

if TYPE_CHECKING:
    from hemvist_graphql.reading import Attribute, Readable

ReadableT = TypeVar("ReadableT", bound="Readable")


class Cohort:
    """Rows that were read together, and the relations already read for all of them."""

    __slots__ = ("members", "relations")

    def __init__(self) -> None:
        self.members: list[Readable] = []
        self.relations: dict[object, Mapping[Any, Any]] = {}


def statement_for(context: Context, cls: type[ReadableT], *extra: Any) -> Select[Any]:
    """SELECT of what ``cls`` declares, of the rows that the actor sees."""
    reading, actor = cls.reading, context.actor
    statement = select(
        *(column.label(key) for key, column in reading.columns.items()),
        *(make(actor).label(key) for key, make in reading.expressions.items()),
        *extra,
    )
    return statement if reading.visible is None else statement.where(reading.visible(actor))


def load(context: Context, cls: type[ReadableT], statement: Select[Any]) -> list[ReadableT]:
    """The objects of a statement's rows, as one cohort."""
    return adopt(context, cls, context.session.execute(statement).mappings().all())


def adopt(context: Context, cls: type[ReadableT], rows: Iterable[Any]) -> list[ReadableT]:
    """The objects of rows, as one cohort; what they lay open is noted for the audit log."""
    cohort, reading = Cohort(), cls.reading
    made = [cls.of(row, cohort) for row in rows]
    cohort.members.extend(made)
    for row in (item.row for item in made):
        context.lays_open(
            person=row[reading.person_key] if reading.person_key else None,
            case=row[reading.case_key] if reading.case_key else None,
            looked=row[reading.looked_key] if reading.looked_key else None,
            rent=row[reading.rent_key] if reading.rent_key else None,
        )
    return made


def find(context: Context, cls: type[ReadableT], row_id: UUID | None) -> ReadableT | None:
    """The row with ``row_id``, or None when there is none that the actor sees."""
    if row_id is None:
        return None
    found = load(
        context, cls, statement_for(context, cls).where(cls.reading.columns["id"] == row_id)
    )
    return found[0] if found else None


def find_many(
    context: Context, cls: type[ReadableT], row_ids: Iterable[UUID]
) -> dict[UUID, ReadableT]:
    """The visible rows among ``row_ids``, by id, in one statement."""
    wanted = sorted(set(row_ids))
    if not wanted:
        return {}
    statement = statement_for(context, cls).where(cls.reading.columns["id"].in_(wanted))
    return {item.row["id"]: item for item in load(context, cls, statement)}


def where(
    context: Context,
    cls: type[ReadableT],
    *criteria: ColumnElement[bool],
    order: Sequence[Any] = (),
) -> list[ReadableT]:
    """The visible rows that meet ``criteria``, in order."""
    statement = statement_for(context, cls).where(*criteria).order_by(*order)
    return load(context, cls, statement)


def pointed_at(context: Context, root: Readable, target: type[Readable], key: str) -> Any:
    """The row of ``target`` that ``root`` points at in ``key``, or None; read for the cohort."""
    if root.row[key] is None:
        return None
    cohort = root.cohort
    relation = ("to_one", target, key)
    if relation not in cohort.relations:
        cohort.relations[relation] = find_many(
            context,
            target,
            (item.row[key] for item in cohort.members if item.row[key] is not None),
        )
    return cohort.relations[relation].get(root.row[key])


def pointing_here(
    context: Context,
    root: Readable,
    target: type[Readable],
    back: Attribute,
    order: Sequence[Any],
) -> list[Readable]:
    """The rows of ``target`` that point at ``root`` in ``back``; read for the whole cohort.

    ``order`` is always the same for a target and a column.
    """
    cohort = root.cohort
    relation = ("to_many", target, back.key)
    if relation not in cohort.relations:
        parents = sorted({item.row["id"] for item in cohort.members})
        rows = load(
            context,
            target,
            statement_for(context, target, back.label("_back"))
            .where(back.in_(parents))
            .order_by(*order),
        )
        grouped: dict[UUID, list[Readable]] = defaultdict(list)
        for item in rows:
            grouped[item.row["_back"]].append(item)
        cohort.relations[relation] = grouped
    return list(cohort.relations[relation].get(root.row["id"], ()))


def record_of(context: Context, root: Readable) -> Any:
    """The row of ``root`` as a service takes it; read once for the whole cohort."""
    cohort, model = root.cohort, root.reading.model
    if model not in cohort.relations:
        ids = [item.row["id"] for item in cohort.members]
        key: Any = model.id  # type: ignore[attr-defined]
        rows: Iterable[Any] = (
            [context.session.find(model, ids[0])]
            if len(ids) == 1
            else context.session.scalars(select(model).where(key.in_(ids)))
        )
        cohort.relations[model] = {row.id: row for row in rows}
    return cohort.relations[model][root.row["id"]]


def together(
    root: Readable, relation: str, fetch: Callable[[Sequence[Any]], Mapping[UUID, Any]]
) -> Any:
    """What ``fetch`` finds for ``root``, asked once for the rows of the whole cohort; None if none."""
    cohort = root.cohort
    if relation not in cohort.relations:
        cohort.relations[relation] = fetch([item.row for item in cohort.members])
    return cohort.relations[relation].get(root.row["id"])


def ingredient(context: Context, root: Readable, key: str) -> Any:
    """What the declared ingredient ``key`` is for ``root``.

    A plan has read it with the row; otherwise it is read now, once for the whole cohort.
    """
    if key in root.row:
        return root.row[key]
    cohort, reading = root.cohort, root.reading
    relation = ("ingredient", key)
    if relation not in cohort.relations:
        row_id = reading.columns["id"]
        rows = context.session.execute(
            select(row_id, reading.ingredients[key](context.actor)).where(
                row_id.in_(sorted({item.row["id"] for item in cohort.members}))
            )
        )
        cohort.relations[relation] = dict(rows.tuples().all())
    return cohort.relations[relation].get(root.row["id"])
