"""The worker carries comparisons: each by itself, at once when somebody joins or leaves."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from hemvist.comparisons.definitions import comparisons
from hemvist.comparisons.models import ComparedFigure, IndicatorSharing
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import Audience, tenant_session
from hemvist_compared import WAYS, joined, kommun_in_comparisons, left, told
from hemvist_workers import comparing
from hemvist_workers.handlers import HANDLERS, handle

Sent = list[tuple[str, tuple[Any, ...]]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What is given to the broker."""
    found: Sent = []
    monkeypatch.setattr(comparing.app, "send_task", lambda name, args: found.append((name, args)))
    return found


def test_each_comparison_has_a_task_of_its_own(sent: Sent) -> None:
    comparing.every_comparison()
    assert [(name, args[0]) for name, args in sent] == [
        (comparing.COMPARE, code) for code in comparisons()
    ]


def test_joining_and_leaving_wait_for_no_night(database: str, sent: Sent) -> None:
    kommun = kommun_in_comparisons()
    sharing = joined(kommun)
    left(kommun, sharing)
    with tenant_session(Audience.WORKER, kommun.tenant_id) as session:
        events = session.scalars(
            select(OutboxEvent.id)
            .where(OutboxEvent.type.in_(("comparison_joined", "comparison_left")))
            .order_by(OutboxEvent.id)
        ).all()
    assert [handle(kommun.tenant_id, event) for event in events] == [["comparisons"]] * 2
    assert [args[0] for _, args in sent] == [WAYS, WAYS]
    assert "comparisons" in {one.name for one in HANDLERS}


def test_the_task_carries(database: str, valkey: str) -> None:
    from hemvist_workers import tasks

    three = [kommun_in_comparisons() for _ in range(3)]
    for one in three:
        told(one, "moved_on", 12)
        joined(one)
    tasks.compare(WAYS)
    for one in three:
        assert len(one.rows(ComparedFigure)) == 1
        [sharing] = one.rows(IndicatorSharing)
        assert len(sharing.members) >= 3
