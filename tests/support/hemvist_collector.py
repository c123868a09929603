"""A collector that keeps every byte exported to it over OTLP/HTTP."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Collector:
    """What was exported, as bytes and as spans and metrics."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []
        self.address = ""

    def everything(self) -> bytes:
        """All that was exported."""
        return b"\n".join(body for _, body in self.received)

    def spans(self) -> list[tuple[str, Span]]:
        """Every span with the name of the service that it comes from."""
        found = []
        for path, body in list(self.received):
            if path.endswith("/traces"):
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    service = next(
                        attribute.value.string_value
                        for attribute in resource.resource.attributes
                        if attribute.key == "service.name"
                    )
                    for scope in resource.scope_spans:
                        found += [(service, span) for span in scope.spans]
        return found

    def metrics(self) -> dict[str, list[set[str]]]:
        """Every metric by name, with the names of the attributes of each of its points."""
        found: dict[str, list[set[str]]] = {}
        for path, body in list(self.received):
            if path.endswith("/metrics"):
                for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                    for scope in resource.scope_metrics:
                        for metric in scope.metrics:
                            found.setdefault(metric.name, []).extend(
                                {attribute.key for attribute in point.attributes}
                                for kind in (metric.histogram, metric.gauge, metric.sum)
                                for point in kind.data_points
                            )
        return found

    def exemplars(self, metric: str) -> set[bytes]:
        """The traces that points of ``metric`` lead to."""
        return {
            exemplar.trace_id
            for path, body in list(self.received)
            if path.endswith("/metrics")
            for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics
            for scope in resource.scope_metrics
            for found in scope.metrics
            if found.name == metric
            for point in found.histogram.data_points
            for exemplar in point.exemplars
        }


def attributes(span: Span) -> dict[str, str]:
    """The span's text attributes."""
    return {attribute.key: attribute.value.string_value for attribute in span.attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that listens for as long as the block lasts."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            collector.received.append((self.path, body))
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
