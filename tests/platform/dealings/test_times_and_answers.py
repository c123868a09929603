"""Times that either side proposes, and what the landlord itself answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases.models import CaseEvent
from hemvist.clock import SWEDISH_TIME, now, today
from hemvist.dealings import times
from hemvist.dealings.landlord_views import OFFERS, TIMES
from hemvist.dealings.models import LandlordTime
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.landlord_events.models import LandlordEvent
from hemvist.offers.models import Offer
from hemvist_dealings import Dealings, new_dealings
from hemvist_landlords import Member, organisation_number
from hemvist_world import caseworker_of

SOON = (now() + timedelta(days=3)).replace(microsecond=0, second=0)


def landlords(world: Dealings, member: Member, verb: Any, **given: Any) -> Any:
    """An act of the landlord's side in the kommun."""
    with world.session() as session:
        actor = member.in_kommun(session)
        return verb(session, actor, landlord_id=member.landlord_id, **given)


def started() -> tuple[Dealings, Member, Any, Offer]:
    """An offer that waits for its answer."""
    world = new_dealings()
    case = world.case()
    offer = world.offer(world.registered(case))
    return world, world.landlord(), case, offer


def test_the_kommun_proposes_and_the_landlord_agrees(database: str) -> None:
    world, member, case, offer = started()
    row = world.act("property", times.propose, offer_id=offer.id, kind="viewing", starts_at=SOON)
    (seen,) = member.rows(TIMES)
    assert (seen.kind, seen.state, seen.side, seen.place) == (
        "viewing",
        "proposed",
        "kommun",
        "home",
    )
    with pytest.raises(Conflict, match="other side"):
        world.act("property", times.answer, time_id=row.id, agrees=True, expected_version=1)
    landlords(
        world, member, times.answer_as_landlord, time_id=row.id, agrees=True, expected_version=1
    )
    assert world.again(offer).viewing_on == SOON.astimezone(SWEDISH_TIME).date()
    kinds = [line.kind for line in world.rows(CaseEvent, case_id=case.id)]
    assert kinds[-2:] == ["landlord_time_proposed", "landlord_time_agreed"]
    told = [one.type for one in world.rows(LandlordEvent)]
    assert told == ["offer.made", "viewing.set"], "the landlord is not told of its own act"
    with pytest.raises(Conflict):
        landlords(
            world,
            member,
            times.answer_as_landlord,
            time_id=row.id,
            agrees=False,
            expected_version=2,
        )
    landlords(world, member, times.withdraw_as_landlord, time_id=row.id, expected_version=2)
    assert world.again(offer).viewing_on is None


def test_another_proposal_comes_in_its_place(database: str) -> None:
    world, member, case, offer = started()
    first = world.act("property", times.propose, offer_id=offer.id, kind="viewing", starts_at=SOON)
    landlords(
        world,
        member,
        times.propose_as_landlord,
        offer_id=offer.id,
        kind="viewing",
        starts_at=SOON + timedelta(days=1),
        note="Porten låses klockan 16.",
    )
    states = {row.id: row.state for row in world.rows(LandlordTime)}
    assert states.pop(first.id) == "withdrawn" and list(states.values()) == ["proposed"]
    (second,) = states
    with pytest.raises(NotFound):
        world.act(
            caseworker_of("AMF"), times.answer, time_id=second, agrees=True, expected_version=1
        )
    world.act(
        caseworker_of(case.department),
        times.answer,
        time_id=second,
        agrees=False,
        expected_version=1,
    )
    assert world.again(offer).viewing_on is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_at": now() - timedelta(hours=1)}, "startsAt"),
        ({"starts_at": now() + timedelta(days=400)}, "startsAt"),
        ({"starts_at": SOON.replace(tzinfo=None)}, "startsAt"),
        ({"kind": "party"}, "kind"),
        ({"place": "at my place"}, "place"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_what_is_no_time_is_refused(wrong: dict[str, Any], field: str, database: str) -> None:
    world, member, _, offer = started()
    given = {"offer_id": offer.id, "kind": "viewing", "starts_at": SOON} | wrong
    with pytest.raises(ValidationFailed) as refused:
        landlords(world, member, times.propose_as_landlord, **given)
    assert [one.field for one in refused.value.problems] == [field]


def test_nothing_is_signed_before_the_offer_is_accepted(database: str) -> None:
    world, member, _, offer = started()
    with pytest.raises(Conflict) as refused:
        landlords(
            world,
            member,
            times.propose_as_landlord,
            offer_id=offer.id,
            kind="signing",
            starts_at=SOON,
        )
    assert refused.value.params == {}, "why is not the landlord's to know"


def test_another_landlord_and_others_of_the_kommun_come_to_nothing(database: str) -> None:
    world, _, _, offer = started()
    stranger = world.landlord(organisation_number())
    row = world.act("property", times.propose, offer_id=offer.id, kind="viewing", starts_at=SOON)
    assert stranger.rows(OFFERS) == [] and stranger.rows(TIMES) == []
    for verb, given in (
        (times.propose_as_landlord, {"offer_id": offer.id, "kind": "viewing", "starts_at": SOON}),
        (times.answer_as_landlord, {"time_id": row.id, "agrees": True, "expected_version": 1}),
        (times.withdraw_as_landlord, {"time_id": row.id, "expected_version": 1}),
    ):
        with pytest.raises(NotFound):
            landlords(world, stranger, verb, **given)
    # The kommun's own people are no landlord, whoever they name.
    with world.session() as session, pytest.raises(NotAllowed):
        times.answer_as_landlord(
            session,
            world["property"],
            landlord_id=row.landlord_id,
            time_id=row.id,
            agrees=True,
            expected_version=1,
        )
    assert world.again(row).state == "proposed" and today()
