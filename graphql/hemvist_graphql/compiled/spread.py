"""Plans for a database that is spread over many machines: every table's tenant is a value of the statement.

Citus finds the shard by a value that is compared with ``tenant_id``, for each table at its own level, and
carries a setting to it only where that was set before the statement. So there the tenant is set by the
transaction (``within``), the CTE ``asking`` only says who asks, and each comparison of two tenants is one
with the value as well. On one machine a plan sets the tenant itself and needs no transaction
(``statement``). Decision 0052.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import BinaryExpression, ColumnElement, Table, Text, Uuid, and_, cast
from sqlalchemy.sql import operators, visitors

from hemvist.db import Audience, reading_connection
from hemvist.settings import get_settings
from hemvist.tenancy.declaration import PRINCIPAL_SETTING, TENANT_SETTING
from hemvist_graphql.compiled.parameters import Given

_TENANT = "tenant_id"


def spread() -> bool:
    """Whether the database is spread over many machines."""
    return get_settings().database_distributed


def named(given: Given) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Tenant and principal for the CTE ``asking``, which sets neither here."""
    tenant = cast(given("tenant_text", Text()), Uuid)
    return tenant, cast(given("principal_text", Text()), Text)


def bound_everywhere(statement: Any, given: Given) -> Any:
    """``statement`` with the tenant's value beside each comparison of a table's tenant."""

    def beside(element: Any, **_: Any) -> Any:
        if not isinstance(element, BinaryExpression) or element.operator is not operators.eq:
            return None
        own = [side for side in (element.left, element.right) if _of_a_table(side)]
        if not own:
            return None
        return and_(element, *(side == given("tenant", Uuid()) for side in own)).self_group()

    return visitors.replacement_traverse(statement, {}, beside)


def _of_a_table(side: Any) -> bool:
    """Whether ``side`` is the tenant of a table, under whichever name it is read."""
    source = getattr(side, "table", None)
    inner = getattr(source, "element", source)
    return getattr(side, "name", None) == _TENANT and isinstance(inner, Table)


@contextmanager
def within(values: Mapping[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    """A connection in a transaction in which tenant and principal are set, for one statement of a plan."""
    tenant, principal = values["tenant_text"], values["principal_text"]
    with begun(UUID(tenant), UUID(principal) if principal else None) as connection:
        yield connection


@contextmanager
def begun(tenant_id: UUID, principal_id: UUID | None) -> Iterator[psycopg.Connection[Any]]:
    """A reading connection in a transaction in which tenant and principal are set."""
    who = f"{principal_id}" if principal_id else ""
    with reading_connection(Audience.STAFF) as connection, connection.transaction():
        # Ids alone: they are sent as they stand.
        connection.execute(
            f"SET LOCAL {TENANT_SETTING} = '{tenant_id}'; SET LOCAL {PRINCIPAL_SETTING} = '{who}'".encode(),
            prepare=False,
        )
        yield connection
