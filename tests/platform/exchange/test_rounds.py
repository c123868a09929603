"""A round from the first request to the move, blind until both have said yes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from hemvist import clock
from hemvist.db import Audience
from hemvist.errors import Conflict, NotFound
from hemvist.exchange import rounds, running
from hemvist.exchange.models import (
    ExchangeClearing,
    ExchangeEntry,
    ExchangeFlat,
    ExchangeLetter,
    ExchangeMove,
    ExchangeRound,
)
from hemvist.exchange.sealing import opened
from hemvist.tenancy import tenant_session
from hemvist.transfer_ledger import service as ledger
from hemvist.transfers import offers, proposals
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist.transfers.proposal_models import TransferEntry, TransferLetter, TransferProposal
from hemvist_network import FIRST, SECOND, Net, new_net


@pytest.fixture
def net(database: str) -> Net:
    """Three kommuner."""
    return new_net("A", "B", "C")


def balances(net: Net) -> dict[str, int]:
    """The ledger, by kommun."""
    names = {world.tenant_id: name for name, world in net.kommuner.items()}
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        return {names[one]: sum_ for one, sum_ in ledger.balances(session).items() if sum_}


def held_up(net: Net, name: str) -> TransferRequest:
    """The kommun's latest request as it is now."""
    return net[name].rows(TransferRequest)[-1]  # type: ignore[no-any-return]


def test_a_move_from_request_to_ledger(net: Net) -> None:
    request, offer = net.request("A"), net.offer("B")
    net.run()
    sending, receiving = net.proposal("A"), net.proposal("B")
    assert (sending.side, sending.state) == ("sending", "proposed")
    assert (receiving.side, receiving.state) == ("receiving", "proposed")
    assert sending.request_id == request.id and receiving.offer_id == offer.id
    assert net["C"].rows(TransferProposal) == []
    assert balances(net) == {"A": -1, "B": 1}
    net.accept("B")
    net.run()
    # One has said yes: neither side learns anything of it.
    assert net.proposal("A").state == "proposed"
    assert net.proposal("B").counterpart_id is None
    net.accept("A")
    net.run()
    sending, receiving = net.proposal("A"), net.proposal("B")
    assert (sending.state, sending.counterpart_id) == ("agreed", net["B"].tenant_id)
    assert (receiving.state, receiving.counterpart_id) == ("agreed", net["A"].tenant_id)
    assert (sending.counterpart_slip, receiving.counterpart_slip) == (
        receiving.slip,
        sending.slip,
    )
    assert held_up(net, "A").state == "agreed"
    net["B"].act(
        FIRST,
        proposals.moved,
        proposal_id=receiving.id,
        expected_version=receiving.version,
    )
    net.run()
    assert net.proposal("A").state == "moved"
    assert held_up(net, "A").state == "moved"
    assert net["B"].rows(TransferOffer)[-1].state == "taken"
    assert balances(net) == {"A": -1, "B": 1}
    assert [flat.state for flat in net.rows(ExchangeFlat)] == ["gone"]


def test_the_sides_have_nothing_in_common_before_both_have_accepted(net: Net) -> None:
    """No id, no text and no number of either half is in the other or in the network's rows."""
    net.request("A")
    net.offer("B")
    net.run()

    def marks(rows: list[object]) -> set[str]:
        found = set()
        for row in rows:
            for column in row.__table__.columns:  # type: ignore[attr-defined]
                value = getattr(row, column.name)
                if column.name != "network_id" and len(str(value)) == 36:
                    found.add(str(value))
        return found

    side = {
        name: marks(net[name].rows(TransferProposal) + net[name].rows(TransferRequest))
        | marks(net[name].rows(TransferOffer))
        for name in ("A", "B")
    }
    assert side["A"] and side["B"] and not side["A"] & side["B"]
    with tenant_session(Audience.WORKER, net["A"].tenant_id) as session:
        side["A"] |= marks(list(session.scalars(select(TransferEntry))))
    kinds = (ExchangeMove, ExchangeEntry, ExchangeFlat, ExchangeRound, ExchangeClearing)
    network = marks([row for kind in kinds for row in net.rows(kind)])
    # The round's name is the network's own word for a time.
    network -= {str(row.id) for row in net.rows(ExchangeRound)} | {str(net.id)}
    assert network and not network & (side["A"] | side["B"])


