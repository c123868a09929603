"""What computed fields need of their row, beside the response's own keys in the row's JSON.

Their labels begin with a digit, which no response key does. Each kind of column goes through JSON
in one form and comes back as the Python value that the ordinary path's row holds.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Text,
    Uuid,
    cast,
    func,
    literal_column,
)

from hemvist.identity import Actor
from hemvist_graphql.compiled.refusal import NotPlanned, Why
from hemvist_graphql.compiled.selection import Selected
from hemvist_graphql.reading import Computed, Reading

_PREFIX = "0i"
#: Stands under the key of a computed field until it is finished, so that keys keep their order.
PLACEHOLDER: ColumnElement[Any] = literal_column("NULL::text", Text())
Convert = Callable[[Any], Any]


def label_of(key: str) -> str:
    """The label of an ingredient in its row's JSON."""
    return f"{_PREFIX}{key}"


def needed(reading: Reading, fields: Iterable[Selected]) -> tuple[str, ...]:
    """The ingredients that the computed fields among ``fields`` need, in a fixed order."""
    wanted: set[str] = set()
    for one in fields:
        if isinstance(one.how, Computed):
            wanted.update(everything(reading) if one.how.needs is None else one.how.needs)
    return tuple(sorted(wanted))


def everything(reading: Reading) -> tuple[str, ...]:
    """What the ordinary path's rows hold."""
    return (*reading.columns, *reading.expressions)


def emitted(
    reading: Reading,
    fields: Sequence[Selected],
    column: Callable[[str], ColumnElement[Any]],
) -> list[ColumnElement[Any]]:
    """The labelled ingredients of a row's JSON; ``column`` gives each of them."""
    return [_sent(column(key)).label(label_of(key)) for key in needed(reading, fields)]


def converters(
    reading: Reading, keys: Iterable[str], actor: Actor
) -> list[tuple[str, str, Convert | None]]:
    """Key, label and way back to Python of each ingredient."""
    return [(key, label_of(key), _received(_type(reading, key, actor))) for key in keys]


def _type(reading: Reading, key: str, actor: Actor) -> Any:
    if key in reading.columns:
        return reading.columns[key].type
    made = reading.expressions.get(key) or reading.ingredients[key]
    return made(actor).type


def _sent(value: ColumnElement[Any]) -> ColumnElement[Any]:
    type_ = value.type
    if isinstance(type_, JSON | Numeric) and not isinstance(type_, Float):
        # As text: its numbers may be longer than a fast reader of JSON takes.
        return cast(value, Text)
    if isinstance(type_, LargeBinary):
        return func.encode(value, literal_column("'hex'"))
    return value


def _received(type_: Any) -> Convert | None:
    for kind, convert in _RECEIVED.items():
        if isinstance(type_, kind):
            return convert
    if isinstance(type_, ARRAY):
        inner = _received(type_.item_type)
        if inner is None:
            return None
        return lambda values: [None if one is None else inner(one) for one in values]
    raise NotPlanned(Why.FORMAT, f"ingredient of {type_!r}")


#: The first that fits holds: to SQLAlchemy a Float is a Numeric. None is taken as it comes.
_RECEIVED: Mapping[type, Convert | None] = {
    String: None,
    Boolean: None,
    Integer: None,
    Float: None,
    Uuid: UUID,
    Date: dt.date.fromisoformat,
    DateTime: dt.datetime.fromisoformat,
    JSON: json.loads,
    Numeric: Decimal,
    LargeBinary: bytes.fromhex,
}
