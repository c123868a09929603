"""A matching from need to offer: the rows it leaves, why not, whose turn, and who may see what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.identity import Actor
from hemvist.offers import answers, expiring, needs
from hemvist.offers import service as offers
from hemvist.offers.matching import service as matching
from hemvist.offers.matching.limits import codes
from hemvist.offers.matching.models import HomeNeed, MatchRank, MatchRun, MatchVacancy
from hemvist.offers.models import Offer
from hemvist.outbox import OutboxEvent
from hemvist.referrals.models import Referral
from hemvist.tenancy import Audience
from hemvist.units.models import Unit
from hemvist_world import MUNICIPAL, World, at_once, new_world

CASEWORKER = "caseworker SOF-VUX"


@pytest.fixture
def world(database: object) -> World:
    """A kommun of its own for each test: what waits and what is vacant is all there is."""
    return new_world()


def waiting(world: World, **need: Any) -> Referral:
    """A registered referral of a household whose need is stated."""
    case = world.case()
    referral = world.registered(case)
    if need.pop("stated", True):
        world.act(
            CASEWORKER,
            needs.state_need,
            case_id=case.id,
            **({"rooms_min": 1, "rooms_max": 2} | need),
        )
    return referral


def run(world: World, **more: Any) -> MatchRun:
    made: MatchRun = world.act("property", matching.run, programme=MUNICIPAL, **more)
    return made


def against(world: World, made: MatchRun, referral: Referral, unit: Unit) -> list[str]:
    (rank,) = world.rows(MatchRank, run_id=made.id, referral_id=referral.id)
    (vacancy,) = world.rows(MatchVacancy, run_id=made.id, unit_id=unit.id)
    return codes(rank.against[vacancy.position - 1])


def told(world: World, kind: str) -> list[Any]:
    with world.session(audience=Audience.WORKER) as session:
        return list(
            session.scalars(
                select(OutboxEvent).where(OutboxEvent.type == kind).order_by(OutboxEvent.id)
            )
        )


def test_a_run_keeps_who_was_first_and_why_not_another(world: World) -> None:
    small, family = waiting(world), waiting(world, rooms_min=3, rooms_max=4, step_free=True)
    nobody_said = waiting(world, stated=False)
    one_room, four_rooms = world.unit(), world.unit(rooms=4)
    made = run(world)
    assert (made.waiting, made.vacancies, made.placed) == (3, 2, 1)
    assert (made.queue_time, made.expires_on) == ("forbidden", today() + timedelta(days=7))
    ranks = world.rows(MatchRank, run_id=made.id)
    assert sorted(rank.rank for rank in ranks) == [1, 2, 3]
    assert {rank.rank_group for rank in ranks} == {1}, "the guideline orders nobody; a lot does"
    assert against(world, made, small, one_room) == []
    assert against(world, made, small, four_rooms) == ["too_large"]
    assert against(world, made, family, one_room) == ["too_small", "not_step_free"]
    assert against(world, made, family, four_rooms) == ["not_step_free"]
    assert against(world, made, nobody_said, one_room) == ["need_not_stated"]
    (vacancy,) = world.rows(MatchVacancy, run_id=made.id, unit_id=one_room.id)
    assert vacancy.fitting == 1
    (placed,) = world.rows(MatchRank, run_id=made.id, referral_id=small.id)
    assert placed.unit_id == one_room.id


def test_homes_that_are_as_good_are_kept_without_holding_any(world: World) -> None:
    easy, large = waiting(world, rooms_max=3), waiting(world, rooms_min=3, rooms_max=3)
    nowhere = waiting(world, rooms_min=5, rooms_max=5)
    one, other, three = world.unit(), world.unit(), world.unit(rooms=3)
    made = run(world)
    homes = {row.position: row.unit_id for row in world.rows(MatchVacancy, run_id=made.id)}

    def good(referral: Referral) -> list[Any]:
        (rank,) = world.rows(MatchRank, run_id=made.id, referral_id=referral.id)
        found = [homes[position] for position in rank.as_good]
        assert found[:1] == ([] if rank.unit_id is None else [rank.unit_id])
        return found

    # The large one is the only home for who needs it, so it is as good for nobody else.
    assert set(good(easy)) == {one.id, other.id}
    assert good(large) == [three.id]
    assert good(nowhere) == []


def test_safety_is_an_exclusion_without_a_word(world: World) -> None:
    referral, unit = waiting(world), world.unit(area="Hamnen")
    case_id = referral.case_id
    world.act(CASEWORKER, needs.exclude, case_id=case_id, kind="area", value="hamnen ")
    exclusion = world.act(
        CASEWORKER, needs.exclude, case_id=case_id, kind="postal_code", value="252 20"
    )
    made = run(world)
    assert against(world, made, referral, unit) == ["excluded"]
    with pytest.raises(PolicyRefused) as refused:
        offer_from(world, made, referral, unit)
    assert (refused.value.rule, str(refused.value)) == ("home_excluded", "the home is excluded")
    with pytest.raises(PolicyRefused) as by_hand:
        world.offer(referral, unit, on=today())
    assert by_hand.value.rule == "home_excluded", "safety holds without a matching too"
    with pytest.raises(Conflict):
        world.act(CASEWORKER, needs.exclude, case_id=case_id, kind="postal_code", value="25220")
    lifted = world.act(
        CASEWORKER, needs.lift, exclusion_id=exclusion.id, expected_version=exclusion.version
    )
    assert lifted.lifted_on == today()
    unstated = waiting(world, stated=False)
    world.act(CASEWORKER, needs.exclude, case_id=unstated.case_id, kind="area", value="Hamnen")
    with pytest.raises(PolicyRefused):
        world.offer(unstated, unit, on=today())
    with pytest.raises(NotAllowed):
        world.act("property", needs.exclude, case_id=case_id, kind="area", value="Norr")


def offer_from(world: World, made: MatchRun, referral: Referral, unit: Unit) -> Offer:
    offer: Offer = world.act(
        "property", offers.make, referral_id=referral.id, unit_id=unit.id, run_id=made.id
    )
    return offer


def test_an_offer_keeps_the_rank_it_was_made_by(world: World) -> None:
    referral, unit = waiting(world), world.unit()
    made = run(world, method="greedy")
    offer = offer_from(world, made, referral, unit)
    assert (offer.run_id, offer.rank) == (made.id, 1)
    assert run(world).waiting == 0, "who has the one offer waits no more"


def test_a_run_expires_and_knows_its_own(world: World) -> None:
    referral, unit = waiting(world), world.unit()
    old = run(world, on=today() - timedelta(days=8))
    with pytest.raises(Conflict) as refused:
        offer_from(world, old, referral, unit)
    assert refused.value.rule == "run_expired"
    made, later = run(world), world.unit()
    with pytest.raises(NotFound):
        offer_from(world, made, referral, later)
    assert world.again(later).state == "vacant"


def test_two_officers_offer_one_home_at_once(world: World) -> None:
    first, second, unit = waiting(world), waiting(world), world.unit()
    made = run(world)
    outcomes = at_once(
        lambda: offer_from(world, made, first, unit), lambda: offer_from(world, made, second, unit)
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Offer"]
    (won,) = world.rows(Offer, unit_id=unit.id)
    loser = second if won.referral_id == first.id else first
    assert world.again(loser).state == "registered"
    other = world.unit()
    assert offer_from(world, run(world), loser, other).state == "made"


def test_what_was_stated_after_the_matching_counts(world: World) -> None:
    referral, unit = waiting(world), world.unit()
    made = run(world)
    (need,) = world.rows(HomeNeed, case_id=referral.case_id)
    world.act(
        CASEWORKER,
        needs.state_need,
        case_id=referral.case_id,
        rooms_min=3,
        rooms_max=4,
        expected_version=need.version,
    )
    with pytest.raises(PolicyRefused) as refused:
        offer_from(world, made, referral, unit)
    assert refused.value.rule == "home_does_not_fit"


def test_a_needs_numbers_are_checked_and_its_version(world: World) -> None:
    case = world.case()
    with pytest.raises(ValidationFailed) as refused:
        world.act(CASEWORKER, needs.state_need, case_id=case.id, rooms_min=0, rooms_max=21)
    assert [one.field for one in refused.value.problems] == ["roomsMin", "roomsMax"]
    with pytest.raises(ValidationFailed) as unknown:
        world.act(
            CASEWORKER,
            needs.state_need,
            case_id=case.id,
            rooms_min=1,
            rooms_max=1,
            excluded_landlords=["5560000001"],
        )
    assert unknown.value.problems[0].field == "excludedLandlords"
    need = world.act(CASEWORKER, needs.state_need, case_id=case.id, rooms_min=1, rooms_max=1)
    with pytest.raises(Conflict):
        world.act(
            CASEWORKER,
            needs.state_need,
            case_id=case.id,
            rooms_min=1,
            rooms_max=2,
            expected_version=need.version + 1,
        )
    world.act(
        CASEWORKER,
        needs.state_need,
        case_id=case.id,
        rooms_min=1,
        rooms_max=2,
        expected_version=need.version,
    )
    assert [one.rooms_max for one in world.rows(HomeNeed, case_id=case.id)] == [2]
    with pytest.raises(NotFound):
        world.act("property", needs.state_need, case_id=case.id, rooms_min=1, rooms_max=2)


def call(world: World, who: str, verb: Any, offer: Offer, **more: Any) -> Offer:
    answered: Offer = world.act(
        who, verb, offer_id=offer.id, expected_version=offer.version, **more
    )
    return answered


def test_the_department_then_the_household(world: World) -> None:
    """HBG-94, HBG-95: a first position by the department, a viewing, the client's own answer."""
    offer = world.offer(waiting(world), on=today())
    with pytest.raises(Conflict):
        call(world, CASEWORKER, answers.answer_for_household, offer, yes=True)
    offer = call(world, CASEWORKER, offers.accept, offer)
    booked = call(
        world, CASEWORKER, answers.book_viewing, offer, viewing_on=today() + timedelta(days=3)
    )
    held = call(world, CASEWORKER, answers.hold_viewing, booked)
    assert held.viewing_held_on == today()
    with pytest.raises(Conflict):
        call(world, CASEWORKER, answers.hold_viewing, held)
    answered = call(world, CASEWORKER, answers.answer_for_household, held, yes=True)
    assert (answered.state, answered.household_answer) == ("accepted", "yes")
    with pytest.raises(Conflict):
        call(world, CASEWORKER, answers.answer_for_household, answered, yes=True)


