"""Global ids: a type and a row, opaque to the caller, the same for the same thing.

An id says nothing about whose row it is. A text that is no id, an id of another type and the id of
another kommun's row are answered alike: there is no such thing.
"""

from __future__ import annotations

import base64
import binascii
import re
from uuid import UUID

import strawberry

from hemvist.errors import NotFound

_UUID_BYTES = 16
_MAX_LENGTH = 80
_NAME = re.compile(rb"[A-Z][A-Za-z]{1,30}")


def global_id(type_name: str, row_id: UUID) -> strawberry.ID:
    """The id by which callers know row ``row_id`` of ``type_name``."""
    raw = type_name.encode() + row_id.bytes
    return strawberry.ID(base64.urlsafe_b64encode(raw).rstrip(b"=").decode())


def parse_global_id(text: str) -> tuple[str, UUID] | None:
    """The type and row that ``text`` names, or None when it is no id of ours."""
    if not 0 < len(text) <= _MAX_LENGTH or not text.isascii():
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    name, row = raw[:-_UUID_BYTES], raw[-_UUID_BYTES:]
    if len(row) != _UUID_BYTES or not _NAME.fullmatch(name):
        return None
    type_name, row_id = name.decode(), UUID(bytes=row)
    # One spelling only: the decoder forgives stray characters, an id does not.
    return (type_name, row_id) if global_id(type_name, row_id) == text else None


def row_id_of(type_name: str, text: str) -> UUID | None:
    """The row that ``text`` names when it is an id of ``type_name``, else None."""
    parsed = parse_global_id(text)
    return parsed[1] if parsed is not None and parsed[0] == type_name else None


def require_row_id(type_name: str, text: str) -> UUID:
    """The row that ``text`` names. Raises ``NotFound`` when it is no id of ``type_name``."""
    row_id = row_id_of(type_name, text)
    if row_id is None:
        raise NotFound(type_name)
    return row_id
