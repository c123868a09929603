"""Events to be relayed, receipts of what was handled, what cannot be handled, receipts of commands."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hemvist.tenancy import (
    APPEND,
    WRITE,
    Base,
    Owned,
    TenantScoped,
    codes_only,
    tenant_reference,
)


class OutboxEvent(TenantScoped, Base):
    """Something that happened, written with the act itself and relayed afterwards.

    ``payload`` holds identifiers, codes and dates, never personal data: it travels over the broker. The
    database takes no words in it.
    """

    __tablename__ = "outbox_events"
    __tenancy__ = Owned(
        {"hemvist_staff": APPEND, "hemvist_worker": ("SELECT", "INSERT", "UPDATE", "DELETE")}
    )
    __table_args__ = (
        codes_only("payload"),
        Index(
            "ix_outbox_events_unrelayed",
            "tenant_id",
            "occurred_at",
            postgresql_where=text("relayed_at IS NULL"),
        ),
    )

    occurred_at: Mapped[datetime]
    #: Past tense, ``concept.happened``.
    type: Mapped[str]
    payload: Mapped[dict[str, Any]]
    #: W3C trace context of the command, so that the worker's spans join its trace.
    trace_context: Mapped[dict[str, Any]] = mapped_column(default=dict)
    relayed_at: Mapped[datetime | None]


class InboxReceipt(TenantScoped, Base):
    """One handler has handled one event: a second delivery finds this and does nothing."""

    __tablename__ = "inbox_receipts"
    __tenancy__ = Owned({"hemvist_worker": ("SELECT", "INSERT", "DELETE")})
    __table_args__ = (UniqueConstraint("tenant_id", "handler", "event_id"),)

    handler: Mapped[str]
    event_id: Mapped[UUID]
    handled_at: Mapped[datetime]


class EventTrouble(TenantScoped, Base):
    """One handler has failed with one event. Parked (undanlagd) once it has failed often enough.

    Goes away when the handler succeeds, or when somebody releases or discards what is parked. While it
    is there, the event is not removed either.
    """

    __tablename__ = "event_troubles"
    __tenancy__ = Owned({"hemvist_worker": ("SELECT", "INSERT", "UPDATE", "DELETE")})
    __table_args__ = (
        tenant_reference("outbox_events", "event_id"),
        UniqueConstraint("tenant_id", "event_id", "handler"),
        Index(
            "ix_event_troubles_parked",
            "tenant_id",
            "parked_at",
            postgresql_where=text("parked_at IS NOT NULL"),
        ),
    )

    event_id: Mapped[UUID]
    handler: Mapped[str]
    attempts: Mapped[int]
    #: The kind of the last error, never its text: that may quote what was being written.
    error: Mapped[str]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    parked_at: Mapped[datetime | None]


class CommandReceipt(TenantScoped, Base):
    """A command carried out under an idempotency key, with what it answered."""

    __tablename__ = "command_receipts"
    __tenancy__ = Owned({"hemvist_staff": WRITE, "hemvist_worker": ("SELECT", "DELETE")})
    __table_args__ = (UniqueConstraint("tenant_id", "principal_id", "key"),)

    principal_id: Mapped[UUID]
    key: Mapped[str]
    command: Mapped[str]
    #: Keyed digest of the command's canonical input: the same key with another body is refused.
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    #: Identifiers of what was made, from which the answer is read again.
    response: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