def test_a_households_no_frees_the_home_and_the_next_is_told_of(world: World) -> None:
    first, second, unit = waiting(world), waiting(world), world.unit()
    made = run(world)
    offer = call(world, CASEWORKER, offers.accept, offer_from(world, made, first, unit))
    with pytest.raises(ValidationFailed) as refused:
        call(
            world, CASEWORKER, answers.answer_for_household, offer,
            yes=False, code="wrong_size", reason="x",
        )  # fmt: skip
    assert refused.value.problems[0].params["allowed"] == ["resident_declined"]
    declined = call(
        world, CASEWORKER, answers.answer_for_household, offer,
        yes=False, code="resident_declined", reason="Vill bo närmare sin mor.",
    )  # fmt: skip
    assert (declined.state, declined.household_answer, declined.counts) == ("declined", "no", True)
    assert declined.consequence == "reassess"
    assert world.again(unit).state == "vacant"
    (event,) = told(world, "next_in_line")
    assert event.payload["case_id"] == str(second.case_id)
    assert event.payload["subject_id"] == str(unit.id)


def test_somebody_else_may_set_the_consequence_aside(world: World) -> None:
    referral = waiting(world)
    offer = world.offer(referral, on=today())
    declined = call(
        world, "manager SOF-VUX", offers.decline, offer, code="resident_declined", reason="Nej."
    )
    assert declined.counts
    with pytest.raises(NotAllowed):
        call(world, CASEWORKER, answers.override_consequence, declined, reason="x")
    with pytest.raises(NotAllowed):
        call(world, "manager SOF-VUX", answers.override_consequence, declined, reason="x")
    other = another_manager(world)
    with pytest.raises(ValidationFailed):
        world.act(
            other, answers.override_consequence, offer_id=declined.id,
            expected_version=declined.version, reason=" ",
        )  # fmt: skip
    free = world.act(
        other, answers.override_consequence, offer_id=declined.id,
        expected_version=declined.version, reason="Visningen blev fel lägenhet.",
    )  # fmt: skip
    assert (free.counts, free.overridden_by) == (False, other.principal_id)
    assert world.offer(referral, on=today()).state == "made"


