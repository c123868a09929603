"""Each member's own place to the move; of the others bands and figures that only go in large steps."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from hemvist.clock import today
from hemvist.db import Audience
from hemvist.exchange import stating
from hemvist.networks.rules import Terms
from hemvist.tenancy import tenant_session
from hemvist.transfer_ledger import publishing, service
from hemvist.transfer_ledger.models import TransferPublication, TransferStatement
from hemvist_network import Net, new_net

#: The end of a quarter is told ninety days later at most.
LATER = 200


@pytest.fixture
def net(database: str) -> Net:
    """Three kommuner."""
    return new_net("A", "B", "C")


def moved(net: Net, sender: str, receiver: str, times: int = 1) -> None:
    """So many households have moved, says the ledger."""
    sides = {"sender": net[sender].tenant_id, "receiver": net[receiver].tenant_id}
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        for _ in range(times):
            move = uuid4()
            service.reserve(session, move_id=move, **sides)
            service.book(session, move_id=move, on=today())


def kept(net: Net, name: str) -> TransferStatement:
    """A kommun's statement: it has one and no more."""
    (found,) = net[name].rows(TransferStatement, network_id=net.id)
    return found  # type: ignore[no-any-return]


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Let it be another day for whoever tells."""
    for module in (stating, publishing):
        monkeypatch.setattr(module, "today", lambda: day)


def test_everybody_is_given_the_own_place_exactly(net: Net) -> None:
    moved(net, "A", "B", 2)
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        service.reserve(
            session, move_id=uuid4(), sender=net["B"].tenant_id, receiver=net["A"].tenant_id
        )
    assert stating.state(net.id) == 3
    places = {name: (kept(net, name).balance, kept(net, name).reserved) for name in "ABC"}
    # Who has no line is given a statement like the others.
    assert places == {"A": (-2, 1), "B": (2, -1), "C": (0, 0)}
    assert [(kept(net, name).bands, kept(net, name).figures) for name in "ABC"] == [({}, {})] * 3
    moved(net, "A", "C")
    stating.state(net.id)
    assert [kept(net, name).balance for name in "ABC"] == [-3, 2, 1]
    assert kept(net, "A").stated_on == today()


def test_a_quarter_is_told_late_once_and_in_large_steps(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    for receiver in ("B", "C"):
        moved(net, "A", receiver, 6)
    stating.state(net.id)
    # The quarter is not over.
    assert kept(net, "B").bands == {}
    on(monkeypatch, today() + timedelta(days=LATER))
    for _ in range(2):
        stating.state(net.id)
    assert len([one for one in net.rows(TransferPublication) if one.bands]) == 1
    band = {net.codes["A"]: [-15, -11]}
    assert kept(net, "B").bands == kept(net, "C").bands == band
    # Its own place it knows; and a figure that only one kommun's moves are in is not told at all.
    assert (kept(net, "A").balance, kept(net, "A").bands) == (-12, {})
    assert kept(net, "C").figures == {}


def test_two_days_apart_nothing_can_be_subtracted(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One move more between two tellings: what the third kommun is told stays word for word."""
    for receiver in ("B", "C"):
        moved(net, "A", receiver, 6)
    on(monkeypatch, today() + timedelta(days=LATER))
    stating.state(net.id)
    before = kept(net, "C")
    moved(net, "A", "B")
    on(monkeypatch, today() + timedelta(days=2 * LATER))
    stating.state(net.id)
    after = kept(net, "C")
    assert (after.bands, after.figures, after.balance) == (
        before.bands,
        before.figures,
        before.balance,
    )
    assert after.as_of is not None and before.as_of is not None and after.as_of > before.as_of
    assert kept(net, "A").balance == -13


def test_one_kommun_that_fails_stops_no_other_and_is_not_named(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = stating.keep_statement

    def broken(session: object, network_id: UUID, one: publishing.Statement) -> None:
        if one.member_id == net["B"].tenant_id:
            raise ValueError(str(one.member_id))
        keep(session, network_id, one)  # type: ignore[arg-type]

    monkeypatch.setattr(stating, "keep_statement", broken)
    with capture_logs() as logged, pytest.raises(ValueError, match=str(net["B"].tenant_id)):
        stating.state(net.id)
    assert [len(net[name].rows(TransferStatement)) for name in "ABC"] == [1, 0, 1]
    assert [set(one) for one in logged] == [{"event", "error", "log_level"}]
    assert str(net["B"].tenant_id) not in str(logged)


def test_who_has_left_is_told_nothing_more(net: Net) -> None:
    stating.state(net.id)
    before = kept(net, "C")
    net.content["members"][2]["until"] = today().isoformat()
    net.enter()
    moved(net, "A", "C")
    assert stating.state(net.id) == 2
    assert kept(net, "C").balance == before.balance == 0


def test_a_network_may_tell_in_larger_steps_and_in_no_smaller() -> None:
    def least(cell: int) -> tuple[int, int]:
        terms = Terms(date(2026, 1, 1), 14, {}, 2, 4, 90, smallest_cell=cell)
        rules = stating.telling_rules(terms)
        return rules.least, rules.band

    assert [least(cell) for cell in (2, 5, 8)] == [(5, 5), (5, 5), (8, 8)]
