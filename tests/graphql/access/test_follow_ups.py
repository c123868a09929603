"""A follow-up is known to the departments that took part."""

from __future__ import annotations

from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups import service as follow_ups
from hemvist.follow_ups.models import FollowUp
from hemvist_api import ask, command
from hemvist_graphql.ids import global_id
from hemvist_world import PLAN, new_world

OWNER = "caseworker SOF-VUX"


def test_a_follow_up_is_known_to_those_who_took_part(database: str) -> None:
    world = new_world()
    case = world.case()
    world.housed(case)
    due = [one for one in world.rows(Obligation, case_id=case.id) if one.code.endswith("follow_up")]
    held = sorted(due, key=lambda one: one.due_on)[:2]
    for obligation, departments in zip(held, (["SOF-VUX", "FF"], ["SOF-VUX"]), strict=True):
        world.act(
            OWNER,
            follow_ups.record_follow_up,
            obligation_id=obligation.id,
            held_on=today(),
            departments=departments,
            resident_took_part=True,
            in_the_home=True,
            notes="Anteckning.",
            plan=PLAN,
            expected_version=obligation.version,
        )
    document = """query Q($id: ID!) { case(id: $id) {
      followUps { departments notes plan { content { value } } } plans { state } } }"""
    own = ask(world[OWNER], document, id=global_id("Case", case.id))["case"]
    assert [one["state"] for one in own["plans"]] == ["agreed", "replaced"]
    assert len(own["followUps"]) == 2
    seen = ask(world["property"], document, id=global_id("Case", case.id))["case"]
    [shared] = seen["followUps"]
    assert shared["departments"] == ["FF", "SOF-VUX"]
    assert [one["state"] for one in seen["plans"]] == ["replaced"]


def test_what_somebody_recorded_of_others_is_done_but_not_shown(database: str) -> None:
    world = new_world()
    case = world.case()
    world.housed(case)
    quarterly = next(
        one
        for one in world.rows(Obligation, case_id=case.id)
        if one.code == "follow_up" and one.by == ["referring"]
    )
    given = {
        "obligationId": global_id("Obligation", quarterly.id),
        "departments": ["SOF-VUX"],
        "residentTookPart": True,
        "inTheHome": False,
        "expectedVersion": quarterly.version,
    }
    answer = command(world["property"], "recordFollowUp", given, "followUp { id }")
    assert answer == {"__typename": "RecordFollowUpDone", "followUp": None}
    assert len(world.rows(FollowUp, case_id=case.id)) == 1
