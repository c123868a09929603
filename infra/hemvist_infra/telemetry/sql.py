"""A span and a measurement per SQL statement: verb and table, never the text or a parameter."""

from __future__ import annotations

import re
import time
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from opentelemetry import metrics, trace
from opentelemetry.trace import SpanKind, StatusCode

from hemvist.measuring import Durations
from hemvist.migrations.tables import metadata
from hemvist.pipelined import watch_statements
from hemvist_infra.telemetry.operation import current

_TENANT = "hemvist.tenant_id"
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+\"?([a-z_]+)\"?", re.IGNORECASE)
#: Of statements on tables so named it is not said whose they are: two kommuner that have a parcel in
#: one minute are a household's way.
_OF_MOVES = ("exchange_", "handover", "transfer_")
_VERBS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "COMMIT"})

_tracer = trace.get_tracer("hemvist.sql")
_duration = Durations(
    metrics.get_meter("hemvist.sql"), "db.client.operation.duration", "Time of one SQL statement."
)


def watch() -> None:
    """Follow every statement of this process from now on."""
    watch_statements(_Watching())


def named(statement: str) -> tuple[str, str]:
    """The verb and the first of our tables in ``statement``: words of ours only."""
    verb = statement.lstrip().split(None, 1)[0].upper() if statement.strip() else ""
    tables = (found.group(1).lower() for found in _TABLE.finditer(statement))
    table = next((name for name in tables if name in metadata.tables), "")
    return (verb if verb in _VERBS else "OTHER"), table


class _Begun(NamedTuple):
    said: dict[str, str]
    span: trace.Span
    started: float


class _Watching:
    """What the connections call."""

    def acting(self, tenant_id: UUID | None) -> None:
        """Note whom the current piece of work is for."""
        operation = current.get()
        if operation is None or not tenant_id or operation.across_tenants or operation.settled:
            return
        operation.tenant_id = str(tenant_id)

    def began(self, tenant_id: UUID | None, query: Any) -> _Begun:
        """Begin a span, where the trace is kept at all."""
        said = _said(query, tenant_id)
        span: trace.Span = trace.INVALID_SPAN
        # Without a parent (the relay's ticks) a span would tell nobody anything.
        if trace.get_current_span().is_recording():
            verb, table = said["db.operation.name"], said["db.collection.name"]
            span = _tracer.start_span(
                f"{verb} {table}".strip(),
                kind=SpanKind.CLIENT,
                attributes={"db.system.name": "postgresql", **{k: v for k, v in said.items() if v}},
            )
        return _Begun(said, span, time.perf_counter())

    def ended(self, begun: object, error: BaseException | None, *, together: bool) -> None:
        """End it. What went together with others has no duration of its own to measure."""
        assert isinstance(begun, _Begun)
        said, span, started = begun
        if error is not None:
            said = {**said, "error.type": getattr(error, "sqlstate", None) or "unknown"}
            span.set_status(StatusCode.ERROR)
            span.set_attribute("error.type", said["error.type"])
        span.end()
        if not together:
            _duration.record(time.perf_counter() - started, said, span)


@lru_cache(maxsize=4096)
def _words(statement: str | bytes) -> tuple[str, str]:
    return named(statement.decode() if isinstance(statement, bytes) else statement)


def _said(query: Any, tenant_id: UUID | None) -> dict[str, str]:
    """What telemetry says of a statement."""
    verb, table = _words(query) if isinstance(query, str | bytes) else ("OTHER", "")
    said = {"db.operation.name": verb, "db.collection.name": table}
    if tenant_id is not None and not table.startswith(_OF_MOVES):
        said[_TENANT] = str(tenant_id)
    return said
