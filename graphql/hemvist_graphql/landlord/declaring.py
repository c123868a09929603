"""How a type of the landlords' schema is read: a view, and of it the columns that a query asks for.

A field without more is the view's column of the same name. ``to_one`` and ``to_many`` are rows of
another view; a ``computed`` method is Python over columns that it names. A type's rows are those of
its view, which shows what is within the reader's reach and nothing else: there are no conditions of
who sees what here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, Table
from strawberry.utils.str_converters import to_camel_case

from hemvist.tenancy.sealed import Sealed
from hemvist_graphql.cardinalities import ByArgument
from hemvist_graphql.ids import global_id
from hemvist_graphql.reading import READING, Computed, Identity

TypeT = TypeVar("TypeT", bound=type)

#: Read of every row: whose it is.
KEYS = ("tenant_id", "landlord_id", "id")

#: How long the lists of the schema are, by type and field, for the cost limit.
LENGTHS: dict[str, int | ByArgument] = {}

_SHOWN: dict[str, type[Shown]] = {}


@dataclass(frozen=True, slots=True)
class Renamed:
    """The field is the view's column ``key``."""

    key: str


@dataclass(frozen=True, slots=True)
class Related:
    """The field is the rows of ``target`` whose columns equal these of this row; or the one row."""

    target: str
    #: Column of the target's view → column of this one.
    by: Mapping[str, str]
    order: Callable[[Any], Sequence[ColumnElement[Any]]]
    single: bool
    limit: int
    where: Callable[[Any], Sequence[ColumnElement[bool]]] | None = None
    #: How many there usually are, for the cost limit; ``limit`` where nothing is said.
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """How a type is read: its view, and the columns that each field of the schema needs."""

    name: str
    view: Table
    needs: Mapping[str, frozenset[str]]
    #: The column whose value is the row in global ids.
    key: str = "id"

    def columns(self, asked: set[str]) -> tuple[str, ...]:
        """The columns to read where the fields ``asked`` are asked for, in the view's order."""
        wanted = {key for key in (*KEYS, self.key) if key in self.view.c}
        for field in asked:
            wanted |= self.needs.get(field, frozenset())
        return tuple(column.name for column in self.view.c if column.name in wanted)


class Cohort:
    """Rows that were read together, and the relations already read for all of them."""

    __slots__ = ("members", "relations")

    def __init__(self) -> None:
        self.members: list[Shown] = []
        self.relations: dict[object, Mapping[Any, Any]] = {}


class Shown:
    """A type whose objects are rows of a view. ``row`` has the columns that were read."""

    shape: ClassVar[Shape]
    row: strawberry.Private[Mapping[str, Any]]
    cohort: strawberry.Private[Cohort]


@strawberry.interface(description="Something with an id of its own.")
class Node(Shown):
    """Something with an id of its own."""

    @strawberry.field(metadata={READING: Identity()})  # type: ignore[untyped-decorator]
    def id(self) -> strawberry.ID:
        """The global id."""
        row_id: UUID = self.row[self.shape.key]
        return global_id(self.shape.name, row_id)


def shown_type(name: str) -> type[Shown]:
    """The type that is ``name`` in the landlords' schema."""
    return _SHOWN[name]


def shown_types() -> Mapping[str, type[Shown]]:
    """Every type of rows, by its name in the schema."""
    return _SHOWN


def shown(
    view: Table, *, key: str = "id", lengths: Mapping[str, int | ByArgument] | None = None
) -> Callable[[TypeT], TypeT]:
    """Declare that the decorated Strawberry type's objects are rows of ``view``.

    ``key`` is the column that global ids are made of; ``lengths`` says how long the lists are that its
    computed fields give, by their names in the schema.
    """

    def declare(cls: TypeT) -> TypeT:
        definition = cls.__strawberry_definition__  # type: ignore[attr-defined]
        needs: dict[str, frozenset[str]] = {}
        for item in definition.fields:
            name = item.graphql_name or to_camel_case(item.python_name)
            needs[name] = _needs(view, item)
            how = item.metadata.get(READING)
            if isinstance(how, Related) and not how.single:
                LENGTHS[f"{definition.name}.{name}"] = how.about or how.limit
        for name, length in (lengths or {}).items():
            LENGTHS[f"{definition.name}.{name}"] = length
        if definition.name in _SHOWN:
            raise ValueError(f"two types of landlords are {definition.name}")
        cls.shape = Shape(definition.name, view, needs, key)  # type: ignore[attr-defined]
        _SHOWN[definition.name] = cls
        return cls

    return declare


def _needs(view: Table, item: Any) -> frozenset[str]:
    """The columns that a field needs. Raises ``ValueError`` for one that the view lacks."""
    how = item.metadata.get(READING)
    if isinstance(how, Identity):
        wanted = set()
    elif isinstance(how, Renamed):
        wanted = {how.key}
    elif isinstance(how, Related):
        wanted = set(how.by.values())
    elif isinstance(how, Computed):
        wanted = {*view.c.keys()} if how.needs is None else {*how.needs}
    elif item.base_resolver is None:
        wanted = {item.python_name}
    else:
        raise ValueError(f"{view.name}: {item.python_name} does not say what it is read of")
    missing = sorted(wanted - {*view.c.keys()})
    if missing:
        raise ValueError(f"{view.name} has no column {missing[0]} for {item.python_name}")
    return frozenset(wanted)


def column(key: str, *, description: str | None = None) -> Any:
    """A field that is the view's column ``key``, where its own name is another."""

    def resolve(root: Any) -> Any:
        return root.row[key]

    return strawberry.field(
        resolver=resolve, metadata={READING: Renamed(key)}, description=description
    )


def opened(sealed: Sealed[Any], *, blank: Any = None, description: str | None = None) -> Any:
    """A field that is a sealed column of the view, opened with the keys of the row's kommun.

    ``blank`` stands where the view has nothing.
    """
    key = sealed.column

    def resolve(root: Any) -> Any:
        value: bytes | None = root.row[key]
        return blank if value is None else sealed.opened(root.row["tenant_id"], value)

    return strawberry.field(
        resolver=resolve, metadata={READING: Renamed(key)}, description=description
    )


def check_declarations() -> None:
    """Raise ``ValueError`` for a relation to a type or column that there is none of."""
    for cls in _SHOWN.values():
        for item in cls.__strawberry_definition__.fields:  # type: ignore[attr-defined]
            how = item.metadata.get(READING)
            if not isinstance(how, Related):
                continue
            target = _SHOWN.get(how.target)
            if target is None:
                raise ValueError(f"{cls.__name__}.{item.python_name}: no type {how.target}")
            missing = sorted(set(how.by) - {*target.shape.view.c.keys()})
            if missing:
                raise ValueError(
                    f"{cls.__name__}.{item.python_name}: {target.shape.view.name}"
                    f" has no column {missing[0]}"
                )
