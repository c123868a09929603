"""What one operation of a landlord's person or machine carries: who asks, and what they read by."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry
from sqlalchemy.orm import Session

from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.landlords.session import landlord_session
from hemvist.outages import outage_of
from hemvist.running import require_wanted
from hemvist_graphql.landlord.telling import log_disclosures


class Context:
    """One operation.

    Reads share one session of the landlords' role, which sees the views and nothing else. A command
    has a transaction of its own in the kommun concerned; the reading session ends before it.
    """

    def __init__(self, actor: Actor, operation: str | None = None) -> None:
        """``actor`` is the one that the landlords' own tenant knows."""
        assert actor.principal_id is not None
        self.actor = actor
        self.principal_id: UUID = actor.principal_id
        self.request_id = new_id()
        self.operation = operation
        #: Commands of this operation that are carried out and committed.
        self.carried_out: list[str] = []
        #: Rows whose secret this operation's answer may show: it made them, or their secret.
        self.revealed: set[UUID] = set()
        self._opened: AbstractContextManager[Session] | None = None
        self._session: Session | None = None
        self._disclosed: dict[UUID, set[UUID]] = {}

    @property
    def session(self) -> Session:
        """The reading session."""
        if self._session is None:
            self._opened = landlord_session(self.principal_id)
            self._session = self._opened.__enter__()
        return self._session

    def discloses(self, tenant_id: UUID, disclosure_id: UUID) -> None:
        """Note that a name goes out with the answer, by the kommun's ``landlord_disclosures``."""
        self._disclosed.setdefault(tenant_id, set()).add(disclosure_id)

    def finish(self) -> None:
        """End the reading session. What was disclosed is logged first: no entry, no answer."""
        disclosed = self._disclosed
        try:
            require_wanted()
            self._close(None)
            log_disclosures(self.principal_id, self.operation, disclosed)
        except BaseException:
            self.abandon()
            raise
        self._disclosed = {}

    def abandon(self) -> None:
        """Roll back: nothing that was read goes out."""
        self._disclosed = {}
        self._close(RuntimeError("abandoned"))

    def _close(self, error: Exception | None) -> None:
        opened, self._opened, self._session = self._opened, None, None
        if opened is None:
            return
        if error is None:
            opened.__exit__(None, None, None)
            return
        try:
            opened.__exit__(type(error), error, None)
        except Exception as raised:
            # A connection that broke has rolled back by itself.
            if raised is not error and outage_of(raised) is None:
                raise


if TYPE_CHECKING:
    Info = strawberry.Info[Context, None]
else:
    # Strawberry knows the parameter by this class, not by a parametrised one.
    Info = strawberry.Info
