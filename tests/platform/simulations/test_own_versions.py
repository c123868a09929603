"""Simulating a version that the kommun has drafted itself: once checked, as it was checked."""

from __future__ import annotations

import pytest

from hemvist.errors import ValidationFailed
from hemvist.pack_versions import service as versions
from hemvist.simulations import service
from hemvist.simulations.models import Simulation
from hemvist.simulations.versions import version_of
from hemvist_simulations import ask_for, carried_out, indebted, row_of
from hemvist_versions import Hand, policy_people, soon
from hemvist_world import PACK, World, new_world


@pytest.fixture
def world(database: str) -> World:
    """A kommun of this test's own, with six households in debt."""
    world = policy_people(new_world())
    for _ in range(6):
        indebted(world, 1_000_000)
    return world


def drafted(world: World) -> Hand:
    """A draft that lets debts be up to a limit."""
    hand = Hand.draft(world)
    rules = hand.files["rules.yaml"]
    assert "h.debts_ore == 0" in rules
    hand.replace("rules.yaml", rules.replace("h.debts_ore == 0", "h.debts_ore <= 1500000"))
    return hand


def simulated(world: World, hand: Hand) -> Simulation:
    return ask_for(world, new_version=hand.version.number)


def test_a_draft_is_simulated_once_it_has_passed_its_check(world: World) -> None:
    hand = drafted(world)
    with pytest.raises(ValidationFailed) as refused:
        simulated(world, hand)
    [problem] = refused.value.problems
    assert (problem.field, problem.rule) == ("newVersion", "not_checked")
    hand.act(versions.check)
    assert hand.version.state == "checked", hand.version.check_result
    done = carried_out(world, simulated(world, hand))
    assert done.failure is None and done.judged_on == soon()
    assert row_of(done, "entry:rent_guarantee")["counts"]["gain"] == 6
    with world.session() as session:
        content = version_of(session, PACK, hand.version.number).content_hash
        found = service.latest(session, PACK, content)
        assert found is not None and found.id == done.id
        assert service.is_current(session, found)


def test_another_kommuns_draft_is_not_there(world: World) -> None:
    hand = drafted(world)
    hand.act(versions.check)
    other = policy_people(new_world())
    with pytest.raises(ValidationFailed) as refused:
        simulated(other, hand)
    assert [(one.field, one.rule) for one in refused.value.problems] == [
        ("newVersion", "unknown_pack")
    ]


def test_a_draft_changed_after_it_was_asked_about_is_not_judged(world: World) -> None:
    hand = drafted(world)
    hand.act(versions.check)
    asked, done = simulated(world, hand), carried_out(world, simulated(world, hand))
    hand.parameter("young_adult_to", 25)
    with world.session() as session:
        assert not service.is_current(session, done)
    hand.act(versions.check)
    assert carried_out(world, asked).failure == "content_changed"
    with world.session() as session:
        assert not service.is_current(session, done)
