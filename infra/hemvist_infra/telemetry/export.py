"""What may leave the process in a span: a short list of attributes, nothing else.

Whoever adds an attribute that is not listed here sees it missing, and has to say here why it can
never hold anybody's data.
"""

from __future__ import annotations

from collections.abc import Sequence

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import SpanContext, Status

#: How the names of our tracers and meters begin.
OURS = "hemvist."
#: Words of ours, numbers, and ids of tenants. Not ``graphql.operation.name``: callers choose it.
ALLOWED = frozenset(
    {
        "db.collection.name",
        "db.operation.name",
        "db.system.name",
        "error.type",
        "graphql.fields",
        "graphql.operation.type",
        "graphql.path",
        "hemvist.operation",
        "hemvist.tenant_id",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "messaging.system",
    }
)


class OnlyAllowed(SpanExporter):
    """Passes spans on to ``exporter`` without events, messages and unlisted attributes."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export what may leave of ``spans``."""
        ours = [allowed(span) for span in spans if made_here(span)]
        return self._exporter.export(ours) if ours else SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Shut the exporter behind."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what waits in the exporter behind."""
        return self._exporter.force_flush(timeout_millis)


def made_here(span: ReadableSpan) -> bool:
    """Whether the span is one of ours: libraries make their own as soon as a tracer is there."""
    scope = span.instrumentation_scope
    return scope is not None and scope.name.startswith(OURS)


def allowed(span: ReadableSpan) -> ReadableSpan:
    """``span`` with nothing but what is listed."""
    attributes = {k: v for k, v in (span.attributes or {}).items() if k in ALLOWED}
    return ReadableSpan(
        name=span.name,
        context=_plain(span.get_span_context()),
        parent=_plain(span.parent),
        resource=span.resource,
        attributes=attributes,
        kind=span.kind,
        # An exception's text stands in events and in the status' description.
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _plain(context: SpanContext | None) -> SpanContext | None:
    """``context`` without the trace state, in which a caller may have written anything."""
    if context is None:
        return None
    return SpanContext(
        context.trace_id, context.span_id, context.is_remote, trace_flags=context.trace_flags
    )
