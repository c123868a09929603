"""Offers: one home, two officers, three answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.identity import Actor, Membership, Role
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.referrals import service as referrals
from hemvist.referrals.models import Referral
from hemvist.tenancy import Audience
from hemvist_world import World, at_once, new_world

CASEWORKER = "caseworker SOF-VUX"


def waiting(world: World) -> Referral:
    return world.registered(world.case())


def call(world: World, who: str, verb: Any, offer: Offer, **more: Any) -> Offer:
    values = {"offer_id": offer.id, "expected_version": offer.version, **more}
    return world.act(who, verb, **values)  # type: ignore[no-any-return]


def decline(world: World, offer: Offer, code: str, **more: Any) -> Offer:
    return call(
        world, CASEWORKER, offers.decline, offer, code=code, reason="Så här är det.", **more
    )


def test_a_home_is_offered_for_a_week_unless_told(world: World) -> None:
    day = today() - timedelta(days=100)
    offer = world.offer(waiting(world))
    assert (offer.state, offer.made_on, offer.answer_by) == ("made", day, day + timedelta(days=7))
    told = world.offer(waiting(world), answer_by=day)
    assert told.answer_by == day
    with pytest.raises(ValidationFailed) as refused:
        world.offer(waiting(world), answer_by=day - timedelta(days=1))
    assert refused.value.problems[0].field == "answerBy"


def test_one_offer_only(world: World) -> None:
    """HBG-70: one home, whatever comes of it."""
    referral = waiting(world)
    offer = world.offer(referral)
    unit = world.unit()
    with pytest.raises(PolicyRefused) as refused:
        world.offer(referral, unit)
    assert (refused.value.rule, refused.value.cite) == ("one_offer", "RL §3.1, RL §3.2")
    assert world.again(unit).state == "vacant"
    decline(world, offer, "resident_declined")
    with pytest.raises(PolicyRefused):
        world.offer(referral, unit)


@pytest.mark.parametrize(
    "code", ["wrong_size", "unsuitable_area", "not_adapted", "far_from_school"]
)
def test_a_home_that_does_not_suit_does_not_use_up_the_one_offer(world: World, code: str) -> None:
    referral = waiting(world)
    offer = world.offer(referral)
    declined = decline(world, offer, code)
    assert (declined.state, declined.counts, declined.decline_code) == ("declined", False, code)
    assert world.again(referral).state == "registered"
    assert world.offer(referral).state == "made"


@pytest.mark.parametrize("code", ["need_changed", "resident_declined"])
def test_a_no_of_their_own_uses_it_up(world: World, code: str) -> None:
    referral = waiting(world)
    declined = decline(world, world.offer(referral), code)
    assert declined.counts
    assert world.again(referral).state == "registered"
    with pytest.raises(PolicyRefused) as refused:
        world.offer(referral)
    assert refused.value.rule == "one_offer"


def test_the_unit_is_free_again_for_somebody_else(world: World) -> None:
    unit = world.unit()
    offer = world.offer(waiting(world), unit)
    decline(world, offer, "wrong_size")
    assert world.again(unit).state == "vacant"
    assert world.offer(waiting(world), unit).unit_id == unit.id


def test_a_decline_needs_one_of_the_packs_reasons_and_words(world: World) -> None:
    offer = world.offer(waiting(world))
    with pytest.raises(ValidationFailed) as refused:
        decline(world, offer, "ugly")
    assert refused.value.problems[0].field == "code"
    assert "wrong_size" in refused.value.problems[0].params["allowed"]
    with pytest.raises(ValidationFailed) as wordless:
        call(world, CASEWORKER, offers.decline, offer, code="wrong_size", reason=" ")
    assert wordless.value.problems[0].field == "reason"
    assert world.again(offer).state == "made"


def test_the_property_office_may_take_an_offer_back(world: World) -> None:
    referral, unit = waiting(world), world.unit()
    offer = world.offer(referral, unit)
    with pytest.raises(NotAllowed):
        call(world, CASEWORKER, offers.withdraw, offer, reason="x")
    withdrawn = call(world, "property", offers.withdraw, offer, reason="Vattenskada.")
    assert (withdrawn.state, withdrawn.counts) == ("withdrawn", False)
    assert world.again(unit).state == "vacant"
    assert world.offer(referral).state == "made"


def test_an_answered_offer_is_answered(world: World) -> None:
    accepted = call(world, CASEWORKER, offers.accept, world.offer(waiting(world)))
    for verb, who, more in (
        (offers.accept, CASEWORKER, {}),
        (offers.decline, CASEWORKER, {"code": "wrong_size", "reason": "x"}),
        (offers.withdraw, "property", {"reason": "x"}),
    ):
        with pytest.raises(Conflict) as refused:
            call(world, who, verb, accepted, **more)
        assert (refused.value.rule, refused.value.params) == (
            "offer_answered",
            {"state": "accepted"},
        )


def test_who_answers(world: World) -> None:
    offer = world.offer(waiting(world))
    with pytest.raises(NotAllowed):
        call(world, "property", offers.accept, offer)
    with pytest.raises(NotFound) as hidden:
        call(world, "caseworker AMF", offers.accept, offer)
    assert hidden.value.kind == "Offer"
    assert call(world, "manager SOF-VUX", offers.accept, offer).answered_by is not None


def test_who_offers(world: World) -> None:
    referral, unit = waiting(world), world.unit()
    with pytest.raises(NotAllowed):
        world.act(CASEWORKER, offers.make, referral_id=referral.id, unit_id=unit.id)
    stranger = world.add("office elsewhere", Membership(Role.PROPERTY_OFFICER, "XX"))
    with pytest.raises(NotFound):
        world.act(stranger, offers.make, referral_id=referral.id, unit_id=unit.id)
    other = new_world()
    with pytest.raises(NotFound):
        other.act("property", offers.make, referral_id=referral.id, unit_id=unit.id)
    with pytest.raises(NotFound) as missing:
        world.offer(referral, other.unit())
    assert missing.value.kind == "Unit"


def test_days(world: World) -> None:
    referral = waiting(world)
    for day in (today() + timedelta(days=1), today() - timedelta(days=121)):
        with pytest.raises(ValidationFailed):
            world.offer(referral, on=day)
    offer = world.offer(referral)
    with pytest.raises(ValidationFailed):
        call(world, CASEWORKER, offers.accept, offer, on=offer.made_on - timedelta(days=1))
    with pytest.raises(ValidationFailed) as refused:
        call(world, CASEWORKER, offers.accept, offer, viewing_on=offer.made_on - timedelta(days=1))
    assert refused.value.problems[0].field == "viewingOn"


# --- what the referral must be ---------------------------------------------------------------


def test_homes_are_offered_on_a_referral_in_force(world: World) -> None:
    for referral in (world.submitted(world.case()), withdrawn(world, waiting(world))):
        with pytest.raises(PolicyRefused) as refused:
            world.offer(referral, on=today())
        assert refused.value.rule == "referral_not_in_force"


def test_no_home_is_offered_after_the_last_day(world: World) -> None:
    referral = waiting(world)
    with world.session() as session:
        session.find(Referral, referral.id).valid_until = today() - timedelta(days=50)
    with pytest.raises(PolicyRefused):
        world.offer(referral, on=today() - timedelta(days=49))
    assert world.offer(referral, on=today() - timedelta(days=50)).state == "made"


def test_an_offer_on_a_withdrawn_referral_is_not_accepted(world: World) -> None:
    referral, unit = waiting(world), world.unit()
    offer = world.offer(referral, unit)
    withdrawn(world, referral)
    with pytest.raises(PolicyRefused) as refused:
        call(world, CASEWORKER, offers.accept, offer)
    assert refused.value.rule == "referral_not_in_force"
    # The way back to a vacant flat stays open.
    call(world, "property", offers.withdraw, offer, reason="Remissen är återkallad.")
    assert world.again(unit).state == "vacant"


def test_an_offer_made_in_time_is_honoured_after_the_last_day(world: World) -> None:
    """The referral lapses while the department thinks: the home was offered in time."""
    case = world.case()
    referral = world.registered(case)
    offer = world.offer(referral, on=today() - timedelta(days=5))
    with world.session() as session:
        session.find(Referral, referral.id).valid_until = today() - timedelta(days=3)
    accepted = call(world, CASEWORKER, offers.accept, offer)
    contract = world.contract(
        accepted, signed_on=today(), starts_on=today(), told_of_link_on=today()
    )
    assert contract.state == "signed"
    assert world.again(referral).state == "fulfilled"


def test_the_lapse_waits_for_an_open_offer(world: World) -> None:
    referral, idle = waiting(world), waiting(world)
    offer = world.offer(referral)
    after = today() + timedelta(days=400)

    def lapse() -> set[object]:
        with world.session(audience=Audience.WORKER) as session:
            system = Actor.system(world.tenant_id)
            return {row.id for row in offers.expire_referrals(session, system, after)}

    assert {referral.id, idle.id} & lapse() == {idle.id}
    call(world, "property", offers.withdraw, offer, reason="Ombyggnad.")
    assert referral.id in lapse()


# --- at the same moment ----------------------------------------------------------------------


def test_two_officers_offer_one_unit_at_once(world: World) -> None:
    unit = world.unit()
    first, second = waiting(world), waiting(world)
    outcomes = at_once(
        lambda: world.offer(first, unit, on=today()), lambda: world.offer(second, unit, on=today())
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Offer"]
    assert len(world.rows(Offer, unit_id=unit.id)) == 1
    lost = next(one for one in outcomes if isinstance(one, Conflict))
    assert (lost.rule, lost.params) == ("unit_taken", {"state": "offered"})


def test_two_units_are_offered_on_one_referral_at_once(world: World) -> None:
    referral = waiting(world)
    units = [world.unit(), world.unit()]
    outcomes = at_once(*[lambda unit=unit: world.offer(referral, unit) for unit in units])
    assert sorted(type(one).__name__ for one in outcomes) == ["Offer", "PolicyRefused"]
    assert sorted(world.again(unit).state for unit in units) == ["offered", "vacant"]


def test_a_yes_and_a_no_at_once(world: World) -> None:
    unit = world.unit()
    offer = world.offer(waiting(world), unit)
    outcomes = at_once(
        lambda: call(world, CASEWORKER, offers.accept, offer),
        lambda: decline(world, offer, "wrong_size"),
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Offer"]
    state = world.again(offer).state
    assert (state, world.again(unit).state) in {("accepted", "reserved"), ("declined", "vacant")}


@pytest.mark.parametrize("attempt", range(5))
def test_withdrawing_the_referral_and_offering_on_it_at_once(world: World, attempt: int) -> None:
    referral, unit = waiting(world), world.unit()
    at_once(
        lambda: withdrawn(world, referral),
        lambda: world.offer(referral, unit, on=today()),
    )
    kinds = [
        event.kind
        for event in world.rows(CaseEvent, case_id=referral.case_id)
        if event.kind in ("offer_made", "referral_withdrawn")
    ]
    # Whoever came second knew of the first: no offer follows a withdrawal.
    assert kinds in (["referral_withdrawn"], ["offer_made", "referral_withdrawn"]), kinds
    assert len(world.rows(Offer, referral_id=referral.id)) == kinds.count("offer_made")


def withdrawn(world: World, referral: Referral) -> Referral:
    world.act(
        CASEWORKER,
        referrals.withdraw,
        referral_id=referral.id,
        reason="Har hittat en bostad.",
        expected_version=referral.version,
    )
    return referral


def test_a_case_has_the_offer_on_its_timeline(world: World) -> None:
    case: Case = world.case()
    offer = world.offer(world.registered(case))
    decline(world, offer, "wrong_size", on=offer.made_on + timedelta(days=2))
    event = world.rows(CaseEvent, case_id=case.id, kind="offer_declined")[0]
    assert event.occurred_on == offer.made_on + timedelta(days=2)
    # Codes only: the department's own words stay in the offer.
    assert event.data == {"state": "declined", "code": "wrong_size"}
