"""Plain types seen over rows of different tables, such as a task over what it is about.

The type's fields name keys; a view says for one table what each key is of its rows. Everything else
of a view is its table's: who sees a row, and whose data it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar, cast

import strawberry
from sqlalchemy import ColumnElement, Date, DateTime, Text, literal, literal_column
from sqlalchemy.dialects.postgresql import JSONB

from hemvist_graphql.context import Info
from hemvist_graphql.loading import pointed_at
from hemvist_graphql.reading import READING, Column, Computed, Readable, Reading, ToOne, readable

TypeT = TypeVar("TypeT", bound=Readable)


def keyed(key: str, *, description: str | None = None) -> Any:
    """A field of a plain type that is what its view calls ``key``."""

    def resolve(root: Any) -> Any:
        return root.row[key]

    return strawberry.field(
        resolver=resolve, metadata={READING: Column(key)}, description=description
    )


def keyed_one(target: str, key: str, *, description: str | None = None) -> Any:
    """A field of a plain type that is the row whose id its view calls ``key``."""

    def resolve(root: Any, info: Info) -> Any:
        return pointed_at(info.context, root, readable(target), key)

    return strawberry.field(
        resolver=resolve, metadata={READING: ToOne(target, key)}, description=description
    )


def over(type_: type[TypeT], subject: type[Readable], keys: Mapping[str, Any]) -> type[TypeT]:
    """``type_`` seen over the rows of ``subject``, each of its keys a column or an expression.

    Raises ``ValueError`` when a field names a key that is not given.
    """
    name = type_.__strawberry_definition__.name  # type: ignore[attr-defined]
    own = subject.reading
    known = {"id", *(key for key in (own.person_key, own.case_key) if key is not None)}
    reading = replace(
        own,
        name=name,
        subject=own.name,
        columns={**{key: own.columns[key] for key in sorted(known)}, **keys},
        expressions={},
    )
    _check(type_, reading)
    return cast(type[TypeT], type(f"{name}Of{own.name}", (type_,), {"reading": reading}))


def _check(type_: type[Readable], reading: Reading) -> None:
    for item in type_.__strawberry_definition__.fields:  # type: ignore[attr-defined]
        how = item.metadata.get(READING)
        keys = (how.needs or ()) if isinstance(how, Computed) else (getattr(how, "key", "id"),)
        unknown = sorted(set(keys) - set(reading.columns))
        if unknown:
            raise ValueError(f"{type_.__name__} over {reading.identified} lacks {unknown[0]}")


def word(text: str) -> ColumnElement[str]:
    """A constant: one of our own words."""
    assert text.replace("_", "").isalnum(), text
    return literal_column(f"'{text}'::text", Text())


def words(label: Any) -> ColumnElement[Any]:
    """A constant: words in several languages, as a column holds them."""
    return literal(label, JSONB())


NO_DAY: ColumnElement[Any] = literal_column("NULL::date", Date())
NO_INSTANT: ColumnElement[Any] = literal_column("NULL::timestamptz", DateTime(timezone=True))
