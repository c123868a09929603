"""The tenant session: every tenant row is guarded by the query and again by the database."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.orm.util import identity_key

from hemvist.db import Audience, TimeLimits, time_limits, writing_connection
from hemvist.errors import Conflict, NotFound
from hemvist.pipelined import PipelinedConnection
from hemvist.tenancy.declaration import PRINCIPAL_SETTING, TENANT_SETTING
from hemvist.tenancy.models import Base, TenantScoped, Versioned
from hemvist.tenancy.plain import (
    DIALECT,
    complete,
    differs,
    held,
    hold,
    insertion,
    shape_of,
    written,
)
from hemvist.tenancy.sealed import seal_waiting

ModelT = TypeVar("ModelT", bound=Base)
VersionedT = TypeVar("VersionedT", bound=Versioned)
FoundT = TypeVar("FoundT")
_REMEMBERED = "hemvist.remembered"

#: The first version that limits a whole transaction.
_LIMITS_TRANSACTIONS = 170_000
_CRITERIA, _DRIVER, _LOCKED = "hemvist.only_own_rows", "hemvist.driver", "hemvist.locked"


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

    def connection(self, *args: Any, **options: Any) -> Connection:
        """The connection, for statements of one's own: what waits has been carried out."""
        lent = super().connection(*args, **options)
        driver = self.driver
        if isinstance(driver, PipelinedConnection):
            driver.send()
        return lent

    def sent(self) -> psycopg.Connection[Any]:
        """The driver's connection, in the transaction, after all that waited."""
        if self.new or self.dirty or self.deleted:
            self.flush()
        driver = self.driver
        if isinstance(driver, PipelinedConnection):
            driver.send()
        return driver

    @property
    def driver(self) -> psycopg.Connection[Any]:
        """The driver's connection, for statements that set the tenant of every row themselves."""
        driver = self.info.get(_DRIVER)
        if driver is None:
            driver = super().connection().connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
        return driver

    def later(self, query: str, params: Mapping[str, Any], *, row: bool = False) -> None:
        """Carry out ``query`` with the transaction's next statement, or when it is committed.

        For what nothing in the act reads again. ``query`` names the tenant itself; ``row`` says that
        it is one INSERT, which may be written together with others.
        """
        driver = self.driver
        if isinstance(driver, PipelinedConnection):
            driver.later(query, params, row=row)
        else:
            driver.execute(query, params)

    def locked_for(self, number: int) -> None:
        """Hold the advisory lock ``number`` to the end of the transaction; waits for who has it.

        What is read afterwards is what the other one left. At the beginning of a transaction it
        costs no round trip of its own.
        """
        command = f"SELECT pg_advisory_xact_lock({int(number)})"
        driver = self.driver
        if isinstance(driver, PipelinedConnection):
            driver.open_with(command)
        else:
            driver.execute(command.encode())

    def find(self, model: type[ModelT], row_id: UUID | None) -> ModelT:
        """The row of this tenant with ``row_id``. Raises ``NotFound``, whoever else may have one."""
        row = None if row_id is None else self._found(model, row_id)
        if row is None:
            raise NotFound(model.__name__)
        return row

    def hold(self, model: type[ModelT], values: Sequence[Any], *, locked: bool = False) -> ModelT:
        """The object for a row of this tenant, given as the values of all its table's columns.

        ``locked`` says that the row was locked when it was read.
        """
        key = identity_key(model, (values[0], values[1]))
        if key in self.identity_map:
            row: ModelT = self.get_one(model, key[1])
            if locked:
                self.lock(row)
            return row
        row = held(self, model, values)
        if locked:
            self.info.setdefault(_LOCKED, set()).add(key)
        return row

    def _found(self, model: type[ModelT], row_id: UUID) -> ModelT | None:
        key = (self.tenant_id, row_id)
        if identity_key(model, key) in self.identity_map:
            return self.get(model, key)
        values = self._plain(shape_of(model).by_key, row_id)
        return None if values is None else self.hold(model, values)

    def _plain(self, text: str, row_id: UUID) -> tuple[Any, ...] | None:
        if self.new or self.dirty or self.deleted:
            self.flush()
        cursor = self.driver.cursor()
        cursor.execute(text, {"tenant": self.tenant_id, "id": row_id})
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    def change(self, row: VersionedT, expected_version: int) -> VersionedT:
        """``row`` locked for a change, its version counted up.

        Raises ``Conflict`` when it is no longer the version that the caller saw.
        """
        self.lock(row)
        self.require_version(row, expected_version)
        row.version += 1
        return row

    def require_version(self, row: Versioned, expected_version: int) -> None:
        """Raise ``Conflict`` when ``row`` as read is not the version that the caller saw."""
        if row.version != expected_version:
            raise Conflict(
                "stale_version",
                "it has been changed since it was read",
                expected=expected_version,
                current=row.version,
            )

    def lock(self, row: object) -> None:
        """``row`` as it is now, locked to the end of the transaction.

        Once is enough: afterwards nobody else changes it.
        """
        locked = self.info.setdefault(_LOCKED, set())
        key = instance_state(row).key
        if key in locked:
            return
        assert key is not None
        values = self._plain(shape_of(type(row)).locking, key[1][1])
        if values is None or differs(row, values):
            self.refresh(row)
        locked.add(key)

    def save(self, row: ModelT) -> ModelT:
        """Add ``row`` and write it before anything that comes after it.

        It goes with the next statement or with COMMIT, which raise what is wrong with it.
        """
        if not isinstance(row, TenantScoped) or row in self:
            self.add(row)
            self.flush()
            return row
        if self.new or self.dirty or self.deleted:
            self.flush()
        if row.tenant_id is None:
            row.tenant_id = self.tenant_id
        elif row.tenant_id != self.tenant_id:
            raise RuntimeError("a row of another tenant was added to this tenant's session")
        seal_waiting(row)
        values = complete(row)
        self.later(insertion(type(row), tuple(values)), written(type(row), values), row=True)
        hold(self, row)
        return row


