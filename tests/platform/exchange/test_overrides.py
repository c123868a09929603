"""A proposal beside the plan: at once, whether a round runs or not, and for that household alone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hemvist.db import Audience
from hemvist.errors import NotFound
from hemvist.exchange import running
from hemvist.exchange.models import ExchangeEntry, ExchangeMove, ExchangeRound
from hemvist.tenancy import tenant_session
from hemvist.transfer_ledger import service as ledger
from hemvist.transfers import requests
from hemvist.transfers.proposal_models import TransferLetter, TransferProposal
from hemvist_network import Net, new_net


@pytest.fixture
def net(database: str) -> Net:
    """Three kommuner."""
    return new_net("A", "B", "C")


@pytest.fixture
def between(net: Net) -> Net:
    """The ordinary round is over, and the next one is days away."""
    net.run()
    assert [(one.kind, one.state) for one in net.rows(ExchangeRound)] == [("regular", "closed")]
    return net


def balances(net: Net) -> dict[str, int]:
    """The ledger, without those at nought."""
    names = {world.tenant_id: name for name, world in net.kommuner.items()}
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        return {names[one]: sum_ for one, sum_ in ledger.balances(session).items() if sum_}


def waiting(net: Net, name: str) -> int:
    """Letters of the kommun that are not done with."""
    with tenant_session(Audience.WORKER, net[name].tenant_id) as session:
        return len(
            session.scalars(
                select(TransferLetter.id).where(
                    TransferLetter.direction == "out", TransferLetter.done_at.is_(None)
                )
            ).all()
        )


def test_in_a_round_that_runs(net: Net) -> None:
    request = net.request("A")
    net.offer("B")
    net.run()
    first = net.proposal("A")
    net.offer("C")
    with pytest.raises(NotFound):
        net["A"].act(
            "property",
            requests.override,
            request_id=request.id,
            kommun=net.codes["C"],
            reason="Släkting",
            expected_version=1,
        )
    net.override("A", request, "C")
    net.run()
    assert net.proposal("A").state == "proposed" and net.proposal("A").id != first.id
    assert net.proposal("B").state == "failed"
    assert net.proposal("C").state == "proposed"
    assert [move.by_override for move in net.rows(ExchangeMove, state="proposed")] == [True]
    assert balances(net) == {"A": -1, "C": 1}


def test_it_waits_for_no_round(between: Net) -> None:
    net = between
    net.offer("B")
    net.offer("C")
    request, other = net.request("A"), net.request("A")
    net.run()
    # Both are ordinary ones and wait for their day.
    assert net["A"].rows(TransferProposal) == []
    net.override("A", request, "C")
    net.run()
    assert net["A"].again(request).state == "proposed"
    assert net.proposal("C").state == "proposed" and net["B"].rows(TransferProposal) == []
    # The other one goes on waiting.
    assert net["A"].again(other).state == "open"
    assert [one.kind for one in net.rows(ExchangeRound, state="answering")] == ["acute"]
    assert balances(net) == {"A": -1, "C": 1} and waiting(net, "A") == 0
    for name in ("A", "C"):
        net.accept(name)
    net.run()
    assert net.proposal("A").counterpart_id == net["C"].tenant_id
    assert net.rows(ExchangeRound, state="answering") == net.rows(ExchangeEntry) == []


def test_where_nothing_is_free_the_request_waits_for_its_own_round(between: Net) -> None:
    """To ask for what is not there is no way past the others."""
    net = between
    net.offer("B")
    request = net.request("A")
    net.override("A", request, "C")
    for _ in range(2):
        net.run()
    assert net["A"].again(request).state == "open"
    assert net.rows(ExchangeMove) == net["B"].rows(TransferProposal) == []
    assert {one.state for one in net.rows(ExchangeRound)} == {"closed"}
    assert waiting(net, "A") == 0
    # Nothing of it is left to be done: no other round begins.
    rounds = len(net.rows(ExchangeRound))
    net.run()
    assert len(net.rows(ExchangeRound)) == rounds


def test_one_that_is_withdrawn_before_it_is_carried(between: Net) -> None:
    net = between
    net.offer("C")
    request = net.request("A")
    net.override("A", request, "C")
    net.withdraw("A", request)
    net.run()
    assert net.rows(ExchangeMove) == net["C"].rows(TransferProposal) == []
    assert waiting(net, "A") == 0


def test_a_worker_that_stops_after_each_step_leaves_it_to_the_next(between: Net) -> None:
    net = between
    net.offer("C")
    request = net.request("A")
    net.override("A", request, "C")
    for name, world in net.kommuner.items():
        asked = running.carry_in(net.id, world.tenant_id, net.codes[name])
        assert len(asked) == (name == "A")
    # What it was asked for is with nobody now but in the letter; a round has begun.
    rules, kommuner = running.standing(net.id)
    running.collect(net.id, rules, kommuner, [])
    running.clear(net.id)
    assert net["A"].rows(TransferProposal) == [] and waiting(net, "A") == 1
    net.run()
    assert net["A"].again(request).state == "proposed" == net.proposal("C").state
    assert len(net.rows(ExchangeMove)) == 1 and waiting(net, "A") == 0


def test_asked_for_twice_the_last_word_counts(between: Net) -> None:
    net = between
    net.offer("B")
    net.offer("C")
    request = net.request("A")
    for kommun in ("B", "C"):
        net.override("A", request, kommun)
    net.run()
    assert net.proposal("C").state == "proposed"
    assert balances(net) == {"A": -1, "C": 1}
