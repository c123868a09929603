"""The worker looks after every network, and tells each one's members how they stand."""

from __future__ import annotations

import pytest

from hemvist.transfer_ledger.models import TransferStatement
from hemvist_network import new_net
from hemvist_workers import exchanging


def test_every_network_has_a_task_of_its_own(
    database: str, valkey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = new_net("A", "B", named=False)
    sent: list[tuple[str, tuple[str, ...]]] = []
    monkeypatch.setattr(exchanging.app, "send_task", lambda name, args: sent.append((name, args)))
    exchanging.every_statement()
    assert (exchanging.STATE, (str(net.id),)) in sent


def test_the_task_gives_each_member_its_statement(database: str, valkey: str) -> None:
    from hemvist_workers import tasks

    net = new_net("A", "B", named=False)
    tasks.state_network(str(net.id))
    for world in net.kommuner.values():
        (one,) = world.rows(TransferStatement)
        assert (one.balance, one.reserved, one.bands) == (0, 0, {})
