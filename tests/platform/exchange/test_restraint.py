"""What a coordinator may not do alone, or again and again, or past what the network has decided."""

from __future__ import annotations

import pytest

from hemvist.errors import NotAllowed
from hemvist.exchange.models import ExchangeMove
from hemvist.transfers import proposals
from hemvist.transfers.proposal_models import TransferProposal
from hemvist_network import FIRST, new_net


def test_who_offered_the_flat_accepts_nobody_in_it(database: str) -> None:
    net = new_net("A", "B")
    net.request("A")
    net.offer("B")
    net.run()
    half = net.proposal("B")
    terms = {"proposal_id": half.id, "expected_version": half.version}
    with pytest.raises(NotAllowed):
        net["B"].act(FIRST, proposals.accept, **terms)
    # To say no takes nobody else, nor does the sending side's yes.
    net["A"].act(
        FIRST,
        proposals.accept,
        proposal_id=net.proposal("A").id,
        expected_version=net.proposal("A").version,
    )
    net["B"].act(FIRST, proposals.refuse, because="capacity", **terms)


def test_saying_no_again_and_again_counts_no_requests(database: str) -> None:
    """To the receiver every household looks the same: asked once, it is not asked of the next one."""
    net = new_net("A", "B")
    for _ in range(2):
        net.request("A")
    net.offer("B")
    net.run()
    net.refuse("B", "other")
    net.run()
    assert len(net["B"].rows(TransferProposal)) == 1
    # An acute round of its own does not ask either.
    net.request("A", urgency="acute")
    net.run()
    assert len(net["B"].rows(TransferProposal)) == 1
    # A flat that nobody has refused is there.
    net.offer("B")
    net.request("A", urgency="acute")
    net.run()
    assert len(net["B"].rows(TransferProposal)) == 2


def test_an_override_is_no_way_past_the_limits(database: str) -> None:
    net = new_net("A", "B", "C", limits={"A": (1, 1), "B": (1, 0), "C": (1, 1)})
    first, second = net.request("A"), net.request("A")
    net.offer("B")
    net.offer("C")
    net.offer("C")
    net.run()
    # A may owe one move, and C takes one.
    (held,) = net.rows(ExchangeMove)
    waiting = second if net["A"].again(second).state == "open" else first
    net.override("A", waiting, "C")
    net.run()
    net.override("A", waiting, "B")
    net.run()
    assert [move.id for move in net.rows(ExchangeMove)] == [held.id]
    assert net["A"].again(waiting).state == "open"


def test_what_was_asked_for_beside_the_plan_gives_way_to_acute_need_alone(database: str) -> None:
    net = new_net("A", "B", "C")
    request = net.request("A")
    net.offer("C")
    net.run()
    assert net["C"].rows(TransferProposal, state="proposed", side="receiving")
    net.offer("B", rooms=2)
    net.override("A", request, "B")
    net.run()
    assert net.proposal("B").state == "proposed"
    # Cleared again, it stays where it was asked for, though C's flat is as good.
    net.offer("C")
    net.run()
    assert net.rows(ExchangeMove, state="proposed", by_override=True)
    acute = net.request("C", urgency="acute")
    net.run()
    assert net["C"].again(acute).state == "proposed"
    assert net["A"].again(request).state == "proposed"
    assert net.rows(ExchangeMove, state="proposed", by_override=True) == []
