"""Whether all variants answer alike: asked once before anything is measured."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from graphql_bench.operations import Ask, Operation
from graphql_bench.processes import Server
from graphql_bench.variants import Variant

#: How many different requests are compared.
COMPARED = 5


class Differs(RuntimeError):
    """Two variants do not answer alike, or one does not answer."""


def ask_once(server: Server, request: bytes) -> Any:
    """The JSON of one answer. Raises ``Differs`` where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.connect()
    connection.sock.sendall(request)
    answer = http.client.HTTPResponse(connection.sock, method="POST")
    answer.begin()
    text = answer.read()
    connection.close()
    try:
        told = json.loads(text)
    except ValueError:
        raise Differs(f"{server.name}: {answer.status} {text[:300]!r}") from None
    if answer.status != 200 or "errors" in told:
        raise Differs(f"{server.name}: {answer.status} {json.dumps(told.get('errors'))[:1500]}")
    return told["data"]


def compare(
    operation: Operation, variants: Iterable[Variant], servers: dict[str, Server], asks: list[Ask]
) -> dict[str, str]:
    """What each variant says, in words for the report. Raises ``Differs``."""
    found: dict[str, str] = {}
    for ask in asks[:COMPARED]:
        first: tuple[str, Counter[Any]] | None = None
        for variant in variants:
            server = servers[variant.server]
            request = variant.encode(operation, ask, server.port)
            if request is None:
                continue
            told = facts(ask_once(server, request), operation.shared)
            if first is None:
                first = (variant.name, told)
            elif told != first[1]:
                raise Differs(
                    f"{operation.name}: {variant.name} and {first[0]} differ:"
                    f" only the former {_some(told - first[1])},"
                    f" only the latter {_some(first[1] - told)}"
                )
            found[variant.name] = f"{sum(told.values())} values"
    return found


def facts(told: Any, keys: frozenset[str]) -> Counter[Any]:
    """How often each value stands under each of ``keys``, anywhere in an answer."""
    found: Counter[Any] = Counter()
    # Who asks is known from the login, and is no row that the peers read.
    waiting: list[Any] = [{key: value for key, value in told.items() if key != "me"}]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            for key, value in part.items():
                if isinstance(value, dict | list):
                    waiting.append(value)
                elif key in keys and value is not None:
                    found[key, value] += 1
        elif isinstance(part, list):
            waiting += part
    return found


def _some(facts_: Counter[Any]) -> list[Any]:
    return list(facts_.items())[:5]
