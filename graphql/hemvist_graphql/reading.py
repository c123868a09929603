"""How each type and field is read, declared beside the field.

A field says that it is a column, an expression, a row pointed at, rows pointing here, or computed
in Python. The ordinary path's resolvers are made from these declarations; a compiler of whole
operations to SQL can use the same ones, which is why they name columns and not functions.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar, Self, TypeVar, cast

import strawberry
from sqlalchemy import ColumnElement, RowMapping
from sqlalchemy.orm import InstrumentedAttribute

from hemvist.identity import Actor
from hemvist.tenancy import Base
from hemvist.tenancy.sealed import Sealed
from hemvist_graphql.context import Info
from hemvist_graphql.ids import global_id
from hemvist_graphql.loading import Cohort, pointed_at, pointing_here

#: A column, or an expression that depends on who reads (masking).
Expression = Callable[[Actor], ColumnElement[Any]]
Criterion = Callable[[Actor], ColumnElement[bool]]
Attribute = InstrumentedAttribute[Any]
TypeT = TypeVar("TypeT", bound=type)
ValueT = TypeVar("ValueT")
MethodT = TypeVar("MethodT", bound=Callable[..., Any])

#: Under this key a Strawberry field's metadata holds its declaration.
READING = "reading"


@dataclass(frozen=True, slots=True)
class Identity:
    """The field is the row's global id."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The root field is the visible row of ``target`` with the id in argument ``id``, or null.

    Without a target it is any row whose type is a ``Node``.
    """

    target: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """The field is a column of the type's table."""

    key: str


@dataclass(frozen=True, slots=True)
class Expressed:
    """The field is an SQL expression; ``key`` names it in the row."""

    key: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class ToOne:
    """The field is the row of ``target`` whose id stands in column ``key``."""

    target: str
    key: str


@dataclass(frozen=True, slots=True)
class ToMany:
    """The field is the rows of ``target`` whose ``back`` holds this row's id, in ``order``."""

    target: str
    back: Attribute
    order: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """The field calls Python. ``weight`` is its cost beside a column's, for the cost limit.

    ``needs`` names what the method takes from its row, None everything that its type declares.
    ``reads`` says whether it may read data about people beside its row.
    """

    weight: int
    needs: tuple[str, ...] | None = None
    reads: bool = False


@dataclass(frozen=True, slots=True)
class Opened(Computed):
    """The field is a sealed value, opened in Python. ``expression`` masks it, or it is a column."""

    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a type is read: its table, who sees its rows, and what is selected of them."""

    name: str
    model: type[Base]
    visible: Criterion | None
    columns: Mapping[str, Any]
    expressions: Mapping[str, Expression] = field(default_factory=dict)
    #: Columns whose value says whose data a row is, for the audit log.
    person_key: str | None = None
    case_key: str | None = None
    #: Of a type each look at whose rows is logged, though they are no person's data and no case's.
    looked_key: str | None = None
    #: Of a type about a tenancy whose tenant may be nobody in the kommun's records: the column with the
    #: rent account, or the landlord's file.
    rent_key: str | None = None
    #: Expressions that only computed fields need, and only when asked for (see ``ingredient``).
    ingredients: Mapping[str, Expression] = field(default_factory=dict)
    #: The type whose global ids the rows have, where it is another than ``name``.
    subject: str | None = None
    #: Columns whose rows whoever sees a row of this type sees too.
    shows: frozenset[str] = frozenset()

    @property
    def trail(self) -> Mapping[str, str]:
        """Of what kind of subject a row is the data, and the column that holds the subject's id."""
        found = {
            "person": self.person_key,
            "case": self.case_key,
            "looked": self.looked_key,
            "rent": self.rent_key,
        }
        return {kind: key for kind, key in found.items() if key is not None}

    @property
    def identified(self) -> str:
        """The type in the rows' global ids."""
        return self.subject or self.name


_READINGS: dict[str, type[Readable]] = {}


class Readable:
    """A type whose objects are rows. ``cohort`` is everything that was read together with it."""

    reading: ClassVar[Reading]
    row: RowMapping
    cohort: Cohort

    @classmethod
    def of(cls, row: RowMapping, cohort: Cohort) -> Self:
        """The object of a row."""
        made = cls.__new__(cls)
        made.row, made.cohort = row, cohort
        return made


