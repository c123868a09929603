"""Steps that go out as letters: what they say, to whom, and that nothing protected goes out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.documents.traces import text_of
from hemvist.errors import NotAllowed, ValidationFailed
from hemvist.households.models import HouseholdMember, Person
from hemvist.ladder import evictions, service
from hemvist.ladder.models import LadderStep
from hemvist.letters import sending
from hemvist.letters.models import Letter
from hemvist.letters.service import file_of
from hemvist_goteborg import CASEWORKER
from hemvist_ladder import CALLED, REPEATED, WEIGHED, in_goteborg, opened, step, weighed
from hemvist_world import World, as_owner

DEMAND: dict[str, Any] = {
    "what": "Sluta spela musik efter klockan 22.",
    "ways": ["letter", "registered_letter"],
    "copies": ["social_board", "support_worker"],
    "until_on": today() + timedelta(days=7),
}


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Göteborg's people."""
    return in_goteborg()


def read(world: World, letter: Letter) -> str:
    """The text of the released pages."""
    content = world.read(
        lambda session: file_of(session, world["property"], letter_id=letter.id).content
    )
    return " ".join(text_of(content).split())


def letter_of(world: World, case_id: Any, kind: str) -> Letter:
    found = world.rows(Letter, case_id=case_id, kind=kind)
    assert [one.state for one in found] == ["released"]
    return found[0]  # type: ignore[no-any-return]


def test_every_step_that_goes_out_is_a_letter_that_is_kept(world: World) -> None:
    """Demand with its copies, call, notice; the answer to Kronofogden names the caseworker."""
    case, _, ladder = opened(world)
    weighed(world, ladder, **WEIGHED)
    step(world, ladder, sending.send_demand, **DEMAND)
    demand = read(world, letter_of(world, case.id, "ladder_demand"))
    assert "Sluta spela musik efter klockan 22." in demand
    assert "Kopia till" in demand and "Socialnämnden" in demand and "Stödpersonalen" in demand
    meeting = {"called": CALLED, "meets_on": today() + timedelta(days=3), "place": "Rådhuset"}
    step(world, ladder, sending.call_meeting, **meeting)
    call = read(world, letter_of(world, case.id, "meeting_call"))
    assert "Rådhuset" in call and "Fastighetsägaren" in call
    weighed(world, ladder, on=today(), **REPEATED)
    step(world, ladder, sending.give_notice, ends_on=today(), went_on_because="Förverkad.")
    assert "Misskötsamhet" in read(world, letter_of(world, case.id, "notice"))
    row = step(world, ladder, evictions.apply_for_eviction, number="U-77-26")
    row = world.act(
        CASEWORKER,
        evictions.set_eviction_date,
        eviction_id=row.id,
        expected_version=row.version,
        evicts_on=today() + timedelta(days=14),
    )
    world.act(
        CASEWORKER,
        sending.confirm_eviction_date,
        eviction_id=row.id,
        expected_version=row.version,
    )
    answer = read(world, letter_of(world, case.id, "eviction_answer"))
    assert "Kronofogdemyndigheten" in answer and "U-77-26" in answer
    assert world[CASEWORKER].name in answer


def test_the_board_is_told_of_children(world: World) -> None:
    case, _, ladder = opened(world)
    step(world, ladder, sending.notify_board, what="Anmaning överlämnad i dag.")
    told = read(world, letter_of(world, case.id, "board_notice"))
    assert "Barn under 18 år i hushållet" in told and "Inga" in told


def test_what_may_not_go_out_is_no_step(world: World) -> None:
    """A protected household's name in the text: neither letter nor demand."""
    case, _, ladder = opened(world)
    weighed(world, ladder, **WEIGHED)
    member = world.rows(HouseholdMember, household_id=case.household_id)[0]
    person = world.rows(Person, id=member.person_id)[0]
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE persons SET protection = 'protected_registration' WHERE id = %s", (person.id,)
        )
    given = {**DEMAND, "what": f"Hej {person.given_name}, sluta."}
    with pytest.raises(ValidationFailed) as wrong:
        step(world, ladder, sending.send_demand, **given)
    assert ("what", "protected_name") in {(p.field, p.rule) for p in wrong.value.problems}
    assert world.rows(LadderStep, ladder_id=ladder.id, kind="demand") == []
    step(world, ladder, sending.send_demand, **DEMAND)


def test_support_staff_call_without_a_letter_and_demand_nothing(world: World) -> None:
    case, _, ladder = opened(world)
    meeting = {"called": CALLED, "meets_on": today() + timedelta(days=3), "place": "Rådhuset"}
    step(world, ladder, sending.call_meeting, who="support", **meeting)
    assert world.rows(Letter, case_id=case.id) == []
    with pytest.raises(NotAllowed):
        step(world, ladder, sending.send_demand, who="support", **DEMAND)


def test_words_of_a_talk_can_be_kept_inside(world: World) -> None:
    _, _, ladder = opened(world)
    row = step(
        world,
        ladder,
        service.record_talk,
        who="support",
        parties=["resident", "support_worker"],
        what="Berättade om sin hälsa.",
        inside=True,
    )
    assert row.inside is True
