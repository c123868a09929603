"""The log review through the API: for log reviewers, of others' looks, and figures for the board."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.audit.models import AuditEntry
from hemvist.households.models import Person
from hemvist.households.service import open_number
from hemvist.identity import Membership, Role
from hemvist.log_reviews import drawing
from hemvist.log_reviews.models import LogLook
from hemvist.tenancy import Audience, tenant_session
from hemvist_api import ask, command, execute
from hemvist_graphql.ids import global_id
from hemvist_world import World, new_world

WHO, REVIEWER = "caseworker SOF-VUX", "reviewer"
LOOKS = """query Q($state: [LogLookState!], $month: Date) { logLooks(state: $state, month: $month) {
  totalCount edges { node { id onDay entries roles channel action caseNumber persons reasons weight
  state version person { name } } } } }"""
MONTHS = "{ logMonths { month looks drawn states { code count } reasons { code count } } }"


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun in which a case was looked at this month, of which the sample has been drawn."""
    world = new_world()
    world.add(REVIEWER, Membership(Role.LOG_REVIEWER))
    world.add("steering", Membership(Role.STEERING))
    case = world.case()
    ask(
        world[WHO],
        "query P($id: ID!) { case(id: $id) { household { members { person { givenName } } } } }",
        id=global_id("Case", case.id),
    )
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        entry = session.query(AuditEntry).filter_by(kind="read").first()
        assert entry is not None
        drawing.draw(session, entry.at.date())
    return world


def looks(world: World, who: str = REVIEWER, **variables: Any) -> list[dict[str, Any]]:
    found = ask(world[who], LOOKS, **variables)["logLooks"]
    return [edge["node"] for edge in found["edges"]]


def test_the_reviewer_reads_who_looked_at_what_and_not_what_it_showed(world: World) -> None:
    found = looks(world)
    assert found
    assert {one["person"]["name"] for one in found} <= {
        actor.name for actor in world.people.values()
    }
    assert all(one["state"] == "open" for one in found)
    weights = [one["weight"] for one in found]
    assert weights == sorted(weights, reverse=True)
    month = world.rows(LogLook)[0].on_day
    assert len(looks(world, month=str(month))) == len(found)
    assert looks(world, month=str(month - timedelta(days=70))) == []
    assert looks(world, state=["matter"]) == []


def test_others_read_nothing_of_it(world: World) -> None:
    answer = execute(world[WHO], LOOKS)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"
    row = global_id("LogLook", world.rows(LogLook)[0].id)
    node = "query Q($id: ID!) { node(id: $id) { ... on LogLook { action } } }"
    assert ask(world[WHO], node, id=row) == {"node": None}
    assert ask(world["steering"], node, id=row) == {"node": None}
    assert ask(world[WHO], MONTHS) == {"logMonths": []}
    number = open_number(world.rows(Person)[0])
    log = "query Q($n: String!) { personLog(personalNumber: $n) { kind } }"
    assert ask(world[WHO], log, n=number) == {"personLog": []}
    refused = command(
        world[WHO], "reviewLook", {"lookId": row, "verdict": "signed_off", "expectedVersion": 1},
        "logLook { id }",
    )  # fmt: skip
    assert refused["__typename"] == "NotFound"


def test_a_look_is_reviewed(world: World) -> None:
    [one, *_] = looks(world)
    given = {"lookId": one["id"], "verdict": "matter", "expectedVersion": one["version"]}
    answer = command(world[REVIEWER], "reviewLook", given, "logLook { state }")
    assert answer["__typename"] == "ValidationFailed"
    answer = command(
        world[REVIEWER],
        "reviewLook",
        {**given, "remark": "Vem bad om det?"},
        "logLook { state remark reviewedBy { name } }",
    )
    assert answer["logLook"]["state"] == "matter"
    assert answer["logLook"]["remark"] == "Vem bad om det?"
    assert [each["id"] for each in looks(world, state=["matter"])] == [one["id"]]


def test_the_log_about_a_person(world: World) -> None:
    number = open_number(world.rows(Person)[0])
    document = "query Q($n: String!) { personLog(personalNumber: $n) { at roles channel kind } }"
    lines = ask(world[REVIEWER], document, n=number)["personLog"]
    assert (["caseworker"], "portal", "read") in [
        (one["roles"], one["channel"], one["kind"]) for one in lines
    ]
    assert all(set(one["roles"]) <= {role.value for role in Role} for one in lines)
    assert execute(world[REVIEWER], document, {"n": "Alva"})["errors"]


def test_the_steering_group_reads_figures(world: World) -> None:
    [month] = ask(world["steering"], MONTHS)["logMonths"]
    assert month["drawn"] == len(world.rows(LogLook))
    assert {one["code"] for one in month["reasons"]} >= {"break_glass", "night"}
