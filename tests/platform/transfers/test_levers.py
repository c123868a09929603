"""What a kommun is told that it can change: of its own rows alone, for whoever is named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from hemvist.clock import now
from hemvist.db import Audience
from hemvist.identity import Membership, Role
from hemvist.tenancy import tenant_session
from hemvist.transfer_ledger.publishing import Statement, keep_statement
from hemvist.transfer_ledger.service import Position
from hemvist.transfers import levers
from hemvist.transfers.proposal_models import TransferProposal
from hemvist_handover import agreed
from hemvist_network import FIRST, SECOND, Net, new_net


@pytest.fixture
def net(database: str) -> Net:
    return new_net("A", "B", limits={"A": (1, 2)})


def told(net: Net, name: str, who: str = FIRST) -> levers.Levers:
    found: list[levers.Levers] = net[name].act(who, levers.levers)
    assert len(found) == 1
    return found[0]


def stated(net: Net, name: str, balance: int, reserved: int) -> None:
    """The worker has told a kommun where it stands."""
    tenant = net[name].tenant_id
    with tenant_session(Audience.WORKER, tenant) as session:
        keep_statement(
            session, net.id, Statement(tenant, Position(balance, reserved), None, {}, {})
        )


def test_one_flat_more_lets_one_more_move(net: Net) -> None:
    assert (told(net, "A").room, told(net, "A").held_back) == (1, 0)
    for _ in range(3):
        net.request("A")
    net.offer("A")
    first = told(net, "A")
    assert (first.unproposed, first.room, first.free, first.held_back) == (3, 1, 1, 1)
    net.offer("A")
    assert told(net, "A").held_back == first.held_back - 1
    # What was sent, and what is under way, takes of what may be owed.
    stated(net, "A", balance=-1, reserved=0)
    assert (told(net, "A").room, told(net, "A").held_back) == (0, 1)
    stated(net, "A", balance=1, reserved=-1)
    assert (told(net, "A").room, told(net, "A").held_back) == (1, 0)
    stated(net, "A", balance=-2, reserved=0)
    assert told(net, "A").room == 0
    # The other kommun's are its own.
    other = told(net, "B")
    assert (other.unproposed, other.promised, other.room) == (0, 0, 2)


def test_what_has_a_proposal_waits_for_none(net: Net) -> None:
    for urgency in ("acute", "normal"):
        net.request("A", urgency=urgency)
    assert told(net, "A").waiting == {"acute": 1, "high": 0, "normal": 1}
    net.offer("B")
    net.run()
    assert net.proposal("A").state == "proposed"
    found = told(net, "A")
    assert (found.waiting, found.unproposed) == ({"acute": 0, "high": 0, "normal": 1}, 1)


def test_answers_within_a_day(net: Net) -> None:
    assert (told(net, "A").hours, told(net, "A").sooner) == (None, None)
    agreed(net, "A", "B")
    assert told(net, "A").sooner == 0
    late = {"proposed_at": now() - timedelta(hours=30), "answered_at": now()}
    with net["A"].session() as session:
        session.execute(update(TransferProposal).values(**late))
    found = told(net, "A")
    assert (found.answered, found.hours, found.sooner) == (1, 30.0, 6.0)
    # What nobody has answered is no quick answer.
    net.request("A")
    net.offer("B")
    net.run()
    net.run()
    assert net.proposal("A").state == "proposed"
    assert told(net, "A").sooner == 6.0


def test_addresses_of_flats_that_wait_and_no_others(net: Net) -> None:
    def shown(name: str, who: str) -> list[Any]:
        found: list[Any] = net[name].act(who, levers.on_offer, most=10)
        return [offer for offer, _ in found]

    flat = net.offer("B", rooms=5)
    assert shown("B", SECOND) == [flat.id]
    move = agreed(net, "A", "B")
    assert move.offer.id not in shown("B", SECOND)
    net["B"].add("unnamed", Membership(Role.TRANSFER_COORDINATOR))
    assert shown("B", "unnamed") == shown("A", FIRST) == []


def test_noes_are_counted_as_the_network_counts_them(net: Net) -> None:
    assert (told(net, "B").noes, told(net, "B").noes_left) == (6, 6)
    net.request("A")
    net.offer("B")
    net.run()
    # Under way it counts, and as a no. What the one side is asked, the other has no part in.
    assert (told(net, "B").noes_left, told(net, "A").noes_left) == (5, 6)
    net.refuse("B")
    net.run()
    assert told(net, "B").noes_left == 5
    half = net.proposal("B")
    with net["B"].session() as session:
        long_ago = {"answer_by": now() - timedelta(days=92)}
        session.execute(
            update(TransferProposal).where(TransferProposal.id == half.id).values(**long_ago)
        )
    assert told(net, "B").noes_left == 6
