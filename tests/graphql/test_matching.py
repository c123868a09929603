"""Matching over the API: the board of the property office, from a need to the next in line."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist_api import ask, command, execute
from hemvist_graphql.ids import global_id
from hemvist_paths import Told, ordinary, planned
from hemvist_world import MUNICIPAL, World, adult, new_world

CASEWORKER = "caseworker SOF-VUX"
BOARD = """query Q($run: ID!) { matchRun(id: $run) {
    method madeOn expiresOn current queueTime waiting vacancies placed priority { id label cite }
    homes { position fitting unit { id streetAddress } } }
  matchRanks(runId: $run) { edges { node {
    rank rankGroup case { id number homeNeed { roomsMin roomsMax excludedLandlords } }
    unit { id } values { id value } whyNot(position: 1) { code label } asGood } } } }"""
FOR_A_HOME = """query Q($run: ID!, $position: Int!, $fits: Boolean) {
  matchRanks(runId: $run, position: $position, fits: $fits) { edges { node { rank case { id } } } } }"""


@pytest.fixture
def fresh(database: str) -> World:
    """A kommun in which nobody else waits."""
    return new_world()


def stated(world: World, *members: Any, **need: Any) -> Any:
    """A registered referral of a household whose need was stated over the API."""
    referral = world.registered(world.case(*members))
    command(
        world[CASEWORKER],
        "stateHomeNeed",
        {"caseId": global_id("Case", referral.case_id), "roomsMin": 1, "roomsMax": 2, **need},
        "homeNeed { roomsMin version }",
    )
    return referral


def matched(world: World) -> str:
    done = command(
        world["property"], "runMatching", {"programme": MUNICIPAL}, "matchRun { id placed }"
    )
    return str(done["matchRun"]["id"])


def test_the_board_says_who_was_first_and_why_not_another(fresh: World) -> None:
    small = stated(fresh)
    large = stated(fresh, roomsMin=4, roomsMax=5)
    unit = fresh.unit()
    run = matched(fresh)
    officer = fresh["property"]
    told = ask(officer, BOARD, run=run)
    assert told["matchRun"]["queueTime"] == "forbidden"
    assert (told["matchRun"]["waiting"], told["matchRun"]["placed"]) == (2, 1)
    (home,) = told["matchRun"]["homes"]
    assert (home["unit"]["id"], home["fitting"]) == (global_id("Unit", unit.id), 1)
    ranks = {edge["node"]["case"]["id"]: edge["node"] for edge in told["matchRanks"]["edges"]}
    mine, other = (ranks[global_id("Case", one.case_id)] for one in (small, large))
    assert mine["whyNot"] == [] and mine["unit"]["id"] == home["unit"]["id"]
    assert [one["code"] for one in other["whyNot"]] == ["too_small"]
    assert (mine["asGood"], other["asGood"]) == ([1], [])
    for fits, expected in ((True, small), (False, large)):
        found = ask(officer, FOR_A_HOME, run=run, position=1, fits=fits)["matchRanks"]["edges"]
        assert [edge["node"]["case"]["id"] for edge in found] == [
            global_id("Case", expected.case_id)
        ]
    by_plan = planned(officer, BOARD, {"run": run})
    assert isinstance(by_plan, Told), by_plan
    assert by_plan.data == ordinary(officer, BOARD, {"run": run}).data
    assert execute(fresh[CASEWORKER], BOARD, {"run": run})["errors"], (
        "the board is the property office's"
    )


def test_homes_that_are_as_good_by_their_positions(fresh: World) -> None:
    stated(fresh)
    for _ in range(3):
        fresh.unit()
    run = matched(fresh)
    [edge] = ask(fresh["property"], BOARD, run=run)["matchRanks"]["edges"]
    assert sorted(edge["node"]["asGood"]) == [1, 2, 3]
    by_plan = planned(fresh["property"], BOARD, {"run": run})
    assert isinstance(by_plan, Told), by_plan
    assert by_plan.data == ordinary(fresh["property"], BOARD, {"run": run}).data


def test_an_exclusion_is_a_word_to_everybody_else(fresh: World) -> None:
    referral = stated(fresh)
    case_id = global_id("Case", referral.case_id)
    fresh.unit(area="Hamnen")
    command(
        fresh[CASEWORKER],
        "excludeHomes",
        {"caseId": case_id, "kind": "area", "value": "Hamnen"},
        "homeExclusion { id }",
    )
    query = "query Q($id: ID!) { case(id: $id) { homeExclusions { kind value } } }"
    assert ask(fresh[CASEWORKER], query, id=case_id)["case"]["homeExclusions"] == [
        {"kind": "area", "value": "Hamnen"}
    ]
    assert ask(fresh["property"], query, id=case_id)["case"]["homeExclusions"] == []
    edge = ask(fresh["property"], BOARD, run=matched(fresh))["matchRanks"]["edges"][0]
    assert [one["code"] for one in edge["node"]["whyNot"]] == ["excluded"]


def test_what_a_protected_household_was_ranked_by_is_masked(fresh: World) -> None:
    stated(fresh, adult(protection="secrecy_mark", protection_source="Skatteverket"))
    stated(fresh)
    fresh.unit()
    edges = ask(fresh["property"], BOARD, run=matched(fresh))["matchRanks"]["edges"]
    assert sorted(edge["node"]["values"] is None for edge in edges) == [False, True]


def test_an_offer_from_the_board_and_the_answers_to_it(fresh: World) -> None:
    first = stated(fresh)
    unit = fresh.unit()
    run = matched(fresh)
    made = command(
        fresh["property"],
        "makeOffer",
        {
            "referralId": global_id("Referral", first.id),
            "unitId": global_id("Unit", unit.id),
            "runId": run,
        },
        "offer { id version rank run { id } }",
    )["offer"]
    assert (made["rank"], made["run"]["id"]) == (1, run)
    offer, who = made["id"], fresh[CASEWORKER]

    def step(verb: str, **more: Any) -> dict[str, Any]:
        version = ask(
            who, "query Q($id: ID!) { node(id: $id) { ... on Offer { version } } }", id=offer
        )
        values = {"offerId": offer, "expectedVersion": version["node"]["version"], **more}
        shown = "offer { state viewingOn viewingHeldOn householdAnswer consequence counts }"
        return command(who, verb, values, shown)["offer"]  # type: ignore[no-any-return]

    assert step("acceptOffer")["state"] == "accepted"
    step("bookViewing", viewingOn="2099-01-01")
    assert step("holdViewing")["viewingHeldOn"] is not None
    said = step(
        "answerOfferForHousehold", yes=False, code="resident_declined", reason="Passar inte oss."
    )
    assert (said["state"], said["householdAnswer"], said["consequence"], said["counts"]) == (
        *("declined", "no", "reassess", True),
    )
