"""A set of rows in the statement: what is taken of its table, under names GraphQL cannot spell."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Select, Uuid, literal_column, select

from hemvist.identity import Actor
from hemvist.tenancy import TenantScoped
from hemvist_graphql.compiled.lookups import looked_up
from hemvist_graphql.reading import Criterion, Reading
from hemvist_graphql.seeing import Through

#: The row's keys, taken of every table.
ID, TENANT = "0id", "0t"


class Names:
    """Aliases of one statement. They begin with a digit, as no response key does."""

    def __init__(self) -> None:
        self._serial = count(1)

    def fresh(self, kind: str) -> str:
        """A new alias; ``kind`` is a letter that helps when reading a plan."""
        return f"{next(self._serial)}{kind}"


class Rows:
    """Rows of one declared type. What is asked of them is taken when it is first mentioned."""

    def __init__(self, reading: Reading, actor: Actor, names: Names) -> None:
        self.reading = reading
        self.alias = names.fresh("r")
        self._actor = actor
        self._taken: dict[str, tuple[str, ColumnElement[Any]]] = {}
        self._model: Any = reading.model
        #: Who sees the rows, as far as it is still to be asked.
        self._visible: Criterion | None = reading.visible
        #: Kinds of whose data these rows are that the row they hang on has told already.
        self.told: set[str] = set()

    def below(self, parent: Rows, back: Any) -> Rows:
        """These rows where ``back`` holds the id of one of ``parent``, whose rows are seen."""
        through = self.reading.visible
        if isinstance(through, Through) and through.key is back and _are(parent, through.parent):
            self._visible = _left(through, parent)
        for kind, key in self.reading.trail.items():
            if self.reading.columns[key] is back and parent.reading.trail.get(kind) == "id":
                self.told.add(kind)
        return self

    def pointed_at(self, parent: Rows, key: str) -> Rows:
        """These rows where ``key`` of ``parent``, whose rows are seen, holds their id."""
        through = parent.reading.visible
        if key in parent.reading.shows or (
            isinstance(through, Through)
            and through.key.key == key
            and _are(self, through.parent)
            and not through.beside(self._actor)
        ):
            self._visible = None
        for kind, own in self.reading.trail.items():
            if own == "id" and parent.reading.trail.get(kind) == key:
                self.told.add(kind)
        return self

    @property
    def id(self) -> ColumnElement[Any]:
        """The row's id, seen from outside."""
        return self._outside(ID, Uuid())

    @property
    def tenant(self) -> ColumnElement[Any]:
        """The row's tenant, seen from outside."""
        return self._outside(TENANT, Uuid())

    def column(self, key: str) -> ColumnElement[Any]:
        """A declared column, expression or ingredient of the type."""
        if key in self.reading.columns:
            return self.taken(f"c:{key}", self.reading.columns[key])
        reading = self.reading
        make = reading.expressions.get(key) or reading.ingredients[key]
        return self.taken(f"e:{key}", make(self._actor))

    def taken(self, what: str, expression: ColumnElement[Any]) -> ColumnElement[Any]:
        """An expression over the table, seen from outside."""
        if what not in self._taken:
            self._taken[what] = (f"0c{len(self._taken)}", looked_up(expression))
        return self._outside(self._taken[what][0], expression.type)

    def scan(self, tenant: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
        """SELECT of everything mentioned so far, of the visible rows of ``tenant``."""
        model = self._model
        owned = issubclass(model, TenantScoped)
        statement = (
            select(
                model.id.label(ID),
                (model.tenant_id if owned else tenant).label(TENANT),
                *(expression.label(label) for label, expression in self._taken.values()),
            )
            .select_from(model)
            .where(*conditions)
        )
        if owned:
            statement = statement.where(model.tenant_id == tenant)
        if self._visible is not None:
            statement = statement.where(looked_up(self._visible(self._actor)))
        return statement

    def never_null(self, key: str) -> bool:
        """Whether the table forbids null in column ``key``."""
        held = getattr(self.reading.columns.get(key), "property", None)
        return held is not None and not held.columns[0].nullable

    def _outside(self, label: str, type_: Any) -> ColumnElement[Any]:
        return of(self.alias, label, type_)


def _are(rows: Rows, model: type[Any]) -> bool:
    # A type that everybody sees would say nothing of who sees what hangs on it.
    return rows.reading.model is model and rows.reading.visible is not None


def _left(through: Through, parent: Rows) -> Criterion | None:
    if through.left(parent._actor, parent.column) is None:
        return None

    def criterion(actor: Actor) -> ColumnElement[bool]:
        left = through.left(actor, parent.column)
        assert left is not None
        return left

    return criterion


def of(alias: str, label: str, type_: Any = None) -> ColumnElement[Any]:
    """A column of an alias further out. As text: nothing of it may be correlated by guess."""
    return literal_column(f'"{alias}"."{label}"', type_)
