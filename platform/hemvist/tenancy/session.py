"""The tenant session: every tenant row is guarded by the query and again by the database."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import event, text
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from hemvist.db import Audience, TimeLimits, engine, time_limits
from hemvist.errors import Conflict, NotFound
from hemvist.tenancy.declaration import PRINCIPAL_SETTING, TENANT_SETTING
from hemvist.tenancy.models import Base, TenantScoped, Versioned

ModelT = TypeVar("ModelT", bound=Base)
VersionedT = TypeVar("VersionedT", bound=Versioned)
FoundT = TypeVar("FoundT")
_REMEMBERED = "hemvist.remembered"

#: Limits are set in the transaction too, so that they hold behind a pooler that shares connections.
_SET = (
    f"SELECT set_config('{TENANT_SETTING}', :tenant, true),"
    f" set_config('{PRINCIPAL_SETTING}', :principal, true),"
    # Compiling a statement that looks up rows by index costs more than running it.
    " set_config('jit', 'off', true),"
    " set_config('statement_timeout', :statement, true),"
    " set_config('idle_in_transaction_session_timeout', :idle, true)"
)
_SET_CONTEXT = text(_SET)
_SET_CONTEXT_WHOLE = text(f"{_SET}, set_config('transaction_timeout', :whole, true)")
#: The first version that limits a whole transaction.
_LIMITS_TRANSACTIONS = (17,)


class TenantSession(Session):
    """A session bound to one tenant for its whole life."""

    @property
    def tenant_id(self) -> UUID:
        """The tenant whose rows this session sees."""
        value: UUID = self.info["tenant_id"]
        return value

    @property
    def remembers(self) -> bool:
        """Whether what has once been found stays found."""
        return _REMEMBERED in self.info

    def remembered(self, key: Hashable, find: Callable[[], FoundT]) -> FoundT:
        """What ``find`` finds; asked once where the session only reads."""
        known: dict[Hashable, Any] | None = self.info.get(_REMEMBERED)
        if known is None:
            return find()
        if key not in known:
            known[key] = find()
        found: FoundT = known[key]
        return found

    def find(self, model: type[ModelT], row_id: UUID | None) -> ModelT:
        """The row of this tenant with ``row_id``. Raises ``NotFound``, whoever else may have one."""
        row = None if row_id is None else self.get(model, (self.tenant_id, row_id))
        if row is None:
            raise NotFound(model.__name__)
        return row

    def change(self, row: VersionedT, expected_version: int) -> VersionedT:
        """``row`` locked for a change, its version counted up.

        Raises ``Conflict`` when it is no longer the version that the caller saw.
        """
        self.refresh(row, with_for_update=True)
        if row.version != expected_version:
            raise Conflict(
                "stale_version",
                "it has been changed since it was read",
                expected=expected_version,
                current=row.version,
            )
        row.version += 1
        return row

    def save(self, row: ModelT) -> ModelT:
        """Add ``row`` and write it now, so that what refers to it comes after it."""
        self.add(row)
        self.flush()
        return row


@event.listens_for(TenantSession, "do_orm_execute")
def _only_own_rows(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load:
        return
    tenant_id = state.session.info["tenant_id"]
    state.statement = state.statement.options(
        with_loader_criteria(
            TenantScoped, lambda model: model.tenant_id == tenant_id, include_aliases=True
        )
    )


@event.listens_for(TenantSession, "before_flush")
def _stamp_tenant(session: Session, _context: Any, _instances: Any) -> None:
    tenant_id = session.info["tenant_id"]
    for row in session.new:
        if isinstance(row, TenantScoped):
            if row.tenant_id is None:
                row.tenant_id = tenant_id
            elif row.tenant_id != tenant_id:
                raise RuntimeError("a row of another tenant was added to this tenant's session")


@contextmanager
def tenant_session(
    audience: Audience,
    tenant_id: UUID,
    principal_id: UUID | None = None,
    *,
    limits: TimeLimits | None = None,
    only_reads: bool = False,
) -> Iterator[TenantSession]:
    """One transaction as ``audience`` inside ``tenant_id``; committed on a clean exit.

    The context is transaction-local, so it cannot outlive the transaction in a pooled connection.
    ``limits`` are the audience's own unless given. ``only_reads`` says that nothing is changed in
    it but logs, so that what has once been found may be remembered.
    """
    within = limits or time_limits(audience)
    info: dict[str, Any] = {"tenant_id": tenant_id}
    if only_reads:
        info[_REMEMBERED] = {}
    with (
        TenantSession(engine(audience), info=info, expire_on_commit=False) as session,
        session.begin(),
    ):
        given = {
            "tenant": str(tenant_id),
            "principal": str(principal_id) if principal_id else "",
            "statement": str(within.statement),
            "idle": str(within.idle),
        }
        version = session.connection().dialect.server_version_info or ()
        if version >= _LIMITS_TRANSACTIONS:
            session.execute(_SET_CONTEXT_WHOLE, {**given, "whole": str(within.transaction)})
        else:
            session.execute(_SET_CONTEXT, given)
        yield session
