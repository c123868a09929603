"""How tasks are set up, and that one kommun's trouble is no other's."""

from __future__ import annotations

from uuid import UUID

import pytest

from hemvist_testing import new_tenant


def test_messages_are_json_and_survive_a_killed_worker(valkey: str) -> None:
    from hemvist_workers.app import app

    assert app.conf.task_serializer == "json"
    assert list(app.conf.accept_content) == ["json"]
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    limit = app.conf.broker_transport_options["visibility_timeout"]
    assert limit > app.conf.task_time_limit
    assert app.conf.worker_pool == "prefork"
    assert not app.conf.task_publish_retry


def test_everything_on_the_schedule_is_a_task(valkey: str) -> None:
    from hemvist_workers import tasks
    from hemvist_workers.app import app

    assert tasks.app is app
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
        if entry["task"] == "hemvist.chores":
            assert entry["args"][0] in tasks.CHORES


def test_a_chore_goes_on_until_it_is_done(
    valkey: str, tenant: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hemvist_workers import tasks

    left = ["b", "c", None]
    seen: list[tuple[UUID, str | None]] = []

    def act(tenant_id: UUID, after: str | None) -> str | None:
        seen.append((tenant_id, after))
        return left.pop(0)

    monkeypatch.setattr(tasks, "CHORES", {"x": act})
    monkeypatch.setattr(tasks.chore, "apply_async", lambda args: tasks.chore(*args))
    tasks.chore("x", str(tenant))
    assert seen == [(tenant, None), (tenant, "b"), (tenant, "c")]


def test_a_message_names_tenant_event_and_trace_and_nothing_else(
    valkey: str, tenant: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hemvist_workers import tasks

    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(tasks.handle_event, "apply_async", lambda args: sent.append(args))
    tasks.publish(tenant, tenant, {"traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01"})
    ((tenant_id, event_id, carrier),) = sent
    assert (tenant_id, event_id) == (str(tenant), str(tenant))
    assert isinstance(carrier, dict)
    assert set(carrier) <= {"traceparent"}


def test_one_kommuns_trouble_stops_no_other(valkey: str, tenant: UUID) -> None:
    from hemvist_workers.tasks import _in_every_tenant

    after = new_tenant()
    reached: list[UUID] = []

    def act(tenant_id: UUID) -> None:
        reached.append(tenant_id)
        if tenant_id == tenant:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _in_every_tenant("a chore", act)
    assert {tenant, after} <= set(reached)
