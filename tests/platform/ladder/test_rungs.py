"""The ladder as it stands: which step comes next, and what is missing by which source."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.ladder import demands, service
from hemvist.ladder.models import Ladder
from hemvist.ladder.rungs import Rung, next_of, rungs_of
from hemvist_goteborg import CASEWORKER, answer
from hemvist_goteborg import opened as applied
from hemvist_ladder import (
    WEIGHED,
    demanded,
    in_goteborg,
    keys,
    met,
    moved_out,
    noticed,
    opened,
    planned,
    step,
    weighed,
)
from hemvist_world import World, new_world


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Göteborg's people."""
    return in_goteborg()


def rungs(world: World, case: Case, ladder: Ladder) -> dict[str, Rung]:
    """The rungs as they stand today."""
    found = world.read(
        lambda session: rungs_of(session, world.again(case), world.again(ladder), today())
    )
    return {one.code: one for one in found}


def comes(world: World, case: Case, ladder: Ladder) -> str | None:
    """The step that comes next."""
    found: Any = next_of(list(rungs(world, case, ladder).values()))
    return None if found is None else found.code


def test_each_step_makes_the_next_one_possible(world: World) -> None:
    case, contract, ladder = opened(world)
    keys(world, contract, "handed_out", contract.starts_on)
    first = rungs(world, case, ladder)
    assert {code: one.state for code, one in first.items()} == {
        "talk": "may",
        "demand": "missing",
        "board": "later",
        "meeting": "may",
        "plan": "may",
        "notice": "missing",
        "eviction": "later",
        "move_out": "later",
        "new_offer": "later",
    }
    assert [one.code for one in first["demand"].missing] == ["both_sides_weighed"]
    assert [(one.code, one.source) for one in first["notice"].missing] == [
        ("lf_12_board_told", "law"),
        ("lf_12_demand", "law"),
        ("notice_may_be_given", "guideline"),
    ]
    assert "JB 12:42" in first["notice"].missing[0].cite
    assert comes(world, case, ladder) == "demand"
    weighed(world, ladder, **WEIGHED)
    assert rungs(world, case, ladder)["demand"].state == "now"
    demanded(world, ladder)
    after = rungs(world, case, ladder)
    # The copy of the demand told the board: both are done by one act.
    assert (after["demand"].state, after["board"].state) == ("done", "done")
    assert [one.code for one in after["notice"].missing] == ["notice_may_be_given"]
    met(world, ladder)
    assert comes(world, case, ladder) == "plan"
    planned(world, ladder)
    noticed(world, ladder)
    assert [one.code for one in rungs(world, case, ladder)["move_out"].missing] == [
        *("not_told_of_housing", "keys_out")
    ]
    assert comes(world, case, ladder) == "move_out"
    moved_out(world, ladder, contract)
    done = rungs(world, case, ladder)
    assert [one.code for one in done["new_offer"].missing] == ["may_be_offered_again"]
    assert done["talk"].state == done["eviction"].state == "off"
    answer(world, case, special_circumstances_against=False)
    assert rungs(world, case, ladder)["new_offer"].missing == ()


def test_a_trifle_is_talked_about_first(world: World) -> None:
    case, _, ladder = opened(world, severity="minor")
    weighed(world, ladder, arrears_ore=0)
    found = rungs(world, case, ladder)
    assert (found["talk"].state, found["demand"].state) == ("now", "off")
    assert found["talk"].by == ("support_worker",)


def test_the_especially_serious_calls_everybody(world: World) -> None:
    case, _, ladder = opened(world, severity="especially_serious")
    found = rungs(world, case, ladder)["meeting"]
    assert (found.state, "landlord" in found.by) == ("now", True)


def test_without_a_guideline_the_law_alone_is_asked(database: str) -> None:
    """Helsingborg's guideline has no ladder: the core's words and the law's conditions."""
    world = new_world()
    case = world.case()
    contract = world.contract(world.accepted(case, world.registered(case)))
    ladder = world.act(
        "property",
        service.open_ladder,
        case_id=case.id,
        ground="misconduct",
        severity="serious",
        severity_reason="x",
        about="x",
    )
    found = rungs(world, case, ladder)
    assert found["demand"].state == "now"
    assert {one.source for one in found["notice"].missing} == {"law"}
    step(world, ladder, demands.send_demand, what="Sluta.", ways=["letter"])
    found = rungs(world, case, ladder)
    assert (found["board"].state, found["demand"].label.sv) == ("now", "Skriftlig rättelseanmaning")
    step(world, ladder, demands.notify_board, what="Anmaning skickad.")
    assert (rungs(world, case, ladder)["notice"].state, contract.kind) == ("may", "sublease")


def test_where_another_is_the_landlord_their_steps_come_in(world: World) -> None:
    """No lease of ours: what the landlord does is registered as it comes to the board."""

    case = applied(world, today() - timedelta(days=60))
    ladder = world.act(
        CASEWORKER,
        service.open_ladder,
        case_id=case.id,
        ground="misconduct",
        severity="serious",
        severity_reason="x",
        about="x",
        opened_on=today() - timedelta(days=20),
    )
    assert ladder.contract_id is None
    assert rungs(world, case, ladder)["demand"].state == "waits"
    received = step(
        world,
        ladder,
        demands.receive_demand,
        who=CASEWORKER,
        what="Hyresvärden har anmanat hyresgästen.",
        sent_on=today() - timedelta(days=3),
    )
    assert received.received_on == today()
    found = rungs(world, case, ladder)
    assert (found["demand"].state, found["board"].state) == ("done", "done")
    assert found["notice"].state == "waits"
