"""Two act on one offer, decision, appeal, contract or takeover at once, over the API.

One wins, the other is told of it and loses nothing: ``hemvist_race`` says what that means.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from hemvist.appeals import service as appeals
from hemvist.appeals.models import Appeal
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract, ContractNotice
from hemvist.decisions.models import Decision
from hemvist.offers.models import Offer
from hemvist.policy import add_days, add_months
from hemvist.takeovers import absences, watching
from hemvist.takeovers import service as takeovers
from hemvist.takeovers.models import Takeover
from hemvist.tenancy import Audience, tenant_session
from hemvist.units.models import Unit
from hemvist_goteborg import MANAGED, answer, housed, housing_first
from hemvist_graphql.ids import global_id
from hemvist_race import People, Sent, open_race
from hemvist_world import World, as_owner, caseworker_of, peopled

ANNA, BO = "anna hv-caseworker-sof-vux", "bo hv-caseworker-sof-vux"
CARIN, DAN = "carin hv-manager-sof-vux", "dan hv-manager-sof-vux"
EVA, FRED = "eva hv-property-ff", "fred hv-property-ff"
DAY = str(today() - timedelta(days=60))
LINES = {"acceptOffer": "offer_accepted", "withdrawOffer": "offer_withdrawn"} | {
    "declineOffer": "offer_declined",
    "decide": "support_granted",
    "returnDecision": "decision_returned",
    "notifyDecision": "decision_notified",
    "giveContractNotice": "notice_given",
    "endContract": "contract_ended",
    "changeRent": "rent_changed",
    "answerTakeover": "takeover_answered",
    "applyToTribunal": "takeover_tribunal_asked",
    "judgeAppeal": "appeal_accepted",
}


@pytest.fixture(scope="module")
def race(database: str) -> Iterator[dict[str, People]]:
    with open_race("helsingborg", "goteborg") as people:
        yield people


@pytest.fixture(scope="module")
def people(race: dict[str, People]) -> People:
    return race["helsingborg"]


@pytest.fixture(scope="module")
def world(people: People) -> World:
    """The same kommun through its services, for the way to where two meet."""
    return peopled(people.tenant_id, ["SOF-VUX"])


def of(row: Any, **words: Any) -> dict[str, Any]:
    """What a command on a row is given: the version is the one that both have seen."""
    kind = type(row).__name__
    name = f"{kind[0].lower()}{kind[1:]}Id"
    return {name: global_id(kind, row.id), "expectedVersion": row.version, **words}


def both_ways(
    people: People, table: str, row: Any, first: Sent, second: Sent, rule: str = "stale_version"
) -> None:
    people.one_wins((table, row.id), first, second, [LINES[first.command]], rule)


def offered(world: World) -> Offer:
    case = world.case()
    return world.offer(world.registered(case))


@pytest.mark.parametrize("winner", [0, 1, 2])
@pytest.mark.parametrize("loser", [0, 1, 2])
def test_an_offer(people: People, world: World, winner: int, loser: int) -> None:
    """Accepted by two; accepted, or declined, while it is taken back."""
    offer = offered(world)
    yes = of(offer, on=DAY)
    no = of(offer, on=DAY, reason="För långt till skolan.", code="unsuitable_area")
    back = of(offer, on=DAY, reason="Lägenheten har en vattenskada.")
    told = [("acceptOffer", yes), ("declineOffer", no), ("withdrawOffer", back)]
    who = {"acceptOffer": (ANNA, BO), "declineOffer": (ANNA, BO), "withdrawOffer": (EVA, FRED)}
    one, other = (
        Sent(who[told[at][0]][place], *told[at]) for place, at in enumerate((winner, loser))
    )
    both_ways(people, "offers", offer, one, other)
    state = ("accepted", "declined", "withdrawn")[winner]
    assert world.again(offer).state == state
    assert world.rows(Unit, id=offer.unit_id)[0].state == ("reserved" if winner == 0 else "vacant")
    # Whose words stand is who won.
    assert world.again(offer).decline_reason == told[winner][1].get("reason")


@pytest.mark.parametrize(
    "names",
    [("decide", "decide"), ("decide", "returnDecision"), ("returnDecision", "decide")],
)
def test_a_proposal(people: People, world: World, names: tuple[str, str]) -> None:
    """Decided by two; decided while it is sent back."""
    proposal = world.propose(world.case())
    given = {
        "decide": of(proposal, on=DAY),
        "returnDecision": of(proposal, on=DAY, reason="Barnets bästa saknas."),
    }
    one, other = (
        Sent(who, name, given[name]) for who, name in zip((CARIN, DAN), names, strict=True)
    )
    both_ways(people, "decisions", proposal, one, other)
    now = world.again(proposal)
    assert now.state == ("decided" if names[0] == "decide" else "returned")
    assert now.version == proposal.version + 1


def refused_support(world: World) -> tuple[Case, Decision]:
    """A decision that somebody would appeal."""
    case = world.case()
    words = {"outcome": "refused", "departure_reason": "Avslag efter samlad bedömning."}
    return case, world.grant(case, **words)


def test_a_decision_told_by_two(people: People, world: World) -> None:
    _, decision = refused_support(world)
    one, other = (
        Sent(who, "notifyDecision", of(decision, how=how, notifiedOn=day))
        for who, how, day in ((ANNA, "letter", DAY), (BO, "handed_over", str(today())))
    )
    both_ways(people, "decisions", decision, one, other)
    now = world.again(decision)
    assert (now.notified_how, str(now.notified_on)) == ("letter", DAY)


def test_an_appeal_received_by_two(people: People, world: World) -> None:
    _, decision = refused_support(world)
    given = {"decisionId": global_id("Decision", decision.id), "how": "letter", "receivedOn": DAY}
    one = Sent(ANNA, "receiveAppeal", {**given, "asks": "Vill ha en lägenhet."})
    other = Sent(BO, "receiveAppeal", {**given, "asks": "Vill ha lägenheten på Söder."})
    held = ("decisions", decision.id)
    people.one_wins(held, one, other, ["appeal_received"], "already_appealed")
    [appeal] = world.rows(Appeal, decision_id=decision.id)
    assert appeal.asks == "Vill ha en lägenhet."


@pytest.mark.parametrize("told_first", [True, False])
def test_an_appeal_while_the_decision_is_told(
    people: People, world: World, told_first: bool
) -> None:
    """Nothing hinders the other: both are done, and the appeal knows what was told before it."""
    _, decision = refused_support(world)
    tell = Sent(ANNA, "notifyDecision", of(decision, how="letter", notifiedOn=DAY))
    given = {"decisionId": global_id("Decision", decision.id), "how": "email", "asks": "Ändra."}
    receive = Sent(BO, "receiveAppeal", {**given, "receivedOn": str(today())})
    sendings = (tell, receive) if told_first else (receive, tell)
    answers = people.together("decisions", decision.id, *sendings)
    assert [one["__typename"] for one in answers] == [
        f"{one.command[0].upper()}{one.command[1:]}Done" for one in sendings
    ]
    last = world.again(decision).appeal_until
    [appeal] = world.rows(Appeal, decision_id=decision.id)
    assert last is not None and last < today()
    assert (appeal.deadline, appeal.timely) == ((last, False) if told_first else (None, True))


def test_an_appeal_judged_by_two(people: People, world: World) -> None:
    _, decision = refused_support(world)
    appeal = world.act(
        caseworker_of("SOF-VUX"),
        appeals.receive,
        decision_id=decision.id,
        how="letter",
        asks="Vill ha en lägenhet.",
        received_on=today() - timedelta(days=70),
    )
    one, other = (Sent(who, "judgeAppeal", of(appeal, on=DAY)) for who in (CARIN, DAN))
    both_ways(people, "appeals", appeal, one, other)


@pytest.fixture
def contract(world: World) -> Contract:
    """A sublease that runs."""
    case = world.case()
    return world.contract(world.accepted(case, world.registered(case)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("giveContractNotice", "endContract"),
        ("endContract", "giveContractNotice"),
        ("endContract", "endContract"),
        ("changeRent", "endContract"),
    ],
)
def test_a_contract_that_runs(
    people: People, world: World, contract: Contract, one: str, other: str
) -> None:
    """Notice given while it is ended, ended twice, its rent raised while it is ended."""
    given = {
        "giveContractNotice": of(contract, givenBy="tenant", givenOn=DAY),
        "endContract": of(contract, reason="agreement", endedOn=DAY),
        "changeRent": of(
            contract, validFrom=DAY, rentOre=600_000, reason="Årlig höjning.", toldOn=DAY
        ),
    }
    both_ways(
        people, "contracts", contract, Sent(EVA, one, given[one]), Sent(FRED, other, given[other])
    )
    now = world.again(contract)
    ended = one == "endContract"
    assert now.state == ("ended" if ended else "signed")
    assert len(world.rows(ContractNotice, contract_id=contract.id)) == (one == "giveContractNotice")
    assert world.rows(Unit, id=contract.unit_id)[0].state == ("vacant" if ended else "let")


def lease(offer: Offer) -> dict[str, Any]:
    """A municipal contract on an accepted offer."""
    return {
        "offerId": global_id("Offer", offer.id),
        "signedOn": DAY,
        "startsOn": DAY,
        "toldOfLinkOn": DAY,
        "ownerNotifiedOn": DAY,
    }


def test_one_offer_signed_by_two(people: People, world: World) -> None:
    case = world.case()
    offer = world.accepted(case, world.registered(case))
    held, lines = (
        ("referrals", offer.referral_id),
        ["contract_signed", "moved_in", "referral_fulfilled"],
    )
    one, other = (Sent(who, "signContract", lease(offer)) for who in (EVA, FRED))
    people.one_wins(held, one, other, lines, "unit_state")
    assert len(world.rows(Contract, case_id=case.id)) == 1


def test_one_home_signed_for_two_households(people: People, world: World) -> None:
    """Even where the home's own state has been got past, the database lets it once a day."""
    cases = [world.case(), world.case()]
    offers = [world.accepted(case, world.registered(case)) for case in cases]
    unit_id = offers[0].unit_id
    with as_owner(world.tenant_id) as owner:
        # No service does this: the second household's offer is of the first one's home.
        owner.execute(
            "UPDATE offers SET unit_id = %s, home_free_on = made_on WHERE id = %s",
            (unit_id, offers[1].id),
        )
        owner.execute(
            "CREATE FUNCTION keep_reserved() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.state := 'reserved'; RETURN NEW; END $$"
        )
        owner.execute(
            "CREATE TRIGGER keep_reserved BEFORE UPDATE ON units FOR EACH ROW"
            f" WHEN (NEW.id = '{unit_id}') EXECUTE FUNCTION keep_reserved()"
        )
    try:
        one, other = (
            Sent(who, "signContract", lease(offer))
            for who, offer in zip((EVA, FRED), offers, strict=True)
        )
        lines = ["contract_signed", "moved_in", "referral_fulfilled"]
        people.one_wins(("units", unit_id), one, other, lines, "concurrent_change")
        assert len(world.rows(Contract, unit_id=unit_id)) == 1
    finally:
        with as_owner(world.tenant_id) as owner:
            owner.execute("DROP FUNCTION keep_reserved() CASCADE")


