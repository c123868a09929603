"""Who sees what of an incident over GraphQL: attacks on who reported and on the words of the report."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.identity import Membership, Role
from hemvist.incidents import service, sharing
from hemvist.incidents.clock_models import ServiceClock
from hemvist.incidents.models import Incident
from hemvist_api import ask, command
from hemvist_graphql.ids import global_id
from hemvist_incidents import CASEWORKER, PACK, report, social_contract
from hemvist_world import World, manager_of, new_world

WHO, WHERE = "Grannen Greta Grind", "greta.grind@example.se"
WHAT, NOTE = "Skrek hela natten.", "Verkar må dåligt."
EVERYTHING = """query Q($id: ID!, $case: ID!) {
  incident(id: $id) {
    id kind reportedBy anonymous reporterName reporterContact channel what severity severityReason
    childrenNote closingNote clocks { id code state dueAt label } sharedOn children
    actions { kind notes doneBy } feedbacks { groundNote text }
    case { timeline { label data } incidents { id reporterName what } serviceClocks { id } }
  }
  node(id: $id) { ... on Incident { id reporterName what } }
  case(id: $case) { timeline { kind data } incidents { id reporterName what } disclosures { fields } }
  incidents(first: 50) { edges { node { id reporterName reporterContact what } } }
}"""


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Karlstad with support workers, a steering group and a department beside."""
    made = new_world(pack=PACK, departments={"ASF": ""})
    made.add("property", Membership(Role.PROPERTY_OFFICER, "BG"))
    made.add("support", Membership(Role.SUPPORT_WORKER, "ASF"))
    made.add("beside", Membership(Role.CASEWORKER, "SN"))
    return made


@pytest.fixture(scope="module")
def case(world: World) -> Case:
    """A household with a social contract."""
    return social_contract(world)


@pytest.fixture(scope="module")
def incident(world: World, case: Case) -> Incident:
    """A neighbour's report that social services took in and judged."""
    made = report(
        world,
        case,
        reported_by="neighbour",
        reporter_name=WHO,
        reporter_contact=WHERE,
        what=WHAT,
    )
    world.act(
        CASEWORKER,
        service.assess,
        incident_id=made.id,
        severity="serious",
        reason=NOTE,
        expected_version=made.version,
    )
    return world.again(made)  # type: ignore[no-any-return]


def seen(world: World, who: str, incident: Incident) -> dict[str, Any]:
    """Everything that somebody is told when they ask for all of it."""
    ids = {"id": global_id("Incident", incident.id), "case": global_id("Case", incident.case_id)}
    answer: dict[str, Any] = ask(world[who], EVERYTHING, **ids)
    return answer


@pytest.mark.parametrize("who", [CASEWORKER, manager_of("ASF")])
def test_those_who_handle_it_see_all(world: World, incident: Incident, who: str) -> None:
    told = seen(world, who, incident)["incident"]
    assert (told["reporterName"], told["reporterContact"], told["what"]) == (WHO, WHERE, WHAT)
    assert told["severityReason"] == NOTE and told["reportedBy"] == "neighbour"


def test_the_support_worker_reads_what_happened_and_not_who_reported(
    world: World, incident: Incident
) -> None:
    """OSL 26:5: who reported never reaches the household's side."""
    answer = seen(world, "support", incident)
    assert answer["incident"]["what"] == WHAT
    for field in ("reportedBy", "anonymous", "reporterName", "reporterContact", "channel"):
        assert answer["incident"][field] is None
    text = json.dumps(answer, ensure_ascii=False)
    assert WHO not in text and WHERE not in text and "neighbour" not in text


def test_the_property_side_sees_nothing_of_what_social_services_took_in(
    world: World, incident: Incident
) -> None:
    answer = seen(world, "property", incident)
    assert answer["incident"] is None and answer["node"] is None
    assert answer["case"]["incidents"] == [] and answer["incidents"]["edges"] == []
    assert "incident_reported" not in [one["kind"] for one in answer["case"]["timeline"]]
    refused = {"incidentId": global_id("Incident", incident.id), "expectedVersion": 2}
    result = command(
        world["property"],
        "actOnIncident",
        {**refused, "kind": "talked", "notes": "x"},
        "incident { id }",
    )
    assert result["__typename"] == "NotFound"


def test_what_is_shared_is_that_it_happened(world: World, case: Case) -> None:
    made = report(world, case, reporter_name=WHO, what=WHAT)
    world.act(
        CASEWORKER,
        sharing.share,
        incident_id=made.id,
        ground="necessity",
        ground_note=NOTE,
        expected_version=made.version,
    )
    answer = seen(world, "property", made)
    told = answer["incident"]
    assert told["kind"] == "disturbance" and told["clocks"][0]["code"] == "call_out"
    assert told["what"] is None and told["reporterName"] is None
    text = json.dumps(answer, ensure_ascii=False)
    assert WHO not in text and WHAT not in text and NOTE not in text


def test_what_the_property_side_took_in_it_reads_itself(world: World, case: Case) -> None:
    made = report(world, case, "property", reporter_name=WHO, what=WHAT)
    for who in ("property", CASEWORKER):
        told = seen(world, who, made)["incident"]
        assert (told["what"], told["reporterName"]) == (WHAT, WHO)


def test_another_department_sees_none_of_it(world: World, incident: Incident) -> None:
    answer = seen(world, "beside", incident)
    assert answer == {"incident": None, "node": None, "case": None, "incidents": {"edges": []}}


def test_a_clock_of_an_incident_is_seen_as_the_incident_is(world: World, case: Case) -> None:
    made = report(world, case)
    [clock] = world.rows(ServiceClock, incident_id=made.id)
    document = """query Q($id: ID!) { serviceClock(id: $id) { code }
      serviceClocks(first: 50) { edges { node { id } } } }"""
    row_id = global_id("ServiceClock", clock.id)
    for who, sees in ((CASEWORKER, True), ("support", True), ("property", False)):
        answer = ask(world[who], document, id=row_id)
        assert (answer["serviceClock"] is not None) is sees
        listed = [edge["node"]["id"] for edge in answer["serviceClocks"]["edges"]]
        assert (row_id in listed) is sees, who


def test_a_clock_is_answered_and_taken_away_as_a_command(world: World, case: Case) -> None:
    for name, more, state in (
        ("answerServiceClock", {"at": "2025-12-24T08:00:00Z"}, "kept"),
        ("cancelServiceClock", {"reason": "Dubblett."}, "cancelled"),
    ):
        [clock] = world.rows(ServiceClock, incident_id=report(world, case).id)
        given = {"serviceClockId": global_id("ServiceClock", clock.id), "expectedVersion": 1}
        stale = command(
            world[CASEWORKER], name, {**given, **more, "expectedVersion": 7}, "serviceClock { id }"
        )
        assert stale["__typename"] == "Conflict"
        done = command(world[CASEWORKER], name, {**given, **more}, "serviceClock { state }")
        assert done["serviceClock"] == {"state": state}
        if name == "cancelServiceClock":
            again = command(world["support"], name, {**given, **more}, "serviceClock { state }")
            assert again["__typename"] == "NotAllowed"