def readable(name: str) -> type[Readable]:
    """The type declared under ``name``."""
    return _READINGS[name]


def readable_names() -> Sequence[str]:
    """Every declared type, in the order of declaration."""
    return tuple(_READINGS)


@strawberry.interface(description="Something with an id of its own.")
class Node(Readable):
    """Something with an id of its own."""

    @strawberry.field(metadata={READING: Identity()})  # type: ignore[untyped-decorator]
    def id(self) -> strawberry.ID:
        """The global id."""
        return global_id(self.reading.identified, self.row["id"])


def identity(*, description: str = "The global id.") -> Any:
    """The global id as a field of a type that is no ``Node``: it is found through others only."""

    def resolve(root: Any) -> Any:
        return global_id(root.reading.identified, root.row["id"])

    return strawberry.field(
        resolver=resolve, metadata={READING: Identity()}, description=description
    )


def looked_up(
    target: str | None, *, description: str | None = None
) -> Callable[[MethodT], MethodT]:
    """Decorate a root method that finds a row by its global id in argument ``id``."""
    made: Any = strawberry.field(metadata={READING: LookedUp(target)}, description=description)
    return cast(Callable[[MethodT], MethodT], made)


def reads(
    model: type[Base],
    *,
    visible: Criterion | None,
    also: Sequence[Attribute] = (),
    person: Attribute | None = None,
    case: Attribute | None = None,
    rent: Attribute | None = None,
    each_look: bool = False,
    hidden: Mapping[str, Expression] | None = None,
    shows: Sequence[Attribute] = (),
    ingredients: Mapping[str, Expression] | None = None,
) -> Callable[[TypeT], TypeT]:
    """Declare how the decorated Strawberry type is read.

    ``visible`` is the condition under which an actor sees a row, put into every statement;
    ``also`` names columns and ``hidden`` expressions that computed fields need; ``ingredients``
    are expressions that are read only with a field that needs them. ``shows`` names columns that
    point at rows which whoever sees this one sees. ``person`` and ``case`` say
    whose data it is; ``rent`` names the rent account (or the landlord's file) of a tenant who may have
    neither. ``each_look`` has the rows themselves noted in the audit log, whatever is asked
    of them: where a row tells something of somebody whose data this kommun does not have.
    """

    def declare(cls: TypeT) -> TypeT:
        name = cls.__strawberry_definition__.name  # type: ignore[attr-defined]
        columns: dict[str, Any] = {"id": model.id}  # type: ignore[attr-defined]
        expressions: dict[str, Expression] = dict(hidden or {})
        for attribute in (*also, *(a for a in (person, case, rent) if a is not None)):
            columns[attribute.key] = attribute
        for item in cls.__strawberry_definition__.fields:  # type: ignore[attr-defined]
            how = item.metadata.get(READING)
            if isinstance(how, Column | ToOne):
                columns[how.key] = getattr(model, how.key)
            elif isinstance(how, Expressed):
                expressions[how.key] = how.expression
            elif isinstance(how, Opened):
                (key,) = how.needs or ()
                if how.expression is None:
                    columns[key] = getattr(model, key)
                else:
                    expressions[key] = how.expression
        cls.reading = Reading(  # type: ignore[attr-defined]
            name,
            model,
            visible,
            columns,
            expressions,
            person.key if person is not None else None,
            case.key if case is not None else None,
            "id" if each_look else None,
            rent.key if rent is not None else None,
            dict(ingredients or {}),
            shows=frozenset(attribute.key for attribute in shows),
        )
        _READINGS[name] = cls
        return cls

    return declare


def column(attribute: Attribute, *, description: str | None = None) -> Any:
    """A field that is a column."""
    key = attribute.key

    def resolve(root: Any) -> Any:
        return root.row[key]

    return strawberry.field(
        resolver=resolve, metadata={READING: Column(key)}, description=description
    )