@pytest.mark.parametrize("winner", [0, 1, 2])
def test_a_takeover_answered_by_two(race: dict[str, People], winner: int) -> None:
    """The landlord's yes to one, the no to another, and the tribunal asked by a third."""
    people = race["goteborg"]
    world = housing_first(people.tenant_id)
    case, _ = housed(world, add_days(add_months(today(), -18), -45))
    answer(world, case, **MANAGED)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        watching.watch(session, case.id, "contract_signed")
    [takeover] = world.rows(Takeover, case_id=case.id)
    world.act("property", absences.state_no_absence, takeover_id=takeover.id)
    day = today() - timedelta(days=2)
    takeover = world.act(
        "property",
        takeovers.request,
        takeover_id=takeover.id,
        on=day,
        expected_version=world.again(takeover).version,
    )
    told = [
        ("answerTakeover", of(takeover, agrees=True, on=str(day))),
        ("answerTakeover", of(takeover, agrees=False, reason="Vill vänta ett år.", on=str(day))),
        ("applyToTribunal", of(takeover, on=str(day))),
    ]
    names = ("gun hv-property-exf", "hans hv-property-exf")
    one, other = (
        Sent(name, *told[at]) for name, at in zip(names, (winner, (winner + 1) % 3), strict=True)
    )
    both_ways(people, "takeovers", takeover, one, other)
    now = world.again(takeover)
    assert now.state == ("agreed", "refused", "tribunal")[winner]
    assert now.answer_reason == ("Vill vänta ett år." if winner == 1 else "")
