"""Emitting events, taking them once, and carrying out a command once per key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from opentelemetry.propagate import inject
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from hemvist.clock import now
from hemvist.errors import Conflict, ValidationFailed
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.outbox.models import CommandReceipt, InboxReceipt, OutboxEvent
from hemvist.tenancy import TenantSession

MAX_KEY_LENGTH = 200


def emit(session: TenantSession, type_: str, payload: Mapping[str, Any]) -> OutboxEvent:
    """Write the event ``type_`` beside the act that it tells of."""
    carrier: dict[str, Any] = {}
    inject(carrier)
    event = OutboxEvent(
        occurred_at=now(),
        type=type_,
        payload={key: _plain(value) for key, value in payload.items()},
        trace_context=carrier,
        relayed_at=None,
    )
    # Written with the act's next statement, at the latest when the transaction ends.
    session.add(event)
    return event


def take(session: TenantSession, handler: str, event_id: UUID) -> bool:
    """Claim ``event_id`` for ``handler``. False when it was handled before.

    The receipt is written in the handler's transaction: a killed worker leaves none, and a second
    delivery waits for the first to end.
    """
    statement = (
        insert(InboxReceipt)
        .values(
            tenant_id=session.tenant_id,
            id=new_id(),
            handler=handler,
            event_id=event_id,
            handled_at=now(),
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "handler", "event_id"])
        .returning(InboxReceipt.id)
    )
    return session.execute(statement).first() is not None


def request_hash(command: str, body: Mapping[str, Any]) -> bytes:
    """Digest of a command and its input, the same for the same meaning."""
    canonical = json.dumps([command, body], sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).digest()


def earlier_answer(
    session: TenantSession, actor: Actor, key: str, command: str, digest: bytes
) -> dict[str, Any] | None:
    """What the command answered under ``key`` before, or None when it is new.

    Raises ``Conflict`` when the key was used with another input. Takes a lock on the key, so that
    two simultaneous calls are carried out one after the other.
    """
    if not key or len(key) > MAX_KEY_LENGTH:
        raise ValidationFailed.one(
            "idempotencyKey", "length", f"must have 1 to {MAX_KEY_LENGTH} characters"
        )
    _lock(session, actor, key)
    receipt = session.scalar(
        select(CommandReceipt).where(
            CommandReceipt.principal_id == actor.principal_id, CommandReceipt.key == key
        )
    )
    if receipt is None:
        return None
    if receipt.command != command or receipt.request_hash != digest:
        raise Conflict("idempotency_key_reused", "the key was used with another input")
    return receipt.response


def keep_answer(
    session: TenantSession,
    actor: Actor,
    key: str,
    command: str,
    digest: bytes,
    response: Mapping[str, Any],
) -> None:
    """Remember what ``command`` answered under ``key``."""
    session.save(
        CommandReceipt(
            principal_id=actor.principal_id,
            key=key,
            command=command,
            request_hash=digest,
            response={name: _plain(value) for name, value in response.items()},
            created_at=now(),
        )
    )


def _lock(session: TenantSession, actor: Actor, key: str) -> None:
    name = f"{session.tenant_id}:{actor.principal_id}:{key}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)
