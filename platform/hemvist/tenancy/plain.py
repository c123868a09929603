"""Rows of the models without the ORM's own statements: read, locked and written as plain tuples.

What the session holds is the same: an object for each row, whose changes it writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb
from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_state

DIALECT = dialect()  # type: ignore[no-untyped-call]


class Shape(NamedTuple):
    """What is known of a model's table."""

    names: tuple[str, ...]
    documents: frozenset[str]
    #: What a column is when nobody says: a value, or a function that makes one.
    defaults: Mapping[str, Any]
    #: Columns that PostgreSQL fills in.
    filled: frozenset[str]
    #: SELECT of one row by its key, and the same with a lock on it.
    by_key: str
    locking: str


def shape_of(model: Any) -> Shape:
    """The shape of ``model``'s table."""
    return _shape(model)


@lru_cache(maxsize=128)
def _shape(model: Any) -> Shape:
    table = model.__table__
    columns = list(table.columns)
    one = select(*columns).where(
        table.c.tenant_id == bindparam("tenant"), table.c.id == bindparam("id")
    )
    return Shape(
        tuple(column.name for column in columns),
        frozenset(column.name for column in columns if isinstance(column.type, JSONB)),
        {column.name: column.default.arg for column in columns if column.default is not None},
        frozenset(column.name for column in columns if column.server_default is not None),
        str(one.compile(dialect=DIALECT)),
        str(one.with_for_update().compile(dialect=DIALECT)),
    )


def insertion(
    model: Any, names: tuple[str, ...], computed: tuple[tuple[str, ColumnElement[Any]], ...] = ()
) -> str:
    """INSERT of the columns ``names``; those of ``computed`` PostgreSQL computes."""
    return _insertion(model, names, computed)


@lru_cache(maxsize=512)
def _insertion(
    model: Any, names: tuple[str, ...], computed: tuple[tuple[str, ColumnElement[Any]], ...]
) -> str:
    given: dict[str, Any] = {name: bindparam(name) for name in names}
    statement = insert(model.__table__).values(given | dict(computed))
    return str(statement.compile(dialect=DIALECT))


def written(model: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` as the driver writes them."""
    documents = shape_of(model).documents
    return {
        name: Jsonb(value) if name in documents and value is not None else value
        for name, value in values.items()
    }


def complete(row: Any) -> dict[str, Any]:
    """Every column of a new row, its defaults set on it too; without what PostgreSQL fills in."""
    shape, state = shape_of(type(row)), instance_state(row)
    values: dict[str, Any] = {}
    for name in shape.names:
        if name in state.dict:
            values[name] = state.dict[name]
            continue
        if name in shape.defaults:
            made = shape.defaults[name]
            # SQLAlchemy wraps a function so that it takes the statement's context.
            values[name] = made(None) if callable(made) else made
        elif name not in shape.filled:
            values[name] = None
        else:
            continue
        setattr(row, name, values[name])
    return values


def hold(session: Session, row: Any) -> None:
    """Let ``session`` hold a row that is as the table has it."""
    make_transient_to_detached(row)
    session.add(row)


def held(session: Session, model: Any, values: Sequence[Any]) -> Any:
    """An object for the row ``values``, in the order of the table's columns, held by the session."""
    row = model(**dict(zip(shape_of(model).names, values, strict=True)))
    hold(session, row)
    return row


def differs(row: Any, values: Sequence[Any]) -> bool:
    """Whether the row in the table is another than the session's object was read as."""
    state = instance_state(row)
    if state.modified or state.expired:
        return True
    seen = state.dict
    return any(
        name not in seen or seen[name] != value
        for name, value in zip(shape_of(type(row)).names, values, strict=True)
    )
