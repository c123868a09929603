"""A span and a measurement per SQL statement: verb and table, never the text or a parameter."""

from __future__ import annotations

import re
import time
from typing import Any

from opentelemetry import metrics, trace
from opentelemetry.trace import SpanKind, StatusCode
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext, ExecutionContext
from sqlalchemy.orm import Session, SessionTransaction

from hemvist.migrations.tables import metadata
from hemvist_infra.telemetry.operation import current

_TENANT = "hemvist.tenant_id"
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+\"?([a-z_]+)\"?", re.IGNORECASE)
_VERBS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"})

_tracer = trace.get_tracer("hemvist.sql")
_duration = metrics.get_meter("hemvist.sql").create_histogram(
    "db.client.operation.duration", unit="s", description="Time of one SQL statement."
)
_watching = False


def watch() -> None:
    """Follow every engine and session of this process from now on."""
    global _watching
    if _watching:
        return
    _watching = True
    event.listen(Session, "after_begin", _note_tenant)
    event.listen(Engine, "before_cursor_execute", _before)
    event.listen(Engine, "after_cursor_execute", _after)
    event.listen(Engine, "handle_error", _failed)


def named(statement: str) -> tuple[str, str]:
    """The verb and the first of our tables in ``statement``: words of ours only."""
    verb = statement.lstrip().split(None, 1)[0].upper() if statement.strip() else ""
    tables = (found.group(1).lower() for found in _TABLE.finditer(statement))
    table = next((name for name in tables if name in metadata.tables), "")
    return (verb if verb in _VERBS else "OTHER"), table


def _note_tenant(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    tenant_id = session.info.get("tenant_id")
    connection.info[_TENANT] = str(tenant_id) if tenant_id else None
    operation = current.get()
    if operation is not None and tenant_id and not operation.across_tenants:
        operation.tenant_id = str(tenant_id)


def _before(
    connection: Connection,
    cursor: Any,
    statement: str,
    parameters: Any,
    context: ExecutionContext | None,
    executemany: bool,
) -> None:
    connection.info["hemvist.sql_started"] = time.perf_counter()
    # Without a parent (the relay's ticks) a span would tell nobody anything.
    if not trace.get_current_span().is_recording():
        return
    verb, table = named(statement)
    span = _tracer.start_span(f"{verb} {table}".strip(), kind=SpanKind.CLIENT)
    span.set_attribute("db.system.name", "postgresql")
    span.set_attribute("db.operation.name", verb)
    if table:
        span.set_attribute("db.collection.name", table)
    tenant_id = connection.info.get(_TENANT)
    if tenant_id:
        span.set_attribute(_TENANT, tenant_id)
    connection.info["hemvist.sql_span"] = span


def _after(
    connection: Connection,
    cursor: Any,
    statement: str,
    parameters: Any,
    context: ExecutionContext | None,
    executemany: bool,
) -> None:
    _end(connection, statement, None)


def _failed(context: ExceptionContext) -> None:
    if context.connection is not None and context.statement is not None:
        state = getattr(context.original_exception, "sqlstate", None)
        _end(context.connection, context.statement, state or "unknown")


def _end(connection: Connection, statement: str, error: str | None) -> None:
    started = connection.info.pop("hemvist.sql_started", None)
    span = connection.info.pop("hemvist.sql_span", None)
    if span is not None:
        if error is not None:
            span.set_status(StatusCode.ERROR)
            span.set_attribute("error.type", error)
        span.end()
    if started is not None:
        verb, table = named(statement)
        said = {"db.operation.name": verb, "db.collection.name": table}
        tenant_id = connection.info.get(_TENANT)
        if tenant_id:
            said[_TENANT] = tenant_id
        if error is not None:
            said["error.type"] = error
        _duration.record(time.perf_counter() - started, said)
