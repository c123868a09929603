"""Kinds of decisions beyond support and housing: measures, extension, change, end, recommendation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.decisions import service as decisions
from hemvist.decisions.models import Decision
from hemvist.errors import Conflict, NotFound, PolicyRefused, ValidationFailed
from hemvist.policy import add_months
from hemvist.referrals.models import Referral
from hemvist_world import BASIS, HOUSING, MUNICIPAL, SUPPORT, World, at_once

GUARANTEE = "rent_guarantee"


def problems(refused: pytest.ExceptionInfo[ValidationFailed]) -> set[tuple[str, str]]:
    return {(problem.field, problem.rule) for problem in refused.value.problems}


def alter(world: World, altered: Decision, kind: str, **changes: Any) -> Decision:
    values = {"alters_id": altered.id, "on": today(), "departure_reason": "Behovet är mött."}
    case = world.again(world.rows(Case, id=altered.case_id)[0])
    return world.grant(case, kind, **(values | changes))


def in_force(world: World, case: Case, day: Any = None, programme: str | None = None) -> bool:
    with world.session() as session:
        found = decisions.in_force(session, case, SUPPORT, day or today(), programme)
        return found is not None


@pytest.mark.parametrize("kind", ["support_measure", "takeover_recommendation"])
def test_every_programme_has_measures_and_recommendations(world: World, kind: str) -> None:
    case = world.case()
    made = world.grant(case, kind)
    assert (made.state, made.kind, made.about) == ("decided", kind, kind)
    event = {"support_measure": "measure_granted"}.get(kind, "takeover_recommended")
    assert world.rows(CaseEvent, case_id=case.id, kind=event)
    # Neither begins a programme that the household has not been granted.
    assert world.again(case).programme is None


def test_an_extension_lets_the_right_run_on(world: World) -> None:
    case = world.case()
    until = today() - timedelta(days=5)
    granted = world.grant(case, valid_until=until)
    assert not in_force(world, case)
    longer = alter(
        world, granted, "extension", valid_until=add_months(until, 12), departure_reason=""
    )
    assert longer.about == SUPPORT
    assert world.again(granted).altered_by_id == longer.id
    # What was decided stays as it was decided.
    assert world.again(granted).valid_until == until
    assert in_force(world, case)
    assert not in_force(world, case, add_months(until, 13))


def test_an_extension_extends(world: World) -> None:
    case = world.case()
    until = today() + timedelta(days=50)
    granted = world.grant(case, valid_until=until)
    with pytest.raises(ValidationFailed) as refused:
        alter(world, granted, "extension", valid_until=until)
    assert problems(refused) == {("validUntil", "no_extension")}
    for_good = world.grant(world.case())
    with pytest.raises(ValidationFailed) as open_ended:
        alter(world, for_good, "extension", valid_until=until)
    assert problems(open_ended) == {("altersId", "open_ended")}


def test_an_end_says_on_which_ground_and_that_the_person_was_told(world: World) -> None:
    granted = world.grant(world.case())
    with pytest.raises(ValidationFailed) as refused:
        alter(world, granted, "end")
    assert problems(refused) == {("alterGround", "required")}
    with pytest.raises(ValidationFailed) as untold:
        alter(world, granted, "end", alter_ground="need_ceased")
    assert problems(untold) == {("toldOn", "required")}
    with pytest.raises(ValidationFailed) as unreserved:
        alter(world, granted, "end", alter_ground="reservation", told_on=today())
    assert problems(unreserved) == {("alterGround", "no_reservation")}


def test_a_limited_decision_is_not_ended_as_an_open_ended_one(world: World) -> None:
    """SoL 14:9 is for decisions until further notice."""
    granted = world.grant(world.case(), valid_until=add_months(today(), 6))
    with pytest.raises(ValidationFailed) as refused:
        alter(world, granted, "end", alter_ground="open_ended", told_on=today())
    assert problems(refused) == {("alterGround", "not_open_ended")}
    forever = world.grant(world.case())
    ended = alter(world, forever, "end", alter_ground="open_ended", told_on=today())
    assert ended.disadvantage


def test_an_end_ends_the_right_and_the_referral(world: World) -> None:
    """HBG-78, HBG-79: the referral lapses with the right, and the property office is told."""
    case = world.case()
    referral = world.registered(case)
    granted = world.rows(Decision, case_id=case.id)[0]
    alter(world, granted, "end", alter_ground="need_ceased", told_on=today())
    assert world.again(granted).ended_on == today()
    assert world.rows(CaseEvent, case_id=case.id, kind="right_ended")
    lapsed = world.rows(Referral, id=referral.id)[0]
    assert (lapsed.state, lapsed.end_reason) == ("withdrawn", "right_ended")
    assert in_force(world, case, today() - timedelta(days=1))
    assert not in_force(world, case)
    with pytest.raises(Conflict) as refused:
        alter(world, granted, "end", alter_ground="own_request")
    assert refused.value.rule == "already_ended"


def test_a_measure_that_ends_leaves_the_right_to_housing(world: World) -> None:
    case = world.case()
    world.grant(case)
    measure = world.grant(world.again(case), "support_measure")
    alter(world, measure, "end", alter_ground="own_request")
    assert in_force(world, case)
    assert not world.rows(CaseEvent, case_id=case.id, kind="right_ended")
    assert world.rows(CaseEvent, case_id=case.id, kind="measure_ended")


def test_what_is_altered_is_a_granted_decision_of_the_case(world: World) -> None:
    case, other = world.case(), world.case()
    elsewhere = world.grant(other)
    with pytest.raises(NotFound):
        world.propose(case, "end", alters_id=elsewhere.id, alter_ground="own_request")
    with pytest.raises(ValidationFailed) as unnamed:
        world.propose(case, "change")
    assert problems(unnamed) == {("altersId", "required")}
    with pytest.raises(ValidationFailed) as idle:
        world.propose(case, alters_id=elsewhere.id)
    assert ("altersId", "alters_none") in problems(idle)
    refusal = world.grant(case, outcome="refused", departure_reason="Nej.")
    with pytest.raises(Conflict) as refused:
        world.propose(case, "extension", alters_id=refusal.id)
    assert refused.value.rule == "not_alterable"


def test_a_right_is_found_by_its_programme(world: World) -> None:
    """A later refusal of another programme takes nothing from the right that there is."""
    case = world.case()
    world.grant(case, on=today() - timedelta(days=20))
    world.grant(
        case,
        programme=GUARANTEE,
        outcome="refused",
        departure_reason="Garantin räcker inte.",
        on=today() - timedelta(days=3),
    )
    assert in_force(world, case, programme=MUNICIPAL)
    assert not in_force(world, case, programme=GUARANTEE)


def pair(world: World, case: Case, **second: Any) -> list[Decision]:
    common = {"outcome": "granted", "legal_basis": [BASIS], "motivation": "Behov finns."}
    return world.act(  # type: ignore[no-any-return]
        "caseworker SOF-VUX",
        decisions.propose_together,
        case_id=case.id,
        programme=MUNICIPAL,
        parts=[{"kind": SUPPORT, **common}, {"kind": "support_measure", **common, **second}],
    )


def decide(world: World, proposal: Decision, **more: Any) -> Decision:
    values = {"decision_id": proposal.id, "expected_version": proposal.version, **more}
    return world.act("manager SOF-VUX", decisions.decide, **values)  # type: ignore[no-any-return]


def test_two_proposals_of_one_act_are_decided_in_one(world: World) -> None:
    first, second = pair(world, world.case())
    decide(world, second)
    assert {world.again(one).state for one in (first, second)} == {"decided"}
    assert {world.again(one).decided_by for one in (first, second)} == {
        world["manager SOF-VUX"].principal_id
    }


def test_one_part_that_is_refused_takes_the_other_along(world: World) -> None:
    case = world.case()
    with pytest.raises(ValidationFailed):
        pair(world, case, motivation=" ")
    assert world.rows(Decision, case_id=case.id) == []


def test_two_managers_at_the_two_halves_of_a_pair(world: World) -> None:
    first, second = pair(world, world.case())
    outcomes = at_once(lambda: decide(world, first), lambda: decide(world, second))
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Decision"]
    assert {world.again(one).state for one in (first, second)} == {"decided"}
    assert len(world.rows(CaseEvent, case_id=first.case_id, kind="support_granted")) == 1


def test_two_ends_at_once_make_one(world: World) -> None:
    granted = world.grant(world.case())
    case = world.rows(Case, id=granted.case_id)[0]

    def propose() -> Decision:
        return world.propose(
            case,
            "end",
            alters_id=granted.id,
            alter_ground="own_request",
            departure_reason="Vill inte.",
            on=today(),
        )

    outcomes = at_once(propose, propose)
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Decision"]


def test_the_contract_still_comes_first(world: World) -> None:
    with pytest.raises(PolicyRefused):
        world.propose(world.case(), HOUSING, on=today())
