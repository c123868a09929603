"""The limit: statements written by hand behind a bare ASGI application; their text goes out as it is.

The same driver, role, row security, prepared statements and, at ``/q1``, the same audit row as ours;
``/q1?bare`` leaves the audit row out. Nobody is authenticated and nothing is parsed but the values.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

from psycopg import AsyncConnection, AsyncRawCursor

_CONNECTIONS = int(os.environ.get("BENCH_CONNECTIONS", "16"))
_NAME = re.compile(r"(?<!:):([a-z_]+)")
_AUDIT = re.compile(r"--audit\n.*?--end\n", re.DOTALL)
_HEADERS = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


def statements() -> dict[str, tuple[str, list[str]]]:
    """Every statement with numbered parameters, and their names in order."""
    found = {}
    for file in sorted((Path(__file__).parent / "statements").glob("*.sql")):
        text = file.read_text()
        found[f"/{file.stem}"] = _numbered(text)
        found[f"/{file.stem}?bare"] = _numbered(_AUDIT.sub("", text))
    return found


def _numbered(text: str) -> tuple[str, list[str]]:
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    return _NAME.sub(number, text), names


class Hand:
    """The ASGI application."""

    def __init__(self) -> None:
        self._statements = statements()
        self._pool: asyncio.Queue[AsyncConnection[Any]] = asyncio.Queue()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, or open and close the pool."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        given = json.loads(body)
        path = scope["path"] + ("?bare" if scope["query_string"] else "")
        sql, names = self._statements[path]
        given["audit_id"] = uuid4()
        connection = await self._pool.get()
        try:
            cursor = AsyncRawCursor(connection)
            await cursor.execute(sql, [given[name] for name in names], prepare=True)
            row = await cursor.fetchone()
        finally:
            self._pool.put_nowait(connection)
        assert row is not None
        answer = b'{"data":%b}' % row[0].encode()
        length = (b"content-length", str(len(answer)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [*_HEADERS, length]})
        await send({"type": "http.response.body", "body": answer})

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        for _ in range(_CONNECTIONS):
            self._pool.put_nowait(
                await AsyncConnection.connect(
                    os.environ["BENCH_STAFF_URL"],
                    autocommit=True,
                    application_name="bench_hand",
                    options="-c jit=off",
                )
            )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        while not self._pool.empty():
            await self._pool.get_nowait().close()
        await send({"type": "lifespan.shutdown.complete"})


app = Hand()
