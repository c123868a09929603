"""Starts tracing, metrics and logging in this process."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from uuid import uuid4

from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import set_global_textmap
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import (
    InMemoryMetricReader,
    MetricReader,
    PeriodicExportingMetricReader,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from hemvist.settings import Settings, get_settings
from hemvist_infra.telemetry import logs, measures, sql
from hemvist_infra.telemetry.export import OnlyAllowed

_METRIC_INTERVAL_MS = 15_000


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What runs in this process. ``memory`` holds the metrics where nothing exports them."""

    service: str
    traces: TracerProvider
    metrics: MeterProvider
    memory: InMemoryMetricReader | None

    def flush(self) -> None:
        """Send what waits; before a process ends."""
        self.traces.force_flush(5_000)
        self.metrics.force_flush(5_000)


_running: Telemetry | None = None
_lock = threading.Lock()


def start(service: str) -> Telemetry:
    """Start telemetry for ``service`` ("web", "worker", "watch"), once per process.

    Exports over OTLP/HTTP when ``HEMVIST_OTLP_ENDPOINT`` is set. In a process that forks, call it
    after the fork.
    """
    global _running
    with _lock:
        if _running is None:
            settings = get_settings()
            logs.configure(settings.log_level)
            _running = _start(service, settings)
            sql.watch()
    return _running


def _start(service: str, settings: Settings) -> Telemetry:
    resource = Resource.create(
        {
            "service.name": f"hemvist-{service}",
            # Each process counts for itself: without a name of its own one would overwrite another.
            "service.instance.id": uuid4().hex,
            "deployment.environment.name": settings.environment,
        }
    )
    # W3C trace context alone: baggage would carry whatever a caller puts into it.
    set_global_textmap(TraceContextTextMapPropagator())
    traces = TracerProvider(
        resource=resource, sampler=ParentBasedTraceIdRatio(settings.trace_sample_ratio)
    )
    memory: InMemoryMetricReader | None = None
    reader: MetricReader
    if settings.otlp_endpoint:
        base = settings.otlp_endpoint.rstrip("/")
        exporter = OnlyAllowed(OTLPSpanExporter(endpoint=f"{base}/v1/traces"))
        traces.add_span_processor(BatchSpanProcessor(exporter))
        reader = PeriodicExportingMetricReader(
            OTLPMetricExporter(endpoint=f"{base}/v1/metrics"),
            export_interval_millis=_METRIC_INTERVAL_MS,
        )
    else:
        reader = memory = InMemoryMetricReader()
    meters = MeterProvider(metric_readers=[reader], resource=resource, views=list(measures.views()))
    trace.set_tracer_provider(traces)
    metrics.set_meter_provider(meters)
    return Telemetry(service, traces, meters, memory)
