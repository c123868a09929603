"""Keeping and thinning through the API: two people, and for others nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from hemvist.audit.models import AuditEntry
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.households.models import Person
from hemvist.identity import Membership, Role
from hemvist.migrations.tables import metadata
from hemvist.retention import running
from hemvist.retention.fates import fates
from hemvist.retention.models import ThinningRun
from hemvist_api import ask, command, execute
from hemvist_graphql.ids import global_id, require_row_id
from hemvist_graphql.retention.kinds import KINDS
from hemvist_thinning import FIRST, SECOND, old_case, thinning_world
from hemvist_world import World, caseworker_of, manager_of

VUX = caseworker_of("SOF-VUX")
RUN = """thinningRun { id state version casesTotal casesDone progressPercent mayApprove mayStop
  proposedBy { name } approvedBy { name } certificateSha256 }"""
RUNS = """{ thinningRuns { edges { node { id state version casesTotal casesDone progressPercent mayApprove
  mayStop preview { code count } judged { code count } years { year doneBy cases rules { code count } }
  gone { code count } left { code count } certificate backupsUntil } } } }"""
ITEMS = """query Q($id: ID) { thinningItems(thinningRunId: $id) { edges { node {
  id caseNumber caseId department rule dueOn state leftBecause numberDigest } } } }"""
CASE = """query Q($id: ID, $number: String) { retentionCase(id: $id, number: $number) {
  caseId number fate rule cite dueOn doneBy mayHold } }"""
MARKS = """query Q($case: ID, $stands: Boolean) { retentionMarks(caseId: $case, stands: $stands) { edges {
  node { id kind reason caseNumber until stands version placedBy { name } liftedOn case { id } } } } }"""


@pytest.fixture
def world(database: str) -> World:
    """A kommun of this test's own, with two policy officers and an administrator."""
    world = thinning_world()
    world.add("admin", Membership(Role.TENANT_ADMIN))
    return world


def runs(world: World, who: str = FIRST) -> list[dict[str, Any]]:
    found = ask(world[who], RUNS)["thinningRuns"]["edges"]
    return [edge["node"] for edge in found]


def marks(world: World, who: str = FIRST, **variables: Any) -> list[dict[str, Any]]:
    found = ask(world[who], MARKS, **variables)["retentionMarks"]["edges"]
    return [edge["node"] for edge in found]


def worked(world: World, run: dict[str, Any]) -> None:
    """The worker has done what is its turn."""
    while running.step(world.tenant_id, require_row_id("ThinningRun", run["id"]), metadata):
        pass


def named(run: dict[str, Any]) -> dict[str, Any]:
    return {"thinningRunId": run["id"], "expectedVersion": run["version"]}


def test_every_row_that_goes_is_of_a_kind() -> None:
    tables = [table for found in KINDS.values() for table in found]
    assert sorted(tables) == sorted(fates().going)


def test_a_thinning_from_the_proposal_to_the_certificate(world: World) -> None:
    due, young = old_case(world), old_case(world, years=3)
    run = command(world[FIRST], "proposeThinning", {}, RUN)["thinningRun"]
    assert (run["state"], run["mayApprove"], run["mayStop"]) == ("requested", False, True)
    again = command(world[SECOND], "proposeThinning", {}, RUN)
    assert again["__typename"] == "Conflict"
    worked(world, run)
    [mine], [others] = runs(world), runs(world, SECOND)
    assert (mine["mayApprove"], others["mayApprove"]) == (False, True)
    assert runs(world, "admin")[0]["mayApprove"] is True
    assert {one["code"]: one["count"] for one in mine["judged"]} == {
        "after_last_note": 1,
        "not_due": 1,
    }
    kinds = {one["code"]: one["count"] for one in mine["preview"]}
    assert kinds["cases"] >= 3 and kinds["households"] == 3
    assert [(one["year"], one["cases"]) for one in mine["years"]] == [
        (today().year - 1, 1),
        (today().year + 2, 1),
    ]
    assert mine["years"][1]["doneBy"] == f"{today().year + 3}-12-31"
    [item] = [
        edge["node"] for edge in ask(world[FIRST], ITEMS, id=run["id"])["thinningItems"]["edges"]
    ]
    number = world.rows(Case, id=due.id)[0].number
    assert (item["caseNumber"], item["caseId"]) == (number, global_id("Case", due.id))

    refused = command(world[FIRST], "approveThinning", named(mine), RUN)
    assert refused["__typename"] == "NotAllowed"
    stale = command(world[SECOND], "approveThinning", {**named(mine), "expectedVersion": 9}, RUN)
    assert stale["__typename"] == "Conflict"
    done = command(world[SECOND], "approveThinning", named(mine), RUN)["thinningRun"]
    assert (done["state"], done["approvedBy"]["name"]) == ("approved", SECOND)
    worked(world, run)
    [run] = runs(world)
    assert (run["state"], run["progressPercent"], run["mayStop"]) == ("done", 100, False)
    assert {one["code"]: one["count"] for one in run["gone"]}["cases"] == kinds["cases"]
    said = json.loads(run["certificate"])
    assert said["approved"]["name"] == SECOND and number not in run["certificate"]
    assert run["backupsUntil"] == said["backups"]["until"]
    [item] = [edge["node"] for edge in ask(world[FIRST], ITEMS)["thinningItems"]["edges"]]
    assert (item["state"], item["caseNumber"], item["caseId"]) == ("thinned", None, None)
    assert item["numberDigest"] == said["cases"][0]["number_sha256"]
    assert [one.id for one in world.rows(Case)] == [young.id]