def test_a_refusal_bans_the_pair_and_clears_again(net: Net) -> None:
    net.request("A")
    net.offer("B")
    net.run()
    net.offer("C")
    net.refuse("B", "capacity")
    net.run()
    # B has refused; the flat of C, which has come meanwhile, is proposed.
    assert net.proposal("B").state == "refused"
    assert net["B"].rows(TransferOffer)[-1].state == "offered"
    assert net.proposal("C").state == "proposed"
    states = [one.state for one in net["A"].rows(TransferProposal)]
    assert states == ["failed", "proposed"]
    assert balances(net) == {"A": -1, "C": 1}
    net.refuse("A", "threat_near")
    net.run()
    assert held_up(net, "A").state == "open"
    assert balances(net) == {}
    # A later round does not propose either flat to it.
    assert not [one for one in net.rows(ExchangeRound) if one.state != "closed"]
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        rounds.lock(session)
        rounds.begin(session, "regular")
    net.run()
    assert len(net["A"].rows(TransferProposal)) == 2
    assert len(net["B"].rows(TransferProposal)) == 1


def test_the_other_side_is_told_the_same_whatever_happened(net: Net) -> None:
    """Refused, withdrawn, flat withdrawn: the same word, the same letters, the same rows."""
    seen = []
    for happened in ("refused", "withdrawn"):
        request = net.request("A", urgency="acute")
        net.offer("B")
        net.run()
        net.accept("B")
        if happened == "refused":
            net.refuse("A")
        else:
            net.withdraw("A", request)
        net.run()
        proposal = net.proposal("B")
        seen.append((proposal.state, proposal.counterpart_id, proposal.refused_because))
        net.withdraw("A", request) if happened == "refused" else None
        offer = net["B"].rows(TransferOffer)[-1]
        assert offer.state == "offered"
        net["B"].act(
            FIRST,
            offers.withdraw,
            offer_id=offer.id,
            because="own_need",
            expected_version=offer.version,
        )
        net.run()
    assert seen[0] == seen[1] == ("failed", None, None)


