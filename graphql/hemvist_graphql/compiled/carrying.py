"""Carrying out a plan: its statement in one round trip, and what Python finishes afterwards."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog
from graphql.execution.values import VariableValues
from psycopg import RawCursor
from psycopg.errors import InvalidTextRepresentation, NumericValueOutOfRange

from hemvist.db import Audience, reading_connection
from hemvist.errors import NotAllowed, ValidationFailed
from hemvist.identity import Actor
from hemvist.outages import Outage, outage_of
from hemvist.tenancy import TenantSession
from hemvist_graphql import telling
from hemvist_graphql.compiled.finishing import Finishing
from hemvist_graphql.compiled.parameters import Shared, Text
from hemvist_graphql.compiled.proof import Unproven
from hemvist_graphql.compiled.refusal import NotPlanned, Why
from hemvist_graphql.compiled.roots import Root
from hemvist_graphql.compiled.spread import spread
from hemvist_graphql.compiled.spread import within as spread_out
from hemvist_graphql.compiled.statement import Wanted
from hemvist_graphql.context import Context
from hemvist_graphql.failures import RequestFailed
from hemvist_graphql.known import read_known
from hemvist_graphql.telling import statement

_log = structlog.get_logger("hemvist.graphql")


@dataclass(frozen=True, slots=True)
class Plan:
    """A finished statement, where rows are read, and what Python does afterwards."""

    text: Text | Shared | None
    finishing: Finishing | None
    wanted: Wanted


def answered(
    actor: Actor,
    name: str | None,
    plan: Plan,
    roots: list[Root],
    values: dict[str, Any],
    given: VariableValues,
    within: TenantSession | None = None,
) -> str:
    """The response's data by ``plan``, whose parameters are ``values``. Raises ``Unproven``.

    With ``within``, its statement is of that transaction.
    """
    if plan.finishing is None:
        row = _run(plan.text, values, within) if plan.text else ()
        return _told(roots, _texts(roots, row))
    if within is not None and not plan.finishing.only_opens:
        # What Python finishes may ask and fail: not in a transaction that has changed something.
        raise NotPlanned(Why.FINISHING)
    return _finished(plan, plan.finishing, roots, values, Context(actor, name), given, within)


def _finished(
    plan: Plan,
    finishing: Finishing,
    roots: list[Root],
    values: dict[str, Any],
    context: Context,
    given: VariableValues,
    within: TenantSession | None,
) -> str:
    """The answer of a plan with computed fields; ``within`` only where they are merely opened."""
    asked = finishing.asked(context, given)
    row: tuple[Any, ...] = ()
    try:
        if plan.text is not None:
            row = _run(plan.text, values, within if plan.wanted.logs else context.session)
        if not plan.wanted.logs:
            *rest, persons, cases, looked, rents = row
            row = tuple(rest)
            for person in persons:
                context.lays_open(person=person)
            for case in cases:
                context.lays_open(case=case)
            for one in looked:
                context.lays_open(looked=one)
            for rent in rents:
                context.lays_open(rent=rent)
        if plan.wanted.known:
            context.know(read_known(row[-1]))
        texts = _texts(roots, row)
        finished, count = finishing.done(texts, asked)
        # What methods laid open beside the statement is logged now, or nothing goes out.
        context.finish()
    except (NotPlanned, Unproven):
        context.abandon()
        raise
    except Exception as error:
        context.abandon()
        if outage_of(error) in (Outage.TIMEOUT, Outage.BUSY):
            # The other path would take as long again.
            raise
        # The ordinary path says in words what is wrong, and what it logs of it is not new.
        logged = values["audit_id"] if plan.text is not None and plan.wanted.logs else None
        refused = isinstance(error, RequestFailed | NotAllowed | ValidationFailed)
        why = Why.REFUSED if refused else Why.FINISHING
        if not refused:
            # Never the error's own text. The ordinary path may have none: a name that ``needs`` lacks.
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{place.name}:{place.lineno}"
            _log.warning("graphql.finishing_failed", error=type(error).__name__, where=where)
        raise NotPlanned(why, type(error).__name__, logged) from error
    telling.finished(count)
    return _told(roots, finished)


def _run(
    plan: Text | Shared, values: Mapping[str, Any], within: TenantSession | None = None
) -> tuple[Any, ...]:
    """The statement's row: read on its own, or in the transaction of ``within``."""
    try:
        if within is not None:
            return _row(within.sent(), plan, values)
        alone = spread_out(values) if spread() else reading_connection(Audience.STAFF)
        with alone as connection:
            return _row(connection, plan, values)
    except (InvalidTextRepresentation, NumericValueOutOfRange):
        raise NotPlanned(Why.NULL) from None
    except psycopg.Error as error:
        if outage_of(error) in (Outage.TIMEOUT, Outage.BUSY):
            raise
        _log.warning("graphql.plan_failed", sqlstate=error.sqlstate, error=type(error).__name__)
        raise NotPlanned(Why.DATABASE, error.sqlstate or "") from None


def _row(
    connection: psycopg.Connection[Any], plan: Text | Shared, values: Mapping[str, Any]
) -> tuple[Any, ...]:
    with statement(), RawCursor(connection) as cursor:
        cursor.execute(plan.sql, plan.filled(values), prepare=True)
        row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:
        # Nobody to read for: every other statement has a row.
        raise Unproven
    return row


def _texts(roots: list[Root], row: tuple[Any, ...]) -> list[str | None]:
    """The text of each root field: of those that read rows, in turn."""
    found = iter(row)
    return [next(found) if root.target else None for root in roots]


def _told(roots: list[Root], texts: Sequence[str | None]) -> str:
    parts = []
    for root, text in zip(roots, texts, strict=True):
        told = '"Query"' if root.how is None else text
        parts.append(f'"{root.field.key}":{told or "null"}')
    return f"{{{','.join(parts)}}}"
