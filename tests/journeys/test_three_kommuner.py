"""A household that has to leave its kommun at once: three kommuner, and none knows more than it must.

The origin's caseworker prepares the request, its function opens it; the first kommun says no, the
network clears again, the second says yes, and only when the origin has said so too are they told of
each other. Everything that each kommun has is searched for the others after every step.
"""

from __future__ import annotations

import pytest

from hemvist.audit.models import AuditEntry
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, NotAllowed, NotFound
from hemvist.exchange import archive
from hemvist.exchange.models import ExchangeClearing, ExchangeEntry, ExchangeRound
from hemvist.follow_ups import service as follow_ups
from hemvist.handovers import running as handing_over
from hemvist.handovers import service as handover
from hemvist.handovers.checklist import BEFORE_MOVING_IN
from hemvist.households.models import Household
from hemvist.offers.shown_models import LandlordOffer
from hemvist.tenancy import tenant_session
from hemvist.transfer_ledger import service as ledger
from hemvist.transfers import offers, proposals, requests
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist.transfers.needs import Needs
from hemvist.transfers.proposal_models import TransferProposal
from hemvist_handover import WORKER, Agreed
from hemvist_network import FIRST, SECOND, Net, new_net
from hemvist_world import PLAN, as_owner, caseworker_of

ORIGIN, REFUSES, TAKES = "origin", "refuses", "takes"
#: Every table of a kommun in which another could be named.
_NOT_OF_THE_KOMMUN = {"networks", "tenants", "alembic_version"}


@pytest.fixture
def net(database: str) -> Net:
    """Three kommuner, with schools everywhere."""
    return new_net(
        ORIGIN, REFUSES, TAKES, services=dict.fromkeys((ORIGIN, REFUSES, TAKES), ("school",))
    )


def knows(net: Net, name: str) -> set[str]:
    """The other kommuner that stand anywhere in what the kommun has, in whatever table."""
    said = ""
    with as_owner(net[name].tenant_id) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'tenant_id' AND table_name IN"
            " (SELECT tablename FROM pg_tables WHERE schemaname = 'public')"
        ).fetchall()
        for (table,) in tables:
            if table in _NOT_OF_THE_KOMMUN:
                continue
            rows = connection.execute(f'SELECT t::text FROM "{table}" t').fetchall()
            said += "".join(str(row[0]) for row in rows)
    return {
        other
        for other, world in net.kommuner.items()
        if other != name and str(world.tenant_id) in said
    }


def balances(net: Net) -> dict[str, int]:
    """The ledger."""
    names = {world.tenant_id: name for name, world in net.kommuner.items()}
    with tenant_session(Audience.EXCHANGE, net.id) as session:
        return {names[one]: sum_ for one, sum_ in ledger.balances(session).items() if sum_}


