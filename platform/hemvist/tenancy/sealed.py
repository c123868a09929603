"""Columns that hold what is sealed (fältkryptering), and attributes that open them.

The column holds bytes and is named so that nobody takes it for the text: ``given_name_sealed``. Beside it
stands an attribute that opens and seals::

    given_name_sealed: Mapped[bytes] = sealed_column("persons.given_name")
    given_name = SealedText("given_name_sealed")

What is set on a row that does not know its kommun yet is sealed when the session takes it. Opening binds
to the row's own kommun: a value that was moved from another's row does not open.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Generic, Self, TypeVar, overload
from uuid import UUID

from sqlalchemy import Column, LargeBinary, Table
from sqlalchemy.orm import MappedColumn, mapped_column

from hemvist.tenancy.keys import TenantKeys, tenant_keys

ValueT = TypeVar("ValueT")
_INFO, _LARGE = "hemvist.sealed", "hemvist.large"
_WAITING = "_hemvist_unsealed"


def sealed_column(field: str, *, large: bool = False) -> MappedColumn[Any]:
    """A column of values sealed for ``field`` (``"table.column"``, as it is bound into each).

    ``large`` ones are files: few of them are held in memory at once.
    """
    return mapped_column(LargeBinary, info={_INFO: field, _LARGE: large})


def field_of(column: Column[Any]) -> str | None:
    """The field that the column's values are sealed for; None of a column in clear."""
    field: str | None = column.info.get(_INFO)
    return field


def sealed_columns(table: Table) -> Iterator[tuple[str, str]]:
    """Names of the table's sealed columns, each with its field."""
    for column in table.columns:
        field = field_of(column)
        if field is not None:
            yield column.name, field


def holds_files(table: Table) -> bool:
    """Whether a sealed column of the table holds files."""
    return any(is_large(column) for column in table.columns)


def is_large(column: Column[Any]) -> bool:
    """Whether the column's values are files."""
    return bool(column.info.get(_LARGE, False))


class Sealed(Generic[ValueT]):
    """Opens, and seals into, the attribute beside it."""

    def __init__(self, column: str, *, default: ValueT | None = None) -> None:
        self.column = column
        #: What a new row says where nobody says anything; None leaves the column as it is.
        self.default = default
        self._field: str | None = None

    def __set_name__(self, owner: type, name: str) -> None:
        self._model: Any = owner
        self.name = name

    @property
    def field(self) -> str:
        """The field that values are sealed for."""
        if self._field is None:
            found = field_of(self._model.__table__.c[self.column])
            assert found is not None, f"{self._model.__name__}.{self.column} is no sealed column"
            self._field = found
        return self._field

    @overload
    def __get__(self, row: None, model: type) -> Self: ...
    @overload
    def __get__(self, row: object, model: type) -> ValueT: ...
    def __get__(self, row: Any, model: type) -> Any:
        if row is None:
            return self
        waiting = row.__dict__.get(_WAITING)
        if waiting is not None and self.name in waiting:
            return waiting[self.name]
        sealed = getattr(row, self.column)
        return None if sealed is None else self.opened(row.tenant_id, sealed)

    def __set__(self, row: Any, value: ValueT) -> None:
        if row.tenant_id is None:
            row.__dict__.setdefault(_WAITING, {})[self.name] = value
        elif value is None:
            setattr(row, self.column, None)
        elif getattr(row, self.column) is None or self.__get__(row, type(row)) != value:
            # The same value sealed anew would be other bytes, and a change of nothing.
            setattr(row, self.column, self.sealed(row.tenant_id, value))

    @property
    def attribute(self) -> Any:
        """The mapped column beside it, for statements of one's own."""
        return getattr(self._model, self.column)

    def read(self, keys: TenantKeys, sealed: bytes) -> ValueT:
        """The value of a sealed one, by keys that are at hand."""
        return self._read(keys.open_bytes(self._field or self.field, sealed))

    def opened(self, tenant_id: UUID, sealed: bytes) -> ValueT:
        """The value of a sealed one that was read as a column."""
        return self.read(tenant_keys(tenant_id), sealed)

    def sealed(self, tenant_id: UUID, value: ValueT) -> bytes:
        """``value`` as the column holds it, for a statement of one's own."""
        return tenant_keys(tenant_id).seal_bytes(self.field, self._written(value))

    def _read(self, clear: bytes) -> ValueT:
        raise NotImplementedError

    def _written(self, value: ValueT) -> bytes:
        raise NotImplementedError


class SealedText(Sealed[str]):
    """A text."""

    def _read(self, clear: bytes) -> str:
        return clear.decode()

    def _written(self, value: str) -> bytes:
        return value.encode()


class SealedOptionalText(Sealed[str | None]):
    """A text, or nothing."""

    def _read(self, clear: bytes) -> str | None:
        return clear.decode()

    def _written(self, value: str | None) -> bytes:
        assert value is not None
        return value.encode()


class SealedDay(Sealed[date]):
    """A day."""

    def _read(self, clear: bytes) -> date:
        return date.fromisoformat(clear.decode())

    def _written(self, value: date) -> bytes:
        return value.isoformat().encode()


class SealedDate(Sealed[date | None]):
    """A day, or nothing."""

    def _read(self, clear: bytes) -> date | None:
        return date.fromisoformat(clear.decode())

    def _written(self, value: date | None) -> bytes:
        assert value is not None
        return value.isoformat().encode()


class _Document(Sealed[ValueT]):
    """What JSON can say. What is changed inside of it is not noticed: set it anew."""

    def _read(self, clear: bytes) -> ValueT:
        read: ValueT = json.loads(clear)
        return read

    def _written(self, value: ValueT) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class SealedJson(_Document[Any]):
    """Any document."""


class SealedObject(_Document[dict[str, Any]]):
    """A document of names and what each of them holds."""


class SealedObjects(_Document[list[dict[str, Any]]]):
    """A list of such documents."""


class SealedTexts(_Document[list[str]]):
    """A list of texts."""


class SealedFile(Sealed[bytes]):
    """A file's content."""

    def _read(self, clear: bytes) -> bytes:
        return clear

    def _written(self, value: bytes) -> bytes:
        return value


class SealedBytes(Sealed[bytes | None]):
    """A file's content, or nothing."""

    def _read(self, clear: bytes) -> bytes | None:
        return clear

    def _written(self, value: bytes | None) -> bytes:
        assert value is not None
        return value


def seal_waiting(row: Any) -> None:
    """Seal what was set on the row before it knew its kommun, and what it says unless told."""
    waiting: dict[str, Any] | None = row.__dict__.pop(_WAITING, None)
    if waiting:
        for name, value in waiting.items():
            setattr(row, name, value)
    model: Any = type(row)
    for one in _with_defaults(model):
        if getattr(row, one.column) is None:
            setattr(row, one.column, one.sealed(row.tenant_id, one.default))


def as_columns(model: type, tenant_id: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` by the names of columns: what sealed attributes are given is sealed."""
    attributes = _attributes(model)
    found: dict[str, Any] = {}
    for name, value in values.items():
        sealed = attributes.get(name)
        if sealed is None:
            found[name] = value
        else:
            found[sealed.column] = None if value is None else sealed.sealed(tenant_id, value)
    return found


@lru_cache(maxsize=1024)
def _attributes(model: type) -> Mapping[str, Sealed[Any]]:
    return {name: one for name, one in vars(model).items() if isinstance(one, Sealed)}


@lru_cache(maxsize=1024)
def _with_defaults(model: type) -> tuple[Sealed[Any], ...]:
    return tuple(one for one in _attributes(model).values() if one.default is not None)