def test_silence_lets_a_proposal_lapse(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    net.request("A")
    net.offer("B")
    net.run()
    net.accept("A")
    later = clock.now() + timedelta(hours=122)
    for module in ("hemvist.exchange.handling", "hemvist.transfers.receiving"):
        monkeypatch.setattr(f"{module}.now", lambda: later)
    monkeypatch.setattr("hemvist.transfers.proposals.now", lambda: later)
    with pytest.raises(Conflict) as refused:
        net.accept("B")
    assert refused.value.rule == "too_late"
    net.run()
    assert net.proposal("B").state == "expired"
    assert net.proposal("A").state == "failed"
    assert held_up(net, "A").state == "open"
    assert balances(net) == {}


def test_an_acute_request_waits_for_no_round(net: Net) -> None:
    net.run()
    assert [one.state for one in net.rows(ExchangeRound)] == ["closed"]
    net.offer("B")
    net.request("C")
    net.run()
    # The next ordinary round is two weeks away.
    assert net["C"].rows(TransferProposal) == []
    acute = net.request("A", urgency="acute")
    net.run()
    assert net.proposal("A").request_id == acute.id
    assert net["C"].rows(TransferProposal) == []
    hours = (net.proposal("A").answer_by - clock.now()).total_seconds() / 3600
    assert 23 < hours <= 25
    # One as the flat came, which found nobody, and one as the request did.
    assert [one.kind for one in net.rows(ExchangeRound)] == ["regular", "acute", "acute"]


def test_an_acute_request_takes_the_first_flat_that_comes(net: Net) -> None:
    request = net.request("A", urgency="acute")
    net.run()
    assert net["A"].again(request).state == "open"
    net.offer("B")
    net.run()
    assert net["A"].again(request).state == "proposed"


def test_an_acute_request_takes_the_flat_that_nobody_has_accepted_yet(net: Net) -> None:
    net.request("C")
    net.offer("B")
    net.run()
    assert net.proposal("C").state == "proposed"
    net.request("A", urgency="acute")
    net.run()
    assert net.proposal("C").state == "failed"
    assert net.proposal("A").state == "proposed"
    assert balances(net) == {"A": -1, "B": 1}


def test_what_a_side_has_accepted_is_not_taken_away(net: Net) -> None:
    net.request("C")
    net.offer("B")
    net.run()
    net.accept("B")
    net.run()
    net.request("A", urgency="acute")
    net.run()
    assert net.proposal("C").state == "proposed"
    assert net["A"].rows(TransferProposal) == []


def test_the_limits_of_the_ledger_hold(database: str) -> None:
    net = new_net("A", "B", limits={"A": (1, 2), "B": (0, 1)})
    for _ in range(3):
        net.request("A")
        net.offer("B")
    net.run()
    assert balances(net) == {"A": -1, "B": 1}


def test_excluded_kommuner_and_missing_services_are_never_proposed(database: str) -> None:
    net = new_net("A", "B", "C", services={"C": ("school",)})
    net.request("A", services=("school",), excluded=("C",))
    net.request("A", services=("school",))
    net.offer("B")
    net.run()
    assert net["B"].rows(TransferProposal) == []
    net.offer("C")
    net.request("A", excluded=("C",), urgency="acute")
    net.run()
    assert len(net["B"].rows(TransferProposal)) == 1
    assert net["C"].rows(TransferProposal) == []


def test_every_member_is_sent_as_many_letters_of_one_size(net: Net) -> None:
    net.request("A", urgency="acute")
    net.offer("B")
    net.run()
    net.accept("A")
    net.accept("B")
    net.run()
    counts = dict.fromkeys(net.kommuner, 0)
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        for name, world in net.kommuner.items():
            counts[name] = len(
                session.scalars(
                    select(ExchangeLetter).where(
                        ExchangeLetter.kommun_id == world.tenant_id,
                        ExchangeLetter.direction == "out",
                    )
                ).all()
            )
    assert len(set(counts.values())) == 1 and counts["C"] > 0
    for world in net.kommuner.values():
        with tenant_session(Audience.WORKER, world.tenant_id) as session:
            arrived = session.scalars(
                select(TransferLetter.id).where(TransferLetter.direction == "in")
            ).all()
        assert len(arrived) == counts["C"]


def test_a_round_that_is_over_leaves_no_name(net: Net) -> None:
    request = net.request("A")
    net.offer("B")
    net.run()
    assert len(net.rows(ExchangeEntry)) == 1
    net.withdraw("A", request)
    net.run()
    assert net.rows(ExchangeEntry) == []
    assert net["A"].rows(TransferEntry) == []
    assert [one.state for one in net.rows(ExchangeRound)] == ["closed"]
    assert net.proposal("A").state == "withdrawn"


def test_a_clearing_can_be_made_again_from_what_was_kept(net: Net) -> None:
    from hashlib import sha256

    net.request("A")
    net.request("C", urgency="high")
    net.offer("B")
    net.run()
    (kept,) = net.rows(ExchangeClearing)
    (round_,) = net.rows(ExchangeRound)
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        given = opened(session, "exchange_clearings.input", kept.input_sealed)
        answer = opened(session, "exchange_clearings.answer", kept.answer_sealed)
        seed = opened(session, "exchange_rounds.seed", round_.seed_sealed)
    assert sha256(given.encode()).digest() == kept.input_digest
    assert sha256(bytes.fromhex(seed)).digest() == round_.seed_digest
    said = json.loads(given)
    assert said["seed"] == seed and len(said["instance"]["requests"]) == 2
    assert len(answer["moves"]) == 1 and answer["objective"][:3] == [0, 1, 1]
    # Nothing of it is a profile.
    assert all(one["needs"] is None for one in said["instance"]["requests"])


def test_running_again_changes_nothing(net: Net) -> None:
    net.request("A")
    net.offer("B")
    net.run()
    before = [len(net.rows(kind)) for kind in (ExchangeMove, ExchangeLetter, ExchangeClearing)]
    net.run()
    running.run(net.id)
    assert before == [
        len(net.rows(kind)) for kind in (ExchangeMove, ExchangeLetter, ExchangeClearing)
    ]
    assert len(net["A"].rows(TransferProposal)) == 1


def test_a_proposal_is_answered_by_the_named_people_alone(net: Net) -> None:
    net.request("A")
    net.offer("B")
    net.run()
    proposal = net.proposal("B")
    for who in ("property", "administrator"):
        with pytest.raises(NotFound):
            net["B"].act(
                who,
                proposals.accept,
                proposal_id=proposal.id,
                expected_version=proposal.version,
            )
    # Nor is it anything in the other kommun, or in a third.
    for name in ("A", "C"):
        with pytest.raises(NotFound):
            net[name].act(SECOND, proposals.look, proposal_id=proposal.id)
