"""The worker looks after every network, and tells each one's members how they stand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hemvist.clock import now
from hemvist.db import Audience
from hemvist.transfer_ledger.models import TransferStatement
from hemvist.transfers.proposal_models import TransferLetter
from hemvist_network import new_net
from hemvist_workers import chores, exchanging


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


def test_when_a_kommun_wrote_is_forgotten(database: str) -> None:
    """Of a letter that was handled there is a mark for as long as it could come again, and no longer."""
    net = new_net("A", "B")
    for _ in range(2):
        net.offer("A")
    net.run()
    world = net["A"]
    with world.session(audience=Audience.WORKER) as session:
        session.execute(update(TransferLetter).values(done_at=now()))
    assert chores.prune(world.tenant_id)["transfer_letters"] == 0
    with world.session(audience=Audience.WORKER) as session:
        kept = session.scalars(select(TransferLetter.id)).all()
        assert len(kept) > 1
        old = now() - chores.KEEP_LETTERS - timedelta(days=1)
        waiting = {"done_at": None, "written_at": old}
        session.execute(update(TransferLetter).values(done_at=old))
        session.execute(
            update(TransferLetter).where(TransferLetter.id == kept[0]).values(**waiting)
        )
    assert chores.prune(world.tenant_id)["transfer_letters"] == len(kept) - 1
    with world.session(audience=Audience.WORKER) as session:
        assert session.scalars(select(TransferLetter.id)).all() == [kept[0]]
