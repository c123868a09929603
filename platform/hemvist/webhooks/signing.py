"""Signing a message as Standard Webhooks 1.0.0 has it: HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from uuid import UUID

from hemvist.tenancy.keys import tenant_keys

PREFIX = "whsec_"
_PURPOSE = "webhook_endpoints.secret"


def secret_of(tenant_id: UUID, endpoint_id: UUID, generation: int) -> str:
    """The secret that messages to an endpoint are signed with, as its owner is shown it.

    Derived by the tenant's key, which is outside the database: a copy of the database does not give
    it away, and there is nothing to keep.
    """
    derived = tenant_keys(tenant_id).blind_index(_PURPOSE, f"{endpoint_id.hex}:{generation}")
    return PREFIX + b64encode(derived).decode()


def headers(message_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers of the standard. More than one secret while one takes over from another.

    ``timestamp`` is the attempt's, in seconds; receivers refuse one that is minutes off.
    """
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
