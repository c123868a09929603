"""A kommun's working keys, and what is done with them.

A field is sealed with AES-256-GCM under the kommun's current data key; the kommun and the field's name
are bound in as associated data, so a sealed value moved to another kommun or column does not open. The
first byte says which generation of data key sealed it. The blind index is an HMAC under a key of its
own: it finds the exact value and reveals nothing else. Where the keys come from: ``key_folder``.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hemvist.tenancy.key_folder import KeyFolder, KeysErased, KeysMissing, key_folder
from hemvist.tenancy.key_making import create_keys, unwrapped
from hemvist.tenancy.padding import padded, stripped

#: Seconds until a process looks again whether a kommun's file has changed: after a rotation, older
#: keys seal for as long at most.
LOOKS_AGAIN = 5.0
_NONCE_BYTES = 12
_BODY = 1 + _NONCE_BYTES
#: Bytes that a sealed value has more than what is in it: the generation, the nonce and the tag. An empty
#: text has these and no others, which a CHECK can tell.
OVERHEAD = 1 + _NONCE_BYTES + 16


class SealBroken(Exception):
    """A sealed value does not open under this kommun's keys: moved, damaged, or the wrong keys."""


class _Bound(dict[str, bytes]):
    """By field: what is bound into its values, put together once for all of them."""

    def __init__(self, tenant_id: UUID) -> None:
        self._tenant = tenant_id.bytes

    def __missing__(self, field: str) -> bytes:
        found = self[field] = self._tenant + field.encode()
        return found


@dataclass(frozen=True, slots=True)
class TenantKeys:
    """The working keys of one kommun."""

    tenant_id: UUID
    #: The generation that seals.
    generation: int = field(repr=False)
    #: Not in the repr: that ends up in logs and test reports.
    _seals: Mapping[int, AESGCM] = field(repr=False)
    _index: bytes = field(repr=False)
    _pairs: Mapping[int, X25519PrivateKey] = field(repr=False)
    _bound: _Bound = field(repr=False, compare=False)
    _audit: Mapping[int, bytes] = field(repr=False, default_factory=dict)

    def seal(self, field: str, value: str) -> bytes:
        """``value`` encrypted for ``field`` (``"table.column"``)."""
        return self.seal_bytes(field, value.encode())

    def seal_bytes(self, field: str, value: bytes) -> bytes:
        """Bytes encrypted for ``field``."""
        nonce = os.urandom(_NONCE_BYTES)
        clear = padded(field, value)
        sealed = self._seals[self.generation].encrypt(nonce, clear, self._bound[field])
        return bytes([self.generation]) + nonce + sealed

    def open(self, field: str, sealed: bytes) -> str:
        """The value that ``seal`` was given. Raises ``SealBroken``."""
        try:
            return self.open_bytes(field, sealed).decode()
        except UnicodeDecodeError as broken:
            raise SealBroken(field) from broken

    def open_bytes(self, field: str, sealed: bytes) -> bytes:
        """The bytes that ``seal_bytes`` was given. Raises ``SealBroken``."""
        # A list opens some hundred of these: no copies, and nothing looked up twice.
        try:
            clear = self._seals[sealed[0]].decrypt(
                sealed[1:_BODY], sealed[_BODY:], self._bound[field]
            )
        except KeyError:
            # A generation that another process has made since this one looked.
            return self._opened_anew(field, sealed)
        except (InvalidTag, ValueError, IndexError) as broken:
            raise SealBroken(field) from broken
        return stripped(field, clear)

    def _opened_anew(self, field: str, sealed: bytes) -> bytes:
        fresh = _fresh(self.tenant_id)
        if sealed[0] not in fresh._seals:
            raise SealBroken(field)
        return fresh.open_bytes(field, sealed)

    def blind_index(self, field: str, value: str) -> bytes:
        """A keyed digest by which an exact value is found: 32 bytes."""
        return hmac.new(self._index, f"{field}\0{value}".encode(), hashlib.sha256).digest()

    def private(self, generation: int) -> X25519PrivateKey | None:
        """The kommun's half of the key pair of this generation, for ``exchange_keys``."""
        found = self._pairs.get(generation)
        return _fresh(self.tenant_id)._pairs.get(generation) if found is None else found

    @property
    def audit_generation(self) -> int:
        """The generation of the audit log's key that is used now. Raises ``KeysMissing``."""
        if not self._audit:
            raise KeysMissing(
                f"kommun {self.tenant_id} has no key for its audit log: hemvist keys create"
            )
        return max(self._audit)

    def audit_key(self, generation: int) -> bytes | None:
        """The audit log's key of this generation: 32 bytes; None where there is none."""
        found = self._audit.get(generation)
        return _fresh(self.tenant_id)._audit.get(generation) if found is None else found


