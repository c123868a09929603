"""Requests between kommuner at the API: their circle, their clock, and nothing to anybody else."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.identity import Membership, Role
from hemvist.kommun_requests.models import KommunRequest
from hemvist_api import ask, command, execute, failure
from hemvist_graphql.ids import global_id
from hemvist_world import World, new_world

OWNER, MANAGER = "caseworker SOF-VUX", "manager SOF-VUX"
COLLEAGUE = "another caseworker SOF-VUX"
ASKED = {
    "kind": "takeover",
    "direction": "outgoing",
    "counterpart": "1980",
    "functionAddress": "stod@vasteras.example",
    "reasons": "Familjen finns där.",
    "wish": "wants",
}
NODE = "query Q($id: ID!) { node(id: $id) { __typename } }"
LIST = "{ kommunRequests { totalCount edges { node { id state late counterpart } } } }"
OF_CASE = "query Q($id: ID!) { case(id: $id) { id kommunRequests { id } } }"


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun of its own: lists are counted here."""
    made = new_world()
    made.add(COLLEAGUE, Membership(Role.CASEWORKER, "SOF-VUX"))
    return made


@pytest.fixture(scope="module")
def case(world: World) -> Case:
    return world.case()


@pytest.fixture(scope="module")
def request_id(world: World, case: Case) -> str:
    given = {"caseId": global_id("Case", case.id), **ASKED}
    result = command(world[OWNER], "openKommunRequest", given, "kommunRequest { id state }")
    assert result["kommunRequest"]["state"] == "drafted"
    found: str = result["kommunRequest"]["id"]
    return found


@pytest.mark.parametrize("who", [OWNER, MANAGER])
def test_the_circle_sees_it(world: World, case: Case, request_id: str, who: str) -> None:
    assert ask(world[who], NODE, id=request_id)["node"] == {"__typename": "KommunRequest"}
    listed = ask(world[who], LIST)["kommunRequests"]
    assert (listed["totalCount"], listed["edges"][0]["node"]["counterpart"]) == (1, "1980")
    of_case = ask(world[who], OF_CASE, id=global_id("Case", case.id))["case"]
    assert of_case["kommunRequests"] == [{"id": request_id}]


@pytest.mark.parametrize("who", [COLLEAGUE, "caseworker AMF", "manager AMF"])
def test_nobody_else_does_nor_counts_it(
    world: World, case: Case, request_id: str, who: str
) -> None:
    assert ask(world[who], NODE, id=request_id) == {"node": None}
    assert ask(world[who], LIST)["kommunRequests"] == {"totalCount": 0, "edges": []}
    of_case = ask(world[who], OF_CASE, id=global_id("Case", case.id))["case"]
    # The colleague reads the case, and finds nothing in it.
    assert of_case == (
        {"id": global_id("Case", case.id), "kommunRequests": []} if who == COLLEAGUE else None
    )


def test_its_lines_are_its_circles(world: World, request_id: str) -> None:
    step = ask(
        world[OWNER],
        "query Q($id: ID!) { node(id: $id) { ... on KommunRequest { steps { id kind } } } }",
        id=request_id,
    )["node"]["steps"][0]
    assert step["kind"] == "opened"
    assert ask(world[COLLEAGUE], NODE, id=step["id"]) == {"node": None}


def test_who_handles_none_has_no_list(world: World) -> None:
    error = failure(world["property"], LIST)
    assert error["extensions"]["code"] == "NOT_ALLOWED"


def test_a_colleague_can_do_nothing_with_it(world: World, request_id: str) -> None:
    [row] = world.rows(KommunRequest)
    given: dict[str, Any] = {"kommunRequestId": request_id, "expectedVersion": row.version}
    for name, more in (
        ("answerKommunRequest", {"agreed": True}),
        ("withdrawKommunRequest", {}),
        ("carryOverKommunRequest", {}),
        ("noteKommunRequestHelp", {"kind": "data_received"}),
        ("entrustKommunRequest", {}),
    ):
        result = command(world[COLLEAGUE], name, given | more, "__typename")
        assert result["__typename"] == "NotFound", name
    assert world.again(row).version == row.version


def test_sent_by_the_manager_and_entrusted_to_who_took_the_case_over(
    world: World, case: Case, request_id: str
) -> None:
    """The last of the module: afterwards the circle is another."""
    [row] = world.rows(KommunRequest)
    given = {"kommunRequestId": request_id, "expectedVersion": row.version}
    assert (
        command(world[OWNER], "sendKommunRequest", given, "__typename")["__typename"]
        == "NotAllowed"
    )
    sent = command(world[MANAGER], "sendKommunRequest", given, "kommunRequest { state version }")
    assert sent["kommunRequest"]["state"] == "waiting"
    seen = world.again(case)
    taken = {"caseId": global_id("Case", case.id), "expectedVersion": seen.version}
    command(world[COLLEAGUE], "takeOverCase", taken, "__typename")
    assert ask(world[COLLEAGUE], NODE, id=request_id) == {"node": None}
    given["expectedVersion"] = sent["kommunRequest"]["version"]
    command(world[MANAGER], "entrustKommunRequest", given, "__typename")
    assert ask(world[COLLEAGUE], NODE, id=request_id)["node"] is not None
    assert ask(world[OWNER], NODE, id=request_id) == {"node": None}
    answer = execute(world[OWNER], LIST)
    assert answer["data"]["kommunRequests"]["totalCount"] == 0
