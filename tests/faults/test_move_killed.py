"""Workers killed -9 in every step of a round and of a move: each step done once, none told by half."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

import hemvist_dying
from hemvist.db import Audience
from hemvist.exchange.models import (
    ExchangeClearing,
    ExchangeEntry,
    ExchangeFlat,
    ExchangeLetter,
    ExchangeMove,
    ExchangeRound,
)
from hemvist.tenancy import tenant_session
from hemvist.transfer_ledger import service as ledger
from hemvist.transfer_ledger.models import TransferLedgerEntry
from hemvist.transfers import proposals
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist.transfers.proposal_models import TransferEntry, TransferProposal
from hemvist_network import SECOND, Net, new_net
from hemvist_sweeping import held
from hemvist_workshop import Workshop, kill_all, someone_waits, wait_for

#: Each process connects anew: many small ones, on a machine that has more to do.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def run_dying(net: Net) -> int:
    """The network's business, done by processes that are killed one after the other; how many."""
    support = str(Path(hemvist_dying.__file__).parent)
    done = subprocess.run(
        [sys.executable, "-m", "hemvist_dying", str(net.id)],
        env={**os.environ, "PYTHONPATH": support},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return int(done.stdout.split()[-1])


def exact(net: Net) -> dict[str, int]:
    """The ledger by kommun, once each move has been seen to stand there as the network has it."""
    kinds = {
        "proposed": ["reserved"],
        "agreed": ["reserved"],
        "moved": ["booked", "reserved"],
        "failed": ["released", "reserved"],
        "cancelled": ["released", "reserved"],
    }
    lines = net.rows(TransferLedgerEntry)
    for move in net.rows(ExchangeMove):
        own = [line for line in lines if line.move_id == move.id]
        for amount in (-1, 1):
            assert sorted(one.kind for one in own if one.amount == amount) == kinds[move.state]
    names = {world.tenant_id: name for name, world in net.kommuner.items()}
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        found = ledger.balances(session)
    assert sum(found.values()) == 0
    return {names[one]: balance for one, balance in found.items() if balance}


def states(net: Net) -> dict[str, list[str]]:
    """What each kommun has, by the states of its halves, requests and flats."""
    return {
        name: sorted(
            f"{kind.__tablename__} {row.state}"
            for kind in (TransferProposal, TransferRequest, TransferOffer)
            for row in world.rows(kind)
        )
        for name, world in net.kommuner.items()
    }


def untold(net: Net) -> bool:
    """Nobody knows of anybody."""
    halves = [row for world in net.kommuner.values() for row in world.rows(TransferProposal)]
    return not any(row.counterpart_id or row.counterpart_slip for row in halves)


def test_killed_in_every_step_from_the_request_to_the_proposal(database: str) -> None:
    net = new_net("A", "B")
    net.request("A")
    net.offer("B")
    # Letters in, a round, each kommun's part, the clearing, letters out: a transaction each at least.
    assert run_dying(net) > 8
    assert states(net) == {
        "A": ["transfer_proposals proposed", "transfer_requests proposed"],
        "B": ["transfer_offers proposed", "transfer_proposals proposed"],
    }
    assert exact(net) == {"A": -1, "B": 1} and untold(net)
    assert len(net.rows(ExchangeRound)) == len(net.rows(ExchangeFlat)) == 1
    assert [one.number for one in net.rows(ExchangeClearing)] == [1]
    assert len(net.rows(ExchangeEntry)) == 1


def test_killed_in_every_step_from_the_answers_to_the_move(database: str) -> None:
    net = new_net("A", "B")
    net.request("A")
    net.offer("B")
    net.run()
    net.accept("B")
    assert run_dying(net) > 0
    assert untold(net) and [one.state for one in net.rows(ExchangeMove)] == ["proposed"]
    net.accept("A")
    assert run_dying(net) > 3
    assert states(net) == {
        "A": ["transfer_proposals agreed", "transfer_requests agreed"],
        "B": ["transfer_offers agreed", "transfer_proposals agreed"],
    }
    assert net.proposal("A").counterpart_id == net["B"].tenant_id
    # The round is closed, and what was called what in it is forgotten.
    assert net.rows(ExchangeEntry) == [] and entries_of(net) == 0

    half = net.proposal("B")
    net["B"].act(SECOND, proposals.moved, proposal_id=half.id, expected_version=half.version)
    assert run_dying(net) > 1
    assert exact(net) == {"A": -1, "B": 1}
    assert [one.state for one in net.rows(ExchangeMove)] == ["moved"]
    assert states(net)["A"] == ["transfer_proposals moved", "transfer_requests moved"]
    waiting = [one for one in net.rows(ExchangeLetter) if one.done_at is None]
    assert waiting == []


def test_killed_in_every_step_of_a_refusal_and_what_follows(database: str) -> None:
    net = new_net("A", "B", "C")
    net.request("A", urgency="acute")
    net.offer("B")
    net.run()
    net.offer("C")
    net.accept("A")
    net.refuse("B")
    assert run_dying(net) > 8
    assert states(net) == {
        "A": [
            "transfer_proposals failed",
            "transfer_proposals proposed",
            "transfer_requests proposed",
        ],
        "B": ["transfer_offers offered", "transfer_proposals refused"],
        "C": ["transfer_offers proposed", "transfer_proposals proposed"],
    }
    assert exact(net) == {"A": -1, "C": 1} and untold(net)


def test_a_worker_killed_while_it_tells_of_a_proposal(workshop: Workshop) -> None:
    """As it is run: the next worker takes the lost task up, or the next minute's."""
    net = new_net("A", "B")
    net.request("A")
    net.offer("B")
    worker = workshop.worker()
    with held("transfer_proposals"):
        run_by_workers(workshop, net)
        wait_for("a proposal is about to be written", someone_waits)
        kill_all(worker)
    wait_for("the killed worker's transaction is undone", lambda: not someone_waits())
    assert net["A"].rows(TransferProposal) == [] or net["B"].rows(TransferProposal) == []
    workshop.worker()
    run_by_workers(workshop, net)
    wait_for(
        "both halves are there",
        lambda: all(net[name].rows(TransferProposal) for name in ("A", "B")),
    )
    wait_for("nothing is queued", lambda: workshop.queued() == 0)
    assert exact(net) == {"A": -1, "B": 1}
    assert len(net["A"].rows(TransferProposal)) == len(net["B"].rows(TransferProposal)) == 1


def run_by_workers(workshop: Workshop, net: Net) -> None:
    """Send what beat sends for the network."""
    program = f"from hemvist_workers.tasks import run_exchange; run_exchange.delay('{net.id}')"
    assert workshop.sent(program) == 0


def entries_of(net: Net) -> int:
    """Pseudonyms that a kommun still has."""
    count = 0
    for world in net.kommuner.values():
        with tenant_session(Audience.WORKER, world.tenant_id) as session:
            count += len(session.scalars(select(TransferEntry)).all())
    return count
