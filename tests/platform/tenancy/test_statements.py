"""Rows below the ORM: held to the tenant, written in order, refused with the next statement."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError

from hemvist.clock import now
from hemvist.ids import new_id
from hemvist.outbox.models import CommandReceipt, OutboxEvent
from hemvist.tenancy import Audience, tenant_session
from hemvist.tenancy.statements import Ask, Together, append, of_tenant

KEYS = Ask(select(CommandReceipt.key).where(CommandReceipt.tenant_id == of_tenant()))


def receipt(session: object, who: UUID, key: str) -> None:
    append(
        session,  # type: ignore[arg-type]
        CommandReceipt,
        principal_id=who,
        key=key,
        command="c",
        request_hash=b"",
        response={},
        created_at=now(),
    )


def test_a_question_of_every_tenant_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="command_receipts of every tenant"):
        Ask(select(CommandReceipt.key).where(CommandReceipt.key == bindparam("key")))
    with pytest.raises(ValueError, match="outbox_events of every tenant"):
        Ask(
            select(CommandReceipt.key)
            .join(OutboxEvent, OutboxEvent.id == CommandReceipt.id)
            .where(CommandReceipt.tenant_id == of_tenant())
        )


def test_what_is_appended_is_seen_by_the_next_question(tenant: UUID) -> None:
    with tenant_session(Audience.STAFF, tenant) as session:
        receipt(session, new_id(), "a")
        assert KEYS.rows(session) == [("a",)]
        receipt(session, new_id(), "b")
    with tenant_session(Audience.STAFF, tenant) as session:
        assert sorted(KEYS.rows(session)) == [("a",), ("b",)]


def test_questions_together_have_the_rows_and_types_that_they_have_alone(tenant: UUID) -> None:
    columns = (CommandReceipt.key, CommandReceipt.principal_id, CommandReceipt.created_at)
    one, other = (
        Ask(
            select(*columns).where(
                CommandReceipt.tenant_id == of_tenant(), CommandReceipt.command == command
            )
        )
        for command in ("c", "none")
    )
    with tenant_session(Audience.STAFF, tenant) as session:
        for key in "ab":
            receipt(session, new_id(), key)
        found, nothing = Together(one, other).rows(session)
        assert sorted(found) == sorted(one.rows(session)) and len(found) == 2
        assert nothing == []


def test_a_row_that_is_refused_takes_the_whole_transaction_with_it(tenant: UUID) -> None:
    who = new_id()
    with (
        pytest.raises(DBAPIError) as refused,
        tenant_session(Audience.STAFF, tenant) as session,
    ):
        for _ in range(2):
            receipt(session, who, "twice")
    assert getattr(refused.value.orig, "sqlstate", None) == "23505"
    with tenant_session(Audience.STAFF, tenant) as session:
        assert KEYS.rows(session) == []
        receipt(session, who, "once")
    with tenant_session(Audience.STAFF, tenant) as session:
        assert KEYS.rows(session) == [("once",)]


def test_what_waits_in_an_act_that_fails_is_forgotten(tenant: UUID) -> None:
    with pytest.raises(ZeroDivisionError), tenant_session(Audience.STAFF, tenant) as session:
        receipt(session, new_id(), "never")
        raise ZeroDivisionError
    with tenant_session(Audience.STAFF, tenant) as session:
        assert KEYS.rows(session) == []


def test_a_connection_that_died_in_the_pool_is_replaced(tenant: UUID, postgres: str) -> None:
    import psycopg

    with tenant_session(Audience.STAFF, tenant) as session:
        pid = session.driver.info.backend_pid
        KEYS.rows(session)
    with psycopg.connect(postgres, autocommit=True) as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with tenant_session(Audience.STAFF, tenant) as session:
        assert session.driver.info.backend_pid != pid
        assert KEYS.rows(session) == []
