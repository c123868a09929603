"""Anchors outside the database: a file to which one line is added for each, and nothing is removed.

Whoever holds the database can cut off the end of a chain, its anchors with it, and the rest still holds.
The lines in the file say how long it was. Keep the file where the database's administrators cannot
write, or send its lines there.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from hemvist.audit.marks import anchor_mark
from hemvist.db import Audience
from hemvist.settings import get_settings
from hemvist.tenancy import tenant_session
from hemvist.tenancy.keys import TenantKeys, tenant_keys
from hemvist.tenancy.statements import answered

#: Bytes at the file's end in which a kommun's last line is looked for first.
_END = 1_000_000
_LEAST = UUID(int=0)
_SINCE = """
SELECT id, ordinal, hash, generation, extract(epoch FROM made_at)::text, mac FROM audit_anchors
 WHERE tenant_id = %(tenant)s AND id >= %(since)s ORDER BY id
"""


class Anchor(NamedTuple):
    """How long a chain was, and its last hash. ``made_at`` as ``marks.instant`` tells it."""

    tenant_id: UUID
    row_id: UUID
    ordinal: int
    hash: bytes
    generation: int
    made_at: str
    mac: bytes

    @property
    def line(self) -> str:
        """The anchor as a line of the file."""
        told = {
            "tenant": str(self.tenant_id),
            "id": str(self.row_id),
            "ordinal": self.ordinal,
            "hash": self.hash.hex(),
            "generation": self.generation,
            "at": self.made_at,
            "mac": self.mac.hex(),
        }
        return json.dumps(told)

    def is_genuine(self, keys: TenantKeys) -> bool:
        """Whether the kommun's own linker has made it."""
        made = anchor_mark(
            keys, self.generation, self.row_id, self.ordinal, self.hash, self.made_at
        )
        return made is not None and made == self.mac


class BrokenLine(NamedTuple):
    """A line of the file that is no anchor, by its number from 1."""

    number: int


def anchor_file() -> Path | None:
    """The file that ``HEMVIST_AUDIT_ANCHOR_FILE`` names."""
    return get_settings().audit_anchor_file


def in_database(tenant_id: UUID, since: UUID = _LEAST) -> list[Anchor]:
    """The kommun's anchors in the database, from the id ``since`` on, in the order they were made."""
    with tenant_session(Audience.WORKER, tenant_id) as session:
        rows = answered(session, _SINCE, {"since": since})
    return [
        Anchor(tenant_id, row_id, ordinal, head, generation, made_at, mac)
        for row_id, ordinal, head, generation, made_at, mac in rows
    ]


def carry_out(tenant_id: UUID, path: Path) -> int:
    """Add to the file the anchors that it has not; returns how many.

    What is in the file is committed in the database. A process that is killed between the two leaves
    the line for the next. Raises ``KeysMissing``.
    """
    keys = tenant_keys(tenant_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        told = _last_told(handle, keys)
        fresh = [
            one
            for one in in_database(tenant_id, told)
            # What the linker has not made says nothing outside, nor keeps later ones from being told.
            if one.row_id != told and one.is_genuine(keys)
        ]
        if fresh:
            _append(handle, fresh)
        return len(fresh)
    finally:
        os.close(handle)


def lines(path: Path) -> Iterator[Anchor | BrokenLine]:
    """What the file says, line by line; nothing where there is no file."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return
    yield from _parsed(text)


def _parsed(text: bytes) -> Iterator[Anchor | BrokenLine]:
    for number, line in enumerate(text.split(b"\n"), 1):
        if not line:
            continue
        try:
            told = json.loads(line)
            yield Anchor(
                UUID(told["tenant"]),
                UUID(told["id"]),
                int(told["ordinal"]),
                bytes.fromhex(told["hash"]),
                int(told["generation"]),
                str(told["at"]),
                bytes.fromhex(told["mac"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            yield BrokenLine(number)


def _last_told(handle: int, keys: TenantKeys) -> UUID:
    """The latest anchor that the file has of the kommun. Its end will do, where it is in it.

    By id, which tells when it was made: after a restore the chain is shorter than it was, and what it
    grows to from then on is told all the same.
    """
    size = os.fstat(handle).st_size
    for length in dict.fromkeys((min(_END, size), size)):
        found = _parsed(os.pread(handle, length, size - length))
        told = [
            one.row_id
            for one in found
            if isinstance(one, Anchor) and one.tenant_id == keys.tenant_id and one.is_genuine(keys)
        ]
        if told:
            return max(told)
    return _LEAST


def _append(handle: int, fresh: Iterable[Anchor]) -> None:
    size = os.fstat(handle).st_size
    # A line that was cut off must not swallow the next.
    torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
    text = (b"\n" if torn else b"") + "".join(f"{one.line}\n" for one in fresh).encode()
    try:
        if os.write(handle, text) < len(text):
            raise OSError(errno.ENOSPC, "no room for the anchors")
        os.fsync(handle)
    except OSError:
        # Half a line would look like somebody's hand in the file for ever. The next round tells it.
        with suppress(OSError):
            os.ftruncate(handle, size)
        raise
