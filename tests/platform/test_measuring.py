"""Durations wait for their histogram, and none gets lost or into another's trace."""

from __future__ import annotations

import threading
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from hemvist.measuring import BATCH, Durations, apart


def measured() -> tuple[Durations, InMemoryMetricReader]:
    reader = InMemoryMetricReader()
    meter = MeterProvider(metric_readers=[reader]).get_meter("x")
    return Durations(meter, "a.duration", "Time."), reader


def points(reader: InMemoryMetricReader) -> list[Any]:
    data = reader.get_metrics_data()
    assert data is not None
    return [
        point
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == "a.duration"
        for point in metric.data.data_points
    ]


def test_what_waits_is_there_when_metrics_are_collected() -> None:
    durations, reader = measured()
    span = TracerProvider(sampler=ALWAYS_OFF).get_tracer("x").start_span("s")
    for seconds in (0.1, 0.2, 0.3):
        durations.record(seconds, {"path": "compiled"}, span)
    durations.record(1.0, {"path": "ordinary"}, span)
    found = {point.attributes["path"]: (point.count, point.sum) for point in points(reader)}
    assert found["ordinary"] == (1, 1.0)
    assert found["compiled"][0] == 3 and abs(found["compiled"][1] - 0.6) < 1e-9


def test_only_kept_traces_are_led_to_whoever_puts_them_in() -> None:
    durations, reader = measured()
    provider = TracerProvider()
    kept = provider.get_tracer("x").start_span("kept")
    unkept = TracerProvider(sampler=ALWAYS_OFF).get_tracer("x").start_span("not")
    durations.record(0.1, {"path": "a"}, kept)
    with provider.get_tracer("x").start_as_current_span("another request"):
        # It brings the last one of the batch, inside a trace of its own.
        for _ in range(BATCH):
            durations.record(0.2, {"path": "b"}, unkept)
        found = {point.attributes["path"]: point.exemplars for point in points(reader)}
    assert [one.trace_id for one in found["a"]] == [kept.get_span_context().trace_id]
    assert [one.trace_id for one in found["b"] if one.trace_id] == []


def test_none_is_lost_between_threads() -> None:
    durations, reader = measured()
    span = TracerProvider(sampler=ALWAYS_OFF).get_tracer("x").start_span("s")

    def bring() -> None:
        for _ in range(500):
            durations.record(0.001, {}, span)

    threads = [threading.Thread(target=bring) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(point.count for point in points(reader)) == 3_000


def test_what_is_done_apart_is_in_no_trace() -> None:
    with TracerProvider().get_tracer("x").start_as_current_span("s") as span:
        with apart():
            assert not trace.get_current_span().get_span_context().is_valid
        assert trace.get_current_span() is span
