"""The same request with one layer more each time: what each of them costs, telemetry among them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hot_requests import Asking, request

Way = Callable[[], Awaitable[Any]]

#: Takes whatever is exported, in a process of its own.
_SINK = """
import http.server, sys
class Sink(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200); self.send_header("content-length", "0"); self.end_headers()
    def log_message(self, *given): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sink)
print(server.server_port, flush=True)
server.serve_forever()
"""


def layers(asking: Asking, document: str, variables: dict[str, Any]) -> dict[str, Way]:
    """Each way has everything of the one before it, and something more."""
    from hemvist.hands import hands
    from hemvist.identity.bearer import authenticate_bearer
    from hemvist_graphql.execution import execute_text
    from hemvist_graphql.http import endpoint

    slug = asking.path.split("/")[1]
    token = dict(asking.bearer)[b"authorization"].split()[1].decode()

    def both() -> str:
        return execute_text(authenticate_bearer(slug, token), document, variables)

    async def text() -> str:
        return execute_text(asking.actor, document, variables)

    async def and_who() -> str:
        return both()

    async def in_a_thread() -> str:
        return await hands().run(both)

    async def at_the_endpoint(scope: Any, receive: Any, send: Any) -> None:
        scope["path_params"] = {"slug": slug}
        await endpoint(scope, receive, send)

    return {
        "the plan (values, statement, text)": text,
        "+ who asks (token, standing)": and_who,
        "+ a thread": in_a_thread,
        "+ endpoint (body, JSON, places, answer)": lambda: request(
            at_the_endpoint, asking.path, asking.bearer, document, variables
        ),
        "+ edge, telemetry, log line": lambda: request(
            asking.app, asking.path, asking.bearer, document, variables
        ),
    }


@contextmanager
def sink() -> Iterator[str]:
    """The address of a collector that throws everything away."""
    process = subprocess.Popen([sys.executable, "-c", _SINK], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()


def telemetry(ratio: float | None) -> None:
    """Keep ``ratio`` of the traces from now on; with None, neither trace nor measure anything."""
    from opentelemetry import trace
    from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio

    from hemvist_graphql import telling
    from hemvist_infra.telemetry import http

    for module, tracer, name in (
        (telling, "tracer", "hemvist.graphql"),
        (http, "_tracer", "hemvist.http"),
    ):
        made: Any = trace.NoOpTracer()
        measured: Any = _Nothing()
        if ratio is not None:
            made = trace.get_tracer(name)
            made.sampler = ParentBasedTraceIdRatio(ratio)
            measured = _MEASURED.setdefault(name, module._duration)  # type: ignore[attr-defined]
        else:
            _MEASURED.setdefault(name, module._duration)  # type: ignore[attr-defined]
        setattr(module, tracer, made)
        module._duration = measured  # type: ignore[attr-defined]


_MEASURED: dict[str, Any] = {}


class _Nothing:
    def record(self, *_: Any) -> None:
        """Measure nothing."""
