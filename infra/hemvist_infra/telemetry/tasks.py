"""A span and a measurement per Celery task, in the trace of the command that caused it."""

from __future__ import annotations

import time
from contextvars import Token
from dataclasses import dataclass
from typing import Any

import structlog
from celery.signals import task_failure, task_postrun, task_prerun, task_retry
from opentelemetry import context as contexts
from opentelemetry import metrics, trace
from opentelemetry.context import Context
from opentelemetry.propagate import extract
from opentelemetry.trace import Span, SpanKind, StatusCode

from hemvist_infra.telemetry.operation import Operation, attributes, current

#: Runs every second and mostly finds nothing.
_UNTRACED = frozenset({"hemvist.relay"})
#: Those whose arguments are the tenant, what is worked on, and the trace that it belongs to.
_TRACED = frozenset({"hemvist.handle", "hemvist.simulate"})
_CHORE_TASK = "hemvist.chore"
_tracer = trace.get_tracer("hemvist.tasks")
log = structlog.get_logger("hemvist.tasks")
_duration = metrics.get_meter("hemvist.tasks").create_histogram(
    "hemvist.task.duration", unit="s", description="Time of one background task."
)


@dataclass(slots=True)
class _Running:
    started: float
    operation: Operation
    operation_token: Token[Operation | None]
    span: Span | None
    context_token: Token[Context] | None
    error: str | None = None


_running: dict[str, _Running] = {}


def watch() -> None:
    """Follow the tasks that this process runs."""
    task_prerun.connect(_before, weak=False)
    task_postrun.connect(_after, weak=False)
    task_failure.connect(_failed, weak=False)
    task_retry.connect(_failed, weak=False)


def _before(task_id: str, task: Any, args: Any = (), **_: Any) -> None:
    operation = Operation(name=task.name)
    carrier: dict[str, str] = {}
    if task.name in _TRACED:
        operation.tenant_id, operation.settled = str(args[0]), True
        carrier = {k: str(v) for k, v in (args[2] or {}).items() if k == "traceparent"}
    elif task.name == _CHORE_TASK:
        operation.name = f"{task.name} {args[0]}"
        operation.tenant_id, operation.settled = str(args[1]), True
    else:
        operation.across_tenants = True
    span = context_token = None
    if task.name not in _UNTRACED:
        span = _tracer.start_span(task.name, context=extract(carrier), kind=SpanKind.CONSUMER)
        span.set_attribute("messaging.system", "celery")
        context_token = contexts.attach(trace.set_span_in_context(span))
    _running[task_id] = _Running(
        time.perf_counter(), operation, current.set(operation), span, context_token
    )


def _failed(request: Any = None, task_id: str | None = None, **given: Any) -> None:
    running = _running.get(str(task_id or getattr(request, "id", "")))
    if running is not None:
        error = given.get("exception") or getattr(given.get("reason"), "exc", None)
        running.error = type(error).__qualname__ if error is not None else "retry"
        log.error("task_failed", task=running.operation.name, exc_info=error)


def _log(said: dict[str, str], seconds: float) -> None:
    log.info(
        "task",
        task=said.get("hemvist.operation"),
        tenant_id=said.get("hemvist.tenant_id"),
        error_type=said.get("error.type"),
        milliseconds=round(seconds * 1000, 1),
    )


def _after(task_id: str, task: Any, **_: Any) -> None:
    running = _running.pop(task_id, None)
    if running is None:
        return
    said = attributes(running.operation)
    if running.error:
        said["error.type"] = running.error
    seconds = time.perf_counter() - running.started
    if running.span is not None:
        _log(said, seconds)
        running.span.set_attributes(said)
        if running.error:
            running.span.set_status(StatusCode.ERROR)
        running.span.end()
    if running.context_token is not None:
        contexts.detach(running.context_token)
    current.reset(running.operation_token)
    _duration.record(seconds, said)
