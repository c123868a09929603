"""The marks on entries, links and anchors: what only who has the kommun's audit key can make.

The key never goes to the database. An act gives its entry a key of its own, derived from the audit key
and a nonce, in the place of the mark; a trigger makes the mark of it and of every column as it is
stored, and forgets it. So an entry whose columns PostgreSQL finds (whom a read returned) is marked in
the statement that writes it. Links and anchors are marked by the worker itself.

Source: SoLPUL (2001:454) section 10 (access is logged and the log is looked through); decision 0043.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from datetime import datetime
from uuid import UUID

from hemvist.tenancy.keys import TenantKeys

#: A mark: the key's generation, the nonce, and SHA-256.
_NONCE, _DIGEST = 16, 32
MARK_BYTES = 1 + _NONCE + _DIGEST
#: Says that a key stands in the mark's place; the trigger takes it away.
_OPEN = b"\x01"
#: What the first link has in the place of the hash before it.
NOTHING_BEFORE = bytes(_DIGEST)

#: Every column of an entry but its mark as one text, of the row ``{row}``. What stands in the trigger
#: stands here again: change both in one migration. A test holds it against the table.
ENCODED = (
    "jsonb_build_array({row}.tenant_id::text, {row}.id::text, extract(epoch FROM {row}.at)::text,"
    " {row}.kind, {row}.principal_id::text, {row}.roles::text, {row}.channel, {row}.action,"
    " {row}.case_id::text, {row}.person_ids::text, {row}.subject_type, {row}.subject_id::text,"
    " {row}.details::text, {row}.origin)::text"
)


def digest_of(row: str) -> str:
    """SQL: the SHA-256 of every column of the entry ``row`` but its mark."""
    return f"sha256(convert_to({ENCODED.format(row=row)}, 'UTF8'))"


def one_time_key(keys: TenantKeys) -> bytes:
    """What an act gives in the place of its entry's mark. Raises ``KeysMissing``.

    Entries that one statement writes may have it together.
    """
    generation, nonce = keys.audit_generation, os.urandom(_NONCE)
    return bytes([generation]) + nonce + _own_key(keys, generation, nonce) + _OPEN


def is_genuine(keys: TenantKeys, digest: bytes, mark: bytes | None) -> bool:
    """Whether an entry's mark is of its columns' ``digest`` and of this kommun."""
    if mark is None or len(mark) != MARK_BYTES:
        return False
    if keys.audit_key(mark[0]) is None:
        return False
    own = _own_key(keys, mark[0], bytes(mark[1 : 1 + _NONCE]))
    made = hashlib.sha256(own + digest).digest()
    return hmac.compare_digest(made, mark[1 + _NONCE :])


def link_hash(
    keys: TenantKeys,
    generation: int,
    link: tuple[int, UUID, str, str],
    entry: tuple[bytes, bytes | None],
    before: bytes,
) -> bytes | None:
    """The hash of a link: its ordinal, id, section and moment (``instant``); of its entry's digest and
    mark; and of the hash ``before`` it. None without the key of the generation."""
    key = keys.audit_key(generation)
    if key is None:
        return None
    ordinal, row_id, section, linked_at = link
    told = [str(keys.tenant_id), ordinal, str(row_id), section, generation, linked_at]
    digest, mark = entry
    body = b"\0".join((json.dumps(told).encode(), digest, mark or b"", before))
    return hmac.digest(hmac.digest(key, b"link", "sha256"), body, "sha256")


def anchor_mark(
    keys: TenantKeys, generation: int, row_id: UUID, ordinal: int, head: bytes, made_at: str
) -> bytes | None:
    """The mark of an anchor. None without the key of the generation."""
    key = keys.audit_key(generation)
    if key is None:
        return None
    told = [str(keys.tenant_id), str(row_id), ordinal, head.hex(), generation, made_at]
    body = json.dumps(told).encode()
    return hmac.digest(hmac.digest(key, b"anchor", "sha256"), body, "sha256")


def instant(at: datetime) -> str:
    """A moment as ``extract(epoch FROM …)::text`` tells it: seconds with six digits behind the point."""
    seconds = int(at.replace(microsecond=0).timestamp())
    return f"{seconds}.{at.microsecond:06d}"


def _own_key(keys: TenantKeys, generation: int, nonce: bytes) -> bytes:
    key = keys.audit_key(generation)
    assert key is not None
    return hmac.digest(key, b"entry" + nonce, "sha256")
