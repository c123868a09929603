"""Keys per tenant, derived outside the database, and what is done with them.

A field is sealed with AES-256-GCM under the tenant's key; the tenant and the field's name are bound
in as associated data, so a sealed value moved to another tenant or column does not open. The blind
index is an HMAC under another derived key: it finds the exact value and reveals nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hemvist.settings import get_settings

#: First byte of every sealed value: which key generation sealed it.
GENERATION = 1
_NONCE_BYTES = 12


class SealBroken(Exception):
    """A sealed value does not open under this tenant's key: moved, damaged, or the wrong key."""


@dataclass(frozen=True, slots=True)
class TenantKeys:
    """The working keys of one tenant."""

    tenant_id: UUID
    #: Not in the repr: that ends up in logs and test reports.
    _seal: bytes = field(repr=False)
    _index: bytes = field(repr=False)

    def seal(self, field: str, value: str) -> bytes:
        """``value`` encrypted for ``field`` (``"table.column"``)."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(self._seal).encrypt(nonce, value.encode(), self._bound(field))
        return bytes([GENERATION]) + nonce + sealed

    def open(self, field: str, sealed: bytes) -> str:
        """The value that ``seal`` was given. Raises ``SealBroken``."""
        if not sealed or sealed[0] != GENERATION:
            raise SealBroken(field)
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return AESGCM(self._seal).decrypt(nonce, body, self._bound(field)).decode()
        except (InvalidTag, ValueError) as broken:
            raise SealBroken(field) from broken

    def blind_index(self, field: str, value: str) -> bytes:
        """A keyed digest by which an exact value is found: 32 bytes."""
        return hmac.new(self._index, f"{field}\0{value}".encode(), hashlib.sha256).digest()

    def _bound(self, field: str) -> bytes:
        return self.tenant_id.bytes + field.encode()


def tenant_keys(tenant_id: UUID) -> TenantKeys:
    """The keys of ``tenant_id``, derived from the master key that only the processes hold."""
    master = get_settings().require("master_key").encode()

    def derive(purpose: str) -> bytes:
        return HKDF(
            algorithm=SHA256(), length=32, salt=tenant_id.bytes, info=f"hemvist:{purpose}".encode()
        ).derive(master)

    return TenantKeys(tenant_id, derive("seal"), derive("index"))
