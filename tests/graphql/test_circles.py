"""Closed circles and break-glass at the API: what each reader is shown, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.circles.models import CaseCircle, CaseOpening
from hemvist.identity import Membership, Role
from hemvist.settings import get_settings
from hemvist_api import ask, command, failure
from hemvist_graphql.ids import global_id
from hemvist_world import World, new_world

CASEWORKER, MANAGER = "caseworker SOF-VUX", "manager SOF-VUX"
COLLEAGUE, REVIEWER = "another caseworker SOF-VUX", "reviewer"
WHY, CALLED = "Hot mot den sökande.", "Hon ringer jouren och handläggaren är sjuk."
CASE = """query Q($id: ID!) { case(id: $id) { number
  circle { id reason version closedBy { name } members { person { id name } } }
  openings { id state actorName reason endsAt remark } } }"""
NODE = "query Q($id: ID!) { node(id: $id) { __typename } }"
OPENINGS = """query Q($state: [CaseOpeningState!]) { caseOpenings(state: $state) { totalCount
  edges { node { id caseNumber actorName reason state case { id } } } } }"""
OPENING = "caseOpening { id state endsAt openedAt case { id } }"
CIRCLE = "caseCircle { id version inForce members { person { name } } }"


@pytest.fixture
def place(database: str) -> World:
    world = new_world()
    world.add(COLLEAGUE, Membership(Role.CASEWORKER, "SOF-VUX"))
    world.add(REVIEWER, Membership(Role.LOG_REVIEWER))
    return world


def person(world: World, who: str) -> str:
    found = world[who].principal_id
    assert found is not None
    return global_id("Principal", found)


def closed(world: World, *members: str) -> Case:
    """A case that its manager has closed to its caseworker and ``members``."""
    case: Case = world.case()
    given = {
        "caseId": global_id("Case", case.id),
        "members": [person(world, who) for who in (CASEWORKER, *members)],
        "reason": WHY,
        "expectedVersion": world.again(case).version,
    }
    done = command(world[MANAGER], "closeToCircle", given, CIRCLE)
    assert done["__typename"] == "CloseToCircleDone", done
    return case


def broken(world: World, case: Case, who: str = COLLEAGUE, **more: Any) -> dict[str, Any]:
    given = {"number": case.number, "reason": CALLED, **more}
    return command(world[who], "breakGlass", given, OPENING)


def of(world: World, who: str, case: Case) -> Any:
    return ask(world[who], CASE, id=global_id("Case", case.id))["case"]


def test_the_circle_reads_it_and_nobody_else_the_case(place: World) -> None:
    case = closed(place)
    found = of(place, CASEWORKER, case)["circle"]
    assert (found["reason"], found["closedBy"]) == (WHY, {"name": MANAGER})
    assert {one["person"]["name"] for one in found["members"]} == {CASEWORKER, MANAGER}
    for who in (COLLEAGUE, REVIEWER, "property"):
        assert of(place, who, case) is None
        assert ask(place[who], NODE, id=found["id"]) == {"node": None}


def test_an_open_case_has_no_circle(place: World) -> None:
    case = place.case()
    assert of(place, CASEWORKER, case)["circle"] is None
    done = command(
        place[MANAGER],
        "liftCircle",
        {"caseId": global_id("Case", case.id), "reason": "x", "expectedVersion": 1},
        "__typename",
    )
    assert done["__typename"] == "NotFound"


def test_every_case_of_the_household_has_the_same_circle(place: World) -> None:
    case = closed(place)
    [row] = place.rows(CaseCircle)
    assert of(place, CASEWORKER, case)["circle"]["id"] == global_id("CaseCircle", row.id)
    other = place.case()
    assert of(place, CASEWORKER, other)["circle"] is None


def test_people_are_added_and_taken_out(place: World) -> None:
    case = closed(place)
    [row] = place.rows(CaseCircle)
    given = {
        "caseId": global_id("Case", case.id),
        "principalId": person(place, COLLEAGUE),
        "expectedVersion": row.version,
    }
    added = command(place[MANAGER], "addToCircle", given, CIRCLE)["caseCircle"]
    assert {"person": {"name": COLLEAGUE}} in added["members"]
    assert of(place, COLLEAGUE, case)["number"] == case.number
    again = command(
        place[MANAGER], "addToCircle", {**given, "expectedVersion": added["version"]}, "__typename"
    )
    assert (again["__typename"], again["rule"]) == ("Conflict", "already_in_circle")
    given["expectedVersion"] = added["version"]
    command(place[MANAGER], "removeFromCircle", given, CIRCLE)
    assert of(place, COLLEAGUE, case) is None


def test_the_last_manager_and_the_handler_stay(place: World) -> None:
    case = closed(place)
    [row] = place.rows(CaseCircle)
    for who, rule in ((MANAGER, "circle_needs_manager"), (CASEWORKER, "handler_left_out")):
        given = {
            "caseId": global_id("Case", case.id),
            "principalId": person(place, who),
            "expectedVersion": row.version,
        }
        refused = command(place[MANAGER], "removeFromCircle", given, "__typename")
        assert refused["rule"] == rule and refused["message"] != ""


def test_lifted_it_is_seen_again(place: World) -> None:
    case = closed(place)
    [row] = place.rows(CaseCircle)
    given = {
        "caseId": global_id("Case", case.id),
        "reason": "Hotet är över.",
        "expectedVersion": row.version,
    }
    lifted = command(place[MANAGER], "liftCircle", given, CIRCLE)["caseCircle"]
    assert lifted["inForce"] is False
    assert of(place, COLLEAGUE, case)["circle"] is None


def test_only_a_manager_closes_and_is_told_whom_a_circle_may_name(place: World) -> None:
    case = place.case()
    given = {
        "caseId": global_id("Case", case.id),
        "members": [],
        "reason": WHY,
        "expectedVersion": case.version,
    }
    done = command(place[CASEWORKER], "closeToCircle", given, "__typename")
    assert done["__typename"] == "NotAllowed"
    people = "{ circlePeople { id name departments } }"
    assert failure(place[CASEWORKER], people)["extensions"]["code"] == "NOT_ALLOWED"
    found = {one["name"]: one for one in ask(place[MANAGER], people)["circlePeople"]}
    assert found[CASEWORKER] == {
        "id": person(place, CASEWORKER),
        "name": CASEWORKER,
        "departments": ["SOF-VUX"],
    }
    # Whose role has nothing to do with cases is not among them.
    assert REVIEWER not in found
    assert list(found) == sorted(found)


def test_break_glass_opens_it_for_so_many_hours(place: World) -> None:
    case = closed(place)
    done = broken(place, case, hours=1)["caseOpening"]
    assert done["case"] == {"id": global_id("Case", case.id)}
    assert done["openedAt"][:10] <= done["endsAt"][:10]
    [row] = place.rows(CaseOpening)
    assert (row.ends_at - row.opened_at).total_seconds() == 3600
    seen = of(place, COLLEAGUE, case)
    assert [one["reason"] for one in seen["openings"]] == [CALLED]
    [told] = of(place, MANAGER, case)["openings"]
    assert (told["actorName"], told["state"]) == (COLLEAGUE, "open")


def test_no_more_hours_than_the_setting_and_not_none(place: World) -> None:
    case = closed(place)
    for hours in (0, -1, get_settings().break_glass_hours + 1):
        refused = broken(place, case, hours=hours)
        assert refused["problems"][0]["field"] == "hours"
    assert place.rows(CaseOpening) == []


@pytest.mark.parametrize("who", ["caseworker AMF", "property", REVIEWER])
def test_others_are_not_told_that_there_is_one(place: World, who: str) -> None:
    case = closed(place)
    real = broken(place, case, who)
    assert real == command(
        place[who], "breakGlass", {"number": "2026-999999", "reason": CALLED}, "__typename"
    )
    assert real["__typename"] in ("NotFound", "NotAllowed")


def test_the_reviewer_sees_the_opening_and_no_case(place: World) -> None:
    case = closed(place)
    opening = broken(place, case)["caseOpening"]
    listed = ask(place[REVIEWER], OPENINGS, state=["open"])["caseOpenings"]
    assert listed["totalCount"] == 1
    [edge] = listed["edges"]
    assert edge["node"] == {
        "id": opening["id"],
        "caseNumber": case.number,
        "actorName": COLLEAGUE,
        "reason": CALLED,
        "state": "open",
        "case": None,
    }
    assert failure(place[MANAGER], OPENINGS)["extensions"]["code"] == "NOT_ALLOWED"
    given = {"openingId": opening["id"], "expectedVersion": 1, "verdict": "questioned"}
    refused = command(place[REVIEWER], "reviewOpening", given, "__typename")
    assert refused["problems"][0]["field"] == "remark"
    said = command(
        place[REVIEWER],
        "reviewOpening",
        {**given, "remark": "Ingen ringde den natten."},
        "caseOpening { state remark reviewedBy { name } }",
    )["caseOpening"]
    assert said == {
        "state": "questioned",
        "remark": "Ingen ringde den natten.",
        "reviewedBy": {"name": REVIEWER},
    }
    # It ends at once for who broke in, who still sees the opening and what was said of it.
    assert of(place, COLLEAGUE, case) is None
    own = ask(
        place[COLLEAGUE],
        "query Q($id: ID!) { node(id: $id) { ... on CaseOpening { remark case { id } } } }",
        id=opening["id"],
    )["node"]
    assert own == {"remark": "Ingen ringde den natten.", "case": None}
    assert ask(place[REVIEWER], OPENINGS, state=["open"])["caseOpenings"]["totalCount"] == 0


def test_a_colleague_who_has_broken_nothing_sees_no_opening(place: World) -> None:
    case = closed(place)
    opening = broken(place, case)["caseOpening"]
    place.add("a third", Membership(Role.CASEWORKER, "SOF-VUX"))
    for who in ("a third", "caseworker AMF", "property"):
        assert ask(place[who], NODE, id=opening["id"]) == {"node": None}
        given = {"openingId": opening["id"], "expectedVersion": 1, "verdict": "approved"}
        done = command(place[who], "reviewOpening", given, "__typename")
        assert done["__typename"] in ("NotFound", "NotAllowed")


def test_the_manager_has_a_notice_of_it(place: World) -> None:
    case = closed(place)
    opening = broken(place, case)["caseOpening"]
    asked = "{ notices { edges { node { kind subjectType subjectId case { id } } } } }"
    for who in (MANAGER, CASEWORKER):
        told = [edge["node"] for edge in ask(place[who], asked)["notices"]["edges"]]
        assert {
            "kind": "circle_opened",
            "subjectType": "CaseOpening",
            "subjectId": opening["id"],
            "case": {"id": global_id("Case", case.id)},
        } in told
    told = ask(place["caseworker AMF"], asked)["notices"]["edges"]
    assert all(edge["node"]["kind"] != "circle_opened" for edge in told)
    # And on the day's page, at once.
    day = ask(place[MANAGER], "{ today { notices { kind subjectId } } }")["today"]["notices"]
    assert {"kind": "circle_opened", "subjectId": opening["id"]} in day


def test_who_opened_does_not_review_it(place: World) -> None:
    both = place.add("both", Membership(Role.CASEWORKER, "SOF-VUX"), Membership(Role.LOG_REVIEWER))
    opening = broken(place, closed(place), "both")["caseOpening"]
    given = {"openingId": opening["id"], "expectedVersion": 1, "verdict": "approved"}
    refused = command(both, "reviewOpening", given, "__typename")
    assert refused["__typename"] == "NotAllowed"
    said = command(place[REVIEWER], "reviewOpening", given, "caseOpening { state }")
    assert said["caseOpening"] == {"state": "approved"}


def test_a_reason_is_needed_to_break_it_open(place: World) -> None:
    case = closed(place)
    for reason in ("", "  "):
        refused = broken(place, case, reason=reason)
        assert refused["problems"][0]["field"] == "reason"
    assert of(place, COLLEAGUE, case) is None
