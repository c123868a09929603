"""What an insider can learn by offering flats and saying no is bounded, in any 91 days, by a rule."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import pytest

from hemvist import clock
from hemvist.exchange.archive import account
from hemvist.transfers import offers, proposals
from hemvist.transfers.models import TransferOffer
from hemvist.transfers.proposal_models import TransferProposal
from hemvist_network import FIRST, SECOND, Net, new_net

MOST = 3
#: What a proposal is while no household has come of it, but for others' doing.
FRUITLESS = ("proposed", "accepted", "agreed", "refused", "expired", "withdrawn")


def open_handed(*names: str, noes: int = MOST) -> Net:
    """A network where nothing else than the noes restrains anybody."""
    return new_net(*names, limits=dict.fromkeys(names, (20, 20)), terms={"noes_in_quarter": noes})


def halves(net: Net, name: str, **where: str) -> list[TransferProposal]:
    """The kommun's halves of proposals to take a household."""
    return net[name].rows(TransferProposal, side="receiving", **where)


def fruitless(net: Net, name: str) -> int:
    return sum(half.state in FRUITLESS for half in halves(net, name))


def take_back(net: Net, name: str, offer_id: object) -> None:
    [row] = net[name].rows(TransferOffer, id=offer_id)
    net[name].act(
        FIRST, offers.withdraw, offer_id=row.id, because="own_need", expected_version=row.version
    )


@contextmanager
def later(hours: int) -> Iterator[None]:
    """So many hours from now, to whoever lets proposals lapse."""
    then = clock.now() + timedelta(hours=hours)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("hemvist.exchange.handling", "hemvist.transfers.receiving"):
            patch.setattr(f"{module}.now", lambda: then)
        yield


def end(net: Net, name: str, how: str) -> None:
    """End the kommun's only standing proposal without a household."""
    half = net.proposal(name, side="receiving", state="proposed")
    if how == "no":
        net.refuse(name, id=half.id)
    elif how == "silence":
        with later(122):
            net.run()
    elif how == "taken back":
        take_back(net, name, half.offer_id)
    else:
        net.accept(name, id=half.id)
        net.run()
        net.accept("A", state="proposed", side="sending")
        net.run()
        assert net.proposal(name, id=half.id).state == "agreed"
        take_back(net, name, half.offer_id)
    net.run()


@pytest.mark.parametrize("how", ["no", "silence", "taken back", "taken back when agreed"])
def test_however_she_ends_it_there_is_an_end(database: str, how: str) -> None:
    net = open_handed("A", "C", noes=2)
    # Those who wait for no round: every flat is answered at once.
    for _ in range(4):
        net.request("A", urgency="acute")
    for _ in range(2):
        net.offer("C")
        net.run()
        end(net, "C", how)
    assert len(halves(net, "C")) == 2
    # Another flat, an acute need, a flat of another size: nothing comes of it any more.
    net.offer("C")
    net.request("A", urgency="acute")
    net.offer("C", rooms=3)
    net.run()
    assert len(halves(net, "C")) == 2


def test_many_flats_at_once_are_no_way_past_it(database: str) -> None:
    net = open_handed("A", "B", "C")
    for _ in range(6):
        net.request("A")
    for _ in range(6):
        net.offer("C")
    net.run()
    assert len(halves(net, "C")) == MOST
    # It is the kommun that is restrained, and no other.
    for _ in range(3):
        net.offer("B")
    net.run()
    assert len(halves(net, "B")) == 3 and len(halves(net, "C")) == MOST
    # The clearing with fewer flats is the one that is kept, proved and made again.
    made = account(net["C"].tenant_id, halves(net, "C")[0].id, matter="SN 2026/9")
    assert made.clearings
    assert all(one.same_answer and one.proven for one in made.clearings)


def test_who_takes_a_household_is_asked_on(database: str) -> None:
    net = open_handed("A", "C", noes=1)
    for _ in range(2):
        net.request("A")
        net.offer("C")
    net.run()
    [half] = halves(net, "C")
    net.accept("C")
    net.accept("A")
    net.run()
    # Agreed on, nobody has moved yet.
    net.request("A", urgency="acute")
    net.run()
    assert len(halves(net, "C")) == 1
    row = net["C"].again(half)
    net["C"].act(SECOND, proposals.moved, proposal_id=row.id, expected_version=row.version)
    net.request("A", urgency="acute")
    net.run()
    assert [one.state for one in halves(net, "C")] == ["moved", "proposed"]


def test_what_the_other_side_ends_is_not_hers(database: str) -> None:
    net = open_handed("A", "C", noes=1)
    for _ in range(3):
        net.request("A")
    net.offer("C")
    net.run()
    for _ in range(2):
        net.refuse("A", state="proposed")
        net.run()
    assert [one.state for one in halves(net, "C")] == ["failed", "failed", "proposed"]


def test_one_that_is_left_is_for_the_most_pressing(database: str) -> None:
    net = open_handed("A", "C", noes=1)
    net.request("A")
    acute = net.request("A", urgency="acute")
    net.offer("C")
    net.offer("C")
    net.run()
    assert [half.request_id for half in net["A"].rows(TransferProposal)] == [acute.id]


def test_an_override_is_no_way_past_it(database: str) -> None:
    net = open_handed("A", "C", noes=1)
    request = net.request("A")
    net.offer("C")
    net.run()
    net.refuse("C")
    net.offer("C")
    net.run()
    net.override("A", request, "C")
    net.run()
    assert len(halves(net, "C")) == 1


def test_noes_of_a_quarter_ago_are_forgotten(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = open_handed("A", "C", noes=1)
    net.request("A")
    net.request("A", urgency="acute")
    net.offer("C")
    net.run()
    net.refuse("C")
    net.offer("C")
    net.run()
    assert len(halves(net, "C")) == 1
    then = clock.now() + timedelta(days=100)
    monkeypatch.setattr("hemvist.exchange.restraint.now", lambda: then)
    net.offer("C")
    net.run()
    assert len(halves(net, "C")) == 2


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_she_does_the_bound_holds(database: str, seed: int) -> None:
    """An insider who may do all that her kommun can, in any order."""
    chance = Random(seed)
    net = open_handed("A", "B", "C")
    for number in range(8):
        net.request("A", urgency="acute" if number % 3 == 0 else "normal")
    net.offer("B")
    for _ in range(14):
        standing = halves(net, "C", state="proposed")
        said_yes = [one for one in halves(net, "C") if one.state in ("accepted", "agreed")]
        acts = ["offer", "offer", "wait"]
        if standing:
            acts += ["no", "yes", "take back"]
        if said_yes:
            acts += ["take back what was accepted"]
        act = chance.choice(acts)
        if act == "offer":
            net.offer("C", rooms=chance.choice((2, 2, 3)))
        elif act == "no":
            net.refuse("C", id=standing[0].id)
        elif act == "yes":
            net.accept("C", id=standing[0].id)
        elif act == "take back":
            take_back(net, "C", standing[0].offer_id)
        elif act == "take back what was accepted":
            take_back(net, "C", said_yes[0].offer_id)
        elif net["A"].rows(TransferProposal, state="proposed"):
            net.accept("A", state="proposed")
        net.run()
        assert fruitless(net, "C") <= MOST
    assert halves(net, "C")
