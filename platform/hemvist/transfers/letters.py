"""Letters between a kommun and the network: sealed to whom they are for, all of one size."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hemvist import outbox
from hemvist.clock import now
from hemvist.tenancy import TenantSession, exchange_keys
from hemvist.tenancy.statements import append
from hemvist.transfers.proposal_models import TransferLetter

#: What a letter holds before it is sealed. The longest there is takes a fifth of it.
LETTER_BYTES = 2048
#: What the worker hears of when a letter waits; says which network and nothing else.
WRITTEN = "transfer_letter_written"
_CONTEXT = "transfers.letter from {}"


def folded(content: Mapping[str, Any]) -> bytes:
    """``content`` as a letter of the one size."""
    said = json.dumps(content, default=str, sort_keys=True, separators=(",", ":")).encode()
    if len(said) > LETTER_BYTES:
        raise ValueError(f"a letter of {len(said)} bytes")
    return said.ljust(LETTER_BYTES)


def sealed_to(receiver: UUID, sender: UUID, content: Mapping[str, Any]) -> bytes:
    """A letter that only ``receiver`` opens, and only as one from ``sender``."""
    return exchange_keys.seal_to(receiver, folded(content), _CONTEXT.format(sender))


def opened(receiver: UUID, sender: UUID, sealed: bytes) -> dict[str, Any]:
    """What a letter to ``receiver`` says."""
    plain = exchange_keys.open_own(receiver, sealed, _CONTEXT.format(sender))
    found: dict[str, Any] = json.loads(plain)
    return found


def write(session: TenantSession, network_id: UUID, kind: str, **content: Any) -> UUID:
    """Write to the network, in the transaction of the act that it tells of."""
    letter = append(
        session,
        TransferLetter,
        network_id=network_id,
        direction="out",
        sealed=sealed_to(network_id, session.tenant_id, {"kind": kind, **content}),
        written_at=now(),
    )
    outbox.emit(session, WRITTEN, {"network_id": network_id})
    return letter