def expressed(key: str, expression: Expression, *, description: str | None = None) -> Any:
    """A field that is an expression, such as a masked column."""

    def resolve(root: Any) -> Any:
        return root.row[key]

    return strawberry.field(
        resolver=resolve, metadata={READING: Expressed(key, expression)}, description=description
    )


def opened(
    sealed: Sealed[Any],
    masking: Callable[[Any], Expression] | None = None,
    *,
    blank: Any = None,
    description: str | None = None,
) -> Any:
    """A field that is a sealed value; ``masking`` makes of its column what depends on who reads.

    ``blank`` stands where nothing is shown.
    """
    key = sealed.column if masking is None else f"masked_{sealed.column}"
    expression = None if masking is None else masking(sealed.attribute)

    def resolve(root: Any, info: Info) -> Any:
        value = root.row[key]
        return blank if value is None else sealed.read(info.context.keys, value)

    how = Opened(1, (key,), reads=False, expression=expression)
    return strawberry.field(resolver=resolve, metadata={READING: how}, description=description)


def unsealed(info: Info, sealed: Sealed[ValueT], value: bytes | None) -> ValueT | None:
    """What a computed field finds sealed in its row; None where nothing is shown."""
    return None if value is None else sealed.read(info.context.keys, value)


def to_one(target: str, attribute: Attribute, *, description: str | None = None) -> Any:
    """A field that is the row ``attribute`` points at. Total where the column is NOT NULL."""
    key = attribute.key

    def resolve(root: Any, info: Info) -> Any:
        return pointed_at(info.context, root, readable(target), key)

    return strawberry.field(
        resolver=resolve, metadata={READING: ToOne(target, key)}, description=description
    )


def to_many(
    target: str, back: Attribute, *, order: Sequence[Any], description: str | None = None
) -> Any:
    """A field that is the rows whose ``back`` column points here, in a declared order."""
    declared = ToMany(target, back, tuple(order))

    def resolve(root: Any, info: Info) -> Any:
        return pointing_here(info.context, root, readable(target), back, declared.order)

    return strawberry.field(resolver=resolve, metadata={READING: declared}, description=description)


def computed(
    weight: int = 1,
    *,
    needs: Sequence[str] | None = None,
    reads: bool | None = None,
    description: str | None = None,
) -> Callable[[MethodT], MethodT]:
    """Decorate a method that computes its field in Python; ``weight`` is what it costs.

    ``needs`` names the columns, expressions and ingredients that it takes from ``self.row``: all
    columns and expressions when left out. ``reads=False`` promises that it lays nobody's data open
    beside its row, and needs a session seldom or never; a method without ``info`` cannot read.
    """

    def declare(method: MethodT) -> MethodT:
        able = "info" in inspect.signature(method).parameters
        how = Computed(
            weight, None if needs is None else tuple(needs), able if reads is None else reads
        )
        made: Any = strawberry.field(metadata={READING: how}, description=description)
        return cast(MethodT, made(method))

    return declare


@lru_cache(maxsize=1)
def check_declarations() -> None:
    """Raise ``ValueError`` when a declaration does not hold.

    A relation must name a type, a to-one in a non-null position rest on a NOT NULL column, and a
    computed field need what its type declares.
    """
    for cls in _READINGS.values():
        for item in cls.__strawberry_definition__.fields:  # type: ignore[attr-defined]
            how = item.metadata.get(READING)
            target = getattr(how, "target", None)
            if isinstance(target, str) and target not in _READINGS:
                raise ValueError(f"{cls.__name__}.{item.python_name}: no type {target}")
            if isinstance(how, Computed):
                _check_needs(cls, item.python_name, how)
            if isinstance(how, ToOne):
                nullable = cls.reading.model.__table__.columns[how.key].nullable
                optional = type(item.type).__name__ == "StrawberryOptional"
                if nullable and not optional:
                    raise ValueError(f"{cls.__name__}.{item.python_name} may be missing")


def _check_needs(cls: type[Readable], name: str, how: Computed) -> None:
    reading = cls.reading
    known = {*reading.columns, *reading.expressions, *reading.ingredients}
    unknown = sorted(set(how.needs or ()) - known)
    if unknown:
        raise ValueError(f"{cls.__name__}.{name} needs {unknown[0]}, which is not declared")
