"""Emitting events, taking them once, and carrying out a command once per key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from opentelemetry.propagate import inject
from sqlalchemy import ColumnElement, Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from hemvist.clock import now
from hemvist.errors import Conflict, ValidationFailed
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.outbox.models import CommandReceipt, InboxReceipt, OutboxEvent
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.statements import Ask, append, of_tenant

MAX_KEY_LENGTH = 200
_FIELD = "command_receipts.request_hash"
_EARLIER = (
    select(
        func.json_build_array(
            CommandReceipt.command,
            func.encode(CommandReceipt.request_hash, "hex"),
            CommandReceipt.response,
        )
    )
    .where(
        CommandReceipt.tenant_id == of_tenant(),
        CommandReceipt.principal_id == bindparam("principal", type_=Uuid()),
        CommandReceipt.key == bindparam("key"),
    )
    .scalar_subquery()
)


def earlier_and(*beside: ColumnElement[Any]) -> Ask:
    """The question of ``earlier_answer``, which asks for ``beside`` too: each one value, or null."""
    return Ask(select(_EARLIER, *beside))


_RECEIPT = earlier_and()


def emit(session: TenantSession, type_: str, payload: Mapping[str, Any]) -> UUID:
    """Write the event ``type_`` beside the act that it tells of; its id."""
    carrier: dict[str, Any] = {}
    inject(carrier)
    # Written with the act's next statement, at the latest when the transaction ends.
    return append(
        session,
        OutboxEvent,
        occurred_at=now(),
        type=type_,
        payload={key: _plain(value) for key, value in payload.items()},
        trace_context=carrier,
    )


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
    answer, _ = earlier_answer_and(_RECEIPT, session, actor, key, command, digest)
    return answer


def earlier_answer_and(
    asking: Ask, session: TenantSession, actor: Actor, key: str, command: str, digest: bytes
) -> tuple[dict[str, Any] | None, tuple[Any, ...]]:
    """``earlier_answer``, and what an ``earlier_and`` asks for beside it, in one statement."""
    if not key or len(key) > MAX_KEY_LENGTH:
        raise ValidationFailed.one(
            "idempotencyKey", "length", f"must have 1 to {MAX_KEY_LENGTH} characters"
        )
    session.locked_for(_lock_of(session, actor, key))
    ((found, *beside),) = asking.rows(session, principal=actor.principal_id, key=key)
    if found is None:
        return None, tuple(beside)
    earlier, given, response = found
    if earlier != command or given != _kept(session, digest).hex():
        raise Conflict("idempotency_key_reused", "the key was used with another input")
    return response, tuple(beside)


def keep_answer(
    session: TenantSession,
    actor: Actor,
    key: str,
    command: str,
    digest: bytes,
    response: Mapping[str, Any],
) -> None:
    """Remember what ``command`` answered under ``key``."""
    append(
        session,
        CommandReceipt,
        principal_id=actor.principal_id,
        key=key,
        command=command,
        request_hash=_kept(session, digest),
        response={name: _plain(value) for name, value in response.items()},
        created_at=now(),
    )


def _kept(session: TenantSession, digest: bytes) -> bytes:
    """A digest as it is kept: under the kommun's key.

    Whoever has a dump and guesses what was entered, a number with its names, would else find the guess
    confirmed, and what was made of it.
    """
    return tenant_keys(session.tenant_id).blind_index(_FIELD, digest.hex())


def _lock_of(session: TenantSession, actor: Actor, key: str) -> int:
    """The number of the lock on a key: 64 bits with a sign, as PostgreSQL has them."""
    name = f"{session.tenant_id}:{actor.principal_id}:{key}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)