def test_an_acute_move(net: Net) -> None:
    origin, refuses, takes = net[ORIGIN], net[REFUSES], net[TAKES]
    # The flats are there. The one in the third kommun has a room too many, so it comes second.
    net.offer(REFUSES, rooms=2)
    offer = net.offer(TAKES, rooms=3)
    net.run()
    assert knows(net, ORIGIN) == knows(net, REFUSES) == knows(net, TAKES) == set()

    # Her caseworker says what she and her children need; who prepared it does not open it.
    request = net.prepared(ORIGIN, urgency="acute", needs=Needs(min_rooms=2, services=("school",)))
    (case,) = origin.rows(Case, id=request.case_id)
    caseworker = caseworker_of(case.department)
    with pytest.raises((NotAllowed, NotFound)):
        origin.act(
            caseworker,
            requests.open_request,
            request_id=request.id,
            expected_version=request.version,
        )
    request = origin.act(
        FIRST, requests.open_request, request_id=request.id, expected_version=request.version
    )
    # It waits for no round.
    net.run()
    assert origin.again(request).state == "proposed"
    assert [one.kind for one in net.rows(ExchangeRound)][-1] == "acute"
    assert refuses.rows(TransferProposal)[-1].state == "proposed"
    assert takes.rows(TransferProposal) == []
    assert knows(net, ORIGIN) == knows(net, REFUSES) == knows(net, TAKES) == set()

    # The first says no. The same minute the network has another, and nobody is the wiser.
    net.refuse(REFUSES, "capacity")
    net.run()
    assert [one.state for one in origin.rows(TransferProposal)] == ["failed", "proposed"]
    assert net.proposal(REFUSES).state == "refused"
    assert net.proposal(TAKES).state == "proposed"
    assert [one.number for one in net.rows(ExchangeClearing)][-2:] == [1, 2]
    assert balances(net) == {ORIGIN: -1, TAKES: 1}

    # The third says yes, with two people: who offered the flat and who answers.
    half = net.proposal(TAKES)
    with pytest.raises(NotAllowed):
        takes.act(FIRST, proposals.accept, proposal_id=half.id, expected_version=half.version)
    net.accept(TAKES)
    net.run()
    assert origin.again(request).state == "proposed"
    assert net.proposal(TAKES).state == "accepted"
    assert knows(net, ORIGIN) == knows(net, REFUSES) == knows(net, TAKES) == set()

    # The origin says yes, too: now the two know of each other, the one who refused of nobody.
    net.accept(ORIGIN)
    net.run()
    assert origin.again(request).state == "agreed"
    sending, receiving = net.proposal(ORIGIN), net.proposal(TAKES)
    assert sending.counterpart_id == takes.tenant_id
    assert receiving.counterpart_id == origin.tenant_id
    assert knows(net, ORIGIN) == {TAKES} and knows(net, TAKES) == {ORIGIN}
    assert knows(net, REFUSES) == set()

    # Her own caseworker cannot find out where, nor the receiver's other staff from where.
    with pytest.raises(NotFound):
        origin.act(caseworker, proposals.look, proposal_id=sending.id)
    with pytest.raises(NotFound):
        origin.act(caseworker, proposals.proposals_of, network_id=net.id)
    row, _ = origin.act(caseworker, requests.look, request_id=request.id)
    assert row.state == "agreed" and not hasattr(row, "counterpart_id")
    for who in ("property", "administrator"):
        with pytest.raises(NotFound):
            takes.act(who, proposals.look, proposal_id=receiving.id)
        with pytest.raises(NotFound):
            takes.act(who, offers.offers_of, network_id=net.id)

    # The named people tell who comes in a parcel that only the receiving kommun opens.
    slips = {ORIGIN: sending.slip, TAKES: receiving.slip}
    move = Agreed(net, ORIGIN, TAKES, request, offer, slips)
    for name in (ORIGIN, TAKES):
        move.begin(name)
    move.send()
    assert move.carried() == 1
    # Others have moved in there before her: aliases are counted in each kommun.
    takes.case()
    taken = move.take_in()
    (before,) = origin.rows(Household, id=case.household_id)
    (after,) = takes.rows(Household, id=taken.household_id)
    # A household of its own there, under another alias, with a case of its own.
    assert after.id != before.id and after.alias != before.alias
    assert takes.rows(Case, id=taken.case_id)[0].household_id == after.id
    assert not takes.rows(Case, id=case.id)

    # The case goes the ordinary way there, to the flat that was kept for her, and with the decision
    # on it the guideline's follow-ups begin. Nobody in them knows where she comes from.
    there = move.housed()
    due = takes.rows(Obligation, case_id=there.id, state="open")
    assert {"first_follow_up", "follow_up"} <= {one.code for one in due}
    assert {one.anchored_on for one in due if one.code == "follow_up"} == {today()}
    assert all(one.due_on > today() for one in due if one.code == "first_follow_up")
    assert not origin.rows(Obligation, case_id=case.id, code="first_follow_up")
    # The landlord is shown a name drawn for this home, and not how many are to live there.
    (shown,) = takes.rows(LandlordOffer, case_id=there.id)
    assert shown.alias not in (before.alias, after.alias)
    assert (shown.adults, shown.children, shown.needs) == (None, None, [])

    # She has moved in, when what must be seen to first has been.
    with pytest.raises(Conflict):
        move.moved()
    move.settle(TAKES, *BEFORE_MOVING_IN)
    move.moved()
    net.run()
    for world in (origin, takes):
        handing_over.run(world.tenant_id)
    # Whoever works in her case in the origin reads that she has moved, and not where to.
    assert origin.act(caseworker, handover.moved_on, case_id=case.id) == today()
    assert knows(net, REFUSES) == set()
    assert origin.again(request).state == "moved" == net.proposal(ORIGIN).state
    assert takes.rows(TransferOffer)[-1].state == "taken"
    # The first follow-up is held in the new home, by those who work with her now.
    (first,) = [one for one in due if one.code == "first_follow_up"]
    takes.act(
        WORKER,
        follow_ups.record_follow_up,
        obligation_id=first.id,
        departments=[there.department, "FF"],
        resident_took_part=True,
        in_the_home=True,
        plan=PLAN,
        expected_version=takes.again(first).version,
    )
    assert takes.again(first).state == "done"
    assert refuses.rows(TransferOffer)[-1].state == "offered"
    assert balances(net) == {ORIGIN: -1, TAKES: 1}
    # The round is over: what she was called in it is nowhere any more.
    assert net.rows(ExchangeEntry) == []
    assert not [one for one in net.rows(ExchangeRound) if one.state != "closed"]

    # Years later it can be shown how it came about, and the kommun's log says that it was.
    shown = archive.account(origin.tenant_id, sending.id, matter="SN 2026/104")
    assert shown.seed_as_committed
    assert all(one.input_as_kept and one.same_answer and one.proven for one in shown.clearings)
    events = [one.details.get("event") for one in origin.rows(AuditEntry, subject_id=sending.id)]
    assert events[:1] == ["proposed"] and events[-1] == "reconstructed"


def test_a_household_that_changes_its_mind(net: Net) -> None:
    """Withdrawn before the second yes: the receiver never learns who it would have been."""
    request = net.request(ORIGIN, urgency="acute")
    net.offer(TAKES)
    net.run()
    net.accept(TAKES)
    net.run()
    net[ORIGIN].act(
        SECOND,
        requests.withdraw,
        request_id=request.id,
        because="household_declines",
        expected_version=net[ORIGIN].again(request).version,
    )
    net.run()
    assert net.proposal(TAKES).state == "failed"
    assert net[ORIGIN].rows(TransferRequest)[-1].state == "withdrawn"
    assert net[TAKES].rows(TransferOffer)[-1].state == "offered"
    assert balances(net) == {}
    assert knows(net, ORIGIN) == knows(net, TAKES) == set()
