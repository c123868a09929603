"""Statements of the hot paths: compiled once, sent to the driver as they are, rows as tuples.

The session's ORM costs several times the statement that it carries out. Rows that nobody changes are
asked for here, and rows that nobody reads again are appended here. Every statement names the tenant
of every tenant's table, as the session would; row security says the same again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    DateTime,
    LargeBinary,
    Select,
    Table,
    Uuid,
    bindparam,
)
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.visitors import iterate

from hemvist.ids import new_id
from hemvist.tenancy.declaration import Owned
from hemvist.tenancy.models import TenantScoped
from hemvist.tenancy.plain import DIALECT, Shape, insertion, shape_of, written
from hemvist.tenancy.sealed import as_columns
from hemvist.tenancy.session import TenantSession

_TENANT = "tenant"
#: SQL for a fresh UUIDv7, where the database makes rows itself. As ``hemvist.ids`` makes them, in any
#: version of PostgreSQL: 48 bits of time in milliseconds, version and variant, the rest by chance.
NEW_ID = (
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING"
    " substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)"
    " FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid"
)


def of_tenant() -> BindParameter[UUID]:
    """The session's tenant, in a statement of an ``Ask``."""
    # It always comes with the question, which may be compiled without it.
    return bindparam(_TENANT, type_=Uuid(), required=False)


def answered(session: TenantSession, text: str, values: Mapping[str, Any]) -> list[Any]:
    """The rows of a statement of one's own, which names ``%(tenant)s`` for every tenant's table."""
    if session.new or session.dirty or session.deleted:
        session.flush()
    cursor = session.driver.cursor()
    cursor.execute(text, {**values, _TENANT: session.tenant_id})
    return cursor.fetchall()


class Computed(NamedTuple):
    """A column's value that PostgreSQL computes when it writes the row.

    ``expression`` is made once, as an ``Ask`` is; ``values`` are for its ``bindparam``s, whose names
    are no column's. It reads rows of the tenant of ``of_tenant()`` and says so, and none that the
    act itself has just written.
    """

    expression: ColumnElement[Any]
    values: Mapping[str, Any]


class Ask:
    """One question. Its values are ``bindparam``s; lists are compared with ``= ANY (…)``."""

    def __init__(self, statement: Select[Any]) -> None:
        _require_tenant(statement)
        # Lists of literals are written out: their length is part of the question.
        compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
        self.text = str(compiled)
        self.constant = {
            name: value for name, value in compiled.params.items() if value is not None
        }
        #: The columns' types.
        self.types = tuple(column.type for column in statement.selected_columns)

    def rows(self, session: TenantSession, **values: Any) -> list[tuple[Any, ...]]:
        """The rows, as the transaction has them so far."""
        return answered(session, self.text, {**self.constant, **values})


#: What a column's value in JSON means, for types that JSON lacks.
_MEANINGS: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
    (DateTime, datetime.fromisoformat),
    (Date, date.fromisoformat),
    (Uuid, UUID),
    (LargeBinary, lambda told: bytes.fromhex(told.removeprefix("\\x"))),
)