def test_a_thinning_is_stopped(world: World) -> None:
    old_case(world)
    run = command(world[FIRST], "proposeThinning", {}, RUN)["thinningRun"]
    worked(world, run)
    [run] = runs(world)
    stopped = command(world[SECOND], "stopThinning", named(run), RUN)["thinningRun"]
    assert (stopped["state"], stopped["mayStop"]) == ("withdrawn", False)
    again = command(world[SECOND], "stopThinning", named(stopped), RUN)
    assert again["__typename"] == "Conflict"


def test_a_command_that_is_sent_twice_is_done_once(world: World) -> None:
    given = {"idempotencyKey": "k"}
    first = command(world[FIRST], "proposeThinning", given, RUN)
    second = command(world[FIRST], "proposeThinning", given, RUN)
    assert first["thinningRun"]["id"] == second["thinningRun"]["id"]
    assert len(world.rows(ThinningRun)) == 1


def test_a_hold_is_put_and_lifted(world: World) -> None:
    case = old_case(world)
    case_id = global_id("Case", case.id)
    asked = ask(world[VUX], CASE, id=case_id)["retentionCase"]
    assert (asked["fate"], asked["rule"], asked["mayHold"]) == ("thin", "after_last_note", True)
    assert asked["cite"] == ["SoL2001 12:1", "SoL2025 16:1-4"]
    given = {"caseId": case_id, "kind": "hold", "reason": " "}
    refused = command(world[VUX], "placeRetentionMark", given, "retentionMark { id }")
    assert refused["__typename"] == "ValidationFailed"
    given |= {"reason": "Prövas av IVO.", "until": str(today() + timedelta(days=9))}
    answer = command(
        world[VUX], "placeRetentionMark", given, "retentionMark { id version stands case { id } }"
    )
    mark = answer["retentionMark"]
    assert mark["stands"] and mark["case"]["id"] == case_id
    assert ask(world[FIRST], CASE, number=asked["number"])["retentionCase"]["fate"] == "held"
    # The officer reads why, and no case.
    [seen] = marks(world, FIRST, stands=True)
    assert (seen["reason"], seen["caseNumber"], seen["case"]) == (
        "Prövas av IVO.", asked["number"], None,
    )  # fmt: skip
    assert marks(world, "admin", case=case_id)[0]["id"] == seen["id"]
    lifting = {"retentionMarkId": seen["id"], "expectedVersion": seen["version"]}
    lifted = command(world[FIRST], "liftRetentionMark", lifting, "retentionMark { stands }")
    assert lifted["retentionMark"] == {"stands": False}
    assert marks(world, FIRST, stands=True) == []
    assert len(marks(world, FIRST, stands=False)) == 1


def test_who_was_told_of_a_case_is_in_the_log(world: World) -> None:
    case = old_case(world, date(1980, 3, 25))
    ask(world[FIRST], CASE, id=global_id("Case", case.id))
    [entry] = [one for one in world.rows(AuditEntry) if one.kind == "read"]
    assert entry.case_id == case.id
    assert set(entry.person_ids) == {one.id for one in world.rows(Person)}


def test_a_case_tells_when_it_goes(world: World) -> None:
    waiting = old_case(world, years=3)
    kept, open_ = old_case(world, date(1980, 3, 25)), world.case()
    asked = "query Q($id: ID!) { case(id: $id) { retention { fate rule dueOn doneBy mayHold } } }"

    def of(case: Case, who: str = VUX) -> Any:
        found = ask(world[who], asked, id=global_id("Case", case.id))["case"]
        return found["retention"]

    assert of(waiting)["fate"] == "wait" and of(waiting)["dueOn"] > str(today())
    assert of(kept) == {
        "fate": "keep", "rule": "research_birth_day", "dueOn": None, "doneBy": None, "mayHold": True,
    }  # fmt: skip
    assert of(open_) is None


def test_others_learn_nothing(world: World) -> None:
    case = old_case(world)
    case_id = global_id("Case", case.id)
    command(
        world[FIRST],
        "placeRetentionMark",
        {"caseId": case_id, "kind": "hold", "reason": "x"},
        "retentionMark { id }",
    )
    run = command(world[FIRST], "proposeThinning", {}, RUN)["thinningRun"]
    world.add("reviewer", Membership(Role.LOG_REVIEWER))
    node = "query Q($id: ID!) { node(id: $id) { __typename } }"
    for who in (caseworker_of("AMF"), manager_of("VOF"), "property", "reviewer"):
        answer = execute(world[who], RUNS)
        assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED", who
        assert ask(world[who], CASE, id=case_id) == {"retentionCase": None}
        assert marks(world, who) == []
        assert ask(world[who], node, id=run["id"]) == {"node": None}
        refused = command(world[who], "proposeThinning", {}, RUN)
        assert refused["__typename"] == "NotAllowed"
        refused = command(world[who], "stopThinning", named(run), RUN)
        assert refused["__typename"] == "NotFound"
    # Whoever handles the case sees its hold, and nothing of the thinning.
    assert len(marks(world, VUX)) == 1
    assert ask(world[VUX], node, id=run["id"]) == {"node": None}
    # The administrator approves and reads, and holds nothing.
    refused = command(world["admin"], "proposeThinning", {}, RUN)
    assert refused["__typename"] == "NotAllowed"
    assert ask(world["admin"], CASE, id=case_id)["retentionCase"]["mayHold"] is False
