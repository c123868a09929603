"""What one kommun hands to another: sealed to the receiver's key, opened by the receiver alone.

HPKE (RFC 9180) with X25519, HKDF-SHA-256 and AES-256-GCM. Whoever seals needs the public half of the
receiver's pair and can not open again what it sealed. The first byte says which pair it was sealed to;
receiver and context are bound in, so it opens for nothing else.
"""

from __future__ import annotations

from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from hemvist.tenancy.key_folder import KeysErased, KeysMissing, key_folder
from hemvist.tenancy.keys import SealBroken, tenant_keys

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PURPOSE = b"hemvist exchange 1"


def seal_to(tenant_id: UUID, content: bytes, context: str) -> bytes:
    """``content`` that only the kommun ``tenant_id`` can open, and only for ``context``.

    The length of what comes out shows that of what went in: pad what must not tell by its size.
    Raises ``KeysMissing`` where the receiver has no keys.
    """
    folder = key_folder()
    if folder.makes and folder.mark(tenant_id) is None:
        tenant_keys(tenant_id)
    file = folder.read(tenant_id)
    if file is None:
        raise KeysMissing(f"there are no keys of kommun {tenant_id} in {folder.path}")
    if file.erased is not None:
        raise KeysErased(f"the keys of kommun {tenant_id} were erased on {file.erased}")
    generation = max(file.exchange)
    public = file.exchange[generation].public
    if public is None:
        raise KeysMissing(f"the key pair {generation} of kommun {tenant_id} has no public half")
    sealed = _SUITE.encrypt(
        content, X25519PublicKey.from_public_bytes(public), _info(tenant_id, context)
    )
    return bytes([generation]) + sealed


def open_own(tenant_id: UUID, sealed: bytes, context: str) -> bytes:
    """What was sealed to the kommun ``tenant_id`` for ``context``. Raises ``SealBroken``."""
    private = tenant_keys(tenant_id).private(sealed[0]) if sealed else None
    if private is None:
        raise SealBroken(context)
    try:
        return _SUITE.decrypt(sealed[1:], private, _info(tenant_id, context))
    except (InvalidTag, ValueError) as broken:
        raise SealBroken(context) from broken


def _info(tenant_id: UUID, context: str) -> bytes:
    return b"\0".join((_PURPOSE, tenant_id.bytes, context.encode()))