def another_manager(world: World) -> Actor:
    from hemvist.identity import Membership, Role

    return world.add("another manager", Membership(Role.DEPARTMENT_MANAGER, "SOF-VUX"))


def test_an_unanswered_offer_lapses_and_the_next_is_told_of(world: World) -> None:
    first, second, unit = waiting(world), waiting(world), world.unit()
    made = run(world)
    offer = offer_from(world, made, first, unit)
    day = offer.answer_by
    system = Actor.system(world.tenant_id)

    def sweep(on: Any) -> list[Offer]:
        with world.session(system, Audience.WORKER) as session:
            return expiring.expire_offers(session, system, on)

    assert sweep(day) == [], "the last day is a day to answer"
    (expired,) = sweep(day + timedelta(days=1))
    assert (expired.id, expired.state, expired.counts) == (offer.id, "expired", False)
    assert world.again(unit).state == "vacant"
    assert sweep(day + timedelta(days=1)) == []
    with pytest.raises(Conflict):
        call(world, CASEWORKER, offers.accept, offer)
    # The run itself lasts as long as the offer: nobody is named by an old one.
    assert [one.payload["case_id"] for one in told(world, "next_in_line")] == []
    assert world.offer(first, on=today()).state == "made"
    assert second.state == "registered"


def test_the_next_is_told_of_while_the_matching_holds(world: World) -> None:
    first, second, unit = waiting(world), waiting(world), world.unit()
    made = run(world)
    offer: Offer = world.act(
        "property", offers.make, referral_id=first.id, unit_id=unit.id, run_id=made.id,
        answer_by=today(),
    )  # fmt: skip
    system = Actor.system(world.tenant_id)
    with world.session(system, Audience.WORKER) as session:
        (expired,) = expiring.expire_offers(session, system, today() + timedelta(days=1))
    assert expired.id == offer.id
    (event,) = told(world, "next_in_line")
    assert event.payload["case_id"] == str(second.case_id)


def test_who_may_match(world: World) -> None:
    for who in (CASEWORKER, "manager SOF-VUX"):
        with pytest.raises(NotAllowed):
            world.act(who, matching.run, programme=MUNICIPAL)
    with pytest.raises(ValidationFailed):
        world.act("property", matching.run, programme="no_such")
    with pytest.raises(ValidationFailed):
        world.act("property", matching.run, programme=MUNICIPAL, method="naive")
    assert world.rows(Case) == []
