"""What one operation carries: who asks, its reading session, and what it has laid open."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry
from sqlalchemy import select

from hemvist import audit
from hemvist.db import time_limits
from hemvist.identity import Action, Actor, allows
from hemvist.ids import new_id
from hemvist.outages import outage_of
from hemvist.pack_versions import PackLibrary, packs_of
from hemvist.pack_versions.adoptions import adopted_packs
from hemvist.running import require_wanted
from hemvist.tenancy import Audience, Tenant, TenantSession, tenant_session
from hemvist.tenancy.keys import TenantKeys, tenant_keys
from hemvist_graphql.failures import Code, RequestFailed
from hemvist_graphql.known import Known, Registered

#: What the audit log calls an operation that its sender gave no name.
ANONYMOUS = "graphql.operation"
MAX_OPERATION_NAME = 100


class Context:
    """One operation of one actor.

    Reads share one session, opened when first needed. A command has a transaction of its own, and
    ends the reading session before it: so an operation never holds two connections, and what is
    read after a command is what the command left.
    """

    def __init__(
        self, actor: Actor, operation: str | None = None, logged: UUID | None = None
    ) -> None:
        """``logged`` is the audit entry of a first attempt that ended in an error after it."""
        self.actor = actor
        self.request_id = new_id()
        #: Commands of this operation that are carried out and committed.
        self.carried_out: list[str] = []
        #: What the operation's only command did before the executor was asked: its row, or why not.
        self.outcome: UUID | Exception | None = None
        self._operation = (operation or ANONYMOUS)[:MAX_OPERATION_NAME]
        self._opened: AbstractContextManager[TenantSession] | None = None
        self._session: TenantSession | None = None
        self._known: Known | None = None
        self._packs: PackLibrary | None = None
        self._logged = logged
        self._forget()

    @property
    def session(self) -> TenantSession:
        """The reading session."""
        if self._session is None:
            self._opened = tenant_session(
                Audience.STAFF,
                self.actor.tenant_id,
                self.actor.principal_id,
                limits=time_limits(Audience.STAFF, reading=True),
                only_reads=True,
            )
            self._session = self._opened.__enter__()
            self._teach()
        return self._session

    @cached_property
    def keys(self) -> TenantKeys:
        """The kommun's keys, derived once for the operation."""
        return tenant_keys(self.actor.tenant_id)

    def know(self, known: Known) -> None:
        """Take over what a plan's statement has just read of the kommun."""
        self._known = known
        self._teach()

    def _teach(self) -> None:
        """Services find the packs by the session: it need not ask again either."""
        if self._session is not None and self._known is not None:
            packs_of(self._session).learn(self._known.own)

    @cached_property
    def tenant(self) -> Registered:
        """The caller's kommun in the register, read once for the operation."""
        if self._known is not None:
            return self._known.tenant
        found = self.session.get(Tenant, self.actor.tenant_id)
        assert found is not None
        return Registered(found.kommun_code, found.slug, found.name)

    @property
    def packs(self) -> PackLibrary:
        """The packs that the kommun can be judged by."""
        if self._known is None:
            return packs_of(self.session)
        if self._packs is None:
            self._packs = PackLibrary(lambda: self.session, self._known.own)
        return self._packs

    def adopted(self, on: dt.date) -> list[str]:
        """Names of the guidelines that the kommun works by on a day."""
        if self._known is not None:
            return self._known.adopted(on)
        return adopted_packs(self.session, on)

    def lays_open(
        self,
        *,
        person: UUID | None = None,
        case: UUID | None = None,
        looked: UUID | None = None,
        rent: UUID | None = None,
    ) -> None:
        """Note that data about a person, of a case or of a rent account goes out with the answer, or a
        row each look at which is logged."""
        if person is not None:
            self._persons.add(person)
        if case is not None:
            self._cases.add(case)
        if looked is not None:
            self._looked.add(looked)
        if rent is not None:
            self._rents.add(rent)

    def require(self, action: Action) -> None:
        """Refuse the field unless one of the actor's roles gives ``action`` somewhere."""
        if not allows(self.actor, action):
            raise RequestFailed(
                Code.NOT_ALLOWED, f"not allowed: {action.value}", action=action.value
            )

    def finish(self) -> None:
        """Log what was laid open and commit, in the transaction that read it: no entry, no answer."""
        try:
            require_wanted()
            if self._laid_anything and not self._covered():
                self._audit()
        except BaseException:
            self.abandon()
            raise
        self._close(None)

    def abandon(self) -> None:
        """Roll back: nothing that was read goes out."""
        self._close(RuntimeError("abandoned"))

    @property
    def _laid_anything(self) -> bool:
        return bool(self._persons or self._cases or self._looked or self._rents)

    def _covered(self) -> bool:
        """Whether the entry of the first attempt says all that is laid open now."""
        if self._logged is None:
            return False
        entry = self.session.get(audit.AuditEntry, (self.actor.tenant_id, self._logged))
        if entry is None:
            return False
        cases = {str(entry.case_id), *entry.details.get("cases", ())}
        looked = set(entry.details.get("looked_at", ()))
        rents = set(entry.details.get("rents", ()))
        return (
            self._persons <= set(entry.person_ids)
            and {str(one) for one in self._cases} <= cases
            and {str(one) for one in self._looked} <= looked
            and {str(one) for one in self._rents} <= rents
        )

    def has_searched(self, action: str) -> bool:
        """Whether the first attempt has logged its search: its entries are of one moment."""
        if self._logged is None:
            return False
        entry = self.session.get(audit.AuditEntry, (self.actor.tenant_id, self._logged))
        if entry is None:
            return False
        searches = select(audit.AuditEntry.id).where(
            audit.AuditEntry.at == entry.at,
            audit.AuditEntry.principal_id == self.actor.principal_id,
            audit.AuditEntry.action == action,
        )
        return self.session.scalar(searches.limit(1)) is not None

    def _audit(self) -> None:
        cases = sorted(self._cases)
        details: dict[str, object] = {}
        if len(cases) > 1:
            details["cases"] = [str(case) for case in cases]
        if self._looked:
            details["looked_at"] = [str(one) for one in sorted(self._looked)]
        if self._rents:
            details["rents"] = [str(one) for one in sorted(self._rents)]
        audit.record(
            self.session,
            self.actor,
            self._operation,
            kind="read",
            persons=self._persons,
            case_id=cases[0] if len(cases) == 1 else None,
            details=details,
        )

    def _close(self, error: Exception | None) -> None:
        opened, self._opened, self._session = self._opened, None, None
        self._forget()
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

    def _forget(self) -> None:
        self._persons: set[UUID] = set()
        self._cases: set[UUID] = set()
        self._looked: set[UUID] = set()
        self._rents: set[UUID] = set()


if TYPE_CHECKING:
    Info = strawberry.Info[Context, None]
else:
    # Strawberry knows the parameter by this class, not by a parametrised one.
    Info = strawberry.Info