class Together:
    """Several questions as one statement. Values of the same name are the same for all of them."""

    def __init__(self, *asks: Ask) -> None:
        parts = []
        self._constant: dict[str, Any] = {}
        for number, ask in enumerate(asks):
            text = ask.text
            for name, value in ask.constant.items():
                text = text.replace(f"%({name})s", f"%({number}_{name})s")
                self._constant[f"{number}_{name}"] = value
            columns = ", ".join(f"c{column}" for column in range(len(ask.types)))
            # Texts of ours, whose values are parameters.
            parts.append(
                f"(SELECT json_agg(json_build_array({columns})) FROM ({text}) t ({columns}))"  # noqa: S608 - names of our own tables
            )
        self._parts = ", ".join(parts)
        self._text = f"SELECT {self._parts}"
        self._meanings = [[_meaning(one) for one in ask.types] for ask in asks]
        self._many: dict[tuple[str, ...], str] = {}

    def rows(self, session: TenantSession, **values: Any) -> list[list[tuple[Any, ...]]]:
        """Each question's rows, as the transaction has them so far."""
        (found,) = answered(session, self._text, {**self._constant, **values})
        return self._read(found)

    def rows_of_each(
        self, session: TenantSession, each: Mapping[str, Sequence[UUID]], **values: Any
    ) -> list[list[list[tuple[Any, ...]]]]:
        """As ``rows``, of many at once: one statement for all, in their order.

        ``each`` has the ids that differ, as lists of one length, by the names of the values.
        """
        names = tuple(each)
        text = self._many.get(names) or self._of_each(names)
        lists = {f"each_{name}": list(given) for name, given in each.items()}
        found = answered(session, text, {**self._constant, **values, **lists})
        return [self._read(one) for one in found]

    def _of_each(self, names: tuple[str, ...]) -> str:
        """The questions with the columns of a list in the place of what differs."""
        parts = self._parts
        for name in names:
            parts = parts.replace(f"%({name})s", f'each_of."{name}"')
        lists = ", ".join(f"%(each_{name})s::uuid[]" for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        # Texts of ours, whose values are parameters.
        text = (
            f"SELECT {parts} FROM unnest({lists}) WITH ORDINALITY"  # noqa: S608 - names of our own tables
            f" AS each_of ({columns}, place) ORDER BY each_of.place"
        )
        self._many[names] = text
        return text

    def _read(self, found: Sequence[Any]) -> list[list[tuple[Any, ...]]]:
        return [
            [
                tuple(
                    value if value is None or mean is None else mean(value)
                    for value, mean in zip(row, meanings, strict=True)
                )
                for row in rows or ()
            ]
            for rows, meanings in zip(found, self._meanings, strict=True)
        ]


def _meaning(type_: Any) -> Callable[[Any], Any] | None:
    return next((mean for kind, mean in _MEANINGS if isinstance(type_, kind)), None)


def append(session: TenantSession, model: type[TenantScoped], **values: Any) -> UUID:
    """Write a row with the transaction's next statement, at the latest when it is committed; its id.

    Columns that are not given are null; a value may be ``Computed``, and what is sealed is given by
    its attribute. Only for rows that refer to what has been written.
    """
    made = new_id()
    values = as_columns(model, session.tenant_id, values)
    shape: Shape = shape_of(model)
    row = {
        **dict.fromkeys(shape.names),
        "tenant_id": session.tenant_id,
        "id": made,
        **values,
    }
    computed = {name: one for name, one in values.items() if isinstance(one, Computed)}
    if not computed:
        session.later(insertion(model, shape.names), written(model, row), row=True)
        return made
    for name in computed:
        del row[name]
    text = insertion(
        model, tuple(row), tuple((name, one.expression) for name, one in computed.items())
    )
    given = {_TENANT: session.tenant_id, **written(model, row)}
    for one in computed.values():
        given |= one.values
    session.later(text, given, row=True)
    return made


def add_missing(
    session: TenantSession,
    model: type[TenantScoped],
    rows: Sequence[Mapping[str, Any]],
    key: Sequence[str],
) -> list[UUID]:
    """Write the rows whose ``key`` is not there yet, as one document; the ids of those written.

    As parameters of their own, some hundred rows would be thousands. What is sealed is given by its
    attribute.
    """
    if not rows:
        return []
    tenant_id = session.tenant_id
    stamped = [
        as_columns(model, tenant_id, {"id": new_id(), **row, "tenant_id": tenant_id})
        for row in rows
    ]
    document = json.dumps(stamped, default=_in_document, ensure_ascii=False)
    kind: Any = model
    text = _missing(kind, tuple(key))
    return [row_id for (row_id,) in answered(session, text, {"rows": document})]


def _in_document(value: Any) -> str:
    """As PostgreSQL reads it again out of a document."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


@lru_cache(maxsize=64)
def _missing(model: Any, key: tuple[str, ...]) -> str:
    table = model.__table__
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    # Names of tables and columns out of the metadata, no value of anybody's.
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {names}"  # noqa: S608 - names of our own tables
        f" FROM jsonb_populate_recordset(NULL::{table.name}, %(rows)s::jsonb)"
        f" WHERE tenant_id = %({_TENANT})s::uuid"
        f" ON CONFLICT ({', '.join(key)}) DO NOTHING RETURNING id"
    )


def _require_tenant(statement: Select[Any]) -> None:
    """Every tenant's table in ``statement`` is held to the tenant, or to a row that is."""
    read: set[Any] = set()
    held: set[Any] = set()
    for element in iterate(statement):
        if isinstance(element, Select):
            for source in element.get_final_froms():
                read |= {leaf for leaf in iterate(source) if isinstance(leaf, Table)}
        if isinstance(element, BinaryExpression) and element.operator is operators.eq:
            for side in (element.left, element.right):
                if isinstance(side, ColumnElement) and getattr(side, "name", "") == "tenant_id":
                    held.add(getattr(side, "table", None))
    for table in read - held:
        if isinstance(table.info.get("tenancy"), Owned):
            raise ValueError(f"a statement reads {table.name} of every tenant")
    if _TENANT not in _names(statement):
        raise ValueError("a statement names no tenant")


def _names(statement: Select[Any]) -> Mapping[str, Any]:
    names: Mapping[str, Any] = statement.compile(dialect=DIALECT).params
    return names