@dataclass(slots=True)
class _Kept:
    keys: TenantKeys
    mark: tuple[int, int, int] | None
    looked: float


_kept: dict[tuple[Path, UUID], _Kept] = {}
_guard = threading.Lock()


def tenant_keys(tenant_id: UUID) -> TenantKeys:
    """The keys of ``tenant_id``, from the key folder that only the processes reach.

    Raises ``KeysMissing`` where there are none, ``KeysErased`` where they were erased.
    """
    folder = key_folder()
    kept = _kept.get((folder.path, tenant_id))
    if kept is not None:
        if time.monotonic() - kept.looked < LOOKS_AGAIN:
            return kept.keys
        if folder.mark(tenant_id) == kept.mark:
            kept.looked = time.monotonic()
            return kept.keys
    return _looked_up(folder, tenant_id)


def forget_keys() -> None:
    """Keep none in memory: the next use reads the folder."""
    with _guard:
        _kept.clear()


def _fresh(tenant_id: UUID) -> TenantKeys:
    """The keys as they are in the folder now."""
    folder = key_folder()
    kept = _kept.get((folder.path, tenant_id))
    if kept is not None and folder.mark(tenant_id) == kept.mark:
        return kept.keys
    return _looked_up(folder, tenant_id)


def _looked_up(folder: KeyFolder, tenant_id: UUID) -> TenantKeys:
    with _guard:
        mark = folder.mark(tenant_id)
        try:
            keys = _read(folder, tenant_id)
        except KeysErased:
            _kept.pop((folder.path, tenant_id), None)
            raise
        except KeysMissing:
            # Wrapped anew by another process between the two files.
            mark = folder.mark(tenant_id)
            keys = _read(folder, tenant_id)
        # A mark from before the file was made makes the next look read it once more, no worse.
        _kept[folder.path, tenant_id] = _Kept(keys, mark, time.monotonic())
        return keys


def _read(folder: KeyFolder, tenant_id: UUID) -> TenantKeys:
    file = folder.read(tenant_id)
    if file is None and folder.makes:
        folder.start()
        create_keys(folder, tenant_id)
        file = folder.read(tenant_id)
    if file is None:
        raise KeysMissing(
            f"there are no keys of kommun {tenant_id} in {folder.path}: put the right folder back,"
            " or for a new kommun: hemvist keys create"
        )
    if file.erased is not None or file.index is None:
        raise KeysErased(f"the keys of kommun {tenant_id} were erased on {file.erased}")
    if not file.audit and folder.makes:
        create_keys(folder, tenant_id)
        file = folder.read(tenant_id) or file
    return keys_of(tenant_id, file.current, dict(unwrapped(folder, file)))


def keys_of(tenant_id: UUID, current: int, clear: Mapping[str, bytes]) -> TenantKeys:
    """Working keys of the keys in ``clear``, named as ``TenantFile.every`` names them."""
    kinds: dict[str, dict[int, bytes]] = {"data": {}, "exchange": {}, "audit": {}}
    for purpose, key in clear.items():
        kind, _, generation = purpose.partition(":")
        if generation:
            kinds[kind][int(generation)] = key
    return TenantKeys(
        tenant_id,
        current,
        {number: AESGCM(key) for number, key in kinds["data"].items()},
        clear["index"],
        {
            number: X25519PrivateKey.from_private_bytes(key)
            for number, key in kinds["exchange"].items()
        },
        _Bound(tenant_id),
        kinds["audit"],
    )
