"""Events stand and fall with their act, are taken once, and commands are done once per key."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from hemvist.db import Audience
from hemvist.errors import Conflict, ValidationFailed
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.outbox import (
    InboxReceipt,
    OutboxEvent,
    earlier_answer,
    emit,
    keep_answer,
    request_hash,
    take,
)
from hemvist.outbox.models import CommandReceipt
from hemvist.tenancy import tenant_session


def actor_in(tenant_id: UUID) -> Actor:
    """Somebody of the kommun."""
    return Actor(tenant_id, new_id(), "Somebody")


def test_an_event_is_written_with_the_act(tenant: UUID) -> None:
    case = new_id()
    with tenant_session(Audience.STAFF, tenant) as session:
        event = emit(session, "referral_submitted", {"case_id": case, "on": date(2026, 9, 1)})
    with tenant_session(Audience.WORKER, tenant) as session:
        seen = session.find(OutboxEvent, event)
        assert seen.payload == {"case_id": str(case), "on": "2026-09-01"}
        assert seen.relayed_at is None


def test_an_act_that_fails_leaves_no_event(tenant: UUID) -> None:
    with pytest.raises(ZeroDivisionError), tenant_session(Audience.STAFF, tenant) as session:
        emit(session, "referral_submitted", {})
        raise ZeroDivisionError
    with tenant_session(Audience.WORKER, tenant) as session:
        assert session.scalar(select(func.count()).select_from(OutboxEvent)) == 0


@pytest.mark.parametrize(
    "said",
    [
        "Hon är rädd",
        ["hot", "Hon är rädd"],
        {"why": {"told": "Hon är rädd"}},
        "rad\nrad",
        "x" * 101,
    ],
)
def test_words_in_an_event_are_refused_by_the_database(tenant: UUID, said: Any) -> None:
    with (
        pytest.raises(DBAPIError, match="ck_outbox_events_codes_only"),
        tenant_session(Audience.STAFF, tenant) as session,
    ):
        emit(session, "referral_submitted", {"said": said})


def test_each_handler_takes_an_event_once(tenant: UUID) -> None:
    event_id = new_id()
    with tenant_session(Audience.WORKER, tenant) as session:
        assert take(session, "notices", event_id)
        assert not take(session, "notices", event_id)
        assert take(session, "letters", event_id)
    with tenant_session(Audience.WORKER, tenant) as session:
        assert not take(session, "notices", event_id)
        assert session.scalar(select(func.count()).select_from(InboxReceipt)) == 2


def test_a_handler_that_fails_has_not_taken_it(tenant: UUID) -> None:
    event_id = new_id()
    with pytest.raises(ZeroDivisionError), tenant_session(Audience.WORKER, tenant) as session:
        assert take(session, "notices", event_id)
        raise ZeroDivisionError
    with tenant_session(Audience.WORKER, tenant) as session:
        assert take(session, "notices", event_id)


def test_a_second_delivery_waits_for_the_first(tenant: UUID) -> None:
    event_id, answers = new_id(), []

    def second() -> None:
        with tenant_session(Audience.WORKER, tenant) as session:
            answers.append(take(session, "notices", event_id))

    thread = threading.Thread(target=second)
    with tenant_session(Audience.WORKER, tenant) as session:
        assert take(session, "notices", event_id)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        assert answers == []
    thread.join(10)
    assert answers == [False]


def test_a_command_answers_the_same_under_its_key(tenant: UUID) -> None:
    actor, body = actor_in(tenant), {"department": "SOF-VUX"}
    digest = request_hash("openCase", body)
    with tenant_session(Audience.STAFF, tenant) as session:
        assert earlier_answer(session, actor, "k", "openCase", digest) is None
        keep_answer(session, actor, "k", "openCase", digest, {"case_id": UUID(int=7)})
    with tenant_session(Audience.STAFF, tenant) as session:
        assert earlier_answer(session, actor, "k", "openCase", digest) == {
            "case_id": str(UUID(int=7))
        }
        # Somebody else's key is another key.
        assert earlier_answer(session, actor_in(tenant), "k", "openCase", digest) is None


@pytest.mark.parametrize(
    ("command", "body"), [("openCase", {"department": "AMF"}), ("closeCase", {"department": "X"})]
)
def test_a_key_is_not_used_for_something_else(
    tenant: UUID, command: str, body: dict[str, str]
) -> None:
    actor, digest = actor_in(tenant), request_hash("openCase", {"department": "X"})
    with tenant_session(Audience.STAFF, tenant) as session:
        keep_answer(session, actor, "k", "openCase", digest, {})
        with pytest.raises(Conflict) as refused:
            earlier_answer(session, actor, "k", command, request_hash(command, body))
    assert refused.value.rule == "idempotency_key_reused"


def test_what_is_kept_confirms_no_guess(tenant: UUID) -> None:
    """Numbers and names are entered by commands: their plain digest would tell a dump's reader of whom."""
    actor, body = actor_in(tenant), {"personalNumber": "19850314-0003"}
    digest = request_hash("registerHousehold", body)
    with tenant_session(Audience.STAFF, tenant) as session:
        keep_answer(session, actor, "guess", "registerHousehold", digest, {"id": "made"})
    with tenant_session(Audience.STAFF, tenant) as session:
        kept = session.scalars(
            select(CommandReceipt.request_hash).where(
                CommandReceipt.principal_id == actor.principal_id
            )
        ).one()
    assert kept != digest and digest not in kept


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_a_length(tenant: UUID, key: str) -> None:
    with tenant_session(Audience.STAFF, tenant) as session, pytest.raises(ValidationFailed):
        earlier_answer(session, actor_in(tenant), key, "openCase", b"")


def test_two_calls_under_one_key_go_one_after_the_other(tenant: UUID) -> None:
    actor, digest = actor_in(tenant), request_hash("openCase", {})
    seen: list[object] = []

    def call() -> None:
        with tenant_session(Audience.STAFF, tenant) as session:
            seen.append(earlier_answer(session, actor, "k", "openCase", digest))

    thread = threading.Thread(target=call)
    with tenant_session(Audience.STAFF, tenant) as session:
        assert earlier_answer(session, actor, "k", "openCase", digest) is None
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        keep_answer(session, actor, "k", "openCase", digest, {"id": "made"})
    thread.join(10)
    assert seen == [{"id": "made"}]


BODIES = st.dictionaries(
    st.text(max_size=8),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.uuids(),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=6,
    ),
    max_size=5,
)


@given(BODIES)
def test_the_order_of_fields_means_nothing(body: dict[str, object]) -> None:
    turned = dict(reversed(body.items()))
    assert request_hash("x", body) == request_hash("x", turned)
    assert request_hash("y", body) != request_hash("x", body)
    assert request_hash("x", {**body, str(uuid4()): 1}) != request_hash("x", body)
