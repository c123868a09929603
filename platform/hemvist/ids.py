"""Identifiers. UUIDv7 made in Python: they sort by time, so indexes stay dense."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return uuid7()


def parse_id(text: str) -> UUID | None:
    """The UUID that ``text`` spells, or None when it spells none."""
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
