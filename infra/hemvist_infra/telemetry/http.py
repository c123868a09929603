"""A span, a measurement and a log line per HTTP request: the route, never the address as sent."""

from __future__ import annotations

import logging
import time

from opentelemetry import metrics, trace
from opentelemetry.context import Context
from opentelemetry.propagate import extract
from opentelemetry.trace import Span, SpanKind, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hemvist.measuring import Durations
from hemvist_infra.telemetry import logs
from hemvist_infra.telemetry.operation import Operation, attributes, current

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_tracer = trace.get_tracer("hemvist.http")
_duration = Durations(
    metrics.get_meter("hemvist.http"),
    "http.server.request.duration",
    "Time of one HTTP request.",
)
_LOGGER = logging.getLogger("hemvist.http")


class RequestTelemetry:
    """ASGI middleware. A part that knows what the request is about sets ``request.state.operation``
    to words of ours (``"mutation submitReferral"``), never to what the caller called it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Follow one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500
        operation = Operation()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        token = current.set(operation)
        try:
            with _tracer.start_as_current_span(
                method,
                context=_parent(scope),
                kind=SpanKind.SERVER,
                record_exception=False,
                set_status_on_exception=False,
            ) as span:
                try:
                    await self._app(scope, receive, sending)
                finally:
                    _tell(span, scope, method, status, operation, time.perf_counter() - started)
        finally:
            current.reset(token)


def _parent(scope: Scope) -> Context | None:
    # Not tracestate: it would carry on whatever the caller wrote into it.
    for name, value in scope["headers"]:
        if name == b"traceparent":
            return extract({"traceparent": value.decode("latin-1")})
    return None


def _tell(
    span: Span, scope: Scope, method: str, status: int, operation: Operation, seconds: float
) -> None:
    route = _route(scope)
    state = scope.get("state", {})
    named, tenant_id = state.get("operation"), state.get("tenant_id")
    operation.name = named if isinstance(named, str) else operation.name
    if tenant_id is not None and operation.tenant_id is None:
        # A planned read opens no session that would say so.
        operation.tenant_id = str(tenant_id)
    said: dict[str, str | int] = {
        "http.request.method": method,
        "http.route": route,
        "http.response.status_code": status,
        **attributes(operation),
    }
    if span.is_recording():
        span.update_name(f"{method} {route}")
        span.set_attributes(said)
        if status >= 500:
            span.set_status(StatusCode.ERROR)
    _duration.record(seconds, said, span)
    if not route.startswith("/health/"):
        logs.write(
            _LOGGER,
            "request",
            span,
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            tenant_id=operation.tenant_id,
            operation=operation.name,
            request_id=state.get("request_id"),
        )


def _route(scope: Scope) -> str:
    """The route's own text, such as ``/{slug}/cases/{case_id}``; nothing of what was sent."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) and path else "unmatched"
