"""Global ids: a type and a row, opaque to the caller, the same for the same thing.

Plain enough for PostgreSQL to write thousands of them in one statement: in base64 for addresses they
were a tenth of a long list's cost. An id says nothing about whose row it is. A text that is no id, an
id of another type and the id of another kommun's row are answered alike: there is no such thing.
"""

from __future__ import annotations

import re
from uuid import UUID

import strawberry

from hemvist.errors import NotFound

_ID = re.compile(r"([A-Z][A-Za-z]{1,30})_([0-9a-f]{32})")


def global_id(type_name: str, row_id: UUID) -> strawberry.ID:
    """The id by which callers know row ``row_id`` of ``type_name``."""
    return strawberry.ID(f"{type_name}_{row_id.hex}")


def parse_global_id(text: str) -> tuple[str, UUID] | None:
    """The type and row that ``text`` names, or None when it is no id of ours."""
    found = _ID.fullmatch(text)
    return (found[1], UUID(found[2])) if found is not None else None


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