@event.listens_for(TenantSession, "do_orm_execute")
def _only_own_rows(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load:
        return
    info = state.session.info
    criteria = info.get(_CRITERIA)
    if criteria is None:
        tenant_id = info["tenant_id"]
        criteria = info[_CRITERIA] = with_loader_criteria(
            TenantScoped, lambda model: model.tenant_id == tenant_id, include_aliases=True
        )
    state.statement = state.statement.options(criteria)


@event.listens_for(TenantSession, "before_flush")
def _stamp_tenant(session: Session, _context: Any, _instances: Any) -> None:
    tenant_id = session.info["tenant_id"]
    for row in session.new:
        if isinstance(row, TenantScoped):
            if row.tenant_id is None:
                row.tenant_id = tenant_id
            elif row.tenant_id != tenant_id:
                raise RuntimeError("a row of another tenant was added to this tenant's session")
            seal_waiting(row)


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
    with writing_connection(audience) as driver:
        info[_DRIVER] = driver
        driver.act_for(tenant_id)
        # Goes before the first statement, with BEGIN: nothing is read or written without it.
        driver.open_with(_context(driver, tenant_id, principal_id, within))
        try:
            # The ORM begins and ends its own part of the transaction, where it has one.
            with (
                TenantSession(driver.orm, info=info, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield session
            _commit(driver)
        finally:
            # Nothing is left of a transaction that has not been committed.
            _end(driver)


def _commit(driver: PipelinedConnection) -> None:
    try:
        driver.commit()
    except psycopg.Error as error:
        # As the ORM tells it, for it is chance which of the two commits.
        raise DBAPIError.instance(
            "COMMIT", None, error, psycopg.Error, hide_parameters=True, dialect=DIALECT
        ) from error


def _end(driver: PipelinedConnection) -> None:
    with suppress(psycopg.Error):
        # One that is broken is not lent again.
        driver.rollback()


def _context(
    driver: PipelinedConnection,
    tenant_id: UUID,
    principal_id: UUID | None,
    within: TimeLimits,
) -> str:
    """What holds for the transaction. Ids and numbers only: they are sent as they stand."""
    who = f"{UUID(int=principal_id.int)}" if principal_id else ""
    # Limits are set in the transaction too, so that they hold behind a pooler that shares
    # connections.
    context = (
        f"SET LOCAL {TENANT_SETTING} = '{UUID(int=tenant_id.int)}';"
        f" SET LOCAL {PRINCIPAL_SETTING} = '{who}';"
        # Compiling a statement that looks up rows by index costs more than running it.
        " SET LOCAL jit = off;"
        f" SET LOCAL statement_timeout = {int(within.statement)};"
        f" SET LOCAL idle_in_transaction_session_timeout = {int(within.idle)}"
    )
    if driver.info.server_version >= _LIMITS_TRANSACTIONS:
        context += f"; SET LOCAL transaction_timeout = {int(within.transaction)}"
    return context
