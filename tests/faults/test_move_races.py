"""Two sides, two people or two workers at once on one move. Whatever comes first: exact, and untold."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from psycopg.errors import LockNotAvailable

from hemvist.db import Audience
from hemvist.errors import Conflict, HemvistError
from hemvist.exchange import running
from hemvist.exchange.models import ExchangeFlat, ExchangeMove
from hemvist.handovers import service as handovers
from hemvist.handovers.checklist import BEFORE_MOVING_IN
from hemvist.tenancy import tenant_session
from hemvist.transfer_ledger import service as ledger
from hemvist.transfers import offers, proposals, requests
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist.transfers.proposal_models import TransferProposal
from hemvist_handover import agreed
from hemvist_network import FIRST, SECOND, Net, new_net
from hemvist_world import as_owner

#: How often the same race is run: who wins is left to the machine.
TIMES = 3


@pytest.fixture
def net(database: str) -> Net:
    """Two kommuner with a proposal between them."""
    net = new_net("A", "B", limits={"A": (9, 9), "B": (9, 9)})
    proposed(net)
    return net


def proposed(net: Net) -> tuple[TransferRequest, TransferOffer]:
    """A request of A and a flat of B, proposed to each other."""
    request, offer = net.request("A", urgency="acute"), net.offer("B")
    net.run()
    assert net.proposal("A").state == net.proposal("B").state == "proposed"
    return request, offer


def at_once(*acts: Callable[[], object]) -> list[Exception | None]:
    """Each on a connection of its own, begun together; what each met."""
    barrier = Barrier(len(acts))
    met: list[Exception | None] = [None] * len(acts)

    def go(number: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except HemvistError as error:
            met[number] = error

    threads = [Thread(target=go, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return met


def withdrawn(net: Net, request: TransferRequest) -> Callable[[], object]:
    """The origin takes its request back, whatever its version is by then."""

    def act() -> object:
        for _ in range(5):
            try:
                return net.withdraw("A", request)
            except Conflict as late:
                if late.rule != "stale_version":
                    raise
        raise AssertionError("never the version that it was")

    return act


def nothing_is_left(net: Net) -> None:
    """Neither knows of the other, no flat is held, and nobody owes anything."""
    halves = [row for world in net.kommuner.values() for row in world.rows(TransferProposal)]
    assert not any(row.counterpart_id or row.counterpart_slip for row in halves)
    assert not {row.state for row in halves} & {"proposed", "accepted", "agreed"}
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        assert not any(ledger.balances(session).values())
    assert "held" not in {flat.state for flat in net.rows(ExchangeFlat)}
    assert {move.state for move in net.rows(ExchangeMove)} <= {"failed", "cancelled"}


def test_the_origin_withdraws_while_the_receiver_accepts_and_a_worker_runs(net: Net) -> None:
    for number in range(TIMES):
        request = net["A"].rows(TransferRequest)[-1]
        net.accept("A")
        met = at_once(lambda: net.accept("B"), withdrawn(net, request), lambda: running.run(net.id))
        assert met[1] is None and met[2] is None
        running.run(net.id)
        assert net["A"].again(request).state == "withdrawn"
        assert net.proposal("A").state == "withdrawn"
        assert net.proposal("B").state in ("failed", "cancelled")
        assert net["B"].rows(TransferOffer)[-1].state == "offered"
        nothing_is_left(net)
        if number + 1 < TIMES:
            net.request("A", urgency="acute")
            net.run()
            assert net.proposal("B").state == "proposed"


def test_two_of_one_kommun_accept_and_refuse_at_once(net: Net) -> None:
    half = net.proposal("A")

    def answer(who: str, verb: Callable[..., object], **more: str) -> Callable[[], object]:
        return lambda: net["A"].act(
            who, verb, proposal_id=half.id, expected_version=half.version, **more
        )

    met = at_once(
        answer(FIRST, proposals.accept), answer(SECOND, proposals.refuse, because="other")
    )
    assert sorted(type(one).__name__ for one in met) == ["Conflict", "NoneType"]
    net.run()
    state = net.proposal("A").state
    assert state == ("accepted" if met[0] is None else "refused")
    assert net.proposal("B").state == ("proposed" if met[0] is None else "failed")


def test_a_flat_withdrawn_after_one_side_accepted(net: Net) -> None:
    request = net["A"].rows(TransferRequest)[-1]
    net.accept("A")
    net.run()
    offer = net["B"].rows(TransferOffer)[-1]
    terms = {"offer_id": offer.id, "expected_version": offer.version}
    net["B"].act(FIRST, offers.withdraw, because="own_need", **terms)
    # Before the network has heard of it, nobody in B can say yes any more.
    with pytest.raises(Conflict):
        net.accept("B")
    net.run()
    assert net.proposal("A").state == "failed" and net["A"].again(request).state == "open"
    assert net.proposal("B").state == "withdrawn"
    nothing_is_left(net)


def test_a_flat_withdrawn_after_both_accepted_takes_back_what_was_told(net: Net) -> None:
    net.accept("A")
    net.accept("B")
    net.run()
    assert net.proposal("A").counterpart_id == net["B"].tenant_id
    offer = net["B"].rows(TransferOffer)[-1]
    terms = {"offer_id": offer.id, "expected_version": offer.version}
    net["B"].act(FIRST, offers.withdraw, because="unfit", **terms)
    net.run()
    assert net.proposal("A").state == "cancelled"
    assert net["A"].rows(TransferRequest)[-1].state == "open"
    nothing_is_left(net)


def test_moved_in_and_withdrawn_at_once(net: Net) -> None:
    request = net["A"].rows(TransferRequest)[-1]
    net.accept("A")
    net.accept("B")
    net.run()
    half = net.proposal("B")
    at_once(
        lambda: net["B"].act(
            SECOND, proposals.moved, proposal_id=half.id, expected_version=half.version
        ),
        withdrawn(net, request),
    )
    net.run()
    # Whichever the network heard of first: the household has moved.
    assert [move.state for move in net.rows(ExchangeMove)] == ["moved"]
    assert net["A"].again(request).state == net.proposal("A").state == "moved"
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        assert sorted(ledger.balances(session).values()) == [-1, 1]
    assert [flat.state for flat in net.rows(ExchangeFlat)] == ["gone"]


@pytest.mark.parametrize("by_handover", [False, True])
def test_who_says_moved_and_who_takes_the_flat_back_wait_in_one_order(
    net: Net, by_handover: bool
) -> None:
    """Whoever takes the flat back has its row first: the other one must not have the proposal then."""
    move = agreed(net, "A", "B")
    half = move.proposal("B")

    def says_moved() -> object:
        if by_handover:
            row = move.handover("B")
            terms = {"handover_id": row.id, "expected_version": row.version}
            return net["B"].act(FIRST, handovers.moved, **terms)
        terms = {"proposal_id": half.id, "expected_version": half.version}
        return net["B"].act(SECOND, proposals.moved, **terms)

    if by_handover:
        for name in ("A", "B"):
            move.begin(name)
        move.send()
        move.carried()
        move.take_in()
        move.settle("B", *BEFORE_MOVING_IN)
    with as_owner(net["B"].tenant_id) as taking_back:
        taking_back.execute(
            "SELECT 1 FROM transfer_offers WHERE id = %s FOR UPDATE", (half.offer_id,)
        )
        other = Thread(target=says_moved)
        other.start()
        until_held_up(net)
        try:
            taking_back.execute(
                "SELECT 1 FROM transfer_proposals WHERE id = %s FOR UPDATE NOWAIT", (half.id,)
            )
        except LockNotAvailable:
            pytest.fail("each has what the other one waits for")
        finally:
            taking_back.rollback()
            other.join(30)
    assert net["B"].again(half).state == "moved"


def until_held_up(net: Net) -> None:
    """Wait until somebody waits for a row."""
    limit = time.monotonic() + 30
    with as_owner(net["B"].tenant_id) as looking:
        while time.monotonic() < limit:
            (waiting,) = looking.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                " WHERE NOT granted AND datname = current_database()"
            ).fetchone() or (0,)
            if waiting:
                return
            # Within a transaction the server tells of the same people again.
            looking.rollback()
            time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_two_workers_at_once_do_everything_once(database: str) -> None:
    net = new_net("A", "B", limits={"A": (9, 9), "B": (9, 9)})
    for _ in range(2):
        net.request("A")
        net.offer("B")
    assert at_once(*[lambda: running.run(net.id)] * 3) == [None] * 3
    running.run(net.id)
    for name in ("A", "B"):
        assert [row.state for row in net[name].rows(TransferProposal)] == ["proposed"] * 2
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        assert sorted(ledger.balances(session).values()) == [-2, 2]
    half = net["A"].rows(TransferProposal)[0]
    net["A"].act(
        SECOND,
        requests.withdraw,
        request_id=half.request_id,
        because="own_error",
        expected_version=net["A"].rows(TransferRequest)[0].version,
    )
    assert at_once(*[lambda: running.run(net.id)] * 3) == [None] * 3
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        assert sorted(ledger.balances(session).values()) == [-1, 1]
