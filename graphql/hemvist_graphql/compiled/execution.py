"""Answering an operation by its plan: looked up or made, filled in, run in one round trip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
import structlog
from graphql import DocumentNode, OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues, get_variable_values
from psycopg import RawCursor
from psycopg.errors import InvalidTextRepresentation, NumericValueOutOfRange
from sqlalchemy.exc import SQLAlchemyError

from hemvist.clock import now, today
from hemvist.db import Audience, reading_connection
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist_graphql.compiled.cache import Kept
from hemvist_graphql.compiled.guard import require_bound
from hemvist_graphql.compiled.parameters import Given, Text, finished, stand_in
from hemvist_graphql.compiled.refusal import NotPlanned, Why
from hemvist_graphql.compiled.roots import Root, roots_of
from hemvist_graphql.compiled.selection import Selected, Selections, shaping_variables
from hemvist_graphql.compiled.statement import statement_of
from hemvist_graphql.context import ANONYMOUS, MAX_OPERATION_NAME
from hemvist_graphql.schema import executable_schema

#: How many are kept: what operations ask for, and statements. A statement is some 10 kB.
KEPT_OUTLINES = 2_000
KEPT_PLANS = 2_000
#: Values that every request gives, whatever it asks for.
_ALWAYS = (
    *("tenant", "principal", "tenant_text", "principal_text"),
    *("audit_id", "audit_at", "audit_roles", "audit_channel", "audit_action"),
)
ValueT = TypeVar("ValueT")
_log = structlog.get_logger("hemvist.graphql")


@dataclass(frozen=True, slots=True)
class Outline:
    """What an operation asks for, under given values of its directives."""

    selections: Selections
    fields: list[Selected]


_outlines: Kept[Outline | NotPlanned] = Kept(KEPT_OUTLINES)
_plans: Kept[Text | NotPlanned] = Kept(KEPT_PLANS)


def answer_text(
    actor: Actor,
    text: str,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> str:
    """The response's ``data`` as JSON text. ``document`` is ``text``, parsed and valid.

    Raises ``NotPlanned`` for what the ordinary path has to answer; nothing was logged then.
    """
    if operation.operation is not OperationType.QUERY:
        raise NotPlanned(Why.NOT_A_QUERY)
    name = operation.name.value if operation.name else None
    given = _coerced(operation, variables)
    shaping = _shaping(text, document, operation)
    key = (text, name, tuple(given.coerced.get(one) for one in shaping))
    outline = _kept(_outlines, key, lambda: _outline(document, operation, given.coerced))
    roots = roots_of(outline.fields, actor, given)
    # Criteria may depend on the day; a plan is not used past its own.
    who = (actor.memberships, actor.channel, actor.principal_id is None, today())
    shapes = tuple(root.shape for root in roots)
    plan = _kept(_plans, (key, who, shapes), lambda: _plan(outline.selections, roots, actor))
    values = _values(actor, name)
    for root in roots:
        values |= root.values
    return _told(roots, _run(plan, values) if plan.sql else ())


def forget() -> None:
    """Forget every plan: after the declarations have changed, in tests."""
    _outlines.clear()
    _plans.clear()


def _kept(store: Kept[ValueT | NotPlanned], key: Any, make: Callable[[], ValueT]) -> ValueT:
    def made() -> ValueT | NotPlanned:
        try:
            return make()
        except NotPlanned as refused:
            return refused

    found = store.get(key, made)
    if isinstance(found, NotPlanned):
        # It is kept and raised again: its traceback must not grow each time.
        raise found.with_traceback(None)
    return found


_shapings: Kept[tuple[str, ...]] = Kept(KEPT_OUTLINES)


def _shaping(
    text: str, document: DocumentNode, operation: OperationDefinitionNode
) -> tuple[str, ...]:
    name = operation.name.value if operation.name else None
    return _shapings.get((text, name), lambda: shaping_variables(document, operation))


def _coerced(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> VariableValues:
    found = get_variable_values(
        executable_schema(), operation.variable_definitions or (), dict(variables)
    )
    if isinstance(found, list):
        raise NotPlanned(Why.REFUSED, "variables")
    return found


def _outline(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Outline:
    schema = executable_schema()
    assert schema.query_type is not None
    selections = Selections(schema, document, variables)
    return Outline(selections, selections.of(schema.query_type, [operation.selection_set]))


def _plan(selections: Selections, roots: list[Root], actor: Actor) -> Text:
    given = Given({name: value for root in roots for name, value in root.values.items()})
    given.names.update(_ALWAYS)
    if not any(root.target for root in roots):
        return Text("", (), {})
    statement = statement_of(selections, roots, stand_in(actor), given)
    try:
        require_bound(statement)
        return finished(statement, given)
    except SQLAlchemyError as error:
        raise NotPlanned(Why.CONDITION, type(error).__name__) from error


def _values(actor: Actor, name: str | None) -> dict[str, Any]:
    principal = actor.principal_id
    return {
        "tenant": actor.tenant_id,
        "principal": principal,
        "tenant_text": str(actor.tenant_id),
        "principal_text": str(principal) if principal else "",
        "audit_id": new_id(),
        "audit_at": now(),
        "audit_roles": sorted(role.value for role in actor.roles),
        "audit_channel": actor.channel,
        "audit_action": (name or ANONYMOUS)[:MAX_OPERATION_NAME],
    }


def _run(plan: Text, values: Mapping[str, Any]) -> tuple[str | None, ...]:
    try:
        with reading_connection(Audience.STAFF) as connection, RawCursor(connection) as cursor:
            cursor.execute(plan.sql, plan.filled(values), prepare=True)
            row: tuple[str | None, ...] | None = cursor.fetchone()
    except (InvalidTextRepresentation, NumericValueOutOfRange):
        raise NotPlanned(Why.NULL) from None
    except psycopg.Error as error:
        _log.warning("graphql.plan_failed", sqlstate=error.sqlstate, error=type(error).__name__)
        raise NotPlanned(Why.DATABASE, error.sqlstate or "") from None
    assert row is not None
    return row


def _told(roots: list[Root], texts: tuple[str | None, ...]) -> str:
    found = iter(texts)
    parts = []
    for root in roots:
        if root.how is None:
            told: str | None = '"Query"'
        else:
            told = next(found) if root.target else None
        parts.append(f'"{root.field.key}":{told or "null"}')
    return f"{{{','.join(parts)}}}"
