"""How columns are printed in JSON: one format for each scalar, the same as the ordinary path's."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Double,
    Integer,
    SmallInteger,
    Text,
    case,
    cast,
    func,
    literal_column,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB

from hemvist_graphql.compiled.refusal import NotPlanned, Why

_INSTANT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
_TEXTS = ("String", "Outcome", "ID")


def printed(
    type_: GraphQLOutputType, value: ColumnElement[Any], row_id: ColumnElement[Any], certain: bool
) -> ColumnElement[Any]:
    """``value`` as the JSON that GraphQL's ``type_`` is.

    ``certain`` says that it is never null; otherwise a null where ``type_`` forbids it stops the
    statement. Raises ``NotPlanned`` (FORMAT) for a combination without a fixed format.
    """
    required = isinstance(type_, GraphQLNonNull)
    inner: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    made = _formatted(inner, value)
    if isinstance(value.type, JSONB):
        # JSON's null is null as well, also in a column that is NOT NULL.
        made, certain = func.nullif(made, cast(literal_column("'null'"), JSONB)), False
    if required and not certain:
        return must(func.to_json(made), row_id)
    return made


def must(value: ColumnElement[Any], row_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """JSON that may not be null: a null stops the statement (see ``execution``)."""
    # The row's id keeps the planner from working the failing cast out beforehand.
    failing = cast(literal_column("'!null '").op("||")(cast(row_id, Text)), JSON)
    return func.coalesce(value, failing)


def _formatted(type_: Any, value: ColumnElement[Any]) -> ColumnElement[Any]:
    held = value.type
    if isinstance(type_, GraphQLList):
        item = type_.of_type
        texts = isinstance(item, GraphQLNonNull) and item.of_type.name in _TEXTS
        if texts and isinstance(held, ARRAY) and isinstance(held.item_type, Text):
            return value
        raise NotPlanned(Why.FORMAT, str(type_))
    name = type_.name
    if name == "Int" and isinstance(held, BigInteger | Integer | SmallInteger):
        # GraphQL's Int has 32 bits: a larger number stops the statement.
        return cast(value, Integer)
    if name == "Float" and isinstance(held, Double):
        return _as_python(value)
    if name == "Boolean" and isinstance(held, Boolean):
        return value
    if name == "Date" and isinstance(held, Date):
        # In JSON a day is written this way whatever DateStyle says, at a third of to_char's cost.
        return value
    if name == "DateTime" and isinstance(held, DateTime) and held.timezone:
        return func.to_char(in_utc(value), literal_column(f"'{_INSTANT}'"))
    if name == "Json" and isinstance(held, JSONB):
        return value
    if isinstance(held, Text) and (name in _TEXTS or hasattr(type_, "values")):
        return value
    raise NotPlanned(Why.FORMAT, f"{name} of {held!r}")


def _as_python(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A number as Python prints it, ``41.0`` where PostgreSQL prints ``41``."""
    text = cast(value, Text)
    whole = func.trunc(value) == value
    return cast(case((whole, text.op("||")(literal_column("'.0'"))), else_=text), JSON)


def in_utc(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """An instant's date and time in UTC."""
    return func.timezone(literal_column("'UTC'"), value)


def global_id_of(name: str, row_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """The global id of a row of type ``name``, as ``ids.global_id`` makes it."""
    prefix = literal_column(f"'{name}_'", Text())
    return prefix.op("||", return_type=Text())(
        func.encode(func.uuid_send(row_id), literal_column("'hex'"))
    )


def unpadded(raw: ColumnElement[Any]) -> ColumnElement[Any]:
    """Bytes in base64 for addresses, without padding. PostgreSQL breaks its lines at 76."""
    encoded = func.encode(raw, literal_column("'base64'"))
    return func.translate(
        encoded, literal_column("E'+/=\\n'"), literal_column("'-_'"), type_=Text()
    )


def typename(name: str) -> ColumnElement[Any]:
    """``__typename``; names of the schema's types are plain words."""
    return literal_column(f"'{name}'::text", Text())
