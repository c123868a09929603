"""Cursors: a place in an ordered list, sealed so that only one we gave out is taken back."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hemvist.settings import get_settings
from hemvist_graphql.failures import Code, RequestFailed

TAG_BYTES = 12
_MAX_LENGTH = 400
_KINDS: dict[str, type] = {"d": dt.date, "t": dt.datetime, "u": UUID, "s": str, "i": int}


def encode_cursor(tenant_id: UUID, ordering: str, values: Sequence[Any]) -> str:
    """The cursor of the row with ``values`` in the ordering named ``ordering``."""
    body = json.dumps([_write(value) for value in values], separators=(",", ":")).encode()
    return _text(_tag(tenant_id, ordering, body) + body)


def decode_cursor(tenant_id: UUID, ordering: str, cursor: str) -> list[Any]:
    """What ``encode_cursor`` was given.

    Raises ``RequestFailed`` (BAD_CURSOR) for a changed cursor and for one of another list or kommun.
    """
    if len(cursor) <= _MAX_LENGTH and cursor.isascii():
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError):
            raw = b""
        tag, body = raw[:TAG_BYTES], raw[TAG_BYTES:]
        sound = hmac.compare_digest(tag, _tag(tenant_id, ordering, body))
        if sound and _text(raw) == cursor:
            return [_read(kind, text) for kind, text in json.loads(body)]
    raise RequestFailed(
        Code.BAD_CURSOR, "the cursor is not one of this list: take one from pageInfo or an edge"
    )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def cursor_key(tenant_id: UUID, ordering: str) -> bytes:
    """The key that seals one list's cursors in one kommun, and nothing else: it may leave for SQL."""
    secret = get_settings().require("secret_key").encode()
    message = b"cursor\0" + tenant_id.bytes + ordering.encode()
    return hmac.new(secret, message, hashlib.sha256).digest()


def _tag(tenant_id: UUID, ordering: str, body: bytes) -> bytes:
    key = cursor_key(tenant_id, ordering)
    return hmac.new(key, body, hashlib.sha256).digest()[:TAG_BYTES]


def _write(value: Any) -> tuple[str, str]:
    for kind, type_ in _KINDS.items():
        # Exactly the type: a datetime is also a date, and a bool an int.
        if type(value) is type_:
            if isinstance(value, dt.datetime):
                # One spelling whatever zone the connection has, and the one that SQL gives.
                return kind, value.astimezone(dt.UTC).isoformat(timespec="microseconds")
            return kind, value.isoformat() if isinstance(value, dt.date) else str(value)
    raise TypeError(f"a list cannot be ordered by {type(value).__name__}")


def _read(kind: str, text: str) -> Any:
    if kind == "d":
        return dt.date.fromisoformat(text)
    if kind == "t":
        return dt.datetime.fromisoformat(text)
    return _KINDS[kind](text)
